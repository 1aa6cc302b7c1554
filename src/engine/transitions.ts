/**
 * What a step makes of a state, all that the oracles say included, remembered as one: most steps of a search were taken before
 * in a state that agrees with the present one in everything the step and the oracles look at.
 */
import type { Attempts } from './attempt.ts'
import { effective, type Changes } from './draft.ts'
import type { Judgement } from './judgement.ts'
import { Memo, Read, readOf, type Found } from './memo.ts'
import { Noted } from './noted.ts'
import type { Wait, World } from './procedure.ts'
import type { State, States } from './state.ts'
import { shiftOf } from './visited.ts'

export interface Transition {
  /** Null if the step was taken. */
  readonly wait: Wait | null
  /** A task that the step ended or started may be among it even where that is what it was. */
  readonly changes: Changes
  /** What they add to the hash of the state; null where that depends on the state, because the step did not look at all that it replaced. */
  readonly shift: number | null
}

export class Transitions<W extends World> {
  private readonly states: States
  private readonly attempts: Attempts<W>
  private readonly judgement: Judgement<W>
  /** By slot of the task - firstTask. */
  private memos: Memo<Transition>[] = []
  /** How long states were when the first of these was remembered. */
  private width = 0
  /** Of the step that is being taken: what it depends on, and the components that it replaces itself. */
  private readonly reads = new Noted()
  private readonly replaced = new Noted()

  constructor(states: States, attempts: Attempts<W>, judgement: Judgement<W>) {
    this.states = states
    this.attempts = attempts
    this.judgement = judgement
  }

  /** The next step of the task in `slot`. */
  of(state: State, slot: number): Transition {
    // As with attempts: a step that ends every task has looked at the tasks that there could be.
    if (this.width !== this.states.width) {
      this.width = this.states.width
      this.memos = []
    }
    const memo = (this.memos[slot - this.states.firstTask] ??= new Memo(
      (before) => this.take(before, slot),
      (ended, number) => this.states.ended(ended, number),
    ))
    return memo.of(state, state)
  }

  private take(state: State, slot: number): Found<Transition> {
    const attempt = this.attempts.found(state, slot)
    const { wait, changes } = attempt.value
    if (wait) return { value: { wait, changes, shift: 0 }, reads: attempt.reads }
    const { reads, replaced } = this
    reads.clear()
    replaced.clear()
    for (const read of attempt.reads) reads.note(read)
    const open: number[] = []
    for (let i = 0; i < changes.length; i += 2) {
      const target = changes[i] as number
      replaced.note(target)
      // Who is asked depends on whether a component has changed, even if the step replaced it unseen. Nobody watches tasks.
      if (target < this.states.firstTask) reads.note(readOf(target, Read.before))
      else if (!reads.has(readOf(target, Read.before))) open.push(target, changes[i + 1] as number)
    }
    const all = this.judgement.after(state, slot, effective(state, changes), this.judged)
    return { value: transition(state, all, open), reads: reads.all }
  }

  /** After the step, what it has replaced is known by what it has read, and all else is what it was. */
  private readonly judged = (reads: readonly number[]): void => {
    for (const read of reads) {
      if ((read & 3) !== Read.after) this.reads.note(read)
      else if (!this.replaced.has(read >> 2)) this.reads.note(readOf(read >> 2, Read.before))
    }
  }
}

function transition(state: State, all: Changes, open: Changes): Transition {
  if (open.length === 0) return { wait: null, changes: all, shift: shiftOf(state, all) }
  const unseen = new Set(open.filter((_, i) => i % 2 === 0))
  const seen = all.filter((_, i) => !unseen.has(all[i - (i % 2)] as number))
  return { wait: null, changes: [...seen, ...open], shift: null }
}
