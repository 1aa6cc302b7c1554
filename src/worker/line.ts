/** One worker with what it owes: a promise for each request, errors as values, another worker in the place of one that has gone. */
import { HEAVY_STATES, KEPT_STATES } from './limits.ts'
import type { FromWorker, ToWorker } from './protocol.ts'

/** What is heard of a worker. */
export interface Ear {
  reply(reply: unknown): void
  failed(why: string): void
  /** From now on its end is told: that it says nothing means nothing any more. */
  watched(): void
  ended(): void
}

/** What is needed of a Worker; tests give something smaller. */
export interface WorkerLike {
  post(request: ToWorker): void
  listen(ear: Ear): void
  stop(): void
}

/** Whose mistake a failure was: `input` is shown as it is, `author` and `engine` are reported, `worker` can be tried again. */
export interface Failure {
  readonly reader: 'input' | 'author' | 'engine' | 'worker' | 'cancelled'
  readonly message: string
}

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }

/** `silent`: it owes something and says nothing; `heard`: it does again; `replaced`: it has gone, and another one is asked what it owed. */
export type Word = 'silent' | 'heard' | 'replaced'

type Unsent<T> = T extends ToWorker ? Omit<T, 'id'> : never
type Request = Unsent<ToWorker>
/** The answer has the name of the question. */
type Reply<R extends Request> = Extract<FromWorker, { kind: R['kind'] }>

/** What comes before the answer. */
export type Part = Extract<FromWorker, { kind: 'progress' | 'release' }>

interface Waiting {
  readonly request: ToWorker
  readonly settle: (answer: Answer<FromWorker>) => void
  readonly onPart: (part: Part) => void
  readonly timer: ReturnType<typeof setTimeout> | null
}

/**
 * A worker of which the browser does not tell when it ends is asked whether it is there when it has said nothing for a moment, and is silent
 * after so many such moments. They are counted and not timed: a page that slept has missed none.
 */
const MOMENT_MS = 300
const QUICK_MOMENTS = 5
/** A part of a search that has no slices takes seconds. */
const SEARCH_MOMENTS = 60
/** A worker that does not hear within this time that something was taken back is in a part of a search that has no slices, and is ended. */
const HEARS_MS = 100

interface LineOptions {
  /** A request that takes longer than this hangs; there is no such time for searches. */
  readonly patienceMs?: number
  /** The worker is ended whenever it owes nothing. */
  readonly brief?: boolean
  readonly onWord?: (word: Word) => void
}

/** The worker is started by the first request, and again after a failure. */
export function createLine(spawn: () => WorkerLike, { patienceMs, brief = false, onWord = () => undefined }: LineOptions = {}) {
  let worker: WorkerLike | null = null
  /** The most states that this worker has told of: what it may hold. */
  let most = 0
  let deaf: ReturnType<typeof setTimeout> | undefined
  /** The last cancelling that it has not answered. */
  let unheard: number | null = null
  let lastId = 0
  const open = new Map<number, Waiting>()
  let watched = false
  let moments = 0
  let silent = false
  let watch: ReturnType<typeof setInterval> | null = null
  /** This worker stands in the place of one that has gone, and has not answered anything. */
  let again = false

  /** Listens for as long as something is owed. */
  function listen(): void {
    watch ??= setInterval(() => {
      if (open.size === 0) return rest()
      if (watched) return hear()
      if (moments >= (patienceMs === undefined ? SEARCH_MOMENTS : QUICK_MOMENTS)) say(true)
      if (moments === 0) worker?.post({ kind: 'ping', id: 0 })
      moments++
    }, MOMENT_MS)
  }

  function rest(): void {
    if (watch !== null) clearInterval(watch)
    watch = null
    hear()
  }

  function hear(): void {
    moments = 0
    say(false)
  }

  function say(now: boolean): void {
    if (now === silent) return
    silent = now
    onWord(now ? 'silent' : 'heard')
  }

  function end(): void {
    worker?.stop()
    worker = null
    watched = false
    most = 0
    takenBack()
  }

  function takenBack(): void {
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
    hear()
    if (reply.kind === 'cancel' && reply.id === unheard) takenBack()
    if (reply.kind === 'progress') most = Math.max(most, reply.states)
    const waiting = open.get(reply.id)
    if (!waiting) return
    if (reply.kind === 'progress' || reply.kind === 'release') return waiting.onPart(reply)
    again = false
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
    const ofThis =
      <T extends unknown[]>(then: (...told: T) => void) =>
      (...told: T): void => {
        if (made === worker) then(...told)
      }
    made.listen({
      reply: receive,
      failed: ofThis((why) =>
        failAll({ reader: 'worker', message: `The model stopped working: ${why}. Try again; if it fails again, reload the page.` }),
      ),
      watched: ofThis(() => (watched = true)),
      ended: ofThis(gone),
    })
    return made
  }

  /** Somebody or something else has ended the worker. */
  function gone(): void {
    if (open.size === 0) return end()
    if (again)
      return failAll({ reader: 'worker', message: 'The model was ended from outside this page twice before it could answer. Try again.' })
    restart()
    again = true
    onWord('replaced')
  }

  function ask<R extends Request>(request: R, onPart: (part: Part) => void = () => undefined): Promise<Answer<Reply<R>>> {
    return new Promise((settle) => {
      const id = ++lastId
      const late = (): void =>
        failAll({
          reader: 'worker',
          message: `The model gave no answer within ${(patienceMs ?? 0) / 1000} seconds and was started again. Try again, or go back one step.`,
        })
      const whole = { ...request, id } as ToWorker
      open.set(id, {
        request: whole,
        // An answer of another kind is a failure.
        settle: settle as Waiting['settle'],
        onPart,
        timer: patienceMs === undefined ? null : setTimeout(late, patienceMs),
      })
      post([whole])
    })
  }

  function post(requests: readonly ToWorker[]): void {
    try {
      worker ??= start()
      for (const request of requests) worker.post(request)
      listen()
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

  return {
    ask,
    failAll,
    takeBack,
    leave,
    /** Another worker in the place of one that says nothing. */
    replace: (): void => {
      if (silent) restart()
    },
    isSilent: (): boolean => silent,
  }
}
