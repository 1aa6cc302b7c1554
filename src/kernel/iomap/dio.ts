/** iomap: submitting one direct I/O. Source: facts direct-io 6.1 (D1..D9), A.3 (A9..A21), C.3 (C5..C14). */
import { range, size } from '../../base/range.ts'
import { call, flow, goto, has, procedure, ret, step } from '../../engine/procedure.ts'
import { adjust } from '../../engine/stretches.ts'
import type { Letter } from '../../engine/view.ts'
import { submitClones } from '../block/device.ts'
import { grainOf, presentPrefix, touch, unmapDropped } from '../mm/buffer.ts'
import { dropClean, firstDirty, isCached, underWriteback } from '../mm/cache.ts'
import { must } from '../lib/must.ts'
import { join, paint, transfer } from '../lib/runs.ts'
import { countCopy } from '../vfs/rw.ts'
import { EAGAIN, EFAULT, EIOCBQUEUED, ENOTBLK, errorName } from '../lib/errno.ts'
import { completeProcedures, completion, type Done } from './complete.ts'
import { requestOf, type ForRequest, type IomapKernel } from './world.ts'

/** What a file system's iomap_begin answers. */
export interface Mapped {
  /** 0, or a negative errno and no mapping. */
  readonly error: number
  readonly offset: number
  readonly length: number
  /** Disk address of `offset`. */
  readonly disk: number
  /** Nothing is there to read: IOMAP_HOLE or IOMAP_UNWRITTEN. */
  readonly hole?: true
  /** IOMAP_UNWRITTEN, for a write: what it writes counts only once the extent is converted. */
  readonly unwritten?: true
}

/** The procedures a file system supplies, by name, as struct iomap_ops and struct iomap_dio_ops do. */
export interface Ops {
  /** Locals {pos, length, read, nowait}; returns Mapped. */
  readonly iomap_begin: string
  /** Locals {pos, length, submitted, read, hole}; returns 0 or a negative errno. */
  readonly iomap_end: string
  /** Locals {offset, length, io}: what to do before a bio is submitted; null = nothing. */
  readonly submit_io: string | null
  /** Locals {io, size, error, unwritten}: what to do before the dio is complete; returns an errno, 0, or a count that is then the result. Null = nothing. */
  readonly end_io: string | null
  /** The procedure of a bio's task: its transfer, then its end. Locals {dio}. */
  readonly bio: string
  /** IOMAP_DIO_NOSYNC, or IOCB_DSYNC taken away for as long: the file system syncs by itself what O_DSYNC asks for. */
  readonly noSync?: boolean
}

export interface DioRw extends ForRequest {
  readonly ops: Ops
  readonly read: boolean
  readonly doneBefore: number
  /** IOCB_NOWAIT was set when this began. */
  nowait: boolean
  /** wait_for_completion */
  wait: boolean
  /** IOMAP_DIO_FORCE_WAIT: it waits for its bios though the kiocb has a ki_complete. */
  readonly forceWait: boolean
  /** IOMAP_DIO_PARTIAL, with page faults disabled: what is absent of the buffer makes it end early. Otherwise it is faulted in. */
  readonly partial: boolean
  pos: number
  left: number
  map: Mapped | null
  /** Bytes of this mapping put in bios or zeroed; -EFAULT if none of the buffer could be had. */
  processed: number
  /** Something was put in a bio or zeroed in any mapping. */
  moved: boolean
  /** IOMAP_DIO_BOUNCE: write from private pages. */
  readonly bounce: boolean
  /** The bio about to be submitted. */
  pinned: number
  endError: number
  result: number
}

/** What `__iomap_dio_rw` returns: -EIOCBQUEUED, another error without a dio, nothing to do, or a dio to complete. */
export interface DioAnswer {
  readonly error: number
  readonly nothing?: true
}

export interface DioOptions extends ForRequest {
  readonly doneBefore?: number
  readonly forceWait?: boolean
  readonly partial?: boolean
  readonly bounce?: boolean
}

/** Locals to start it with, for a write or a read of this task's kiocb or (`io`) another's. */
export const dioRw = (
  ops: Ops,
  read: boolean,
  { io, doneBefore = 0, forceWait = false, partial = false, bounce = false }: DioOptions,
): DioRw => ({
  ops,
  read,
  doneBefore,
  ...(io === undefined ? {} : { io }),
  nowait: false,
  wait: true,
  forceWait,
  partial,
  pos: 0,
  left: 0,
  map: null,
  processed: 0,
  moved: false,
  bounce,
  pinned: 0,
  endError: 0,
  result: 0,
})

/** In `pinned`: the pages are being faulted in first. */
const faulting = -1

const source = { file: 'fs/iomap/direct-io.c', at: 'v6.1' }

export const iomapDioRw = procedure<IomapKernel, DioRw>('__iomap_dio_rw', source, [
  step(
    'alloc_dio',
    (s, f, t) => {
      const dio = s.dios[requestOf(f, t)]
      if (!dio) return f.nowait ? 'cached pages of the range would have to be written first: -EAGAIN' : 'the read begins at or after i_size'
      return `allocates a struct iomap_dio: ref = 1 (the submitter's), size = 0, done_before = ${size(dio.done_before)}`
    },
    { row: 'direct-io A.3 A9; C.3 C5; 6.1 D1; ext4 1.4 D8, D9; 3.2 R4', code: 'dio->ref = 1; dio->size = 0; wait = is_sync_kiocb(iocb)' },
    (s, f, t) => {
      const io = requestOf(f, t)
      const iocb = must(s.kiocbs[io])
      f.pos = iocb.ki_pos
      f.left = must(s.iters[io]).count
      f.nowait = iocb.nowait === true
      f.wait = iocb.ki_complete === undefined || f.forceWait
      const unwritten = firstDirty(s.mapping, f.pos, f.pos + f.left) || underWriteback(s.mapping, f.pos, f.pos + f.left)
      if (f.read && f.pos >= s.inode.i_size) return ret({ error: 0, nothing: true } satisfies DioAnswer)
      if (f.nowait && unwritten) return ret({ error: EAGAIN } satisfies DioAnswer)
      s.dios[io] = {
        write: !f.read,
        i_size: s.inode.i_size,
        size: 0,
        ref: 1,
        submitter: t.letter,
        holders: ['submitter'],
        dropped: [],
        error: 0,
        done_before: f.doneBefore,
        ...(f.ops.end_io === null ? {} : { end_io: f.ops.end_io }),
        waiter: t.letter,
        wait_for_completion: f.wait,
        ...(iocb.dsync && !f.read && !f.ops.noSync ? { needSync: true } : {}),
      }
      return unwritten ? call('filemap_write_and_wait_range', { from: f.pos, to: f.pos + f.left }) : undefined
    },
  ),
  flow<DioRw>((f) => (f.read ? goto('dio_begin') : undefined)),
  step(
    'invalidate',
    (_s, f) => `drops cached pages of the target range at ${size(f.pos)}; i_dio_count goes up`,
    { row: 'direct-io A.3 A10, A11; 6.1 D2, D3; ext4 1.4 D10', code: 'kiocb_invalidate_pages(); inode_dio_begin()  /* write */' },
    (s, f, t) => {
      dropClean(s.mapping, f.pos, f.pos + f.left)
      unmapDropped(s, f.pos, f.pos + f.left)
      if (isCached(s.mapping, f.pos, f.pos + f.left)) {
        delete s.dios[requestOf(f, t)]
        return ret({ error: ENOTBLK } satisfies DioAnswer)
      }
      adjust(s.inode, 'i_dio_count', 1)
      return goto('iomap_begin')
    },
  ),
  step(
    'dio_begin',
    (_s, f) => `no cached page of ${range(f.pos, f.pos + f.left)} is dirty; i_dio_count goes up`,
    { row: 'direct-io C.3 C6; 6.1 D3; ext4 3.2 R4', code: 'filemap_write_and_wait_range(); inode_dio_begin()  /* read */' },
    (s) => {
      adjust(s.inode, 'i_dio_count', 1)
    },
  ),
  flow<DioRw>((f) => call(f.ops.iomap_begin, { pos: f.pos, length: f.left, read: f.read, nowait: f.nowait }, 'map'), 'iomap_begin'),
  flow<DioRw>((f) => {
    f.processed = 0
    if (f.map && f.map.error !== 0) {
      f.result = f.map.error
      return goto('loop_end')
    }
    return f.map?.hole ? goto('zero_fill') : undefined
  }),
  flow<DioRw>((f) => {
    f.pinned = 0
    return f.bounce ? goto('bounce_pages') : undefined
  }, 'get_pages'),
  step(
    'pin_pages',
    (_s, f, t) =>
      f.pinned === faulting
        ? `bio_iov_iter_get_pages() finds a page of ${requestOf(f, t)}'s buffer absent: get_user_pages() faults it in, in the middle of the I/O`
        : f.pinned > 0
          ? `bio_iov_iter_get_pages() pins ${size(f.pinned)} of ${requestOf(f, t)}'s buffer: that much is in its page table`
          : `bio_iov_iter_get_pages() finds no page of ${requestOf(f, t)}'s buffer in its page table: -EFAULT`,
    {
      row: "direct-io A.3 A18; C.3 C8, C8'; 6.1 D5; ext4 1.4 D12",
      fn: 'bio_iov_iter_get_pages',
      code: 'bio_iov_iter_get_pages(bio, iter)  /* FOLL_NOFAULT */',
    },
    (s, f, t) => {
      const io = requestOf(f, t)
      const buffer = must(s.buffers[io])
      const { offset } = must(s.iters[io])
      const wanted = must(f.map).length - f.processed
      const fault = f.partial ? null : touch(s, io, offset, offset + wanted)
      f.pinned = faulting
      if (fault) return fault
      f.pinned = presentPrefix(buffer, offset, wanted)
      if (f.pinned > 0)
        buffer.pinned = join(
          [...buffer.pinned, { from: offset, to: offset + f.pinned }].sort((a, b) => a.from - b.from),
          () => true,
        )
      return goto('pinned')
    },
  ),
  // What was faulted in can now be pinned.
  flow(() => goto('pin_pages')),
  step(
    'bounce_pages',
    (_s, f, t) =>
      f.pinned > 0
        ? `${size(f.pinned)} of ${requestOf(f, t)}'s buffer are copied to private pages: nobody else can store to those`
        : `${requestOf(f, t)}'s buffer is not in the page table, so it cannot be copied: -EFAULT`,
    { row: 'direct-io B.4', fn: 'bio_iov_iter_bounce', code: 'bio_iov_iter_bounce(bio, iter)  /* IOMAP_DIO_BOUNCE */' },
    (s, f, t) => {
      const io = requestOf(f, t)
      const buffer = must(s.buffers[io])
      const { offset } = must(s.iters[io])
      const present = presentPrefix(buffer, offset, must(f.map).length - f.processed)
      const at = offset + f.pinned
      const length = grainOf(buffer, present - f.pinned)
      buffer.bounce = transfer(buffer.bounce ?? [], at, buffer.content, at, length)
      countCopy(s, io, length)
      f.pinned += length
      return f.pinned < present ? goto('bounce_pages') : undefined
    },
  ),
  flow<DioRw>((f) => {
    if (f.pinned === 0) {
      if (f.processed === 0) f.processed = EFAULT
      return goto('iomap_end')
    }
    const io = f.io === undefined ? {} : { io: f.io }
    return f.ops.submit_io === null
      ? undefined
      : call(f.ops.submit_io, { offset: must(f.map).offset + f.processed, length: f.pinned, at: 0, ...io })
  }, 'pinned'),
  step(
    'submit_bio',
    (s, f, t) => {
      const dio = must(s.dios[requestOf(f, t)])
      return `submits a bio of ${size(f.pinned)} for file offset ${size(must(f.map).offset + f.processed - f.pinned)}: dio->size = ${size(dio.size)}, ref = ${dio.ref}`
    },
    {
      spawns: ['bio', 'mirror'],
      row: 'direct-io A.3 A18b; C.3 C9; 6.1 D5; ext4 1.4 D12',
      fn: 'iomap_dio_submit_bio',
      code: 'dio->size += n; atomic_inc(&dio->ref); submit_bio(bio)',
    },
    (s, f, t) => {
      const io = requestOf(f, t)
      const dio = must(s.dios[io])
      const iter = must(s.iters[io])
      const map = must(f.map)
      const offset = map.offset + f.processed
      const bio = t.spawn('bio', {
        name: f.read ? `disk read of ${range(offset, offset + f.pinned)}` : `disk write for ${io}`,
        procedure: f.ops.bio,
        locals: { dio: io },
      })
      s.bios[bio] = {
        ...(f.read ? { read: true } : {}),
        offset,
        length: f.pinned,
        disk: map.disk + f.processed,
        memory: { buffer: io, at: iter.offset, ...(f.bounce ? { bounced: true } : {}) },
        clones: [],
      }
      if (!f.read) submitClones(s, t, bio)
      dio.size += f.pinned
      if (map.unwritten) dio.unwritten = true
      dio.ref++
      dio.holders = [...dio.holders, bio]
      advance(iter, f.pinned)
      f.processed += f.pinned
      f.moved = true
      return f.processed < map.length ? goto('get_pages') : goto('iomap_end')
    },
  ),
  step(
    'zero_fill',
    (s, f, t) =>
      f.pinned === faulting
        ? `there are no data at ${size(f.pos)}: filling the buffer with zeros faults it in`
        : f.processed > 0
          ? `there are no data at ${size(f.pos)}: fills ${size(f.processed)} of the buffer with zeros; no bio, dio->size = ${size(must(s.dios[requestOf(f, t)]).size)}`
          : `there are no data at ${size(f.pos)}, and the buffer is not in the page table: -EFAULT`,
    {
      row: 'direct-io 6.1 D4; ext4 3.2 R5',
      fn: 'iomap_dio_hole_iter',
      code: 'length = iov_iter_zero(iomap_length(iter), dio->submit.iter)',
    },
    (s, f, t) => {
      const io = requestOf(f, t)
      const buffer = must(s.buffers[io])
      const iter = must(s.iters[io])
      const { length } = must(f.map)
      const fault = f.partial ? null : touch(s, io, iter.offset, iter.offset + length)
      f.pinned = fault ? faulting : 0
      if (fault) return fault
      const zeroed = presentPrefix(buffer, iter.offset, length)
      buffer.content = paint(buffer.content, iter.offset, iter.offset + zeroed, '0')
      must(s.dios[io]).size += zeroed
      advance(iter, zeroed)
      f.processed = zeroed > 0 ? zeroed : EFAULT
      f.moved ||= zeroed > 0
      return undefined
    },
  ),
  flow<DioRw>((f) => (f.pinned === faulting ? goto('zero_fill') : undefined)),
  flow<DioRw>((f) => {
    const { offset, length, hole } = must(f.map)
    return call(
      f.ops.iomap_end,
      { pos: offset, length, submitted: Math.max(0, f.processed), read: f.read, hole: hole === true },
      'endError',
    )
  }, 'iomap_end'),
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
  // With nothing in flight nobody else can see what an error does to the dio: it happens with the next step.
  flow<DioRw>((f) => (f.result < 0 && f.moved ? undefined : goto('drop_ref')), 'loop_end'),
  step(
    'classify',
    (s, f, t) => {
      const dio = must(s.dios[requestOf(f, t)])
      if (dio.error !== 0) return `dio->error = ${errorName(dio.error)}; ${size(dio.size)} are submitted all the same`
      if (f.wait) return `a part of ${size(dio.size)} is submitted (PARTIAL): no error, but the submitter will wait for it`
      return `${size(dio.size)} are submitted (PARTIAL), so -EFAULT becomes 0; the kiocb has IOCB_NOWAIT: wait_for_completion stays false`
    },
    {
      row: 'direct-io C.3 C11, C12; C.4 C11, P1; 6.1 D8',
      code: 'if (ret == -EFAULT && dio->size && PARTIAL) { if (!NOWAIT) wait = true; ret = 0; }',
    },
    (s, f, t) => classify(s, f, requestOf(f, t)),
  ),
  step(
    'drop_ref',
    (s, f, t) => {
      const dio = must(s.dios[requestOf(f, t)])
      const why = dio.error !== 0 && !f.moved ? `nothing was submitted, so dio->error = ${errorName(dio.error)}; ` : ''
      const next =
        dio.ref === 0 ? '' : f.wait ? '; sleeps until the last bio wakes it' : '; nobody waits for the bio, so -EIOCBQUEUED is returned'
      return `${why}drops the submitter's reference: ref = ${dio.ref}${next}`
    },
    {
      row: 'direct-io A.3 A21; C.3 C13, C14a; C.4 C13, row 4; 6.1 D7, D9; ext4 1.4 D14',
      code: 'if (!atomic_dec_and_test(&dio->ref)) { if (!wait) return -EIOCBQUEUED; sleep }',
    },
    (s, f, t) => {
      const io = requestOf(f, t)
      const dio = must(s.dios[io])
      classify(s, f, io)
      // What was mapped beyond the end of the file does not count as read.
      if (f.read && f.pos > dio.i_size) advance(must(s.iters[io]), dio.i_size - f.pos)
      dio.wait_for_completion = f.wait
      dio.ref--
      dio.holders = dio.holders.filter((holder) => holder !== 'submitter')
      dio.dropped = [...dio.dropped, 'submitter'].sort()
      if (dio.ref === 0) {
        dio.waiter = null
        return ret({ error: 0 } satisfies DioAnswer)
      }
      return f.wait ? undefined : ret({ error: EIOCBQUEUED } satisfies DioAnswer)
    },
  ),
  step(
    'wait_for_bios',
    'the last bio has dropped its reference and woken the submitter',
    {
      row: 'direct-io A.3 A21; C.4 C13; 6.1 D9; ext4 1.4 D14',
      code: 'while (READ_ONCE(dio->submit.waiter)) blk_io_schedule();',
      when: (s, f, t) => {
        const io = requestOf(f, t)
        return s.dios[io]?.waiter === null ? null : { on: 'dio->ref to reach 0', heldBy: bioHolders(s, io) }
      },
    },
    () => ret({ error: 0 } satisfies DioAnswer),
  ),
])

const advance = (iter: { offset: number; count: number }, bytes: number): void => {
  iter.offset += bytes
  iter.count -= bytes
}

/** D8: -ENOTBLK and a partial -EFAULT are not errors of the dio. Either makes it wait, but not a NOWAIT kiocb after -EFAULT. */
function classify(s: IomapKernel, f: DioRw, io: Letter): void {
  const dio = must(s.dios[io])
  if (f.result >= 0) return
  if (f.result === ENOTBLK) f.wait = true
  else if (f.result === EFAULT && dio.size > 0 && f.partial) {
    const unread = f.read && f.left > 0 && f.pos < dio.i_size
    if (!f.nowait || (unread && has(s, 'wait-on-partial-read'))) f.wait = true
  } else dio.error = f.result
  f.result = 0
}

const bioHolders = (s: IomapKernel, io: Letter): Letter[] => must(s.dios[io]).holders.filter((holder) => holder !== 'submitter')

interface Whole {
  readonly rw: DioRw
  answer: DioAnswer | null
  done: Done | null
}

/** Locals of a direct I/O that is submitted and completed in one call. */
export const wholeDio = (rw: DioRw): Whole => ({ rw, answer: null, done: null })

/** Submits a direct I/O and, unless it stays in flight, completes it. Returns Done. */
export const iomapDioRwWhole = procedure<IomapKernel, Whole>('iomap_dio_rw', source, [
  flow<Whole>((f) => call('__iomap_dio_rw', f.rw, 'answer')),
  flow<Whole>((f) => {
    const { error, nothing } = must(f.answer)
    if (error !== 0 || nothing) return ret({ result: error, left: f.rw.left } satisfies Done)
    return call('iomap_dio_complete', completion(f.rw.ops.end_io, f.rw.io), 'done')
  }),
  flow<Whole>((f) => ret(f.done)),
])

export const iomapProcedures = [iomapDioRwWhole, iomapDioRw, ...completeProcedures]
