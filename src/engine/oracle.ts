/**
 * Oracles say what must hold; they know no patch and no bug. Four shapes:
 * - always: an invariant of every state;
 * - monitor: looks at each step with a small plain-data memory of its own, which is part of the state; several that
 *   would remember the same judge over one recorder, which remembers for all of them;
 * - lasting: an invariant of every state and of what is remembered, such that what is wrong stays wrong;
 * - finally: holds in every state in which a schedule may end.
 * A violation of all but the last is sticky: it is a bit of the state from then on. That one is judged where a schedule ends.
 */
import type { Plain } from '../base/plain.ts'
import type { Letter, Objection } from './view.ts'

export type { Mark, Objection } from './view.ts'

/** What an oracle says: null when nothing is wrong; a sentence by itself points at nothing. */
export type Answer = Objection | string | null

export const objectionOf = (answer: Answer): Objection | null => (typeof answer === 'string' ? { says: answer, marks: [] } : answer)

interface Base {
  /** As in the facts: `A-O1`, `O6`. */
  readonly id: string
  /** `verdict` counts as a violation; `info` is only shown. */
  readonly kind: 'verdict' | 'info'
  /** What must hold, in at most five words: shown wherever its id is. Absent = what it says is as short. */
  readonly name?: string
  readonly says: string
}

/** What a monitor is told about a step. Not its label: an oracle judges states, not code. */
export interface Taken {
  readonly task: Letter
}

export interface Always<W> extends Base {
  readonly shape: 'always'
  /** Components it reads; it is judged again when one of them changed. */
  readonly watch: readonly (keyof W & string)[]
  /** Names what is wrong, or null. */
  readonly judge: (s: W) => Answer
}

export interface Monitor<W, Memory = Plain> extends Base {
  readonly shape: 'monitor'
  /** It is told of the steps that changed one of these components. */
  readonly watch: readonly (keyof W & string)[]
  readonly start: Memory
  readonly observe: (memory: Memory, before: W, after: W, taken: Taken) => Answer
}

/** What a recorder notes of the steps that changed one of these components. */
export interface Noting<W, Memory = Plain> {
  readonly watch: readonly (keyof W & string)[]
  readonly follow: (memory: Memory, before: W, after: W, taken: Taken) => void
}

/** Remembers something of a history for several oracles. Its memory is part of the state; it judges nothing. */
export interface Recorder<W, Memory = Plain> {
  readonly shape: 'recorder'
  readonly id: string
  readonly start: Memory
  /** Each looks at a step only if it is told of it, so that what one has to look at does not concern the steps of another; in this order. */
  readonly notes: readonly Noting<W, Memory>[]
}

/** A recorder's memory as it was before a step and as it is after it: what is new in it happened now. */
export interface Recorded<Memory> {
  readonly before: Memory
  readonly after: Memory
}

/** A monitor without a memory of its own. */
export interface Judge<W, Memory = Plain> extends Base {
  readonly shape: 'judge'
  readonly over: Recorder<W, Memory>
  /** It is told of the steps that changed one of these components, or what is remembered. */
  readonly watch: readonly (keyof W & string)[]
  readonly judge: (memory: Recorded<Memory>, before: W, after: W, taken: Taken) => Answer
}

/**
 * What breaks it is there to be seen until the end, unless a step may mend it. So whoever asks only what can happen, and not when,
 * judges where a schedule ends and before such steps: no step depends on another because it has looked.
 */
export interface Lasting<W, Memory = Plain> extends Base {
  readonly shape: 'lasting'
  readonly over: Recorder<W, Memory>
  /** Components it reads; it is judged again when one of them changed, or what is remembered. */
  readonly watch: readonly (keyof W & string)[]
  readonly judge: (memory: Memory, s: W) => Answer
  /** May what was wrong before the step be right, or unseen, after it? Not asked of one that ends all other tasks: that one may. */
  readonly mends: (before: W, after: W) => boolean
}

export interface Finally<W> extends Base {
  readonly shape: 'finally'
  readonly judge: (s: W) => Answer
}

export type Oracle<W> = Always<W> | Monitor<W> | Judge<W> | Lasting<W> | Finally<W>

/** Keeps a monitor's memory typed where it is written and plain where it is run. */
export const recorder = <W, Memory>(r: Omit<Recorder<W, Memory>, 'shape'>): Recorder<W, Memory> => ({ shape: 'recorder', ...r })
export const monitor = <W, Memory>(m: Omit<Monitor<W, Memory>, 'shape'> | Omit<Judge<W, Memory>, 'shape'>): Oracle<W> =>
  ({ shape: 'over' in m ? 'judge' : 'monitor', ...m }) as unknown as Oracle<W>
export const lasting = <W, Memory>(o: Omit<Lasting<W, Memory>, 'shape'>): Oracle<W> => ({ shape: 'lasting', ...o }) as unknown as Oracle<W>
export const always = <W>(o: Omit<Always<W>, 'shape'>): Oracle<W> => ({ shape: 'always', ...o })
export const finallyHolds = <W>(o: Omit<Finally<W>, 'shape'>): Oracle<W> => ({ shape: 'finally', ...o })
