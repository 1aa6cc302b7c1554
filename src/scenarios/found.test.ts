/**
 * Variants keep their promises: what each claims is what a search of every interleaving finds, and what it opens is a whole run in which that
 * is seen. Runs that the documented schedule does not give are found here; `npm run generate` writes them to `found.json`.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { search } from '../engine/search.ts'
import type { Trace } from '../engine/trace.ts'
import { refuted, sampleOf, seenIn, shows, type Ending } from './claim.ts'
import type { Variant } from './notes.ts'
import { loadFound, loadNotes, loadScenario, scenarioIds } from './registry.ts'
import { run, stage } from './run.ts'
import type { Scenario } from './scenario.ts'

const only = process.env['ONLY'] ?? ''
const writes = process.env['UPDATE'] === '1'
const ids = scenarioIds.filter((id) => only === '' || id === only)
const loaded = await Promise.all(
  ids.map(async (id) => ({ id, scenario: await loadScenario(id), notes: await loadNotes(id), found: await loadFound(id) })),
)

/** How a run ended, with the verdict oracles that objected. */
function endingOf({ machine, state, violations }: Trace): Ending {
  const verdicts = new Set(machine.system.oracles.filter(({ kind }) => kind === 'verdict').map(({ id }) => id))
  return {
    ...machine.outcome(state),
    violates: [...new Set(violations.map(({ oracle }) => oracle))].filter((id) => verdicts.has(id) || id === 'deadlock'),
  }
}

/** The run that opens without a search: a schedule of the variant's own, or the documented one. */
const givenRun = (scenario: Scenario, { asked, schedule }: Variant): Trace =>
  run(stage(scenario, asked), schedule ?? { named: scenario.card.schedules[0]?.name ?? '' }).trace

describe.each(loaded.map((one) => [one.id, one] as const))('%s', (id, { scenario, notes, found }) => {
  const now: Record<string, string> = {}

  it.each(notes.variants.map((variant) => [variant.says, variant] as const))('%s', { timeout: 120_000 }, (_says, variant) => {
    const given = givenRun(scenario, variant)
    if (variant.schedule) {
      expect(given.end, 'a schedule of its own is a whole run').not.toBe('open')
      for (const claim of variant.claims) expect([claim.in, seenIn(claim, endingOf(given))]).toEqual([claim.in, claim.in === 'every'])
      return
    }
    const { verdict } = search(stage(scenario, variant.asked).system)
    expect(verdict.complete).toBe(true)
    expect(variant.claims.map((claim) => refuted(claim, verdict)).filter((why) => why !== null)).toEqual([])
    if (given.end !== 'open' && shows(variant.claims, endingOf(given))) return
    const sample = sampleOf(variant.claims, verdict.outcomes)
    expect(sample, 'no outcome of the search shows all that is claimed').not.toBeNull()
    now[variant.id] = sample ?? ''
  })

  it('has the runs that its variants need; if not, `npm run generate` finds them', () => {
    if (writes) writeFileSync(join(import.meta.dirname, id, 'found.json'), `${JSON.stringify(now, null, 1)}\n`)
    else expect(found).toEqual(now)
  })
})
