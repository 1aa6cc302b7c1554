import type { Notes } from '../scenarios/notes.ts'
import { fixFlipped } from '../scenarios/switches.ts'
import type { Answer, Client, Failure } from '../worker/client.ts'
import type { RunChoice } from '../worker/protocol.ts'
import { appendCard } from './cards.ts'
import { compareOf, plugAt, traceOf } from './trace.ts'

const noNotes: Notes = { threads: [], tests: [], history: [], variants: [], reasons: [], programs: [], corrections: [], recordings: [] }

/** A run beside the same with the fix the other way. */
function besideFix(run: RunChoice) {
  const left = traceOf(run)
  const right = fixFlipped(run, left.patches, appendCard)
  return { right, compare: compareOf(left, traceOf({ ...run, ...right })) }
}

/** A client that answers from the hand-made traces and remembers what it was asked. */
export function fakeClient(failing: Failure | null = null) {
  const asked: string[] = []
  const answer = <T>(what: string, value: () => T): Promise<Answer<T>> => {
    asked.push(what)
    return Promise.resolve(failing ? { ok: false, failure: failing } : { ok: true, value: value() })
  }
  let stopSearch: (() => void) | null = null
  const client: Client = {
    trace: (run) => answer('trace', () => traceOf(run)),
    compare: (left, right) => answer('compare', () => compareOf(traceOf(left), traceOf({ ...left, ...right }))),
    plug: (run, step) => answer('plug', () => plugAt(traceOf(run), step)),
    carry: (from, step, to, compared = false) => {
      const trace = traceOf({ ...from, ...to })
      const { length } = trace.steps
      return answer('carry', () => ({
        kind: 'carry' as const,
        id: 0,
        schedule: from.schedule,
        step: Math.min(step, length),
        says: step > length ? `step ${step} has no counterpart` : null,
        trace,
        beside: compared ? besideFix({ ...from, ...to }) : null,
      }))
    },
    branch: (_run, step, task) =>
      answer('branch', () => ({ kind: 'branch' as const, id: 0, choices: step > 0 ? `A${step}${task}1` : `${task}1`, step: step + 1 })),
    verdict: () =>
      answer('verdict', () => ({
        answer: 'never' as const,
        complete: true,
        bound: null,
        states: 3,
        counted: null,
        violated: [],
        facts: [],
        groups: [],
      })),
    explore: (_run, _max, onProgress) => {
      asked.push('explore')
      onProgress({ states: 10, frontier: 3 })
      return new Promise((settle) => {
        stopSearch = () => settle({ ok: false, failure: { reader: 'cancelled', message: 'The search was cancelled.' } })
      })
    },
    why: () =>
      answer('why', () => ({
        answer: 'never' as const,
        says: 'No schedule violates anything.',
        complete: true,
        bound: null,
        states: 3,
        schedules: '1',
        violating: '0',
        window: null,
        doom: null,
        groups: [],
      })),
    map: (_run, [across, down]) =>
      answer('map', () => ({
        across: { task: across, name: across, next: [[]] },
        down: { task: down, name: down, next: [[]] },
        rows: [[{ kind: 'none' as const, share: 0, lock: null }]],
        locks: [],
        path: [[0, 0] as const],
        complete: true,
        bound: null,
        others: [],
      })),
    through: () => answer('through', () => ({ choices: '', step: 0, violates: false })),
    ask: () =>
      answer('ask', () => ({
        answer: 'never' as const,
        says: 'In no schedule.',
        complete: true,
        bound: null,
        before: null,
        after: null,
        apart: { sample: '', violates: false },
      })),
    text: (_run, _right, { genre }) => answer('text', () => `${genre}\n`),
    cancelWhy: () => undefined,
    leave: () => undefined,
    scene: () => answer('scene', () => ({ problems: [], card: null })),
    language: () => answer('language', () => ({ fileSystems: [] })),
    pasted: () =>
      answer('pasted', () => ({
        strip: { kind: 'extent-strip' as const, id: 'pasted', title: 'pasted', axis: { from: 0, to: 1 }, lanes: [], markers: [] },
        says: [],
        writers: [],
      })),
    notes: () => answer('notes', () => ({ notes: noNotes, variants: [], recordings: {} })),
    releases: () => answer('releases', () => []),
    cancelReleases: () => undefined,
    onWord: () => undefined,
    restart: () => void asked.push('restart'),
    cancelExplore: () => stopSearch?.(),
  }
  return { client, asked }
}
