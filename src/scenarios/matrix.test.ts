/**
 * Every kernel, every single toggle from it, every value of every setting: nothing may be cut short or without a name,
 * and whether it violates is what the facts say of those patches. `direct-io A.5` is section A.5 of src/kernel/facts/direct-io.md.
 */
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../engine/view.ts'
import { verdictOf } from '../testing/searched.ts'
import { countable } from './card.ts'
import type { Expected } from './expected.ts'
import { loadScenario, scenarioIds } from './registry.ts'
import { patchSets, stage, type Asked } from './run.ts'
import type { Scenario } from './scenario.ts'

const long = process.env['LONG'] === '1'

/** Each value of each setting by itself; in the long run on every kernel. */
function* settings(scenario: Scenario): Generator<Asked> {
  const { card } = scenario
  for (const kernel of long ? card.kernels : [card.defaultKernel])
    for (const setting of card.settings) for (const value of countable(setting)) yield { kernel, settings: { [setting.name]: value } }
}

/** Each with what stands in `expected.ts` of its folder. */
const scenarios = await Promise.all(
  scenarioIds.map(async (id) => ({
    scenario: await loadScenario(id),
    ...((await import(`./${id}/expected.ts`)) as { readonly expected: Expected }),
  })),
)

describe.each(scenarios.map((one) => [one.scenario.card.id, one] as const))('%s', (_id, { scenario, expected }) => {
  it('violates on every patch set what the facts say, and nothing else', { timeout: 120_000 }, () => {
    const { violates, oracles } = expected
    const astray = [...patchSets(scenario)].flatMap((asked) => {
      const { kernel } = stage(scenario, asked)
      const verdict = verdictOf(scenario, asked)
      const found = verdict.oracles
        .filter((oracle) => oracle.kind === 'verdict' && oracle.violatingSchedules !== '0')
        .map((oracle) => oracle.id)
      const wanted = violates((patch) => kernel.patches[patch] === true)
      const violating = verdict.violating !== '0'
      const right = wanted === violating && found.every((oracle) => oracles.includes(oracle))
      return right && isWhole(verdict) ? [] : [{ ...asked, wanted, found, complete: verdict.complete }]
    })
    expect(astray).toEqual([])
  })

  it('is explored to the end for every setting, and nothing is stuck where the facts do not say so', { timeout: 600_000 }, () => {
    const mayStick = expected.oracles.includes('deadlock')
    const bad = [...settings(scenario)].filter((asked) => {
      const verdict = verdictOf(scenario, asked)
      return !isWhole(verdict) || (!mayStick && verdict.deadlocks > 0)
    })
    expect(bad).toEqual([])
  })
})

/** Searched to the end, with finitely many schedules. */
const isWhole = ({ complete, infinite, outcomes }: Verdict): boolean => complete && !infinite && outcomes.length > 0
