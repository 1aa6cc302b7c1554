/** Holds the words beside the scenarios to what runs: statements, recordings, programs. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { align, parseFunctionGraph } from '../narrate/read/function-graph.ts'
import { fixesLines, messageId } from '../narrate/text/tags.ts'
import { compareRecording } from './recordings.ts'
import { loadNotes, loadScenario, scenarioIds } from './registry.ts'
import { originalOf, run, stage } from './run.ts'
import type { RunChoice } from '../worker/protocol.ts'
import type { Expected } from './expected.ts'
import type { Notes, Recording } from './notes.ts'
import { picturesOf } from '../worker/trace-view.ts'
import type { Scenario } from './scenario.ts'

const root = join(import.meta.dirname, '../..')
const loaded = await Promise.all(
  scenarioIds.map(async (id) => {
    const scenario = await loadScenario(id)
    const { expected } = (await import(`./${id}/expected.ts`)) as { readonly expected: Expected }
    return { id, scenario, notes: await loadNotes(id), expected }
  }),
)

const named = (recordings: readonly Recording[]): (readonly [string, Recording])[] =>
  recordings.map((recording) => [`${recording.kernel}, ${recording.says}`, recording])
const scheduleOf = (scenario: Scenario, { schedule }: Recording): RunChoice['schedule'] =>
  schedule ?? { named: scenario.card.schedules[0]?.name ?? '' }

/** The model's run of what was recorded, to its end. */
function recordedRun(scenario: Scenario, recording: Recording): ReturnType<typeof run> {
  const ran = run(stage(scenario, recording.asked), scheduleOf(scenario, recording))
  ran.trace.finish()
  return ran
}

/** The rows of a scenario's `statements.md`: number, statement, places. */
function statementsOf(id: string): string[][] {
  const file = join(root, 'src/scenarios', id, 'statements.md')
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^\|\s*[^|#\s-]/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

/** Everything that a statement can point at. */
function placesOf(scenario: Scenario, notes: Notes): Set<string> {
  const { card, beats } = scenario
  const trace = originalOf(scenario, card.schedules[0]?.name ?? '')
  const pictures = trace.states.flatMap((state) => picturesOf(scenario, trace, state).map((picture) => picture.id))
  return new Set([
    'story',
    'seen',
    'should',
    'affected',
    'reproducer',
    'leavesOut',
    'commits',
    ...(notes.board ? ['board'] : []),
    ...beats.map((beat) => `beat:${beat.id}`),
    ...card.settings.map(({ name }) => `setting:${name}`),
    ...card.patches.map((patch) => `patch:${patch.id}`),
    ...card.schedules.map(({ name }) => `schedule:${name}`),
    ...stage(scenario).system.oracles.map((oracle) => `oracle:${oracle.id}`),
    ...pictures.map((picture) => `picture:${picture}`),
    ...notes.variants.map((variant) => `variant:${variant.id}`),
    ...notes.history.map((event) => `history:${event.date}`),
    ...notes.corrections.map((_, i) => `correction:${i + 1}`),
    ...notes.programs.map(({ file }) => `program:${file}`),
    ...notes.tests.map((test) => `test:${test.id}`),
    ...notes.threads.map((thread) => `thread:${thread.id}`),
    ...notes.recordings.map((recording) => `recording:${recording.id}`),
  ])
}

describe.each(loaded.map((one) => [one.id, one] as const))('%s', (id, { scenario, notes, expected }) => {
  it('shows every statement of its report somewhere that exists', () => {
    const places = placesOf(scenario, notes)
    const rows = statementsOf(id)
    expect(rows.length).toBeGreaterThan(0)
    for (const [number, statement, shown] of rows) {
      expect(statement, `statement ${number}`).not.toBe('')
      const named = (shown ?? '').split(/[\s,]+/).filter((place) => place !== '')
      expect(named.length, `statement ${number}, "${statement}", is shown nowhere`).toBeGreaterThan(0)
      expect(named.filter((place) => !places.has(place))).toEqual([])
    }
  })

  it('names the mails that it was discussed in by their ids, and the commit that brought it in if there was one', () => {
    const { threads } = notes
    expect(threads.filter(({ id }) => !/^(https:\/\/\S+|[^\s<>@/]+@[^\s<>@/]+)$/.test(id))).toEqual([])
    const mails = threads.filter(({ id }) => messageId(id) !== null)
    const isBug = scenario.card.asks === undefined
    expect(mails.length > 0 || !isBug, 'a mail, or `unheard` in expected.ts').toBe(expected.unheard === undefined)
    const brought = fixesLines(scenario.card).length > 0
    expect(brought || !isBug, 'the commit that brought it in, or `always` in expected.ts').toBe(expected.always === undefined)
    expect(fixesLines(scenario.card).filter((line) => !/^Fixes: [0-9a-f]{12} \("[^"]+"\)$/.test(line))).toEqual([])
  })

  it.each(named(notes.recordings))('agrees with a real kernel: %s', (_says, recording) => {
    const { trace, diverged } = recordedRun(scenario, recording)
    expect(diverged === null || !('choices' in scheduleOf(scenario, recording))).toBe(true)
    const compared = compareRecording(recording, trace.machine.outcome(trace.state))
    expect(compared.length).toBeGreaterThan(0)
    expect(compared.filter(({ same, why }) => !same && why === null)).toEqual([])
    expect(Object.keys(recording.why).filter((field) => compared.some((one) => one.field === field && one.same))).toEqual([])
  })

  it.each(named(notes.recordings.filter((recording) => recording.trace?.kind === 'function graph')))(
    'enters the functions that it shares with the trace in its order, and names the others: %s',
    (_says, recording) => {
      const { file = '', tasks, leftOut = {} } = recording.trace ?? {}
      const graph = parseFunctionGraph(readFileSync(join(root, 'public/recordings', file), 'utf8'))
      const alignment = align(recordedRun(scenario, recording).trace.views(), graph, tasks, Object.keys(leftOut))
      expect(alignment.outOfOrder).toEqual([])
      expect(alignment.notInTrace).toEqual([])
      expect(alignment.pairs.length).toBeGreaterThan(8)
    },
  )

  it('tells its history in order and offers programs that are there', () => {
    const dates = notes.history.map(({ date }) => date)
    expect(dates).toEqual([...dates].sort())
    expect(new Set(notes.variants.map((variant) => variant.id)).size).toBe(notes.variants.length)
    expect(notes.programs.filter(({ file }) => !existsSync(join(root, 'public/reproducers', file)))).toEqual([])
    const patchIds = scenario.card.patches.map(({ id: patch }) => patch)
    expect(notes.reasons.filter(({ patch }) => !patchIds.includes(patch))).toEqual([])
    expect(
      notes.reasons.flatMap(({ scenario: shows }) => shows ?? []).filter((shows) => !(scenarioIds as readonly string[]).includes(shows)),
    ).toEqual([])
  })
})
