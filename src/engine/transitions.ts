/**
 * What a step makes of a state, all that the oracles say included, remembered as one: most steps of a search were taken before
 * in a state that agrees with the present one in everything the step and the oracles look at.
 */
import type { Attempts } from './attempt.ts'
import { effective, type Changes } from './draft.ts'
import type { Elements, Footprint } from './footprint.ts'
import type { Judgement } from './judgement.ts'
import { Memo, Read, readOf, type Found } from './memo.ts'
import { Noted } from './noted.ts'
import type { Wait, World } from './procedure.ts'
import type { State, States } from './state.ts'
import type { Known, Sums } from './sums.ts'
import { shiftOf } from './visited.ts'

/** Where a transition begins in the code; -1 - (number of what is waited for) if the step cannot be taken. */
export type Move = number

/** What a move depends on, for searches that ask what depends on what: the step and the oracles that it makes look, as one. */
export interface Touch {
  /** Touches are numbered as they come. */
  readonly number: number
  readonly move: Move
  readonly slot: number
  readonly waits: boolean
  readonly sum: Known
  /** If the step ends all other tasks: the components that it replaces without that it or an oracle has looked at them. */
  readonly ends: readonly number[] | null
  /** Then: those that it replaces without having looked at them itself, so that what is there afterwards says nothing of before. */
  readonly replaces: readonly number[]
  /** Among them may be some that leave a component what it is. */
  readonly changes: Changes
}

/** Numbers before the changes of a transition. */
const HEAD = 3

export class Transitions<W extends World> {
  private readonly states: States
  private readonly attempts: Attempts<W>
  private readonly judgement: Judgement<W>
  /** By slot of the task - firstTask. */
  private memos: Memo<Move>[] = []
  private readonly waits: Wait[] = []
  /**
   * Of each transition: where it ends, whether its shift is known, the shift, then slot, number, slot, number, ... A shift is what the
   * changes add to the hash of the state; it is not known if the step did not look at a task that it ended or started. In one
   * array, because following one is what a search does most.
   */
  private code = new Int32Array(0)
  private length = 0
  /** How long states were when the first of these was remembered. */
  private width = 0
  /** Of the step that is being taken: what it depends on, and the components that it replaces itself. */
  private readonly reads = new Noted()
  private readonly replaced = new Noted()
  private feet: Footprint[] = []
  private readonly elements: Elements | null
  private readonly sums: Sums | null
  /** By move, those that wait apart; only with footprints. */
  private readonly touches = new Map<Move, Touch>()

  constructor(states: States, attempts: Attempts<W>, judgement: Judgement<W>, elements: Elements | null, sums: Sums | null) {
    this.states = states
    this.attempts = attempts
    this.judgement = judgement
    this.elements = elements
    this.sums = sums
  }

  /** The next step of the task in `slot`. */
  of(state: State, slot: number): Move {
    // As with attempts: a step that ends every task has looked at the tasks that there could be.
    if (this.width !== this.states.width) {
      this.width = this.states.width
      this.memos = []
    }
    const memo = (this.memos[slot - this.states.firstTask] ??= this.memo(slot))
    return memo.of(state, state)
  }

  /** What a move depends on; only of a machine that keeps footprints. */
  touch(move: Move): Touch {
    return this.touches.get(move) as Touch
  }

  /** Apart, because a function that makes closures costs what they close over even when it makes none. */
  private memo(slot: number): Memo<Move> {
    return new Memo(
      (before) => this.take(before, slot),
      (ended, number) => this.states.ended(ended, number),
    )
  }

  /** Gives back the memory, once a search is done. What `of` has answered is worth nothing any more. */
  forget(): void {
    this.memos = []
    this.waits.length = 0
    this.touches.clear()
    this.code = new Int32Array(0)
    this.length = 0
  }

  /** What is waited for; null if the step can be taken. */
  wait(move: Move): Wait | null {
    return move < 0 ? (this.waits[-1 - move] as Wait) : null
  }

  /** Makes of a state, in place, what the step makes of it. */
  apply(move: Move, state: State): void {
    const { code } = this
    const end = code[move] as number
    for (let i = move + HEAD; i < end; i += 2) state[code[i] as number] = code[i + 1] as number
  }

  /** Makes what `apply` has changed again what it is in another state. */
  restore(move: Move, state: State, from: State): void {
    const { code } = this
    const end = code[move] as number
    for (let i = move + HEAD; i < end; i += 2) state[code[i] as number] = from[code[i] as number] as number
  }

  /** What the step adds to the hash of a state. */
  shift(move: Move, state: State): number {
    const { code } = this
    return code[move + 1] === 1 ? (code[move + 2] as number) : shiftOf(state, code.subarray(move + HEAD, code[move] as number))
  }

  private take(state: State, slot: number): Found<Move> {
    const attempt = this.attempts.found(state, slot)
    const { wait, changes, ends, foot } = attempt.value
    this.feet = foot ? [foot] : []
    if (wait) {
      const value = -this.waits.push(wait)
      this.note(value, slot, null, [])
      return { value, reads: attempt.reads }
    }
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
    const all = this.judgement.after(state, slot, effective(state, changes), ends !== null, this.judged)
    const unseen = open.filter((_, i) => i % 2 === 0)
    const kept = open.length === 0 ? all : [...all.filter((_, i) => !unseen.includes(all[i - (i % 2)] as number)), ...open]
    const value = this.keep(state, kept, open.length === 0)
    this.note(value, slot, ends, kept)
    return { value, reads: reads.all }
  }

  /** Those of the components replaced unseen that no oracle has looked at either. */
  private unseen(replaced: readonly number[]): readonly number[] {
    const seen = new Set<number>()
    for (const foot of this.feet.slice(1)) for (const element of foot.reads) seen.add(this.elements?.slotOf(element) ?? -1)
    return this.judgement.looksBack ? replaced.filter((slot) => !seen.has(slot)) : replaced
  }

  private note(move: Move, slot: number, ends: readonly number[] | null, changes: Changes): void {
    const { sums, touches } = this
    if (!sums) return
    const [waits, sum] = [move < 0, sums.of(this.feet)]
    touches.set(move, { number: touches.size, move, slot, waits, sum, ends: ends && this.unseen(ends), replaces: ends ?? [], changes })
  }

  /** After the step, what it has replaced is known by what it has read, and all else is what it was. */
  private readonly judged = (reads: readonly number[], foot: Footprint | null): void => {
    if (foot) this.feet.push(foot)
    for (const read of reads) {
      if ((read & 3) !== Read.after) this.reads.note(read)
      else if (!this.replaced.has(read >> 2)) this.reads.note(readOf(read >> 2, Read.before))
    }
  }

  /** `known`: whether they change the same whatever the state was. */
  private keep(state: State, changes: Changes, known: boolean): Move {
    const move = this.length
    this.length += HEAD + changes.length
    if (this.length > this.code.length) {
      const more = new Int32Array(this.length * 2)
      more.set(this.code)
      this.code = more
    }
    this.code.set([this.length, known ? 1 : 0, shiftOf(state, changes), ...changes], move)
    return move
  }
}
