/** iomap: how a direct I/O ends. Source: facts direct-io 6.1 (D10..D13), A.3 (A23), C.3 (E2, E3, C14b). */
import { size } from '../../base/range.ts'
import { call, flow, has, procedure, ret, step } from '../../engine/procedure.ts'
import { adjust } from '../../engine/stretches.ts'
import type { Letter } from '../../engine/view.ts'
import { unmapDropped } from '../mm/buffer.ts'
import { dropClean } from '../mm/cache.ts'
import { must } from '../lib/must.ts'
import { cutOut } from '../lib/runs.ts'
import { errorName } from '../lib/errno.ts'
import { requestOf, type ForRequest, type IomapKernel } from './world.ts'

const source = { file: 'fs/iomap/direct-io.c', at: 'v6.1' }

/** What a completed dio says: bytes or a negative errno, and what is left of the iov_iter. */
export interface Done {
  readonly result: number
  readonly left: number
}

interface Complete extends ForRequest {
  /** What to do first: dio->dops->end_io. */
  readonly end_io: string | null
  /** What that answered: an errno, 0, or a count. Null = nobody was asked. */
  ended: number | null
  /** What this dio has done, or a negative errno. */
  result: number
  /** What the dios of the same call before it have. */
  doneBefore: number
  left: number
}

/** Locals of the completion of this task's dio or (`io`) another's. */
export const completion = (end_io: string | null = null, io?: Letter): Complete => ({
  end_io,
  ended: null,
  result: 0,
  doneBefore: 0,
  left: 0,
  ...(io === undefined ? {} : { io }),
})

/** Whoever takes the last reference runs this: the result, the file position, and for O_DSYNC the sync. */
export const iomapDioComplete = procedure<IomapKernel, Complete>('iomap_dio_complete', source, [
  flow<Complete>((f) => (f.end_io === null ? undefined : call(f.end_io, f.io === undefined ? {} : { io: f.io }, 'ended'))),
  step(
    'complete',
    (s, f, t) => {
      const at = size(must(s.kiocbs[requestOf(f, t)]).ki_pos)
      if (f.result < 0) return `ends the dio with ${errorName(f.result)}: ki_pos stays where it is`
      const all = `ends the dio with ${size(f.result + f.doneBefore)} in all`
      return moves(s, f)
        ? `${all}: ki_pos = ${at}`
        : `${all}, the answer of end_io: ki_pos moves only after an answer of 0, and stays ${at}`
    },
    {
      row: 'direct-io A.3 A23; C.3 C14b, E3; C.4 C14b; 6.1 D12; ext4 1.5 E3, E4, E5, E6; 3.2 R6',
      code: 'ret = dio->dops->end_io(); if (!ret) ret = dio->size; iocb->ki_pos += ret; ret += dio->done_before',
    },
    (s, f, t) => {
      const io = requestOf(f, t)
      const dio = must(s.dios[io])
      const iocb = must(s.kiocbs[io])
      f.result = f.ended ?? dio.error
      if (f.result === 0) f.result = dio.write ? dio.size : Math.min(dio.size, dio.i_size - iocb.ki_pos)
      if (dio.write) {
        dropClean(s.mapping, iocb.ki_pos, iocb.ki_pos + dio.size)
        unmapDropped(s, iocb.ki_pos, iocb.ki_pos + dio.size)
      }
      adjust(s.inode, 'i_dio_count', -1)
      if (f.result > 0 && moves(s, f)) iocb.ki_pos += f.result
      f.doneBefore = dio.done_before
      f.left = must(s.iters[io]).count
      delete s.dios[io]
      s.freed[io] = t.letter
      delete must(s.buffers[io]).bounce
      if (!dio.needSync || f.result <= 0) return undefined
      return call('generic_write_sync', { file: iocb.file ?? 'fd', count: f.result }, 'result')
    },
  ),
  flow<Complete>((f) => ret({ result: f.result > 0 ? f.result + f.doneBefore : f.result, left: f.left } satisfies Done)),
])

/** Does a positive result move the position? Until 936e114a245b only if end_io, where there is one, answered 0. */
const moves = (s: IomapKernel, f: Complete): boolean => !f.ended || has(s, '936e114a245b')

interface EndIo {
  /** Whose dio. */
  readonly dio: Letter
  /** The bio's status: 0 or a negative errno. */
  readonly error: number
  done: Done | null
  complete: string
}

/** Locals of a bio's end, as far as iomap sees it. */
export const endIo = (dio: Letter, error = 0): EndIo => ({ dio, error, done: null, complete: '' })

/** A bio ends: it drops its reference. With the last one it wakes the submitter or, if nobody waits, completes the dio. */
export const iomapDioBioEndIo = procedure<IomapKernel, EndIo>('iomap_dio_bio_end_io', source, [
  step(
    'put_ref',
    (s, f) => {
      const dio = s.dios[f.dio]
      if (dio && dio.ref > 0) return `drops the bio's reference: ref = ${dio.ref}`
      return f.complete === ''
        ? 'drops the last reference and wakes the submitter'
        : 'drops the last reference: nobody waits, so the bio completes the dio'
    },
    {
      row: 'direct-io C.3 E2; 6.1 D10, D11; ext4 1.4 D15',
      code: 'if (atomic_dec_and_test(&dio->ref)) wake the waiter, or iomap_dio_complete()',
    },
    (s, f, t) => {
      const dio = must(s.dios[f.dio])
      const { memory } = must(s.bios[t.letter])
      const bytes = must(s.bios[t.letter]).length
      if (f.error !== 0 && dio.error === 0) dio.error = f.error
      dio.ref--
      dio.holders = dio.holders.filter((holder) => holder !== t.letter)
      dio.dropped = [...dio.dropped, t.letter].sort()
      if (memory !== 'page cache') {
        const buffer = must(s.buffers[memory.buffer])
        if (!buffer.registered) buffer.pinned = cutOut(buffer.pinned, memory.at, memory.at + bytes)
      }
      delete s.bios[t.letter]
      if (dio.ref > 0) return undefined
      if (dio.wait_for_completion) {
        dio.waiter = null
        return undefined
      }
      f.complete = must(must(s.kiocbs[f.dio]).ki_complete, 'the ki_complete of an asynchronous kiocb')
      return call('iomap_dio_complete', completion(dio.end_io ?? null, f.dio), 'done')
    },
  ),
  flow<EndIo>((f) => (f.done === null ? ret() : call(f.complete, { io: f.dio, result: f.done.result }))),
])

/** A bio's task where the file system has nothing to do at its end: the transfer, then the dio's reference. */
export const iomapDioBio = procedure<IomapKernel, { readonly dio: Letter }>('iomap_dio_submit_bio', source, [
  flow(() => call('submit_bio', {})),
  flow<{ readonly dio: Letter }>((f) => call('iomap_dio_bio_end_io', endIo(f.dio))),
])

export const completeProcedures = [iomapDioComplete, iomapDioBioEndIo, iomapDioBio]
