/**
 * Asynchronous reads of io_uring: the request, the io-wq worker, and the program that waits for the completion event.
 * Source: facts direct-io C.3 (C1, E4), C.4, C.8.
 */
import { size } from '../../base/range.ts'
import { call, flow, goto, procedure, ret, step, type World } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { EAGAIN, EIOCBQUEUED, errorName } from '../lib/errno.ts'
import { must } from '../lib/must.ts'
import { operate } from '../lib/operations.ts'
import { clip, valueOf, type Run } from '../lib/runs.ts'
import type { MmWorld } from '../mm/world.ts'
import type { VfsWorld } from './world.ts'

type Vfs = World & VfsWorld

const inBytes = (result: number): string => (result < 0 ? errorName(result) : size(result))

/** An io_uring read that is being issued. */
export interface IoRead {
  /** Whose request. */
  readonly io: Letter
  /** Issued by the submitting task, which is not to block. */
  readonly inline: boolean
  /** The program asked for RWF_NOWAIT itself: then nobody tries again for it. */
  readonly rwfNowait: boolean
}

interface Issuing extends IoRead {
  direct: boolean
  expected: number
  /** Where the iov_iter stood at the start. */
  offset: number
  result: number
}

/** The event that the program waits for. */
export function post(s: VfsWorld, io: Letter, result: number): void {
  const request = must(s.requests[io])
  request.res = request.bytesDone > 0 ? request.bytesDone + Math.max(0, result) : result
  request.posted++
}

const uringC = { file: 'fs/io_uring.c', at: 'v5.17.10' }

/** The file system will call ki_complete, or has done so already. */
export const queued = (says: string, by = 'read_iter') =>
  step<Vfs, { readonly io?: Letter; result: number }>(
    'queued',
    `${by}() returned -EIOCBQUEUED: ${says}`,
    { row: 'direct-io C.3 C15a', code: 'if (ret == -EIOCBQUEUED) return 0' },
    (s, f, t) => {
      must(s.requests[f.io ?? t.letter]).queued++
      return ret()
    },
  )

/** One attempt of a read request, by the submitter (which must not block) or by a worker (which may). */
export const ioReadProcedure = procedure<Vfs, Issuing>('io_read', uringC, [
  step(
    'prepare',
    (_s, f) =>
      `io_read(): ${size(f.expected)} are expected; ${f.inline || f.rwfNowait ? 'the submitter must not block: sets' : 'a worker may block: clears'} IOCB_NOWAIT`,
    { row: 'direct-io C.3 C1', code: 'req->result = iov_iter_count(iter); kiocb->ki_flags |= IOCB_NOWAIT' },
    (s, f) => {
      const iocb = must(s.kiocbs[f.io])
      const iter = must(s.iters[f.io])
      iocb.nowait = f.inline || f.rwfNowait
      f.direct = iocb.direct
      f.expected = iter.count
      f.offset = iter.offset
      must(s.requests[f.io]).expected = iter.count
    },
  ),
  flow<Issuing>((f) => operate('f_op->read_iter', { io: f.io, direct: f.direct, nowait: f.inline || f.rwfNowait }, 'result')),
  flow<Issuing>((f) => {
    if (f.result === EIOCBQUEUED) return goto('queued')
    const again = f.inline && !f.rwfNowait && (f.result === EAGAIN || (f.result > 0 && f.result < f.expected))
    return again ? undefined : goto('kiocb_done')
  }),
  step(
    'punt',
    (_s, f) =>
      f.result === EAGAIN
        ? '-EAGAIN: the request goes to an io-wq worker, which may block'
        : `read_iter() itself returned ${size(f.result)}, less than expected: a worker reads the rest`,
    { spawns: ['punt'], row: 'direct-io C.4 P2', code: 'io_queue_async_work(req)  /* without IOCB_NOWAIT */' },
    (s, f, t) => {
      const iter = must(s.iters[f.io])
      const done = Math.max(0, f.result)
      iter.offset = f.offset + done
      iter.count = f.expected - done
      must(s.requests[f.io]).bytesDone += done
      t.spawn('punt', {
        name: `io-wq worker for ${f.io}'s request`,
        procedure: 'io_read',
        locals: { io: f.io, inline: false, rwfNowait: false } satisfies IoRead,
      })
      return ret()
    },
  ),
  step(
    'kiocb_done',
    (s, f) => `the read is done: posts the CQE with res = ${size(must(must(s.requests[f.io]).res))}`,
    { row: 'v5.17 kiocb_done()', fn: 'kiocb_done', code: 'kiocb_done(): io_req_complete(req, ret)' },
    (s, f) => {
      post(s, f.io, f.result)
      return ret()
    },
  ),
  queued('the request stays in flight until ki_complete() is called'),
])

export interface Completion {
  readonly io: Letter
  readonly result: number
}

/** kiocb->ki_complete of io_uring: the last thing that happens to an asynchronous read. */
export const ioCompleteRw = procedure<Vfs, Completion>('io_complete_rw', uringC, [
  step(
    'ki_complete',
    (s, f) => {
      const { res, expected } = must(s.requests[f.io])
      const short = f.result < expected ? `, although ${size(expected)} were expected: a short result that comes this way is final` : ''
      return `ki_complete(iocb, ${size(f.result)}): posts the CQE with res = ${size(must(res))}${short}`
    },
    { row: 'direct-io C.3 E4; 6.1 D13', code: 'iocb->ki_complete(iocb, ret)' },
    (s, f) => {
      must(s.requests[f.io]).completions++
      post(s, f.io, f.result)
      return ret()
    },
  ),
])

export interface Waiter {
  readonly io: Letter
  /** What the program wrote to the file before, and so hopes to read. */
  readonly wrote: readonly Run[]
  readonly expected: number
  /** The byte that fills a run with this stamp; zero bytes need no entry. */
  readonly bytes: Readonly<Record<string, number>>
}

/** memcmp() of what the buffer holds with what was written: the difference of the first two bytes that differ. */
function memcmp(s: Vfs & MmWorld, f: Waiter): number {
  const { content } = must(s.buffers[f.io])
  const byteAt = (runs: readonly Run[], at: number): number => f.bytes[runs.find((run) => run.from <= at && at < run.to)?.stamp ?? '0'] ?? 0
  const edges = [...content, ...f.wrote].flatMap((run) => [run.from, run.to]).filter((at) => at < f.expected)
  for (const at of [0, ...edges.sort((a, b) => a - b)]) {
    const difference = byteAt(content, at) - byteAt(f.wrote, at)
    if (difference !== 0) return difference
  }
  return 0
}

/** A program that waits for the completion event and prints what it got. Returns what the buffer holds. */
export const waitForEvent = procedure<Vfs & MmWorld, Waiter>('wait_for_event', { file: 'user space', at: 'the reproducer' }, [
  step(
    'wait_cqe',
    (s, f) => `the program has its completion event: cqe->res = ${size(must(must(s.requests[f.io]).res))}`,
    {
      row: 'direct-io C.1',
      code: 'io_uring_wait_cqe(&ring, &cqe)',
      when: (s, f) => (must(s.requests[f.io]).res === null ? { on: 'the completion event', heldBy: [] } : null),
    },
    () => undefined,
  ),
  step(
    'print',
    (s) => `the program prints: ${s.printed.map(({ text }) => text).join('; ')}`,
    { row: 'direct-io C.1', code: 'printf(cqe->res, memcmp(read_buf, write_buf))' },
    (s, f, t) => {
      const { res } = must(s.requests[f.io])
      const difference = memcmp(s, f)
      s.printed = [
        { text: `cqe->res = ${res} (expected ${f.expected})`, level: res === f.expected ? 'info' : 'error' },
        { text: `memcmp(read_buf, write_buf) == ${difference} (expected 0)`, level: difference === 0 ? 'info' : 'error' },
      ]
      must(s.calls[t.letter]).returned = res
      return ret([...new Set(clip(must(s.buffers[f.io]).content, 0, f.expected).map((run) => valueOf(run.stamp)))].join(' '))
    },
  ),
])

export interface AsyncRead {
  readonly io: Letter
  readonly via: 'io_uring' | 'libaio'
  readonly rwfNowait: boolean
}

/** A program that submits an asynchronous read and waits for its completion event. */
const asyncRead = procedure<Vfs, AsyncRead>('async_read', { file: 'user space', at: 'the program' }, [
  flow<AsyncRead>(({ io, via, rwfNowait }) =>
    via === 'libaio' ? call('aio_read', { io }) : call('io_read', { io, inline: true, rwfNowait } satisfies IoRead),
  ),
  step(
    'wait_event',
    (s, f) => `the program has its completion event: the result is ${inBytes(must(must(s.requests[f.io]).res))}`,
    {
      row: 'direct-io C.1',
      code: 'io_uring_wait_cqe(&ring, &cqe)',
      when: (s, f) => (must(s.requests[f.io]).res === null ? { on: 'the completion event', heldBy: [] } : null),
    },
    (s, f, t) => {
      const { res } = must(s.requests[f.io])
      must(s.calls[t.letter]).returned = res
      return ret(res)
    },
  ),
])

export const uringProcedures = [ioReadProcedure, ioCompleteRw, waitForEvent, asyncRead]
