/**
 * Whatever is chosen, a named schedule leads somewhere, and every sentence that stands beside the run is true of it. Short: each release, patch, setting and schedule
 * by itself. `LONG=1`: every release and every single patch with each setting and each schedule, every pair of settings, and of what a search of
 * each setting and pair finds one run an outcome, since some endings need another order than any schedule that was written down.
 */
import { describe, expect, it } from 'vitest'
import { search } from '../engine/search.ts'
import type { Trace } from '../engine/trace.ts'
import { windowsOf } from '../worker/trace-view.ts'
import { isMoment, momentsOf, sentenceOf, tell } from './beat.ts'
import { countable } from './card.ts'
import { loadFound, loadNotes, loadScenario, scenarioIds } from './registry.ts'
import { patchSets, run, stage, type Asked } from './run.ts'
import type { Scenario } from './scenario.ts'
import type { RunChoice } from '../worker/protocol.ts'

const long = process.env['LONG'] === '1'

interface One {
  readonly asked: Asked
  readonly schedule: RunChoice['schedule']
}

/** Every value but the default of every setting, by itself. */
const single = ({ card }: Scenario): Readonly<Record<string, string>>[] =>
  card.settings.flatMap((setting) =>
    countable(setting)
      .filter((value) => value !== setting.default)
      .map((value) => ({ [setting.name]: value })),
  )

function* pairs(scenario: Scenario): Generator<Readonly<Record<string, string>>> {
  const all = single(scenario)
  for (const [i, one] of all.entries())
    for (const other of all.slice(i + 1)) if (Object.keys(one)[0] !== Object.keys(other)[0]) yield { ...one, ...other }
}

/** Each release as shipped, and each single patch flipped on the default one. */
function* kernels(scenario: Scenario): Generator<Asked> {
  for (const asked of patchSets(scenario)) if (asked.on === undefined || asked.kernel === scenario.card.defaultKernel) yield asked
}

function* runs(scenario: Scenario): Generator<One> {
  const { card } = scenario
  const names = card.schedules.map(({ name }) => ({ named: name }))
  const documented = names[0] ?? { named: '' }
  const settings = [{}, ...single(scenario)]
  if (long) {
    for (const asked of kernels(scenario))
      for (const one of settings) for (const schedule of names) yield { asked: { ...asked, settings: one }, schedule }
    for (const one of pairs(scenario)) yield { asked: { settings: one }, schedule: documented }
    yield* searched(scenario)
    return
  }
  for (const asked of kernels(scenario)) yield { asked, schedule: documented }
  for (const one of settings) yield { asked: { settings: one }, schedule: documented }
  for (const schedule of names) yield { asked: {}, schedule }
  for (const [i, one] of [...pairs(scenario)].entries()) if (i % 17 === 0) yield { asked: { settings: one }, schedule: documented }
}

/** A part of a search has most of the endings, and there are many searches. */
const enough = 4_000

/** The samples of a search with each setting and each pair of settings, without the fix and with it. */
function* searched(scenario: Scenario): Generator<One> {
  const everyTwo = [{}, ...single(scenario), ...pairs(scenario)]
  for (const settings of everyTwo) {
    for (const on of [[], [scenario.card.fix]]) {
      const asked = { settings, on }
      const { outcomes } = search(stage(scenario, asked).system, { maxStates: enough }).verdict
      for (const { sample } of outcomes) yield { asked, schedule: { choices: sample } }
    }
  }
}

/** What is wrong with a run, in words: it cannot be had, it does not end, or a sentence beside it is not true of it. */
function wrongWith(scenario: Scenario, { asked, schedule }: One, seen: Set<string>): string[] {
  let trace: Trace
  try {
    trace = run(stage(scenario, asked), schedule).trace
  } catch (error) {
    return [`throws: ${String(error)}`]
  }
  const wrong = trace.end === 'open' ? ['is not over at its end'] : []
  const moments = momentsOf(trace)
  const told = tell(scenario.beats, moments).flatMap(({ beat, moment }) => {
    if (!moment) return []
    seen.add(beat.id)
    const sentence = sentenceOf(beat, moment)
    const fit = isMoment(beat, moment) && /^[\x20-\x7e]{10,240}\.$/.test(sentence) && !/undefined|NaN|null|\[object|\[0, 0\)/.test(sentence)
    return fit ? [] : [`${beat.id} at step ${moment.step.n}: ${sentence}`]
  })
  for (const { from, to } of windowsOf(scenario, moments, trace.end !== 'open'))
    if (to !== null && to <= from) wrong.push(`a window closes before it opens, at ${from}`)
  return [...wrong, ...told]
}

const loaded = await Promise.all(
  scenarioIds.map(async (id) => ({ id, scenario: await loadScenario(id), notes: await loadNotes(id), found: await loadFound(id) })),
)

describe.each(loaded.map((one) => [one.id, one] as const))('%s', (_id, { scenario, notes, found }) => {
  it('names steps that exist', () => {
    const labels = new Set(
      stage(scenario).system.procedures.flatMap((procedure) =>
        procedure.rows.flatMap((row) => (row.kind === 'step' ? [`${procedure.name}.${row.label}`] : [])),
      ),
    )
    const named = [
      ...scenario.beats.flatMap(({ at }) => at),
      ...scenario.windows.flatMap(({ opens, closes }) => [opens, closes]),
      ...Object.values(scenario.schedules).flatMap((stretches) =>
        stretches.flatMap((stretch) => ('until' in stretch ? [stretch.until] : [])),
      ),
    ]
    expect(named.filter((label) => !labels.has(label))).toEqual([])
    expect(new Set(scenario.beats.map(({ id }) => id)).size).toBe(scenario.beats.length)
  })

  it(
    'can be run as it is asked for, to an end, and says nothing beside the run that is not so',
    { timeout: long ? 3_600_000 : 240_000 },
    () => {
      const seen = new Set<string>()
      const wrong = [...runs(scenario)].flatMap((one) => wrongWith(scenario, one, seen).map((why) => `${JSON.stringify(one)}: ${why}`))
      for (const { asked, schedule, id } of notes.variants) {
        const choices = found[id]
        const one = {
          asked,
          schedule: schedule ?? (choices === undefined ? { named: scenario.card.schedules[0]?.name ?? '' } : { choices }),
        }
        wrong.push(...wrongWith(scenario, one, seen).map((why) => `variant ${id}: ${why}`))
      }
      expect(wrong).toEqual([])
      // A sentence that is told of no run at all says nothing.
      const untold = scenario.beats.filter(({ id }) => !seen.has(id)).map(({ id }) => id)
      expect(long ? untold : []).toEqual([])
    },
  )
})
