/**
 * What the timeline needs to know of a run, declared here by what is drawn of it, and what can be said of one of its states.
 * State n is the one after step n, state 0 the initial one; every state has a column.
 */
import type { HeldSpan } from '../picture/held.ts'

export interface TimelineTask {
  readonly letter: string
  /** `fsync(fd)`, `ordered-extent worker` */
  readonly name: string
  /** The first state in which an oracle points at it; absent = none does. */
  readonly damagedFrom?: number | null
}

export interface TimelineStep {
  /** 1-based. */
  readonly n: number
  readonly task: string
  readonly label: string
  /** How many callers its procedure has. */
  readonly depth: number
}

/** One activation of a procedure: entered by step `from` (0: there from the start), left by step `to` (null: never). */
export interface TimelineCall {
  readonly task: string
  readonly procedure: string
  readonly depth: number
  readonly from: number
  /** The first step in it; null if there is none. */
  readonly first: number | null
  readonly to: number | null
}

/** A stretch of states in which a task cannot run: from the state after step `from` to the one before step `to`; null = to the end. */
export interface BlockedSpan {
  readonly task: string
  readonly from: number
  readonly to: number | null
  readonly on: string
  readonly heldBy: readonly string[]
}

/** Open after step `from` and until step `to`; null = to the end. */
export interface TimelineWindow {
  readonly id: string
  readonly task: string
  readonly from: number
  readonly to: number | null
  readonly says: string
}

export interface TimelineBeat {
  readonly id: string
  /** Null if it does not happen in this run. */
  readonly step: number | null
}

export interface TimelineViolation {
  readonly oracle: string
  /** What must hold, in a few words. */
  readonly name: string
  readonly step: number
  /** Only worth knowing, and no damage. */
  readonly noted?: boolean
}

/** A violation as one says it. */
export const violationInWords = ({ name, noted, step }: TimelineViolation): string =>
  noted ? `“${name}” does not hold from step ${step} on, and need not` : `“${name}” is violated at step ${step}`

export interface TimelineRun {
  readonly tasks: readonly TimelineTask[]
  readonly steps: readonly TimelineStep[]
  /** In the order in which they are entered. */
  readonly calls: readonly TimelineCall[]
  readonly blockedSpans: readonly BlockedSpan[]
  readonly held: readonly HeldSpan[]
  readonly windows: readonly TimelineWindow[]
  readonly beats: readonly TimelineBeat[]
  readonly violations: readonly TimelineViolation[]
  /** The first step that is not one of the run that it follows or is compared with. */
  readonly partsAt: number | null
  /** Does it end because somebody waits for ever? */
  readonly stuck?: boolean
}

/** The tasks that an oracle points at in state `n`. */
export const damagedAt = (run: TimelineRun, n: number): string[] =>
  run.tasks.flatMap(({ letter, damagedFrom }) => ((damagedFrom ?? Infinity) <= n ? [letter] : []))

/** The state that a key moves the scrubber to; null if the key is not the scrubber's. */
export function seekByKey(key: string, current: number, run: Pick<TimelineRun, 'steps' | 'beats'>): number | null {
  const last = run.steps.length
  const stops = [0, ...run.beats.flatMap((beat) => (beat.step === null ? [] : [beat.step])), last].sort((a, b) => a - b)
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return Math.min(last, current + 1)
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.max(0, current - 1)
    case 'PageDown':
      return stops.find((stop) => stop > current) ?? last
    case 'PageUp':
      return stops.findLast((stop) => stop < current) ?? 0
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return null
  }
}

/** The steps at which a beat happens, in the order of the run, each with the beats that meet there. */
export function beatMarks(beats: readonly TimelineBeat[]): { readonly step: number; readonly ids: readonly string[] }[] {
  const steps = [...new Set(beats.flatMap(({ step }) => (step === null ? [] : [step])))].sort((a, b) => a - b)
  return steps.map((step) => ({ step, ids: beats.flatMap((beat) => (beat.step === step ? [beat.id] : [])) }))
}

/** What is true of the state `current` beyond its step: who waits for what, and which windows are open. */
export function standing(
  run: TimelineRun,
  current: number,
): { readonly waits: readonly BlockedSpan[]; readonly open: readonly TimelineWindow[] } {
  const holds = (span: { from: number; to: number | null }) => span.from <= current && (span.to === null || current < span.to)
  return { waits: run.blockedSpans.filter(holds), open: run.windows.filter(holds) }
}

/** `waits for i_mmap_lock, held by A` */
export const waitInWords = (span: Pick<BlockedSpan, 'on' | 'heldBy'>): string =>
  `waits for ${span.on}${span.heldBy.length > 0 ? `, held by ${span.heldBy.join(' and ')}` : ''}`
