/** iomap: the life of one direct I/O. Source: facts direct-io 6.1 (D1..D13) and A.3 (A9..A23). */
import { size } from '../../base/range.ts'
import { call, flow, goto, has, procedure, ret, step, type World } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import type { BlockWorld } from '../block/world.ts'
import { presentPrefix } from '../mm/buffer.ts'
import { dropClean, firstDirty, isCached, underWriteback } from '../mm/cache.ts'
import type { MmWorld } from '../mm/world.ts'
import { must } from '../must.ts'
import { cutOut, join } from '../runs.ts'
import { EFAULT, ENOTBLK, type VfsWorld } from '../vfs/world.ts'
import type { IomapWorld } from './world.ts'

export type IomapKernel = World & MmWorld & VfsWorld & BlockWorld & IomapWorld

/** What a file system's iomap_begin answers. */
export interface Mapped {
  /** 0, or a negative errno and no mapping. */
  readonly error: number
  readonly offset: number
  readonly length: number
  /** Disk address of `offset`. */
  readonly disk: number
}

/** The procedures a file system supplies, by name, as struct iomap_ops and iomap_dio_ops do. */
export interface Ops {
  /** Locals {pos, length}; returns Mapped. */
  readonly begin: string
  /** Locals {pos, length, submitted}; returns 0 or a negative errno. */
  readonly end: string
  /** Locals {offset, length}: what to do with the ordered part before a bio is submitted. */
  readonly submit: string
  /** The completion task's procedure. */
  readonly endIo: string
  /** Writes back [from, to) and waits. */
  readonly writeback: string
}

interface DioRw {
  readonly ops: Ops
  readonly doneBefore: number
  pos: number
  left: number
  map: Mapped | null
  /** Bytes of this mapping put in bios; -EFAULT if none could be pinned. */
  processed: number
  /** The bio about to be submitted. */
  pinned: number
  endError: number
  result: number
}

const source = { file: 'fs/iomap/direct-io.c', at: 'v6.1' }

/** Starts a direct write for this task's kiocb; returns {error} without a dio, or {error: 0} with one. */
export const iomapDioRw = procedure<IomapKernel, DioRw>('__iomap_dio_rw', source, [
  step(
    'alloc_dio',
    (s, _f, t) => `allocates a struct iomap_dio: ref = 1 (the submitter's), size = 0, done_before = ${s.dios[t.letter]?.done_before ?? 0}`,
    { row: 'direct-io A.3 A9; 6.1 D1', code: 'dio->ref = 1; dio->size = 0' },
    (s, f, t) => {
      const iter = must(s.iters[t.letter])
      f.pos = must(s.kiocbs[t.letter]).ki_pos
      f.left = iter.count
      s.dios[t.letter] = {
        size: 0,
        ref: 1,
        holders: ['submitter'],
        error: 0,
        done_before: f.doneBefore,
        waiter: t.letter,
        wait_for_completion: true,
      }
      if (firstDirty(s.mapping, f.pos, f.pos + f.left) || underWriteback(s.mapping, f.pos, f.pos + f.left))
        return call(f.ops.writeback, { from: f.pos, to: f.pos + f.left })
      return undefined
    },
  ),
  step(
    'invalidate',
    (_s, f) => `drops cached pages of the target range at ${size(f.pos)}; i_dio_count goes up`,
    { row: 'direct-io A.3 A10, A11; 6.1 D2, D3', code: 'kiocb_invalidate_pages(); inode_dio_begin()' },
    (s, f, t) => {
      dropClean(s.mapping, f.pos, f.pos + f.left)
      if (isCached(s.mapping, f.pos, f.pos + f.left)) {
        delete s.dios[t.letter]
        return ret({ error: ENOTBLK })
      }
      s.inode.i_dio_count++
      return undefined
    },
  ),
  flow<DioRw>((f) => call(f.ops.begin, { pos: f.pos, length: f.left }, 'map'), 'iomap_begin'),
  flow<DioRw>((f) => {
    f.processed = 0
    if (f.map && f.map.error !== 0) {
      f.result = f.map.error
      return goto('drop_ref')
    }
    return undefined
  }),
  step(
    'pin_pages',
    (_s, f, t) =>
      f.pinned > 0
        ? `bio_iov_iter_get_pages() pins ${size(f.pinned)} of ${t.letter}'s buffer: that much is in its page table`
        : `bio_iov_iter_get_pages() finds no page of ${t.letter}'s buffer in its page table: -EFAULT`,
    { row: 'direct-io A.3 A18; 6.1 D5', code: 'bio_iov_iter_get_pages(bio, iter)  /* FOLL_NOFAULT */' },
    (s, f, t) => {
      const buffer = must(s.buffers[t.letter])
      const { offset } = must(s.iters[t.letter])
      f.pinned = presentPrefix(buffer, offset, must(f.map).length - f.processed)
      if (f.pinned > 0)
        buffer.pinned = join(
          [...buffer.pinned, { from: offset, to: offset + f.pinned }].sort((a, b) => a.from - b.from),
          () => true,
        )
    },
  ),
  flow<DioRw>((f) => {
    if (f.pinned === 0) {
      if (f.processed === 0) f.processed = EFAULT
      return goto('iomap_end')
    }
    return call(f.ops.submit, { offset: must(f.map).offset + f.processed, length: f.pinned })
  }),
  step(
    'submit_bio',
    (s, f, t) =>
      `submits a bio of ${size(f.pinned)} for file offset ${size(must(f.map).offset + f.processed - f.pinned)}: dio->size = ${size(s.dios[t.letter]?.size ?? 0)}, ref = ${s.dios[t.letter]?.ref}`,
    { row: 'direct-io A.3 A18b; 6.1 D5', code: 'dio->size += n; atomic_inc(&dio->ref); submit_bio(bio)' },
    (s, f, t) => {
      const dio = must(s.dios[t.letter])
      const iter = must(s.iters[t.letter])
      const map = must(f.map)
      const offset = map.offset + f.processed
      const bio = t.spawn('bio', { name: `bio of ${t.letter}'s direct write`, procedure: f.ops.endIo, locals: { dio: t.letter } })
      s.bios[bio] = { offset, length: f.pinned, disk: map.disk + f.processed, memory: { buffer: t.letter, at: iter.offset } }
      dio.size += f.pinned
      dio.ref++
      dio.holders = [...dio.holders, bio]
      iter.offset += f.pinned
      iter.count -= f.pinned
      f.processed += f.pinned
      return f.processed < map.length ? goto('pin_pages') : undefined
    },
  ),
  flow<DioRw>(
    (f) => call(f.ops.end, { pos: must(f.map).offset, length: must(f.map).length, submitted: Math.max(0, f.processed) }, 'endError'),
    'iomap_end',
  ),
  // iomap_iter(): until bc264fea0f6f an error of iomap_end counts only if the iterator has nothing to say itself.
  flow<DioRw>((f, world) => {
    if (f.processed > 0) {
      f.pos += f.processed
      f.left -= f.processed
      if (f.left > 0) return goto('iomap_begin')
      f.result = 0
      return undefined
    }
    f.result = has(world, 'bc264fea0f6f') && f.endError !== 0 ? f.endError : f.processed
    return undefined
  }),
  step(
    'drop_ref',
    (s, f, t) => {
      const dio = must(s.dios[t.letter])
      const why =
        f.result === EFAULT
          ? dio.size === 0
            ? 'nothing was submitted, so dio->error = -EFAULT; '
            : '-EFAULT after a part was submitted (PARTIAL): waits for that part; '
          : ''
      return `${why}drops the submitter's reference: ref = ${dio.ref}${dio.ref > 0 ? '; sleeps until the last bio wakes it' : ''}`
    },
    { row: 'direct-io A.3 A21; 6.1 D8, D9', code: 'if (!atomic_dec_and_test(&dio->ref)) wait for dio->submit.waiter == NULL' },
    (s, f, t) => {
      const dio = must(s.dios[t.letter])
      // -ENOTBLK and a partial -EFAULT are not errors of the dio; both make it wait. A kiocb without ki_complete waits anyway.
      if (f.result < 0 && f.result !== ENOTBLK && !(f.result === EFAULT && dio.size > 0)) dio.error = f.result
      dio.ref--
      dio.holders = dio.holders.filter((holder) => holder !== 'submitter')
      if (dio.ref === 0) dio.waiter = null
      return dio.ref === 0 ? ret({ error: 0 }) : undefined
    },
  ),
  step(
    'wait_for_bios',
    'the last bio has dropped its reference and woken the submitter',
    {
      row: 'direct-io A.3 A21; 6.1 D9',
      code: 'while (READ_ONCE(dio->submit.waiter)) blk_io_schedule();',
      when: (s, _f, t) => (s.dios[t.letter]?.waiter === null ? null : { on: 'dio->ref to reach 0', heldBy: bioHolders(s, t.letter) }),
    },
    () => ret({ error: 0 }),
  ),
])

const bioHolders = (s: IomapKernel, dio: Letter): Letter[] => must(s.dios[dio]).holders.filter((holder) => holder !== 'submitter')

/** Whoever takes the last reference runs this: the call's result, and the file position. */
export const iomapDioComplete = procedure<IomapKernel, { result: number }>('iomap_dio_complete', source, [
  step(
    'complete',
    (s, f, t) =>
      f.result < 0
        ? 'ends the dio with -EFAULT: ki_pos stays where it is'
        : `ends the dio with ${size(f.result)} in all: ki_pos = ${size(must(s.kiocbs[t.letter]).ki_pos)}`,
    { row: 'direct-io A.3 A23; 6.1 D12', code: 'ret = dio->error ?: dio->size; iocb->ki_pos += ret; ret += dio->done_before' },
    (s, f, t) => {
      const dio = must(s.dios[t.letter])
      const iocb = must(s.kiocbs[t.letter])
      const buffer = must(s.buffers[t.letter])
      f.result = dio.error !== 0 ? dio.error : dio.size
      dropClean(s.mapping, iocb.ki_pos, iocb.ki_pos + dio.size)
      s.inode.i_dio_count--
      if (f.result > 0) {
        iocb.ki_pos += f.result
        f.result += dio.done_before
      }
      buffer.pinned = cutOut(buffer.pinned, 0, buffer.length)
      delete s.dios[t.letter]
      return ret({ result: f.result, left: must(s.iters[t.letter]).count })
    },
  ),
])

/** The end of a bio, as far as iomap sees it: drops the bio's reference and, with the last one, wakes the submitter. */
export const iomapDioBioEndIo = procedure<IomapKernel, { readonly dio: Letter }>('iomap_dio_bio_end_io', source, [
  step(
    'put_ref',
    (s, f) => {
      const dio = s.dios[f.dio]
      return dio && dio.ref > 0 ? `drops the bio's reference: ref = ${dio.ref}` : `drops the last reference and wakes ${f.dio}`
    },
    { row: 'direct-io 6.1 D10', code: 'if (atomic_dec_and_test(&dio->ref)) wake the waiter' },
    (s, f, t) => {
      const dio = must(s.dios[f.dio])
      dio.ref--
      dio.holders = dio.holders.filter((holder) => holder !== t.letter)
      if (dio.ref === 0) dio.waiter = null
      delete s.bios[t.letter]
    },
  ),
])

export const iomapProcedures = [iomapDioRw, iomapDioComplete, iomapDioBioEndIo]
