/**
 * What a scenario's page says that no picture can hold: who found it and when, what upstream said, tests, variants,
 * recordings of real kernels. Loaded when a reader asks for it, never for a first step.
 */
import type { Asked } from './asked.ts'
import type { Claim } from './claim.ts'

export interface Notes {
  /** Where it is discussed, by message id; what is no mail, or was found in a commit, by its https address. */
  readonly threads: readonly { readonly id: string; readonly says: string }[]
  /** Tests of fstests that cover it. */
  readonly tests: readonly { readonly id: string; readonly says: string }[]
  /** What happened around the code, oldest first. */
  readonly history: readonly Event[]
  /** Ready variants: situations one click away, each with what a search of it finds. */
  readonly variants: readonly Variant[]
  /** What the regression had been for: the reason a patch of the card was merged at all. */
  readonly reasons: readonly Reason[]
  /** Programs and scripts of ours to download, in `public/reproducers/`. */
  readonly programs: readonly { readonly file: string; readonly says: string }[]
  /** Where our facts correct the report or commit message. */
  readonly corrections: readonly { readonly said: string; readonly is: string }[]
  /** What was known and what was only suspected, for a bug whose cause upstream never found. */
  readonly board?: Board
  readonly recordings: readonly Recording[]
}

export interface Event {
  /** ISO date as exact as it is known: `2024-08-31`, `2024-08`, `2024`. */
  readonly date: string
  /** Role rather than fame: `reporter`, `btrfs maintainer`, `tester`. */
  readonly who: string
  /** Our words. */
  readonly says: string
  /** Commit, message id, or document that carries it. */
  readonly ref: string
}

export interface Variant {
  /** Lower-case letters, digits, hyphens. */
  readonly id: string
  readonly says: string
  /** Section and row of the facts. */
  readonly row: string
  /** Kernel, patches and settings; what is absent is the scenario's default. */
  readonly asked: Asked
  /** Only this schedule (named, or choices); absent = every interleaving. */
  readonly schedule?: { readonly named: string } | { readonly choices: string }
  /** What it promises. What it opens is a whole run in which that is seen: the documented schedule or, from `found.json`, a sample of a search. */
  readonly claims: readonly Claim[]
}

export interface Reason {
  readonly patch: string
  /** What that patch was merged to fix. */
  readonly says: string
  /** The scenario that shows it; null if the facts at hand do not carry it, and `says` says so. */
  readonly scenario: string | null
}

export interface Board {
  readonly says: string
  readonly rows: readonly {
    /** What was observed or suspected. */
    readonly known: string
    readonly source: string
    /** What our hypothesis makes of it. */
    readonly verdict: 'explains' | 'contradicts' | 'leaves open'
    readonly says: string
  }[]
}

/** A run of a real kernel beside the same situation in the model. */
export interface Recording {
  readonly id: string
  /** The build: `6.1.192-rk`. */
  readonly kernel: string
  /** What was done on it. */
  readonly says: string
  /** The same situation here. `schedule` absent = the documented one. */
  readonly asked: Asked
  readonly schedule?: { readonly named: string } | { readonly choices: string }
  /** What was seen, under the names of an outcome's fields where they have one; only what was recorded. */
  readonly saw: Saw
  /** A field whose value differs in the model, and why it does: another version, other sizes. */
  readonly why: Readonly<Partial<Record<keyof Saw, string>>>
  /** A trace of it in `public/recordings/`, to lay alongside the timeline. */
  readonly trace?: {
    readonly file: string
    readonly kind: 'function graph' | 'events'
    readonly says: string
    /** The trace's name of a task of the run: `{ A: 'traceop-107' }`. */
    readonly tasks?: Readonly<Record<string, string>>
    /** Functions of the model that this trace does not show, or shows elsewhere, with the reason: inlined, another name. */
    readonly leftOut?: Readonly<Record<string, string>>
  }
}

/** Fields compare with those of an outcome; `text` is shown and not compared. */
export interface Saw {
  readonly returns?: Readonly<Record<string, number>>
  readonly size?: number
  /** ['D' | 'H', from, to] as SEEK_DATA and SEEK_HOLE tell. */
  readonly map?: readonly (readonly ['D' | 'H', number, number])[]
  readonly content?: readonly (readonly [number, number, string])[]
  readonly log?: readonly (readonly [number, string, string | null, number, number])[]
  readonly console?: readonly string[]
  readonly after?: readonly (readonly ['D' | 'H', number, number])[]
  readonly text?: readonly string[]
}
