import { describe, expect, it, vi } from 'vitest'
import { traceOf } from '../testing/trace.ts'
import { createClient, type Client, type Word } from './client.ts'
import { HEAVY_STATES, KEPT_STATES } from './limits.ts'
import type { Ear, WorkerLike } from './line.ts'
import type { RunChoice, ToWorker } from './protocol.ts'

const run: RunChoice = { scenario: 'append-hole', kernel: '6.1', toggles: [], settings: {}, schedule: { named: 'bug' } }

/** Workers that answer when told to. */
function stage() {
  const workers: (Pick<Ear, 'reply' | 'watched' | 'ended'> & { asked: ToWorker[]; fail: (why: string) => void; stopped: boolean })[] = []
  const spawn = (): WorkerLike => {
    const asked: ToWorker[] = []
    const nothing = (): void => undefined
    const self = { asked, reply: nothing as Ear['reply'], fail: nothing as Ear['failed'], watched: nothing, ended: nothing, stopped: false }
    workers.push(self)
    return {
      post: (request) => void asked.push(request),
      listen: ({ failed, ...ear }) => Object.assign(self, ear, { fail: failed }),
      stop: () => (self.stopped = true),
    }
  }
  return { workers, spawn }
}

interface Asked {
  readonly workers: ReturnType<typeof stage>['workers']
  readonly client: Client
  readonly words: Word[]
}

/** A client whose time passes when told to, and what it says of its workers. */
async function asking(then: (page: Asked) => Promise<void>): Promise<void> {
  vi.useFakeTimers()
  try {
    const { workers, spawn } = stage()
    const client = createClient(spawn)
    const words: Word[] = []
    client.onWord((word) => words.push(word))
    await then({ workers, client, words })
  } finally {
    vi.useRealTimers()
  }
}

describe('the client', () => {
  it('gives each request its own answer, in whatever order they come', async () => {
    const { workers, spawn } = stage()
    const client = createClient(spawn)
    const first = client.trace(run)
    const second = client.branch(run, 3, 'B')
    const [worker] = workers
    worker?.reply({ kind: 'branch', id: 2, choices: 'A3B1', step: 4 })
    worker?.reply({ kind: 'trace', id: 1, trace: traceOf(run) })
    worker?.reply({ kind: 'trace', id: 77, trace: traceOf(run) })
    worker?.reply('nonsense')
    expect(await second).toMatchObject({ ok: true, value: { choices: 'A3B1' } })
    expect(await first).toMatchObject({ ok: true, value: { scenario: 'append-hole' } })
    expect(workers).toHaveLength(1)
  })

  it('turns a failed request into a value', async () => {
    const { workers, spawn } = stage()
    const answer = createClient(spawn).trace(run)
    workers[0]?.reply({ kind: 'failed', id: 1, reader: 'input', message: 'there is no kernel 9.9' })
    expect(await answer).toEqual({ ok: false, failure: { reader: 'input', message: 'there is no kernel 9.9' } })
  })

  it('starts another worker after one that broke or hung', async () => {
    const { workers, spawn } = stage()
    const client = createClient(spawn, 20)
    const broken = client.trace(run)
    workers[0]?.fail('out of memory')
    expect(await broken).toMatchObject({
      ok: false,
      failure: { reader: 'worker', message: expect.stringContaining('out of memory') as unknown },
    })
    const hung = await client.trace(run)
    expect(hung).toMatchObject({ ok: false, failure: { reader: 'worker' } })
    void client.trace(run)
    expect(workers.map(({ stopped }) => stopped)).toEqual([true, true, false])
  })

  describe('a search that is taken back', () => {
    const cancelled = { ok: false, failure: { reader: 'cancelled' } }

    async function cancelledAt(states: number) {
      const { workers, spawn } = stage()
      const client = createClient(spawn)
      void client.trace(run)
      const progress: number[] = []
      const search = client.explore(run, 1000, (now) => progress.push(now.states))
      workers[1]?.reply({ kind: 'progress', id: 1, states, frontier: 20 })
      client.cancelExplore()
      workers[1]?.reply({ kind: 'progress', id: 1, states: states + 100, frontier: 20 })
      return { workers, client, progress, answer: await search }
    }

    it('is answered at once, and its worker, warm by now, is only told', async () => {
      vi.useFakeTimers()
      try {
        const { workers, client, progress, answer } = await cancelledAt(500)
        expect(answer).toMatchObject(cancelled)
        expect(progress).toEqual([500])
        expect(workers[1]?.asked.at(-1)).toMatchObject({ kind: 'cancel', ids: [1] })
        workers[1]?.reply({ kind: 'cancel', id: 2 })
        await vi.advanceTimersByTimeAsync(1000)
        void client.why(run, 1000, () => undefined)
        expect(workers.map(({ stopped }) => stopped)).toEqual([false, false])
        expect(workers[1]?.asked.at(-1)).toMatchObject({ kind: 'why' })
      } finally {
        vi.useRealTimers()
      }
    })

    it('ends a worker that does not hear it within a tenth of a second, and what others wait for is asked of the next', async () => {
      vi.useFakeTimers()
      try {
        const { workers, client } = await cancelledAt(500)
        const why = client.why(run, 1000, () => undefined)
        await vi.advanceTimersByTimeAsync(101)
        expect(workers.map(({ stopped }) => stopped)).toEqual([false, true, false])
        expect(workers[2]?.asked).toMatchObject([{ kind: 'why' }])
        workers[2]?.reply({ kind: 'failed', id: 3, reader: 'input', message: 'but answered' })
        expect(await why).toMatchObject({ failure: { message: 'but answered' } })
      } finally {
        vi.useRealTimers()
      }
    })

    it('ends a worker that holds many states: its memory comes back at once', async () => {
      const { workers, answer } = await cancelledAt(HEAVY_STATES + 1)
      expect(answer).toMatchObject(cancelled)
      expect(workers.map(({ stopped }) => stopped)).toEqual([false, true])
    })

    it('leaves a worker that still searches for somebody else', async () => {
      const { workers, spawn } = stage()
      const client = createClient(spawn)
      void client.why(run, 1000, () => undefined)
      const search = client.explore(run, 1000, () => undefined)
      workers[0]?.reply({ kind: 'progress', id: 1, states: HEAVY_STATES + 1, frontier: 20 })
      client.cancelExplore()
      expect(await search).toMatchObject(cancelled)
      expect(workers.map(({ stopped }) => stopped)).toEqual([false])
    })
  })

  describe('memory', () => {
    const searched = async (states: number) => {
      const { workers, spawn } = stage()
      const client = createClient(spawn)
      const search = client.explore(run, 2_000_000, () => undefined)
      workers[0]?.reply({ kind: 'progress', id: 1, states, frontier: 20 })
      workers[0]?.reply({ kind: 'failed', id: 1, reader: 'input', message: 'no matter what' })
      await search
      return { workers, client }
    }

    it('of a search that is too large to be kept comes back with its answer', async () => {
      const { workers, client } = await searched(KEPT_STATES + 1)
      expect(workers[0]?.stopped).toBe(true)
      void client.why(run, 1000, () => undefined)
      expect(workers).toHaveLength(2)
    })

    it('of a smaller one stays for further questions until the reader leaves the system', async () => {
      const { workers, client } = await searched(KEPT_STATES - 1)
      expect(workers[0]?.stopped).toBe(false)
      client.leave()
      expect(workers[0]?.stopped).toBe(true)
    })

    it('of the line of releases comes back when it is known', async () => {
      const { workers, spawn } = stage()
      const releases = createClient(spawn).releases('append-hole', {}, () => undefined)
      workers[0]?.reply({ kind: 'releases', id: 1, releases: [] })
      expect(await releases).toMatchObject({ ok: true })
      expect(workers[0]?.stopped).toBe(true)
    })
  })

  describe('a worker that is gone', () => {
    const other = { kind: 'trace', run }

    it('is known by its lock: another one is asked the same at once, for steps and for searches', () =>
      asking(async ({ workers, words, client }) => {
        const answers = [client.trace(run), client.explore(run, 1000, () => undefined)]
        for (const worker of workers.slice()) {
          worker.watched()
          worker.ended()
        }
        expect(workers.map(({ stopped }) => stopped)).toEqual([true, true, false, false])
        expect(words).toEqual(['replaced', 'replaced'])
        expect(workers[2]?.asked).toMatchObject([other])
        workers[2]?.reply({ kind: 'trace', id: 1, trace: traceOf(run) })
        workers[3]?.reply({ kind: 'failed', id: 1, reader: 'input', message: 'but answered' })
        expect(await Promise.all(answers)).toMatchObject([{ ok: true }, { failure: { message: 'but answered' } }])
      }))

    it('and owes nothing is not missed: the next request starts another one', () =>
      asking(async ({ workers, words, client }) => {
        const first = client.trace(run)
        workers[0]?.watched()
        workers[0]?.reply({ kind: 'trace', id: 1, trace: traceOf(run) })
        await first
        workers[0]?.ended()
        void client.trace(run)
        expect(workers).toHaveLength(2)
        expect(workers[1]?.asked).toMatchObject([other])
        expect(words).toEqual([])
      }))

    it('twice before it could answer is a failure, and not tried for ever', () =>
      asking(async ({ workers, client }) => {
        const answer = client.trace(run)
        workers[0]?.ended()
        workers[1]?.ended()
        expect(await answer).toMatchObject({ failure: { reader: 'worker', message: expect.stringContaining('ended') as unknown } })
        expect(workers).toHaveLength(2)
      }))

    it('is noticed by its silence within two seconds where the browser has no locks, however often it is asked meanwhile', () =>
      asking(async ({ workers, words, client }) => {
        const answer = client.trace(run)
        workers[0]?.reply({ kind: 'ping', id: 0 })
        for (let ms = 0; ms < 2000; ms += 100) {
          void client.branch(run, 1, 'B')
          await vi.advanceTimersByTimeAsync(100)
        }
        expect(words).toEqual(['silent'])
        client.restart()
        expect(workers.map(({ stopped }) => stopped)).toEqual([true, false])
        expect(workers[1]?.asked[0]).toMatchObject(other)
        workers[1]?.reply({ kind: 'trace', id: 1, trace: traceOf(run) })
        expect(await answer).toMatchObject({ ok: true })
        expect(words).toEqual(['silent', 'heard'])
      }))
  })

  describe('a worker that is busy', () => {
    it('is not taken for gone while it answers when it is asked, however long it needs', () =>
      asking(async ({ client, workers, words }) => {
        void client.trace(run)
        for (let i = 0; i < 10; i++) {
          await vi.advanceTimersByTimeAsync(900)
          workers[0]?.reply({ kind: 'ping', id: 0 })
        }
        expect(words).toEqual([])
      }))

    it('is not taken for gone while it holds its lock, even if it hears nothing', () =>
      asking(async ({ client, workers, words }) => {
        void client.trace(run)
        workers[0]?.watched()
        await vi.advanceTimersByTimeAsync(20_000)
        expect(words).toEqual([])
      }))

    it('with a part of a search that takes ten seconds is not taken for gone, lock or not', () =>
      asking(async ({ client, words }) => {
        void client.why(run, 1000, () => undefined)
        await vi.advanceTimersByTimeAsync(10_000)
        expect(words).toEqual([])
      }))
  })

  it('says so when the browser cannot start a worker', async () => {
    const client = createClient(() => {
      throw new Error('blocked')
    })
    expect(await client.trace(run)).toMatchObject({ ok: false, failure: { message: 'This browser could not start the model: blocked.' } })
  })
})
