/**
 * The page's side of the workers: one promise per request, errors as values, a time limit for those that should be quick. Searches get
 * a worker of their own, so that steps never wait behind one, and so that a large one gives its memory back: with its worker.
 */
import type {
  AskView,
  CompareView,
  ExploreDocument,
  FromWorker,
  LanguageView,
  MapView,
  NotesView,
  PastedAsked,
  PastedView,
  PlugView,
  ReleaseView,
  RightSide,
  RunChoice,
  SceneView,
  StepRef,
  ThroughView,
  ToWorker,
  TraceView,
  VerdictView,
  Wanted,
  WhyView,
} from './protocol.ts'
import { createLine, type Answer, type Part, type Word, type WorkerLike } from './line.ts'

export type { Answer, Failure, Word } from './line.ts'

type Target = Extract<ToWorker, { kind: 'carry' }>['to']
export type Through = Pick<Extract<ToWorker, { kind: 'through' }>, 'tasks' | 'cell' | 'want'>
type Carried = Extract<FromWorker, { kind: 'carry' }>
type Branched = Extract<FromWorker, { kind: 'branch' }>
export interface Progress {
  readonly states: number
  readonly frontier: number
}

export interface Client {
  trace(run: RunChoice): Promise<Answer<TraceView>>
  compare(left: RunChoice, right: RightSide): Promise<Answer<CompareView>>
  /** Null where the model does not know. */
  plug(run: RunChoice, step: number): Promise<Answer<PlugView | null>>
  /** `compared`: the reader compares with this kernel with the fix flipped, and waits for both. */
  carry(from: RunChoice, step: number, to: Target, compared?: boolean): Promise<Answer<Carried>>
  branch(run: RunChoice, step: number, task: string): Promise<Answer<Branched>>
  /** Can it go wrong, and in which ways? This and the next five ask all schedules, in a worker of their own that remembers the last search. */
  verdict(run: RunChoice, maxStates: number, onProgress: (progress: Progress) => void): Promise<Answer<VerdictView>>
  /** How often? */
  explore(run: RunChoice, maxStates: number, onProgress: (progress: Progress) => void): Promise<Answer<ExploreDocument>>
  /** Why some schedules violate. */
  why(run: RunChoice, maxStates: number, onProgress: (progress: Progress) => void): Promise<Answer<WhyView>>
  /** The plane of two tasks' steps, across and down. */
  map(run: RunChoice, tasks: readonly [string, string], maxStates: number): Promise<Answer<MapView>>
  /** A schedule through a cell of that plane. */
  through(run: RunChoice, at: Through, maxStates: number): Promise<Answer<ThroughView>>
  /** Can `first` be taken before `second`? */
  ask(run: RunChoice, first: StepRef, second: StepRef, maxStates: number): Promise<Answer<AskView>>
  /** A run, or two beside each other, as text for a mail. What asks all schedules (`page`, `why`) is cancelled with the others. */
  text(run: RunChoice, right: RightSide | null, wanted: Wanted, maxStates: number): Promise<Answer<string>>
  /** Takes back what is still asked, one kind of it or all; those promises resolve with the reader `cancelled`. */
  cancelWhy(): void
  cancelExplore(): void
  /** The reader has left the system that all schedules were asked of: takes back everything, and the memory that its search holds. */
  leave(): void
  notes(scenario: string): Promise<Answer<NotesView>>
  /** What is wrong with the text of a scene, or what it is as a scenario; also of a scene by its name. */
  scene(text: string): Promise<Answer<SceneView>>
  /** What can be written in a scene. */
  language(): Promise<Answer<LanguageView>>
  /** What the model makes of what somebody pasted. */
  pasted(asked: PastedAsked): Promise<Answer<PastedView>>
  /** A verdict for every release, oldest first; each is handed over as soon as it is there. */
  releases(
    scenario: string,
    settings: Readonly<Record<string, string>>,
    onRelease: (release: ReleaseView) => void,
  ): Promise<Answer<readonly ReleaseView[]>>
  /** Ends the verdicts on releases that are still being worked out. */
  cancelReleases(): void
  /** Tells when a worker falls silent that owes an answer, when all are heard of again, and when one that had gone was replaced. */
  onWord(listener: (word: Word) => void): void
  /** Puts another worker in the place of each that is silent; it is asked again what the old one owes. */
  restart(): void
}

/** A quick request that takes longer than this hangs. */
const PATIENCE_MS = 30_000

/** Makes the client; `spawn` starts a worker. */
export function createClient(spawn: () => WorkerLike, patienceMs = PATIENCE_MS): Client {
  let tell: (word: Word) => void = () => undefined
  const onWord = (word: Word): void => {
    if (word !== 'heard' || !lines.some((line) => line.isSilent())) tell(word)
  }
  const quick = createLine(spawn, { patienceMs, onWord })
  const inquiry = createLine(spawn, { onWord })
  const survey = createLine(spawn, { brief: true, onWord })
  const lines = [quick, inquiry, survey]
  const map = <R, T>(answer: Answer<R>, read: (reply: R) => T): Answer<T> => (answer.ok ? { ok: true, value: read(answer.value) } : answer)
  const telling =
    (onProgress: (progress: Progress) => void) =>
    (part: Part): void => {
      if (part.kind === 'progress') onProgress(part)
    }
  return {
    trace: async (run) => map(await quick.ask({ kind: 'trace', run }), ({ trace }) => trace),
    compare: async (left, right) => map(await quick.ask({ kind: 'compare', left, right }), ({ compare }) => compare),
    plug: async (run, step) => map(await quick.ask({ kind: 'plug', run, step }), ({ plug }) => plug),
    carry: (from, step, to, compared = false) => quick.ask({ kind: 'carry', from, step, to, compared }),
    branch: (run, step, task) => quick.ask({ kind: 'branch', run, step, task }),
    verdict: async (run, maxStates, onProgress) =>
      map(await inquiry.ask({ kind: 'verdict', run, maxStates }, telling(onProgress)), ({ verdict }) => verdict),
    explore: async (run, maxStates, onProgress) =>
      map(await inquiry.ask({ kind: 'explore', run, maxStates }, telling(onProgress)), ({ document }) => document),
    why: async (run, maxStates, onProgress) =>
      map(await inquiry.ask({ kind: 'why', run, maxStates }, telling(onProgress)), ({ why }) => why),
    map: async (run, tasks, maxStates) => map(await inquiry.ask({ kind: 'map', run, tasks, maxStates }), (reply) => reply.map),
    through: async (run, at, maxStates) => map(await inquiry.ask({ kind: 'through', run, ...at, maxStates }), ({ through }) => through),
    ask: async (run, first, second, maxStates) =>
      map(await inquiry.ask({ kind: 'ask', run, first, second, maxStates }), (reply) => reply.answer),
    cancelWhy: () => inquiry.takeBack(({ kind }) => kind === 'why', 'The search was cancelled.'),
    cancelExplore: () => inquiry.takeBack(({ kind }) => kind === 'explore', 'The search was cancelled.'),
    leave: () => inquiry.leave('Another kernel or other settings were chosen.'),
    text: async (run, right, wanted, maxStates) => {
      const asked = wanted.genre === 'page' || wanted.genre === 'why' ? inquiry : quick
      return map(await asked.ask({ kind: 'text', run, right, wanted, maxStates }), ({ text }) => text)
    },
    notes: async (scenario) => map(await quick.ask({ kind: 'notes', scenario }), ({ view }) => view),
    scene: async (text) => map(await quick.ask({ kind: 'scene', text }), ({ view }) => view),
    language: async () => map(await quick.ask({ kind: 'language' }), ({ view }) => view),
    pasted: async (asked) => map(await quick.ask({ kind: 'pasted', asked }), ({ view }) => view),
    releases: async (scenario, settings, onRelease) =>
      map(
        await survey.ask({ kind: 'releases', scenario, settings }, (part) => {
          if (part.kind === 'release') onRelease(part.release)
        }),
        ({ releases }) => releases,
      ),
    cancelReleases: () => survey.failAll({ reader: 'cancelled', message: 'Another scenario or other settings were chosen.' }),
    onWord: (listener) => void (tell = listener),
    restart: () => lines.forEach((line) => line.replace()),
  }
}
