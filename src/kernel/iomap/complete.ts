/** iomap: how a direct I/O ends. Source: facts direct-io 6.1 (D10..D13), A.3 (A23), C.3 (E2, E3, C14b). */
import { size } from '../../base/range.ts'
import { call, flow, procedure, ret, step } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { unmapDropped } from '../mm/buffer.ts'
import { dropClean } from '../mm/cache.ts'
import { must } from '../lib/must.ts'
import { cutOut } from '../lib/runs.ts'
import { errorName } from '../vfs/world.ts'
import { requestOf, type ForRequest, type IomapKernel } from './world.ts'

const source = { file: 'fs/iomap/direct-io.c', at: 'v6.1' }

interface Complete extends ForRequest {
  /** What this dio has done, or a negative errno. */
  result: number
  /** What the dios of the same call before it have. */
  doneBefore?: number
  left?: number
}

/** Whoever takes the last reference runs this: the result, the file position, and for O_DSYNC the sync. */
export const iomapDioComplete = procedure<IomapKernel, Complete>('iomap_dio_complete', source, [
  step(
    'complete',
    (s, f, t) =>
      f.result < 0
        ? `ends the dio with ${errorName(f.result)}: ki_pos stays where it is`
        : `ends the dio with ${size(f.result + (f.doneBefore ?? 0))} in all: ki_pos = ${size(must(s.kiocbs[requestOf(f, t)]).ki_pos)}`,
    {
      row: 'direct-io A.3 A23; C.3 C14b, E3; C.4 C14b; 6.1 D12',
      code: 'ret = dio->error ?: dio->size; iocb->ki_pos += ret; ret += dio->done_before',
    },
    (s, f, t) => {
      const io = requestOf(f, t)
      const dio = must(s.dios[io])
      const iocb = must(s.kiocbs[io])
      f.result = dio.error
      if (dio.error === 0) f.result = dio.write ? dio.size : Math.min(dio.size, dio.i_size - iocb.ki_pos)
      if (dio.write) {
        dropClean(s.mapping, iocb.ki_pos, iocb.ki_pos + dio.size)
        unmapDropped(s, iocb.ki_pos, iocb.ki_pos + dio.size)
      }
      s.inode.i_dio_count--
      if (f.result > 0) iocb.ki_pos += f.result
      f.doneBefore = dio.done_before
      f.left = must(s.iters[io]).count
      delete s.dios[io]
      s.freed[io] = t.letter
      delete must(s.buffers[io]).bounce
      if (!dio.needSync || f.result <= 0) return undefined
      return call('generic_write_sync', { file: iocb.file ?? 'fd', count: f.result, result: 0 }, 'result')
    },
  ),
  flow<Complete>((f) => ret({ result: f.result > 0 ? f.result + (f.doneBefore ?? 0) : f.result, left: f.left ?? 0 })),
])

interface EndIo {
  /** Whose dio. */
  readonly dio: Letter
  /** The bio's status: 0 or a negative errno. */
  readonly error: number
  done: { readonly result: number } | null
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
    { row: 'direct-io C.3 E2; 6.1 D10, D11', code: 'if (atomic_dec_and_test(&dio->ref)) wake the waiter, or iomap_dio_complete()' },
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
      return call('iomap_dio_complete', { result: 0, io: f.dio }, 'done')
    },
  ),
  flow<EndIo>((f) => (f.done === null ? ret() : call(f.complete, { io: f.dio, result: f.done.result }))),
])

export const completeProcedures = [iomapDioComplete, iomapDioBioEndIo]
