import { describe, expect, it, vi } from 'vitest'
import { traceOf } from '../testing/trace.ts'
import { createClient, type WorkerLike } from './client.ts'
import type { RunChoice, ToWorker } from './protocol.ts'

const run: RunChoice = { scenario: 'append-hole', kernel: '6.1', toggles: [], settings: {}, schedule: { named: 'bug' } }

/** Workers that answer when told to. */
function stage() {
  const workers: { asked: ToWorker[]; reply: (reply: unknown) => void; fail: (why: string) => void; stopped: boolean }[] = []
  const spawn = (): WorkerLike => {
    const asked: ToWorker[] = []
    const self = { asked, reply: (_: unknown): void => undefined, fail: (_: string): void => undefined, stopped: false }
    workers.push(self)
    return {
      post: (request) => void asked.push(request),
      listen: (onReply, onError) => {
        self.reply = onReply
        self.fail = onError
      },
      stop: () => (self.stopped = true),
    }
  }
  return { workers, spawn }
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

  it('cancels a search by ending its worker, and leaves the one that steps alone', async () => {
    const { workers, spawn } = stage()
    const client = createClient(spawn)
    void client.trace(run)
    const progress: number[] = []
    const search = client.explore(run, 1000, ({ states }) => progress.push(states))
    workers[1]?.reply({ kind: 'progress', id: 1, states: 500, frontier: 20 })
    client.cancelExplore()
    workers[1]?.reply({ kind: 'progress', id: 1, states: 600, frontier: 20 })
    expect(await search).toMatchObject({ ok: false, failure: { reader: 'cancelled' } })
    expect(progress).toEqual([500])
    expect(workers.map(({ stopped }) => stopped)).toEqual([false, true])
  })

  it('notices within three seconds a worker that died without a word, and asks another one what it owes', async () => {
    vi.useFakeTimers()
    try {
      const { workers, spawn } = stage()
      const client = createClient(spawn)
      const silences: boolean[] = []
      client.onSilence((silent) => silences.push(silent))
      const answer = client.trace(run)
      await vi.advanceTimersByTimeAsync(3_300)
      expect(silences).toEqual([true])
      client.restart()
      expect(workers.map(({ stopped }) => stopped)).toEqual([true, false])
      expect(workers[1]?.asked[0]).toMatchObject({ kind: 'trace', run })
      workers[1]?.reply({ kind: 'trace', id: 1, trace: traceOf(run) })
      expect(await answer).toMatchObject({ ok: true })
      expect(silences).toEqual([true, false])
    } finally {
      vi.useRealTimers()
    }
  })

  it('does not take a worker for dead that answers when it is asked, however long it needs', async () => {
    vi.useFakeTimers()
    try {
      const { workers, spawn } = stage()
      const client = createClient(spawn)
      const silences: boolean[] = []
      client.onSilence((silent) => silences.push(silent))
      void client.trace(run)
      for (let i = 0; i < 10; i++) {
        await vi.advanceTimersByTimeAsync(900)
        workers[0]?.reply({ kind: 'ping', id: 0 })
      }
      expect(silences).toEqual([])
    } finally {
      vi.useRealTimers()
    }
  })

  it('says so when the browser cannot start a worker', async () => {
    const client = createClient(() => {
      throw new Error('blocked')
    })
    expect(await client.trace(run)).toMatchObject({ ok: false, failure: { message: 'This browser could not start the model: blocked.' } })
  })
})
