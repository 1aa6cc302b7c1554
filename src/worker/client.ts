/**
 * The page's side of the workers: one promise per request, errors as values, a time limit for those that should be quick. Searches get
 * a worker of their own, so that steps never wait behind one, and so that a large one gives its memory back: with its worker.
 */
import type {
  AskView,
  CompareView,
  ExploreDocument,
  FromWorker,
  MapView,
  NotesView,
  PastedAsked,
  PastedView,
  PlugView,
  ReleaseView,
  RightSide,
  RunChoice,
  StepRef,
  ThroughView,
  ToWorker,
  TraceView,
  VerdictView,
  Wanted,
  WhyView,
} from './protocol.ts'
import { HEAVY_STATES, KEPT_STATES } from './limits.ts'

/** What the client needs of a Worker; tests give it something smaller. */
export interface WorkerLike {
  post(request: ToWorker): void
  listen(onReply: (reply: unknown) => void, onError: (why: string) => void): void
  stop(): void
}

/** Whose mistake a failure was: `input` is shown as it is, `author` and `engine` are reported, `worker` can be tried again. */
export interface Failure {
  readonly reader: 'input' | 'author' | 'engine' | 'worker' | 'cancelled'
  readonly message: string
}

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }

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
  carry(from: RunChoice, step: number, to: Target): Promise<Answer<Carried>>
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
  /** Tells when a worker that owes a quick answer falls silent, and when it is heard of again. */
  onSilence(listener: (silent: boolean) => void): void
  /** Puts another worker in the place of the one that steps; it is asked again what the old one owes. */
  restart(): void
}

type Unsent<T> = T extends ToWorker ? Omit<T, 'id'> : never
type Request = Unsent<ToWorker>

/** What comes before the answer. */
type Part = Extract<FromWorker, { kind: 'progress' | 'release' }>

interface Waiting {
  readonly request: ToWorker
  readonly settle: (answer: Answer<FromWorker>) => void
  readonly onPart: (part: Part) => void
  readonly timer: ReturnType<typeof setTimeout> | null
}

/** A quick request that takes longer than this hangs. */
const PATIENCE_MS = 30_000
/** A worker that owes an answer is asked whether it is alive, and is silent when it says nothing for so long. */
const PING_MS = 800
const SILENCE_MS = 2_500
/** A worker that does not hear within this time that something was taken back is in a part of a search that has no slices, and is ended. */
const HEARS_MS = 100

interface LineOptions {
  readonly patienceMs?: number
  /** The worker is ended whenever it owes nothing. */
  readonly brief?: boolean
}

/** One worker with its open requests; it is started by the first and again after a failure. */
function line(spawn: () => WorkerLike, { patienceMs, brief = false }: LineOptions = {}) {
  let worker: WorkerLike | null = null
  /** The most states that this worker has told of: what it may hold. */
  let most = 0
  let deaf: ReturnType<typeof setTimeout> | undefined
  /** The last cancelling that it has not answered. */
  let unheard: number | null = null
  let lastId = 0
  const open = new Map<number, Waiting>()
  let heard = 0
  let silent = false
  let watch: ReturnType<typeof setInterval> | null = null
  let tell: (silent: boolean) => void = () => undefined

  /** Listens for as long as something is owed. */
  function listen(): void {
    heard = Date.now()
    watch ??= setInterval(() => {
      if (open.size === 0) return rest()
      if (Date.now() - heard >= SILENCE_MS) say(true)
      worker?.post({ kind: 'ping', id: 0 })
    }, PING_MS)
  }

  function rest(): void {
    if (watch !== null) clearInterval(watch)
    watch = null
    say(false)
  }

  function say(now: boolean): void {
    if (now !== silent) tell(now)
    silent = now
  }

  function end(): void {
    worker?.stop()
    worker = null
    most = 0
    hears()
  }

  function hears(): void {
    clearTimeout(deaf)
    unheard = null
  }

  function failAll(failure: Failure): void {
    end()
    const all = [...open.values()]
    open.clear()
    for (const waiting of all) finish(waiting, { ok: false, failure })
    rest()
  }

  function finish(waiting: Waiting, answer: Answer<FromWorker>): void {
    if (waiting.timer !== null) clearTimeout(waiting.timer)
    waiting.settle(answer)
  }

  function receive(data: unknown): void {
    if (typeof data !== 'object' || data === null || !('id' in data)) return
    const reply = data as FromWorker
    heard = Date.now()
    say(false)
    if (reply.kind === 'cancel' && reply.id === unheard) hears()
    if (reply.kind === 'progress') most = Math.max(most, reply.states)
    const waiting = open.get(reply.id)
    if (!waiting) return
    if (reply.kind === 'progress' || reply.kind === 'release') return waiting.onPart(reply)
    open.delete(reply.id)
    if (open.size === 0) {
      rest()
      // It has let go of so large a search itself.
      if (brief || most > KEPT_STATES) end()
    }
    if (reply.kind === 'failed') finish(waiting, { ok: false, failure: { reader: reply.reader, message: reply.message } })
    else if (reply.kind === waiting.request.kind) finish(waiting, { ok: true, value: reply })
    else
      finish(waiting, {
        ok: false,
        failure: { reader: 'engine', message: `[engine bug] a ${waiting.request.kind} was asked for and a ${reply.kind} came back` },
      })
  }

  function start(): WorkerLike {
    const made = spawn()
    made.listen(receive, (why) => {
      if (made === worker)
        failAll({ reader: 'worker', message: `The model stopped working: ${why}. Try again; if it fails again, reload the page.` })
    })
    return made
  }

  function ask(request: Request, onPart: (part: Part) => void = () => undefined): Promise<Answer<FromWorker>> {
    return new Promise((settle) => {
      const id = ++lastId
      const late = (): void =>
        failAll({
          reader: 'worker',
          message: `The model gave no answer within ${(patienceMs ?? 0) / 1000} seconds and was started again. Try again, or go back one step.`,
        })
      const whole = { ...request, id } as ToWorker
      open.set(id, { request: whole, settle, onPart, timer: patienceMs === undefined ? null : setTimeout(late, patienceMs) })
      post([whole])
    })
  }

  function post(requests: readonly ToWorker[]): void {
    try {
      worker ??= start()
      for (const request of requests) worker.post(request)
      if (patienceMs !== undefined) listen()
    } catch (error) {
      failAll({
        reader: 'worker',
        message: `This browser could not start the model: ${error instanceof Error ? error.message : String(error)}.`,
      })
    }
  }

  /** Ends the worker and asks another one what it still owes. */
  function restart(): void {
    end()
    rest()
    if (open.size > 0) post([...open.values()].map(({ request }) => request))
  }

  /** Nobody waits any more for some of what is owed. A worker goes on warm, if it hears that at once and does not hold much. */
  function takeBack(is: (request: ToWorker) => boolean, message: string): void {
    const back = [...open].filter(([, { request }]) => is(request))
    for (const [id, waiting] of back) {
      open.delete(id)
      finish(waiting, { ok: false, failure: { reader: 'cancelled', message } })
    }
    if (back.length === 0) return
    if (open.size === 0 && most > HEAVY_STATES) return end()
    unheard = ++lastId
    worker?.post({ kind: 'cancel', id: unheard, ids: back.map(([id]) => id) })
    clearTimeout(deaf)
    deaf = setTimeout(restart, HEARS_MS)
  }

  /** The same of all, and of what is held for further questions. */
  function leave(message: string): void {
    takeBack(() => true, message)
    if (most > HEAVY_STATES) end()
  }

  return { ask, failAll, takeBack, leave, restart, onSilence: (listener: (silent: boolean) => void) => void (tell = listener) }
}

/** Makes the client; `spawn` starts a worker. */
export function createClient(spawn: () => WorkerLike, patienceMs = PATIENCE_MS): Client {
  const quick = line(spawn, { patienceMs })
  const inquiry = line(spawn)
  const survey = line(spawn, { brief: true })
  const map = <T>(answer: Answer<FromWorker>, read: (reply: FromWorker) => T): Answer<T> =>
    answer.ok ? { ok: true, value: read(answer.value) } : answer
  return {
    trace: async (run) => map(await quick.ask({ kind: 'trace', run }), (reply) => (reply as Extract<FromWorker, { kind: 'trace' }>).trace),
    compare: async (left, right) =>
      map(await quick.ask({ kind: 'compare', left, right }), (reply) => (reply as Extract<FromWorker, { kind: 'compare' }>).compare),
    plug: async (run, step) =>
      map(await quick.ask({ kind: 'plug', run, step }), (reply) => (reply as Extract<FromWorker, { kind: 'plug' }>).plug),
    carry: async (from, step, to) => map(await quick.ask({ kind: 'carry', from, step, to }), (reply) => reply as Carried),
    branch: async (run, step, task) => map(await quick.ask({ kind: 'branch', run, step, task }), (reply) => reply as Branched),
    verdict: async (run, maxStates, onProgress) =>
      map(
        await inquiry.ask({ kind: 'verdict', run, maxStates }, (part) => {
          if (part.kind === 'progress') onProgress(part)
        }),
        (reply) => (reply as Extract<FromWorker, { kind: 'verdict' }>).verdict,
      ),
    explore: async (run, maxStates, onProgress) =>
      map(
        await inquiry.ask({ kind: 'explore', run, maxStates }, (part) => {
          if (part.kind === 'progress') onProgress(part)
        }),
        (reply) => (reply as Extract<FromWorker, { kind: 'explore' }>).document,
      ),
    why: async (run, maxStates, onProgress) =>
      map(
        await inquiry.ask({ kind: 'why', run, maxStates }, (part) => {
          if (part.kind === 'progress') onProgress(part)
        }),
        (reply) => (reply as Extract<FromWorker, { kind: 'why' }>).why,
      ),
    map: async (run, tasks, maxStates) =>
      map(await inquiry.ask({ kind: 'map', run, tasks, maxStates }), (reply) => (reply as Extract<FromWorker, { kind: 'map' }>).map),
    through: async (run, at, maxStates) =>
      map(
        await inquiry.ask({ kind: 'through', run, ...at, maxStates }),
        (reply) => (reply as Extract<FromWorker, { kind: 'through' }>).through,
      ),
    ask: async (run, first, second, maxStates) =>
      map(
        await inquiry.ask({ kind: 'ask', run, first, second, maxStates }),
        (reply) => (reply as Extract<FromWorker, { kind: 'ask' }>).answer,
      ),
    cancelWhy: () => inquiry.takeBack(({ kind }) => kind === 'why', 'The search was cancelled.'),
    cancelExplore: () => inquiry.takeBack(({ kind }) => kind === 'explore', 'The search was cancelled.'),
    leave: () => inquiry.leave('Another kernel or other settings were chosen.'),
    text: async (run, right, wanted, maxStates) => {
      const asked = wanted.genre === 'page' || wanted.genre === 'why' ? inquiry : quick
      return map(
        await asked.ask({ kind: 'text', run, right, wanted, maxStates }),
        (reply) => (reply as Extract<FromWorker, { kind: 'text' }>).text,
      )
    },
    notes: async (scenario) =>
      map(await quick.ask({ kind: 'notes', scenario }), (reply) => (reply as Extract<FromWorker, { kind: 'notes' }>).view),
    pasted: async (asked) =>
      map(await quick.ask({ kind: 'pasted', asked }), (reply) => (reply as Extract<FromWorker, { kind: 'pasted' }>).view),
    releases: async (scenario, settings, onRelease) =>
      map(
        await survey.ask({ kind: 'releases', scenario, settings }, (part) => {
          if (part.kind === 'release') onRelease(part.release)
        }),
        (reply) => (reply as Extract<FromWorker, { kind: 'releases' }>).releases,
      ),
    cancelReleases: () => survey.failAll({ reader: 'cancelled', message: 'Another scenario or other settings were chosen.' }),
    onSilence: quick.onSilence,
    restart: quick.restart,
  }
}
