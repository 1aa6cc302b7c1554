/** A trace in the shapes that the lenses declare. */
import type { ExtentStrip, Picture } from '../../picture/picture.ts'
import { historyOf, type HistoryBand } from '../../picture/history.ts'
import type { Blocked, Next } from '../../engine/view.ts'
import { allPictures, changedAt } from '../../store/run/frames.ts'
import type { TraceView } from '../../worker/protocol.ts'
import { heldSpans } from '../../picture/held.ts'
import type { BlockedSpan, TimelineRun } from '../../lenses/timeline.ts'

/** What the timeline draws of a trace; windows that a search has found are drawn elsewhere, and the scenario's own give way to them. */
export function timelineOf(trace: TraceView, windows = trace.windows): TimelineRun {
  return {
    tasks: trace.tasks.map((task) => ({ ...task, damagedFrom: firstMarked(trace, task.letter) })),
    steps: trace.steps,
    calls: trace.calls,
    blockedSpans: blockedSpans(trace),
    held: heldSpans(allPictures(trace)),
    windows,
    beats: trace.beats,
    violations: firsts(trace),
    stuck: trace.end === 'stuck',
    partsAt: trace.diverged && trace.diverged.instead !== undefined ? trace.diverged.n : null,
  }
}

/** The first state in which an oracle points at the task. */
function firstMarked(trace: TraceView, task: string): number | null {
  const n = trace.frames.findIndex(({ tasks }) => tasks.includes(task))
  return n < 0 ? null : n
}

/** The first violation of each oracle: it stays violated from there on. */
function firsts(trace: TraceView): TimelineRun['violations'] {
  const rules = new Map(trace.oracles.map((rule) => [rule.id, rule]))
  return trace.violations
    .filter((one, i) => trace.violations.findIndex((other) => other.oracle === one.oracle) === i)
    .map(({ oracle, step }) => ({ oracle, name: rules.get(oracle)?.name ?? oracle, step, noted: rules.get(oracle)?.kind === 'info' }))
}

/** Neighbouring states in which a task waits for the same thing become one span. */
function blockedSpans(trace: TraceView): BlockedSpan[] {
  const done: BlockedSpan[] = []
  let open: { span: BlockedSpan; key: string }[] = []
  for (let n = 0; n <= trace.steps.length; n++) {
    const now = blockedAt(trace, n).map((one) => ({ one, key: `${one.task} ${one.on} ${one.heldBy.join()}` }))
    for (const old of open) if (!now.some(({ key }) => key === old.key)) done.push({ ...old.span, to: n })
    open = now.map(
      ({ one, key }) =>
        open.find((old) => old.key === key) ?? { key, span: { task: one.task, from: n, to: null, on: one.on, heldBy: one.heldBy } },
    )
  }
  return [...done, ...open.map(({ span }) => span)]
}

export const blockedAt = (trace: TraceView, n: number): readonly Blocked[] =>
  n === 0 ? trace.initial.blocked : (trace.steps[n - 1]?.blocked ?? [])

export const runnableAt = (trace: TraceView, n: number): readonly Next[] =>
  n === 0 ? trace.initial.runnable : (trace.steps[n - 1]?.runnable ?? [])

/** Tasks that could run instead of the one that comes next. */
export const othersAt = (trace: TraceView, n: number): readonly Next[] =>
  runnableAt(trace, n).filter((next) => next.task !== trace.steps[n]?.task)

/** The lanes that a strip marks for the history band. */
export function historiesOf(trace: TraceView): readonly HistoryBand[] {
  const states = allPictures(trace)
  const wanted = new Map<string, string[]>()
  for (const picture of states.flat())
    if (picture.kind === 'extent-strip') {
      const lanes = picture.lanes.filter((lane) => lane.history).map((lane) => lane.id)
      wanted.set(picture.id, [...new Set([...(wanted.get(picture.id) ?? []), ...lanes])])
    }
  return [...wanted].flatMap(([id, lanes]) => {
    const strips = stripsOf(states, id)
    return lanes.map((lane) => historyOf(strips, lane))
  })
}

/** One strip in every state; where it is not there, an empty one stands for it. */
function stripsOf(states: readonly (readonly Picture[])[], id: string): ExtentStrip[] {
  const all = states.map((pictures) =>
    pictures.find((picture): picture is ExtentStrip => picture.kind === 'extent-strip' && picture.id === id),
  )
  const some = all.find((strip) => strip !== undefined)
  return some ? all.map((strip) => strip ?? { ...some, lanes: [], markers: [] }) : []
}

/** The sentence of state `n`; before the first step, the one that sets the scene. */
export function captionAt(trace: TraceView, n: number): string {
  const step = trace.steps[n - 1]
  return step ? step.says : trace.scene
}

/** The oracles that count and are violated for the first time in state `n`. */
export function violatedAt(trace: TraceView, n: number): readonly TraceView['violations'][number][] {
  return trace.oracles.flatMap(({ id, kind }) => {
    const first = trace.violations.find(({ oracle }) => oracle === id)
    return kind === 'verdict' && first?.step === n ? [first] : []
  })
}

/** Whether step `n` changed a picture that is not one of those that lead. */
export const othersChangedAt = (trace: TraceView, n: number, leads: readonly string[]): boolean =>
  [...changedAt(trace, n)].some((id) => !leads.includes(id))

/** Whether an oracle is violated in state `n`, and by what. */
export function violationAt(trace: TraceView, oracle: string, n: number): TraceView['violations'][number] | null {
  return trace.violations.find((one) => one.oracle === oracle && one.step <= n) ?? null
}

/** Is a rule that counts violated in it, or does it hang for ever? */
export const goesWrong = ({ oracles, violations, end }: TraceView): boolean =>
  end === 'stuck' || oracles.some(({ id, kind }) => kind === 'verdict' && violations.some(({ oracle }) => oracle === id))
