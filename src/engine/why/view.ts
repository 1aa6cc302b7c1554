/**
 * Why some schedules go wrong, as plain data: what the page, the terminal and text say of it. Every number is of all
 * schedules of a model that is cut into steps; none is a probability.
 */
import type { Letter, Outcome } from '../view.ts'

/** A step of any schedule: the `nth` time (from 1) that the task takes the step with this label. */
export interface StepRef {
  readonly task: Letter
  readonly procedure: string
  readonly label: string
  readonly nth: number
}

/** A step with words: its sentence as one schedule had it. */
export interface NamedStep extends StepRef {
  /** `copies items [257 EXTENT_DATA 0] to the log`: no subject. */
  readonly says: string
  /** The same in few words that are so in every schedule that is meant; null when there are none. */
  readonly gist: string | null
  /** The kernel function. */
  readonly fn: string
  /** What its task is: `fsync(fd)`. */
  readonly who: string
}

/** One order: `first` has been taken when `second` is. */
export interface Order {
  readonly first: NamedStep
  readonly second: NamedStep
  /** False: the second need not be taken at all. */
  readonly both: boolean
  /** A step that is not taken between them; null where nothing is said of that. */
  readonly none: NamedStep | null
}

/** A part of some schedules, exact; counts are decimal strings. */
export interface Share {
  readonly part: string
  readonly of: string
  /** part / of, 0 to 1. 0 and 1 are exact. */
  readonly ratio: number
}

/** A conjunction, mostly of orders: one step between two others. */
export interface Alternative {
  readonly orders: readonly Order[]
  /** Steps that are taken, whenever that is. */
  readonly taken: readonly NamedStep[]
  /** Steps that are not taken at all. */
  readonly without: readonly NamedStep[]
  /** The step of one task that falls between `opens` and `closes`; null where there is no order. */
  readonly inside: NamedStep | null
  readonly opens: NamedStep | null
  readonly closes: NamedStep | null
  /** Without a full stop: `B ... after A ... and before A ...`. */
  readonly says: string
  /** How many of the violating schedules are so; null when they are infinitely many. */
  readonly share: Share | null
  /** A shortest violating schedule that is so. */
  readonly sample: string
  /** Where it is in the run shown, by number of step (1-based); null for a step that the run does not take. */
  readonly here: {
    readonly opens: number | null
    readonly inside: number | null
    readonly closes: number | null
    /** All its orders hold in the run shown. */
    readonly holds: boolean
  }
  /** What the fix makes of it; null when there is no fix to compare with, or it is on already. */
  readonly fix: Covered | null
}

/** What keeps these orders from coming about on another kernel. */
export interface Covered {
  readonly patch: string
  /** `impossible`: no schedule there is so; `absent`: a step of it is not there any more; `harmless`: it still comes about, and none of those schedules violates; `open`: some still does. */
  readonly how: 'impossible' | 'absent' | 'harmless' | 'open'
  /** The order that cannot be, with those before it. */
  readonly order: Order | null
  /** The step that is not there any more. */
  readonly missing: NamedStep | null
  /** What the task waits for instead: a lock by its name, and who can hold it; null when it waits for nothing. */
  readonly waits: { readonly task: Letter; readonly on: string; readonly heldBy: readonly Letter[] } | null
  readonly says: string
}

/** The smallest orders between steps of different tasks that tell violating schedules from others. */
export interface RaceWindow {
  /** Every violating schedule is as one of the alternatives says, and no other one is. */
  readonly exact: boolean
  readonly alternatives: readonly Alternative[]
  /** Of the violating schedules, those that are so. */
  readonly covers: Share | null
  /** Of the schedules that are so, those that violate. */
  readonly violates: Share | null
}

/** How the run shown loses the race. */
export interface DoomView {
  /** By state of the run, 0 the initial one: the share of its continuations that violate, by number of schedules; null where they are infinitely many. */
  readonly shares: readonly (number | null)[]
  /** The first state from which every continuation violates; null if there is none. */
  readonly lost: number | null
  /** The step after which the share has grown the most, and from what to what; null if it never grows. */
  readonly jump: { readonly step: number; readonly from: number; readonly to: number } | null
}

/** Ends that look alike to a user. */
export interface OutcomeGroup {
  /** What is seen: size, returns, layout, content, console, what is stuck. In words. */
  readonly says: string
  readonly outcome: Outcome
  /** Ids of the verdict oracles that all its schedules violate; empty when all is right. */
  readonly violates: readonly string[]
  /** Of all schedules; null when infinite, or not counted. */
  readonly share: Share | null
  /** `6 of 10 billion schedules`, `all 12 schedules`, `not counted`. */
  readonly rounded: string
  /** How many distinct outcomes (log, crash, reads included) are in it. */
  readonly outcomes: number
  readonly sample: string
  /** What tells its schedules from all others, those that violate otherwise included; null for a group of right outcomes, or when nothing short does. */
  readonly window: RaceWindow | null
  /** That was not looked for: there are too many groups, or states, to ask for each. */
  readonly unasked?: true
}

export interface WhyView {
  /** `unknown`: every search was stopped before it found any violation. */
  readonly answer: 'never' | 'some' | 'every' | 'unknown'
  /** The sentence that heads the findings. */
  readonly says: string
  /** Are all schedules counted? What can happen may be known, and is told, where they are not. */
  readonly complete: boolean
  /** The bound that stopped the search, in words. */
  readonly bound: string | null
  readonly states: number
  /** Of an incomplete search those that it has followed to their end. */
  readonly schedules: string | null
  readonly violating: string | null
  /** Null unless some schedules violate and some do not. */
  readonly window: RaceWindow | null
  /** Why no window was looked for, in words; absent if one was. */
  readonly unasked?: string
  readonly doom: DoomView | null
  /** Wrong ones first, then by share. */
  readonly groups: readonly OutcomeGroup[]
}

/**
 * `none`: nothing violates from here; `possible`: some do; `doomed`: all do; `impossible`: no schedule comes by here. `unknown`: the search
 * was stopped before it knew which of these.
 */
export type CellKind = 'none' | 'possible' | 'doomed' | 'impossible' | 'unknown'

export interface MapCell {
  readonly kind: CellKind
  /** Of the schedules that come by here, the share that violates; null if impossible, infinite, or not all were followed to their end. */
  readonly share: number | null
  /** Impossible because of this lock (an index of `locks`); null when it is not a lock. */
  readonly lock: number | null
}

/** What an axis counts. */
export interface MapAxis {
  readonly task: Letter
  readonly name: string
  /** By number of steps taken, from 0: the steps that can come next, most frequent first; empty at the end. */
  readonly next: readonly (readonly { readonly procedure: string; readonly label: string; readonly says: string }[])[]
}

/** The plane of two tasks' steps. */
export interface MapView {
  readonly across: MapAxis
  readonly down: MapAxis
  /** rows[j][i]: `down` has taken j steps, `across` i. */
  readonly rows: readonly (readonly MapCell[])[]
  /** What keeps tasks out of impossible cells, with the cells' smallest rectangle (inclusive). */
  readonly locks: readonly {
    readonly on: string
    readonly cells: number
    readonly from: readonly [across: number, down: number]
    readonly to: readonly [across: number, down: number]
  }[]
  /** The run shown: its cells in order, one a state. */
  readonly path: readonly (readonly [across: number, down: number])[]
  readonly complete: boolean
  readonly bound: string | null
  /** Tasks that are folded into the shares. */
  readonly others: readonly Letter[]
}

/** A schedule through a cell of the map. */
export interface ThroughView {
  /** Null when there is none of that kind. */
  readonly choices: string | null
  /** The state (number of steps) in which the schedule is in the cell. */
  readonly step: number
  readonly violates: boolean
}

/** Can one step come before another? */
export interface AskView {
  readonly answer: 'always' | 'sometimes' | 'never'
  readonly says: string
  readonly complete: boolean
  readonly bound: string | null
  /** A complete schedule in which `first` is taken before `second`, in which it is taken after it, and in which not both are taken; each null when there is none. */
  readonly before: { readonly sample: string; readonly violates: boolean } | null
  readonly after: { readonly sample: string; readonly violates: boolean } | null
  readonly apart: { readonly sample: string; readonly violates: boolean } | null
}
