/**
 * Everything that crosses the worker boundary, in both directions. Only pictures, labels, text and verdicts: never
 * model state. Replies carry the request's id; a failure is a value, never an exception.
 */
import type {
  Blocked,
  CallView,
  Diverged,
  Next,
  OracleView,
  Outcome,
  PatchKind,
  Source,
  StepView,
  TaskView,
  Violation,
} from '../engine/view.ts'
import type { Watcher } from '../engine/plugged.ts'
import type { AskView, MapView, OutcomeGroup, StepRef, ThroughView, WhyView } from '../engine/why/view.ts'
import type { DumpedTree, LoggedOperation } from '../kernel/pasted.ts'
import type { Wanted } from '../narrate/text/wanted.ts'
import type { ExtentStrip, Picture } from '../picture/picture.ts'
import type { Answer } from '../own/verdict.ts'
import type { Card, ClaimedFact } from '../scenarios/card.ts'
import type { ExploreDocument } from '../scenarios/documents.ts'
import type { ReleaseView } from '../scenarios/release-line.ts'
import type { Switch } from '../scenarios/switches.ts'
import type { Problem } from '../scene/lines.ts'
import type { NotesView } from './notes-view.ts'

export type { Problem } from '../scene/lines.ts'
export type { ExploreDocument, NotesView, ReleaseView, Wanted }
export type {
  Alternative,
  AskView,
  Covered,
  DoomView,
  MapAxis,
  MapCell,
  MapView,
  NamedStep,
  Order,
  OutcomeGroup,
  RaceWindow,
  Share,
  StepRef,
  ThroughView,
  WhyView,
} from '../engine/why/view.ts'

/** Which run: everything a link holds but the step and the view. */
export interface RunChoice {
  readonly scenario: string
  /** A release such as `6.1`. */
  readonly kernel: string
  /** Patches flipped against that release, by id (12 hex digits or a name), sorted. */
  readonly toggles: readonly string[]
  /** Only settings that differ from their defaults. */
  readonly settings: Readonly<Record<string, string>>
  /** A named schedule of the scenario, or choices such as `A5B2A1`. Named ones were recorded on the scenario's default kernel and are carried to this one by labels; choices are taken as they are. */
  readonly schedule: { readonly named: string } | { readonly choices: string }
}

/** Another kernel under the same schedule, or another line under the same kernel. */
export type RightSide = Pick<RunChoice, 'kernel' | 'toggles'> & Partial<Pick<RunChoice, 'schedule'>>

export type ToWorker =
  | { readonly kind: 'trace'; readonly id: number; readonly run: RunChoice }
  | {
      readonly kind: 'compare'
      readonly id: number
      readonly left: RunChoice
      readonly right: RightSide
    }
  /** What would a power failure at this step leave? */
  | { readonly kind: 'plug'; readonly id: number; readonly run: RunChoice; readonly step: number }
  /** What is the step of `to` that corresponds to `step` of `from`? `to.schedule` is ignored: the answer has the schedule carried over. */
  | {
      readonly kind: 'carry'
      readonly id: number
      readonly from: RunChoice
      readonly step: number
      readonly to: { readonly kernel: string; readonly toggles: readonly string[]; readonly settings: Readonly<Record<string, string>> }
      /** What stands beside it there, if nothing else was chosen, is wanted as well: the same with the fix flipped. */
      readonly compared: boolean
    }
  /** At `step` let `task` run instead of what came next; the rest of the schedule follows as far as it can. */
  | { readonly kind: 'branch'; readonly id: number; readonly run: RunChoice; readonly step: number; readonly task: string }
  /** Can it go wrong, and in which ways? Answered before anybody counts. */
  | { readonly kind: 'verdict'; readonly id: number; readonly run: RunChoice; readonly maxStates: number }
  | { readonly kind: 'explore'; readonly id: number; readonly run: RunChoice; readonly maxStates: number }
  /** Why some schedules violate: the race window, the doom curve of this run, groups of outcomes. */
  | { readonly kind: 'why'; readonly id: number; readonly run: RunChoice; readonly maxStates: number }
  /** The plane of the steps of two tasks, `across` and `down`. */
  | {
      readonly kind: 'map'
      readonly id: number
      readonly run: RunChoice
      readonly tasks: readonly [string, string]
      readonly maxStates: number
    }
  /** A schedule through a cell of that plane. */
  | {
      readonly kind: 'through'
      readonly id: number
      readonly run: RunChoice
      readonly tasks: readonly [string, string]
      readonly cell: readonly [across: number, down: number]
      readonly want: 'violating' | 'other' | 'any'
      readonly maxStates: number
    }
  /** Can `first` be taken before `second`? */
  | {
      readonly kind: 'ask'
      readonly id: number
      readonly run: RunChoice
      readonly first: StepRef
      readonly second: StepRef
      readonly maxStates: number
    }
  /** A run, or two beside each other, as text for a mail. */
  | {
      readonly kind: 'text'
      readonly id: number
      readonly run: RunChoice
      readonly right: RightSide | null
      readonly wanted: Wanted
      readonly maxStates: number
    }
  | { readonly kind: 'notes'; readonly id: number; readonly scenario: string }
  /** What is wrong with this text, or what is it as a scenario? Also of a scene by its name. */
  | { readonly kind: 'scene'; readonly id: number; readonly text: string }
  /** What can be written in a scene? */
  | { readonly kind: 'language'; readonly id: number }
  /** What does the model make of what somebody pasted? */
  | { readonly kind: 'pasted'; readonly id: number; readonly asked: PastedAsked }
  /** Are you there? Answered at once, between other requests; its id is nobody's. */
  | { readonly kind: 'ping'; readonly id: number }
  /** Nobody waits any more for what was asked with these ids. Answered when the last of them has been let go. */
  | { readonly kind: 'cancel'; readonly id: number; readonly ids: readonly number[] }
  /** A verdict for every release; each comes by itself as well, as soon as it is known. */
  | {
      readonly kind: 'releases'
      readonly id: number
      readonly scenario: string
      readonly settings: Readonly<Record<string, string>>
    }

export type FromWorker =
  | { readonly kind: 'trace'; readonly id: number; readonly trace: TraceView }
  | { readonly kind: 'compare'; readonly id: number; readonly compare: CompareView }
  | { readonly kind: 'plug'; readonly id: number; readonly plug: PlugView | null }
  | {
      readonly kind: 'carry'
      readonly id: number
      readonly schedule: RunChoice['schedule']
      readonly step: number
      /** null when the same labelled step was found */ readonly says: string | null
      /** The run in which that step is: a reader who switches a patch waits for one answer. */
      readonly trace: TraceView
      /** The same beside the fix flipped; null if it was not wanted. */
      readonly beside: { readonly right: RightSide; readonly compare: CompareView } | null
    }
  | { readonly kind: 'branch'; readonly id: number; readonly choices: string; readonly step: number }
  | { readonly kind: 'progress'; readonly id: number; readonly states: number; readonly frontier: number }
  | { readonly kind: 'verdict'; readonly id: number; readonly verdict: VerdictView }
  | { readonly kind: 'explore'; readonly id: number; readonly document: ExploreDocument }
  | { readonly kind: 'why'; readonly id: number; readonly why: WhyView }
  | { readonly kind: 'map'; readonly id: number; readonly map: MapView }
  | { readonly kind: 'through'; readonly id: number; readonly through: ThroughView }
  | { readonly kind: 'ask'; readonly id: number; readonly answer: AskView }
  | { readonly kind: 'text'; readonly id: number; readonly text: string }
  | { readonly kind: 'notes'; readonly id: number; readonly view: NotesView }
  | { readonly kind: 'scene'; readonly id: number; readonly view: SceneView }
  | { readonly kind: 'language'; readonly id: number; readonly view: LanguageView }
  | { readonly kind: 'pasted'; readonly id: number; readonly view: PastedView }
  | { readonly kind: 'ping'; readonly id: number }
  /** It holds this lock for as long as it lives. Nobody has asked. */
  | { readonly kind: 'alive'; readonly id: 0; readonly lock: string }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'release'; readonly id: number; readonly release: ReleaseView }
  | { readonly kind: 'releases'; readonly id: number; readonly releases: readonly ReleaseView[] }
  /** `reader`: whose mistake it was. `input`: show the sentence; `author`, `engine`: a bug report; `worker`: nobody's, it can be tried again. */
  | { readonly kind: 'failed'; readonly id: number; readonly reader: 'input' | 'author' | 'engine' | 'worker'; readonly message: string }

/** A log that was dumped, beside what the subvolume has if that is known; or the operations of an fsx log. */
export type PastedAsked =
  | { readonly what: 'log'; readonly log: DumpedTree; readonly committed: DumpedTree | null }
  | {
      readonly what: 'fsx'
      readonly operations: readonly LoggedOperation[]
      readonly kernel: string
      /** What was read when bytes differed. */
      readonly bad: { readonly from: number; readonly to: number } | null
      /** Offsets of single bytes that did, as far as the log tells them. */
      readonly differing: readonly number[]
    }

/** What the model makes of it: a strip and the sentences beside it. */
export interface PastedView {
  readonly strip: ExtentStrip
  readonly says: readonly string[]
  /** Who wrote the bytes that differed last, or made them zeros. Of a log none, nor where not all operations ran. */
  readonly writers: readonly { readonly from: number; readonly to: number; readonly says: string }[]
}

/** What is wrong with the text of a scene, by line, or the scene as the page knows scenarios. */
export interface SceneView {
  readonly problems: readonly Problem[]
  /** Its id is the card's. Null where there are problems. */
  readonly card: SceneCard | null
}

/** The sentence that sets the scene is the card's summary. */
export type SceneCard = Omit<Card, 'scene'>

/** What can be written in a scene on each file system. */
export interface LanguageView {
  readonly fileSystems: readonly {
    readonly fs: string
    readonly releases: readonly string[]
    readonly patches: readonly { readonly word: string; readonly says: string }[]
    readonly options: readonly string[]
    /** What of the language is modelled: `says` why not, and the nearest thing that is; null = it is. */
    readonly rows: readonly { readonly part: 'command' | 'model' | 'event' | 'fact'; readonly word: string; readonly says: string | null }[]
  }[]
}

export interface PatchView extends Switch {
  /** A short name, e.g. `skip-checks-on-retry`; equals id for proposals. */
  readonly name: string
  readonly subject: string
  readonly kind: PatchKind
  /** Did any step of this trace look at it? False: no effect on this run. */
  readonly consulted: boolean
}

export interface BeatView {
  /** Of a violation: `violation:` and the oracle's id. */
  readonly id: string
  /** A moment of the story, or the first time that an oracle objects. */
  readonly kind: 'beat' | 'violation'
  /** The step at which it happens in this trace, null if it does not. */
  readonly step: number | null
  /** True of this run; empty where it does not happen. */
  readonly says: string
}

/** A stretch of one task during which a race is possible. */
export interface WindowView {
  readonly id: string
  readonly task: string
  /** Steps: it is open after `from` and until `to` (exclusive; null = to the end). */
  readonly from: number
  readonly to: number | null
  readonly says: string
}

/** What changed against the frame before. Frame 0 is the keyframe. */
export interface Frame {
  /** Pictures that are new or differ, whole. */
  readonly changed: readonly Picture[]
  /** Ids of pictures that are gone. */
  readonly gone: readonly string[]
  /** Tasks that an oracle points at in this state. */
  readonly tasks: readonly string[]
}

/** A step as the page has it. Which rows of the facts it was built from, and which patches it looks at, are in the command line's answer. */
export type ShownStep = Omit<StepView, 'source' | 'consults'> & { readonly source: Omit<Source, 'row'> }

export interface CodeRow {
  readonly label: string
  readonly code: string
  /** `+`: only with the patch, and it is on; `-`: only without it, and it is on (so the row is gone); ' ' otherwise. */
  readonly sign: '+' | '-' | ' '
  readonly patch: string | null
}

export interface CodeView {
  readonly procedure: string
  readonly source: Source
  readonly rows: readonly CodeRow[]
}

export interface SettingView {
  readonly name: string
  /** What is chosen, in a few words. */
  readonly label: string
  readonly says: string
  readonly values: readonly string[]
  readonly default: string
  readonly value: string
}

export interface TraceView {
  readonly scenario: string
  readonly rev: number
  /** Who does what to which file, before anything has run. */
  readonly scene: string
  /** The release asked for and the one of the table that answers for it; `says` when they differ, or when switching a patch switched others. */
  readonly kernel: { readonly asked: string; readonly resolved: string; readonly says: string | null }
  readonly patches: readonly PatchView[]
  readonly settings: readonly SettingView[]
  readonly tasks: readonly TaskView[]
  readonly steps: readonly ShownStep[]
  /** In the order in which they are entered. */
  readonly calls: readonly CallView[]
  /** N + 1 frames for N steps. */
  readonly frames: readonly Frame[]
  /** Blocked and runnable tasks of the initial state (later ones are in the steps). */
  readonly initial: { readonly blocked: readonly Blocked[]; readonly runnable: readonly Next[] }
  readonly beats: readonly BeatView[]
  readonly windows: readonly WindowView[]
  readonly oracles: readonly OracleView[]
  readonly violations: readonly Violation[]
  readonly outcome: Outcome | null
  /** Computed sentences: what happened, in the user's terms. Empty while it can go on. */
  readonly happened: readonly string[]
  /** Every call has returned, one waits for ever, or simply the end of the choices. */
  readonly end: 'final' | 'stuck' | 'open'
  /** Where it parts from the run that it follows, or the choice that could not be followed. */
  readonly diverged: Diverged | null
  /** The run that the scenario's words were written for: default kernel, settings and schedule. */
  readonly documented: boolean
  /** The whole schedule as choices. */
  readonly choices: string
  /** Null in a run that a page brings along: whoever reads it asks for it. */
  readonly code: readonly CodeView[] | null
  /** Does the model know what a power failure leaves here? */
  readonly canFail: boolean
}

/** What a search makes of a claim of a scene. */
export interface FactView extends ClaimedFact {
  readonly answer: Answer
  /** A schedule in which a `never` or an `always` is broken or a `sometimes` is so; null = there is none, or none was found. */
  readonly sample: string | null
}

/** Whether it can go wrong, as soon as that is known. */
export interface VerdictView {
  /** `unknown`: nothing violates as far as was searched. */
  readonly answer: 'never' | 'some' | 'every' | 'unknown'
  readonly complete: boolean
  /** The bound that stopped the search, in words. */
  readonly bound: string | null
  readonly states: number
  /** Of schedules, as decimal strings (null = infinitely many); null as a whole while nobody has counted. */
  readonly counted: { readonly schedules: string | null; readonly violating: string | null } | null
  /** Rules that some schedule breaks, with one that does. */
  readonly violated: readonly { readonly id: string; readonly sample: string }[]
  /** Of what a scene claims, in the order of its text; a scenario of the catalogue claims nothing. */
  readonly facts: readonly FactView[]
  /** Ends that look alike to a user, wrong ones first. */
  readonly groups: readonly Pick<OutcomeGroup, 'says' | 'violates' | 'outcomes' | 'sample'>[]
}

/** What a power failure at a step leaves. Both strips have one axis. */
export interface PlugView {
  readonly step: number
  /** One of the versions that may be left; none of them, and nothing that was promised is missing; none, and something is wrong. */
  readonly verdict: 'legal' | 'mixed' | 'broken'
  readonly says: string
  /** What calls have promised so far. */
  readonly promises: readonly string[]
  readonly left: ExtentStrip
  /** A lane for each of `versions`. */
  readonly legal: ExtentStrip
  /** Named by the moment at which the file was so; `match` is what is left, `nearest` what that is most like. */
  readonly versions: readonly { readonly says: string; readonly match: boolean; readonly nearest: boolean }[]
  /** How many further versions may be left. */
  readonly more: number
  readonly watchers: readonly Watcher[]
  readonly noticed: string
}

export interface CompareView {
  readonly left: TraceView
  readonly right: TraceView
  /** The two runs side by side, as states (0 = initial): where both move they take the same step, but where they part. */
  readonly rows: readonly { readonly left: number; readonly right: number }[]
  /** Steps that are the same on both sides, also where they cannot stand in one row. */
  readonly twins: readonly { readonly left: number; readonly right: number }[]
  /** Where the two part; null if they never do. */
  readonly diverged: {
    /** The first row that shows a difference. */
    readonly row: number
    /** The first step of either side that is not the same on the other. */
    readonly left: number
    readonly right: number
    /** What the left side does there, and what the right side does; null for one that is over. */
    readonly here: string | null
    readonly there: string | null
  } | null
}
