/**
 * With the inode lock held over whole calls, nothing may go wrong, whatever two settings of a scenario say together: the
 * reverted path is the oracles' measure (facts bcachefs-buffered-write 5, summary: "real in reverted: no").
 */
import { expect, it } from 'vitest'
import { search } from '../../engine/search.ts'
import { loadScenario, scenarioIds } from '../../scenarios/registry.ts'
import { stage } from '../../scenarios/run.ts'
import type { Card } from '../../scenarios/card.ts'

const long = process.env['LONG'] === '1'
/** Single pages before the lockless path; large folios after it. */
const kernels = long ? ['6.7', '6.10.11', '6.11', '6.12.117', '6.15'] : ['6.7', '6.12.117']

function* pairs({ settings }: Card): Generator<Record<string, string>> {
  for (const [i, one] of settings.entries())
    for (const other of settings.slice(i + 1))
      for (const a of one.values)
        for (const b of other.values) if (a !== one.default && b !== other.default) yield { [one.name]: a, [other.name]: b }
}

it.each(scenarioIds.filter((id) => id.startsWith('bcachefs')))('%s', { timeout: 300_000 }, async (id) => {
  const scenario = await loadScenario(id)
  const bad = kernels.flatMap((kernel) =>
    [...pairs(scenario.card)].filter((settings) => {
      const { complete, violating, deadlocks } = search(stage(scenario, { kernel, settings }).system).verdict
      return !complete || violating !== '0' || deadlocks > 0
    }),
  )
  expect(bad).toEqual([])
})
