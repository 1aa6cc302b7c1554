/** Asynchronous reads and writes of libaio, and the program that waits for the event. Source: facts direct-io 6.1 D13; fs/aio.c v6.1. */
import { size } from '../../base/range.ts'
import { call, flow, goto, procedure, ret, step, type World } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { EIOCBQUEUED } from '../lib/errno.ts'
import { must } from '../lib/must.ts'
import { operate, type WriteIter } from '../lib/operations.ts'
import { complete } from './history.ts'
import { post, queued, type Completion } from './uring.ts'
import type { VfsWorld } from './world.ts'

type Vfs = World & VfsWorld

export interface AioRead {
  /** Whose request. */
  readonly io: Letter
}

interface Reading extends AioRead {
  result: number
}

/** io_submit() of a libaio read without RWF_NOWAIT: asynchronous, but allowed to block. */
const aioRead = procedure<Vfs, Reading>('aio_read', { file: 'fs/aio.c', at: 'v6.1' }, [
  step(
    'prepare',
    (s, f) => `io_submit(): ${size(must(s.requests[f.io]).expected)} are expected; the kiocb has ki_complete, but not IOCB_NOWAIT`,
    { row: 'v6.1 aio_read()', code: 'aio_prep_rw(req, iocb)' },
    (s, f) => {
      must(s.requests[f.io]).expected = must(s.iters[f.io]).count
    },
  ),
  flow<Reading>((f) => operate('f_op->read_iter', { io: f.io, direct: true, nowait: false }, 'result')),
  flow<Reading>((f) => (f.result === EIOCBQUEUED ? goto('queued') : undefined)),
  step(
    'aio_rw_done',
    (_s, f) => `the read is done: posts the event with res = ${size(f.result)}`,
    { row: 'v6.1 aio_rw_done()', code: 'aio_rw_done(req, ret)' },
    (s, f) => {
      post(s, f.io, f.result)
      return ret()
    },
  ),
  queued('the event will be posted when ki_complete() is called'),
])

interface Writing extends WriteIter {
  result: number
}

/** io_submit() of a libaio write: asynchronous, but allowed to block. Returns once the write is under way or done. */
const aioWrite = procedure<Vfs, Writing>('aio_write', { file: 'fs/aio.c', at: 'v6.1' }, [
  step(
    'prepare',
    (s, f, t) =>
      `io_submit(): a write of ${size(must(s.requests[t.letter]).expected)}${f.dsync ? ' with IOCB_DSYNC' : ''}; the kiocb has ki_complete, so nobody waits for its bios`,
    { row: 'v6.1 aio_write()', code: 'aio_prep_rw(req, iocb)' },
    (s, _f, t) => {
      must(s.requests[t.letter]).expected = must(s.iters[t.letter]).count
    },
  ),
  flow<Writing>(({ io, file, direct, dsync }) => operate('f_op->write_iter', { io, file, direct, dsync }, 'result')),
  flow<Writing>((f) => (f.result === EIOCBQUEUED ? goto('queued') : undefined)),
  step(
    'aio_rw_done',
    (_s, f) => `the write is done: posts the event with res = ${size(f.result)}`,
    { row: 'v6.1 aio_rw_done()', code: 'aio_rw_done(req, ret)' },
    (s, f, t) => {
      post(s, t.letter, f.result)
      return ret()
    },
  ),
  queued('the event will be posted when ki_complete() is called', 'write_iter'),
])

const aioCompleteRw = procedure<Vfs, Completion>('aio_complete_rw', { file: 'fs/aio.c', at: 'v6.1' }, [
  step(
    'ki_complete',
    (_s, f) => `ki_complete(iocb, ${size(f.result)}): posts the event with res = ${size(f.result)}`,
    { row: 'direct-io 6.1 D13', code: 'iocb->ki_complete(iocb, ret)' },
    (s, f) => {
      must(s.requests[f.io]).completions++
      post(s, f.io, f.result)
      return ret()
    },
  ),
])

/** A program that submits a write through libaio and waits for its completion event. */
const aioProgram = procedure<Vfs, WriteIter>('io_submit', { file: 'fs/aio.c', at: 'v6.1' }, [
  flow<WriteIter>(({ io, file, direct, dsync }) => call('aio_write', { io, file, direct, dsync })),
  step(
    'io_getevents',
    (s, _f, t) => `io_getevents(): the write is reported as done, res = ${size(must(must(s.requests[t.letter]).res))}`,
    {
      row: 'return to user space',
      code: 'return to user space',
      when: (s, _f, t) => (must(s.requests[t.letter]).res === null ? { on: 'the completion event', heldBy: [] } : null),
    },
    (s, _f, t) => {
      const { res } = must(s.requests[t.letter])
      must(s.calls[t.letter]).returned = res
      if (res !== null) complete(s, t.letter, res)
      return ret(res)
    },
  ),
])

export const aioProcedures = [aioRead, aioWrite, aioCompleteRw, aioProgram]
