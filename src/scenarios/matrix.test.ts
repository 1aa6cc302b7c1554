/** Every kernel, every single toggle from it, every value of every setting: nothing may be stuck, cut short or without a name. */
import { describe, expect, it } from 'vitest'
import { search } from '../engine/search.ts'
import { loadScenario, scenarioIds } from './registry.ts'
import { patchSets, stage, type Asked } from './run.ts'
import type { Scenario } from './scenario.ts'

const long = process.env['LONG'] === '1'

/** Each value of each setting by itself; in the long run on every kernel. */
function* settings(scenario: Scenario): Generator<Asked> {
  const { card } = scenario
  for (const kernel of long ? card.kernels : [card.defaultKernel])
    for (const { name, values } of card.settings) for (const value of values) yield { kernel, settings: { [name]: value } }
}

const scenarios = await Promise.all(scenarioIds.map(loadScenario))

describe.each(scenarios.map((scenario) => [scenario.card.id, scenario] as const))('%s', (_id, scenario) => {
  it('is explored to the end on every patch set, without a deadlock unless that is what it shows', { timeout: 120_000 }, () => {
    const bad = [...patchSets(scenario)].filter((asked) => !ends(scenario, asked))
    expect(bad).toEqual([])
  })

  it('is explored to the end for every setting, without a deadlock unless that is what it shows', { timeout: 600_000 }, () => {
    const bad = [...settings(scenario)].filter((asked) => !ends(scenario, asked))
    expect(bad).toEqual([])
  })
})

function ends(scenario: Scenario, asked: Asked): boolean {
  const { system, kernel } = stage(scenario, asked)
  const { verdict } = search(system)
  const mayStick = scenario.card.shows === 'deadlock' && !kernel.patches[scenario.card.fix]
  const hangs = scenario.hangs === true && verdict.violating !== '0'
  return verdict.complete && !verdict.infinite && (mayStick || ((hangs || verdict.deadlocks === 0) && verdict.outcomes.length > 0))
}
