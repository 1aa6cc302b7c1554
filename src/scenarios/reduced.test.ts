/** The reduced search says of every scenario what the full search says: what is violated, each outcome with what it violates, what is stuck. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical } from '../base/plain.ts'
import { reduce } from '../engine/reduce.ts'
import { search } from '../engine/search.ts'
import type { Outcome } from '../engine/view.ts'
import { loadScenario, scenarioIds } from './registry.ts'
import { countable } from './card.ts'
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
  for (const setting of card.settings) {
    const values = countable(setting)
    for (const value of long ? values : values.filter((one) => one !== setting.default).slice(0, 1))
      yield { settings: { [setting.name]: value } }
  }
}

const pairs = (outcomes: readonly (Outcome & { readonly violates: readonly string[]; readonly sample: string })[]): string[] =>
  outcomes.map(({ sample: _, ...rest }) => canonical({ ...rest, schedules: undefined, watched: undefined })).sort()

/** Counts every schedule, if no more states than these are to be visited, and compares what the reduced search says; false if there are more. */
function agree(scenario: Scenario, asked: Asked, maxStates: number): boolean {
  const { system } = stage(scenario, asked)
  const { verdict } = search(system, { maxStates })
  if (!verdict.complete) return false
  const reduced = reduce(system, bounds)
  const { id } = scenario.card
  expect({ id, asked, outcomes: pairs(reduced.outcomes) }).toEqual({ id, asked, outcomes: pairs(verdict.outcomes) })
  expect({ id, asked, violated: reduced.oracles.filter(({ sample }) => sample !== null).map((oracle) => oracle.id) }).toEqual({
    id,
    asked,
    violated: verdict.oracles.filter(({ violatingSchedules }) => violatingSchedules !== '0').map((oracle) => oracle.id),
  })
  expect(reduced.states).toBeLessThanOrEqual(verdict.states)
  return true
}

const scenarios = await Promise.all(scenarioIds.map(loadScenario))

describe.each(scenarios.map((scenario) => [scenario.card.id, scenario] as const))('%s', (_id, scenario) => {
  it('is decided as it is counted', { timeout: 600_000 }, () => {
    // What is too large for this test is left to the long one.
    const compared = [...asks(scenario)].filter((asked) => agree(scenario, asked, long ? bounds.maxStates : 20_000))
    expect(compared.length).toBeGreaterThan(0)
  })
})

interface Draw {
  readonly scenario: Scenario
  readonly asked: Asked
}

/** Any scenario on any of its releases with up to three of its patches flipped, each setting left as it is or given any value. */
const draws: fc.Arbitrary<Draw> = fc.constantFrom(...scenarios).chain((scenario) => {
  const { kernels, patches, settings } = scenario.card
  return fc
    .record({
      kernel: fc.constantFrom(...kernels),
      toggles: fc.subarray(
        patches.map(({ id }) => id),
        { maxLength: Math.min(3, patches.length) },
      ),
      settings: fc.tuple(
        ...settings.map((setting) =>
          fc.oneof(fc.constant(setting.default), fc.constantFrom(...countable(setting))).map((value) => [setting.name, value] as const),
        ),
      ),
    })
    .map(({ kernel, toggles, settings: chosen }) => {
      const shipped = stage(scenario, { kernel })
      const flipped = toggles.reduce<string[]>((so, id) => (refusalToFlip(shipped, so, id) === null ? [...so, id] : so), [])
      return { scenario, asked: { kernel, ...flips(kernel, flipped), settings: Object.fromEntries(chosen) } }
    })
})

it('says of whatever is asked what the full search says', { timeout: 7_200_000 }, () => {
  const [wanted, maxStates] = long ? [2000, 60_000] : [40, 4000]
  // Those that are too large to be counted are replaced by the next.
  let compared = 0
  for (const { scenario, asked } of fc.sample(draws, { numRuns: wanted * 2, seed: long ? 2026 : 11 })) {
    if (compared === wanted) break
    if (agree(scenario, asked, maxStates)) compared++
  }
  expect(compared).toBe(wanted)
})
