/**
 * What can be said about runs and searches without the state itself: plain data that crosses the worker boundary and
 * that the command line prints. Counts of schedules are decimal strings, null when infinite.
 */
import type { Plain } from '../base/plain.ts'
import type { Range } from '../base/range.ts'

/** A capital for a declared task, a word of lower-case letters for a spawned one. */
export type Letter = string

export type PatchKind = 'regression' | 'fix' | 'proposal' | 'ours'

export interface Blocked {
  readonly task: Letter
  /** The name of what it waits for, e.g. `i_mmap_lock`. */
  readonly on: string
  readonly heldBy: readonly Letter[]
}

/** Where the kernel does what a step models. */
export interface Source {
  /** `fs/btrfs/file.c` */
  readonly file: string
  /** `btrfs_direct_write` */
  readonly function: string
  /** The release or commit in which it was read: `v6.1`, `8d9b4a162a37`. */
  readonly at: string
  /** The rows of the step tables in src/kernel/facts: `direct-io A.3 A3`. */
  readonly row: string
}

export interface StepView {
  /** 1-based; state n is the one after step n, state 0 the initial one. */
  readonly n: number
  readonly task: Letter
  readonly procedure: string
  readonly label: string
  /** The one sentence of this step. */
  readonly says: string
  readonly source: Source
  /** Call depth, 0 for the task's outermost procedure. */
  readonly depth: number
  /** The patches that the step looked at. */
  readonly consults: readonly string[]
  /** Tasks that are blocked in the state after this step. */
  readonly blocked: readonly Blocked[]
  /** Tasks that can take a step in the state after this one, with the label and procedure of that step. */
  readonly runnable: readonly Next[]
}

/** One activation of a procedure in a run. */
export interface CallView {
  readonly task: Letter
  readonly procedure: string
  /** 0 for the task's outermost procedure. */
  readonly depth: number
  /** The step that entered it; 0 for what is there from the start. */
  readonly from: number
  /** The first step inside it or inside what it calls; null if there is none, because the task does not run again. */
  readonly first: number | null
  /** The step with which it was left, by returning or because the power failed; null if the run is over before. */
  readonly to: number | null
}

export interface Next {
  readonly task: Letter
  readonly procedure: string
  readonly label: string
}

/** Something that can be seen in a picture: what an objection points at. */
export interface Mark {
  /** The id of a lane (`cache`, `subvol`, `disk`), of a picture (`tree:log`, `kiocb:A`), or `task`, `console`, `marker`. */
  readonly in: string
  /** File offsets, or the id of an item, field, row, marker or task, or a line's text. */
  readonly part: string | Range
}

/** What is wrong, and where it can be seen. */
export interface Objection {
  readonly says: string
  readonly marks: readonly Mark[]
}

export interface Violation {
  readonly oracle: string
  /** The step after which it holds, 1-based; 0 = initially. */
  readonly step: number
  readonly says: string
  /** Where it can be seen. */
  readonly marks: readonly Mark[]
}

export interface TaskView {
  readonly letter: Letter
  /** What it is: `fsync(fd)`, `ordered-extent worker`. */
  readonly name: string
  readonly must: boolean
  /** The task that spawned it, null for a declared one. */
  readonly parent: Letter | null
}

export interface Diverged {
  /** The first step, 1-based, that is not as it was asked for: the choice that could not run, or where a run parts from the one it follows. */
  readonly n: number
  readonly task: Letter
  readonly says: string
  /** What the run that is followed does there, if one is; null if it has come to its end. */
  readonly instead?: string | null
}

/** What a user sees at the end; absent things are null. */
export interface Seen {
  readonly returns: Readonly<Record<Letter, number>>
  readonly size: number | null
  readonly pos: number | Readonly<Record<Letter, number>> | null
  readonly layout: readonly Extent[] | null
  readonly content: readonly (readonly [from: number, to: number, value: string])[] | null
  readonly reads: Readonly<Record<Letter, string>> | null
  readonly log: readonly (readonly [offset: number, kind: string, source: string | null, offsetInExtent: number, length: number])[] | null
  readonly console: readonly string[]
  readonly after: Plain
}

/** An end of which nothing can be told. */
export const nothingSeen: Seen = {
  returns: {},
  size: null,
  pos: null,
  layout: null,
  content: null,
  reads: null,
  log: null,
  console: [],
  after: null,
}

/** How a schedule ends. */
export interface Outcome extends Seen {
  /** The must-tasks that wait for ever, if that is how it ends. */
  readonly stuck: readonly Blocked[] | null
}

export interface Extent {
  readonly from: number
  readonly to: number
  readonly kind: 'data' | 'hole' | 'unwritten'
  readonly source: string | null
}

export interface OracleView {
  readonly id: string
  readonly kind: 'verdict' | 'info'
  /** What must hold, in a few words. */
  readonly name: string
  readonly says: string
}

export interface Verdict {
  readonly complete: boolean
  readonly infinite: boolean
  readonly states: number
  readonly transitions: number
  readonly schedules: string | null
  readonly violating: string | null
  /** States in which a must-task waits for ever: no must-task can ever run again. Each is an end. */
  readonly deadlocks: number
  readonly oracles: readonly {
    readonly id: string
    readonly kind: 'verdict' | 'info'
    readonly violatingSchedules: string | null
    readonly shortest: string | null
  }[]
  readonly outcomes: readonly (Outcome & {
    /** The oracles that must hold and do not, the same in each of its schedules: those of the outcomes that name one add up to its count. */
    readonly violates: readonly string[]
    /** By oracle that need not hold: the schedules of this outcome in which it does not. They add up to its count too. */
    readonly watched: Readonly<Record<string, string | null>>
    readonly schedules: string | null
    readonly sample: string
  })[]
  /** The bound that stopped an incomplete search, in words. */
  readonly bound: string | null
}

/** What a step was, for traces. */
export interface StepInfo {
  readonly task: Letter
  readonly procedure: string
  readonly label: string
  readonly says: string
  readonly source: Source
  readonly depth: number
  /** How many frames of the task's stack, outermost first, are still the same when it comes to rest again. */
  readonly kept: number
  readonly consults: readonly string[]
  readonly violations: readonly { readonly oracle: string; readonly says: string; readonly marks: readonly Mark[] }[]
}
