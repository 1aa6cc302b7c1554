/** What every scenario is held to, whatever bug it stages. */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { canonical } from '../base/plain.ts'
import { Machine } from '../engine/machine.ts'
import { replay } from '../engine/trace.ts'
import { parseSchedule } from '../engine/schedule.ts'
import { releases } from '../kernel/releases.ts'
import { picturesOf } from '../worker/trace-view.ts'
import { verdictOf } from '../testing/searched.ts'
import { momentsOf, tell } from './beat.ts'
import { cards } from './cards.generated.ts'
import { catalog } from './catalog.ts'
import { loadScenario, scenarioIds } from './registry.ts'
import { originalOf, run, stage } from './run.ts'
import type { Scenario } from './scenario.ts'

const scenarios: Scenario[] = await Promise.all(scenarioIds.map(loadScenario))

it('every folder has its line in the catalogue, and its card in `cards.generated.ts`; if not, add the one and run `npm run generate` for the other', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('_'),
  )
  expect([...scenarioIds].sort()).toEqual(folders.map(({ name }) => name).sort())
  expect(Object.entries(cards).map(([name, { id }]) => [name, id])).toEqual([...scenarioIds].sort().map((id) => [id, id]))
})

it('no card, schedule or sentence of a scenario is left as the template has it', () => {
  const left = scenarios.filter((scenario) => JSON.stringify([scenario.card, scenario.beats]).includes('TEMPLATE:'))
  expect(left.map((scenario) => scenario.card.id)).toEqual([])
})

/** Reports and commit messages that number their steps. */
it.each([
  ['fsync-overlap', 8],
  ['fsync-torn', 8],
  ['dio-short-read', 13],
])('%s has a beat for each of the %i numbered steps of its message, in their order', (id, steps) => {
  const beats = scenarios.find((scenario) => scenario.card.id === id)?.beats ?? []
  expect([...new Set(beats.flatMap((beat) => beat.stands))]).toEqual(Array.from({ length: steps }, (_, i) => String(i + 1)))
})

it('a scenario that goes on from another comes behind it', () => {
  const ids = catalog.map((card) => card.id)
  const astray = catalog.filter((card, i) => card.follows !== undefined && !ids.slice(0, i).includes(card.follows))
  expect(astray.map((card) => card.id)).toEqual([])
  expect(catalog.filter((card) => catalog.find((other) => other.id === card.follows)?.follows !== undefined)).toEqual([])
})

describe.each(scenarios.map((scenario) => [scenario.card.id, scenario] as const))('%s', (_id, scenario) => {
  const { card } = scenario
  const isQuestion = card.asks !== undefined

  it('has a card whose kernels, patches, settings and schedules exist', () => {
    const versions = releases.map(({ version }) => version)
    expect(card.kernels.filter((kernel) => !versions.includes(kernel))).toEqual([])
    expect(card.kernels).toContain(card.defaultKernel)
    expect(card.kernels).toEqual([...card.kernels].sort((a, b) => versions.indexOf(a) - versions.indexOf(b)))
    expect(card.patches.map((patch) => patch.id)).toContain(card.fix)
    for (const setting of card.settings) expect(setting.values).toContain(setting.default)
    expect(Object.keys(scenario.schedules)).toEqual(card.schedules.map((schedule) => schedule.name))
    expect(card.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  })

  it('draws its lead pictures', () => {
    const trace = originalOf(scenario, card.schedules[0]?.name ?? '')
    const drawn = new Set(trace.states.flatMap((state) => picturesOf(scenario, trace, state).map((picture) => picture.id)))
    expect(card.leads.filter((lead) => !drawn.has(lead))).toEqual([])
    expect(card.leads.length).toBeGreaterThanOrEqual(2)
    expect(card.leads.length).toBeLessThanOrEqual(3)
  })

  it('is searched to the end within its bound; a bug violates a verdict oracle on its default kernel, and none with the fix', () => {
    const bad = verdictOf(scenario)
    const good = verdictOf(scenario, { on: [card.fix] })
    expect(bad.complete && good.complete).toBe(true)
    expect(bad.states).toBeLessThanOrEqual(scenario.statesAtMost)
    if (isQuestion) return
    expect(bad.violating).not.toBe('0')
    expect(good.violating).toBe('0')
  })

  it.skipIf(isQuestion)('has at least one release that goes wrong and one that does not', { timeout: 120_000 }, () => {
    const wrong = card.kernels.map((kernel) => verdictOf(scenario, { kernel }).violating !== '0')
    expect([wrong.includes(true), wrong.includes(false)]).toEqual([true, true])
  })

  it('reaches every beat, in order, in its documented schedule, and the run ends', () => {
    const trace = originalOf(scenario, card.schedules[0]?.name ?? '')
    expect(trace.end).not.toBe('open')
    const told = tell(scenario.beats, momentsOf(trace)).filter(({ beat }) => beat.stands.length > 0)
    expect(told.filter(({ moment }) => moment === null).map(({ beat }) => beat.id)).toEqual([])
    const steps = told.map(({ moment }) => moment?.step.n ?? 0)
    expect(steps).toEqual([...steps].sort((a, b) => a - b))
  })

  it.skipIf(isQuestion)('goes wrong in its documented schedule, and does not where that schedule is carried to the fix', () => {
    const name = card.schedules[0]?.name ?? ''
    const original = originalOf(scenario, name)
    const verdictIds = original.machine.oracles.filter(({ kind }) => kind === 'verdict').map(({ id }) => id)
    expect(original.violations.filter(({ oracle }) => verdictIds.includes(oracle))).not.toEqual([])
    const fixed = run(stage(scenario, { on: [card.fix] }), { named: name })
    expect(fixed.trace.end).toBe('final')
    expect(fixed.trace.violations.filter((violation) => verdictIds.includes(violation.oracle))).toEqual([])
  })

  it('names every step’s source: file, function, where it was read, and row', () => {
    const steps = stage(scenario).system.procedures.flatMap((procedure) =>
      procedure.rows.flatMap((row) => (row.kind === 'step' ? [{ procedure, row }] : [])),
    )
    expect(
      steps
        .filter(({ procedure, row }) => !procedure.file || !procedure.at || !row.row)
        .map(({ procedure, row }) => `${procedure.name}.${row.label}`),
    ).toEqual([])
  })

  it('says every step in one sentence without a full stop, in ASCII, that fits three lines of a mail', () => {
    for (const name of Object.keys(scenario.schedules)) {
      for (const step of originalOf(scenario, name).views()) {
        expect(step.says, `${step.procedure}.${step.label}`).toMatch(/^[\x20-\x7e]{4,210}[^.\s]$/)
        expect(step.says).not.toMatch(/undefined|NaN|\[object/)
      }
    }
  })

  it('replays the same bits twice, and the samples of a search lead to their outcomes', () => {
    const staged = stage(scenario)
    const verdict = verdictOf(scenario)
    for (const outcome of verdict.outcomes) {
      const choices = parseSchedule(outcome.sample)
      const [a, b] = [replay(new Machine(staged.system), choices), replay(new Machine(staged.system), choices)]
      expect(canonical(a.trace.views())).toBe(canonical(b.trace.views()))
      expect(a.diverged).toBeNull()
      const { violates, watched: _, schedules, sample, ...seen } = outcome
      expect(schedules).not.toBe('0')
      expect({ sample, ...a.trace.machine.outcome(a.trace.state) }).toEqual({ sample, ...seen })
      const verdicts = a.trace.machine.oracles.filter(({ kind }) => kind === 'verdict').map(({ id }) => id)
      const shown = verdicts.filter((id) => a.trace.violations.some((violation) => violation.oracle === id))
      expect([...violates].sort()).toEqual([...shown].sort())
    }
  })

  it('has as many violating schedules by each oracle as the outcomes that name it, or watch it, have together', () => {
    const { oracles, outcomes } = verdictOf(scenario)
    for (const { id, kind, violatingSchedules } of oracles) {
      const counts = outcomes.map(({ violates, watched, schedules }) =>
        kind === 'info' ? watched[id] : violates.includes(id) && schedules,
      )
      expect([id, String(counts.reduce((sum, count) => sum + BigInt(count || 0), 0n))]).toEqual([id, violatingSchedules])
    }
  })

  it('gives the shortest violating schedule of each oracle, which does violate it', () => {
    const staged = stage(scenario)
    for (const { id, shortest } of verdictOf(scenario).oracles) {
      if (shortest === null) continue
      const { trace } = replay(new Machine(staged.system), parseSchedule(shortest))
      expect(trace.violations.map((violation) => violation.oracle)).toContain(id)
    }
  })
})
