/** What the page holds: a few facts that the reader chose, and the answers that came for them. */
import type { CodeView, CompareView, ExploreDocument, NotesView, PlugView, ReleaseView, RunChoice, TraceView } from '../worker/protocol.ts'
import type { Failure, Progress, Word } from '../worker/client.ts'
import { nothingAsked, type Asking } from './search/asked.ts'
import type { LinkProblem } from './link/link.ts'
import type { Own } from './own/typed.ts'
import type { Level } from './place/moves.ts'
import type { Place } from './place/place.ts'

export type Theme = 'system' | 'light' | 'dark'

/** A line that was left at a branch; it can be gone back to. */
export interface Future {
  readonly schedule: RunChoice['schedule']
  /** The step at which it was left. */
  readonly step: number
  /** Who ran next there and does no longer, in words. */
  readonly says: string
  /** Whose steps it had from there on, in order. */
  readonly tasks: readonly string[]
}

/** A search over every interleaving. */
export type Search =
  | { readonly status: 'idle' }
  | { readonly status: 'running'; readonly key: string; readonly progress: Progress }
  | { readonly status: 'failed'; readonly key: string; readonly failure: Failure }

export interface State {
  /** Null on the home page and while a link is being refused. */
  readonly place: Place | null
  readonly problem: LinkProblem | null
  /** Null as long as no scene was looked at. */
  readonly own: Own | null
  /** The run of `place`, or, while that is being computed, still the one before it. */
  readonly trace: TraceView | null
  readonly compare: CompareView | null
  /** What a power failure leaves at the place that it was asked for. */
  readonly plug: { readonly at: Place; readonly view: PlugView } | null
  /** True while the model is computing what `place` asks for. */
  readonly busy: boolean
  readonly failure: Failure | null
  /** The last that was heard of the model's workers, while it matters to a reader. */
  readonly model: Word
  /** What became of the last choice, where that is not obvious. */
  readonly says: string | null
  readonly search: Search
  /** Finished searches by `searchKey`. */
  readonly documents: Readonly<Record<string, ExploreDocument>>
  /** What there is to read beside the pictures, by scenario. */
  /** The code of a run that came without it. */
  readonly code: { readonly of: TraceView; readonly views: readonly CodeView[] } | null
  readonly notes: Readonly<Record<string, NotesView>>
  /** Verdicts on releases, as far as they are known, by `releasesKey`. */
  readonly releases: Readonly<Record<string, readonly ReleaseView[]>>
  readonly asking: Asking
  readonly futures: readonly Future[]
  readonly level: Level
  readonly playing: boolean
  readonly loop: boolean
  /** Moves a second while playing. */
  readonly speed: number
  readonly theme: Theme
}

export const initial: State = {
  place: null,
  problem: null,
  own: null,
  trace: null,
  compare: null,
  plug: null,
  busy: false,
  failure: null,
  model: 'heard',
  says: null,
  search: { status: 'idle' },
  documents: {},
  code: null,
  notes: {},
  releases: {},
  asking: nothingAsked,
  futures: [],
  level: 'beats',
  playing: false,
  loop: false,
  speed: 1,
  theme: 'system',
}

export const speeds: readonly number[] = [0.5, 1, 2, 4]

/** Leads to a place. */
export type Go = (place: Place, how: 'push' | 'replace', more?: Partial<State>) => void
