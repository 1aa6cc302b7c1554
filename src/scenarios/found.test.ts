/**
 * Variants keep their promises: what each claims is what a search of every interleaving finds, and what it opens is a whole run in which that
 * is seen. Runs that the documented schedule does not give are found here; `npm run generate` writes them to `found.json`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Trace } from '../engine/trace.ts'
import { claimWords, refuted, sampleOf, seenIn, shows, type Ending } from './claim.ts'
import type { Variant } from './notes.ts'
import { loadNotes, loadScenario, scenarioIds } from './registry.ts'
import { verdictOf } from '../testing/searched.ts'
import { run, stage } from './run.ts'
import type { Scenario } from './scenario.ts'

const only = process.env['ONLY'] ?? ''
const writes = process.env['UPDATE'] === '1'
const ids = scenarioIds.filter((id) => only === '' || id === only)
const loaded = await Promise.all(ids.map(async (id) => ({ id, scenario: await loadScenario(id), notes: await loadNotes(id) })))

/** How a run ended, with the verdict oracles that objected. */
function endingOf({ machine, state, violations }: Trace): Ending {
  const verdicts = new Set(machine.oracles.filter(({ kind }) => kind === 'verdict').map(({ id }) => id))
  return {
    ...machine.outcome(state),
    violates: [...new Set(violations.map(({ oracle }) => oracle))].filter((id) => verdicts.has(id)),
  }
}

/** The run that opens without a search: a schedule of the variant's own, or the documented one. */
const givenRun = (scenario: Scenario, { asked, schedule }: Variant): Trace =>
  run(stage(scenario, asked), schedule ?? { named: scenario.card.schedules[0]?.name ?? '' }).trace

/** What is wrong with a variant, in words, and the choices that have to be kept for it. */
function check(scenario: Scenario, variant: Variant): { readonly wrong: readonly string[]; readonly keep: string | null } {
  const given = givenRun(scenario, variant)
  if (variant.schedule) {
    const open = given.end === 'open' ? ['a schedule of its own has to be a whole run'] : []
    const untrue = variant.claims.filter((claim) => seenIn(claim, endingOf(given)) !== (claim.in === 'every'))
    return { wrong: [...open, ...untrue.map((claim) => `not so: ${claimWords(claim, true)}`)], keep: null }
  }
  const verdict = verdictOf(scenario, variant.asked)
  const wrong = verdict.complete ? variant.claims.flatMap((claim) => refuted(claim, verdict) ?? []) : ['it is not searched to the end']
  if (given.end !== 'open' && shows(variant.claims, endingOf(given))) return { wrong, keep: null }
  const keep = sampleOf(variant.claims, verdict.outcomes)
  return { wrong: keep === null ? [...wrong, 'no outcome of the search shows all that is claimed'] : wrong, keep }
}

describe.each(loaded.map((one) => [one.id, one] as const))('%s', (id, { scenario, notes }) => {
  const now: Record<string, string> = {}

  it.each(notes.variants.map((variant) => [variant.says, variant] as const))('%s', { timeout: 120_000 }, (_says, variant) => {
    const { wrong, keep } = check(scenario, variant)
    expect(wrong).toEqual([])
    if (keep !== null) now[variant.id] = keep
  })

  it('has the runs that its variants need; if not, `npm run generate` finds them', () => {
    const file = join(import.meta.dirname, id, 'found.json')
    if (writes) writeFileSync(file, `${JSON.stringify(now, null, 1)}\n`)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(now)
  })
})
