/** The reduced search says of every scenario what the full search says: what is violated, each outcome with what it violates, what is stuck. */
import { describe, expect, it } from 'vitest'
import { canonical } from '../base/plain.ts'
import { reduce } from '../engine/reduce.ts'
import { search } from '../engine/search.ts'
import type { Outcome } from '../engine/view.ts'
import { loadScenario, scenarioIds } from './registry.ts'
import { flips, patchSets, refusalToFlip, stage, type Asked } from './run.ts'
import type { Scenario } from './scenario.ts'

const long = process.env['LONG'] === '1'
const bounds = { maxStates: 400_000 }

/** In a short run the documented kernel, the same with the fix, and each value of each setting by itself; in a long one every patch set too. */
function* asks(scenario: Scenario): Generator<Asked> {
  const { card } = scenario
  yield {}
  if (card.fix && refusalToFlip(stage(scenario), [], card.fix) === null) yield flips(card.defaultKernel, [card.fix])
  if (long) yield* patchSets(scenario)
  for (const { name, values, default: usual } of card.settings)
    for (const value of long ? values : values.filter((one) => one !== usual).slice(0, 1)) yield { settings: { [name]: value } }
}

const pairs = (outcomes: readonly (Outcome & { readonly violates: readonly string[]; readonly sample: string })[]): string[] =>
  outcomes.map(({ sample: _, ...rest }) => canonical({ ...rest, schedules: undefined })).sort()

const scenarios = await Promise.all(scenarioIds.map(loadScenario))

describe.each(scenarios.map((scenario) => [scenario.card.id, scenario] as const))('%s', (_id, scenario) => {
  it('is decided as it is counted', { timeout: 600_000 }, () => {
    let compared = 0
    for (const asked of asks(scenario)) {
      const { system } = stage(scenario, asked)
      const { verdict } = search(system, long ? bounds : { maxStates: 20_000 })
      // What is too large for this test is left to the long one.
      if (!verdict.complete) continue
      const reduced = reduce(system, bounds)
      expect({ asked, outcomes: pairs(reduced.outcomes) }).toEqual({ asked, outcomes: pairs(verdict.outcomes) })
      expect({ asked, violated: reduced.oracles.filter(({ sample }) => sample !== null).map(({ id }) => id) }).toEqual({
        asked,
        violated: verdict.oracles.filter(({ violatingSchedules }) => violatingSchedules !== '0').map(({ id }) => id),
      })
      expect(reduced.states).toBeLessThanOrEqual(verdict.states)
      compared++
    }
    expect(compared).toBeGreaterThan(0)
  })
})
