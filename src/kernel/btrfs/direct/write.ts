/** btrfs: direct writes. Source: facts direct-io A.3, A.4, A.9, 6.2. */
import { alignDown, range, size, type Range } from '../../../base/range.ts'
import { call, flow, goto, has, procedure, ret, step, type World } from '../../../engine/procedure.ts'
import { dioRw, type Mapped, type Ops } from '../../iomap/dio.ts'
import { takeLock } from '../../lib/locks.ts'
import { touch, unmapDropped } from '../../mm/buffer.ts'
import { dropClean, isCached, pagesOf, waitForWriteback } from '../../mm/cache.ts'
import { must } from '../../lib/must.ts'
import { variables } from '../../lib/variables.ts'
import { genericWriteChecks } from '../../vfs/rw.ts'
import { EFAULT, ENOSPC, ENOTBLK } from '../../lib/errno.ts'
import { addOrdered, addPinnedMap, canNocow, mayNocow } from '../buffered/delalloc.ts'
import { completeWrite, type Completing } from './complete.ts'
import { readBegin, readEnd, type ReadBegin, type ReadEnd } from './map.ts'
import { directSubmitProcedures } from './submit.ts'
import { contExpand, hasTail } from '../resize/expand.ts'
import { endWrite } from '../fsync/transaction.ts'
import { cannotLockInode, unlockInode } from '../inode-lock.ts'
import { cannotLockExtent, lockExtent, unlockExtent } from '../io-tree.ts'
import { allocationHint, getExtent, isInline } from '../tree/maps.ts'
import {
  cannotStartOrdered,
  orderedAt,
  queueFinish,
  replaceOrdered,
  startOrderedExtent,
  writesOrdered,
  type StartsOrdered,
} from '../ordered.ts'
import { canReclaim, hasRoomFor, newExtent, reserveData, type Reclaim } from '../space/reserve.ts'
import { endOf, extentAt } from '../tree/tree.ts'
import { SECTOR, type BtrfsWorld } from '../world.ts'

const ops: Ops = {
  iomap_begin: 'btrfs_dio_iomap_begin',
  iomap_end: 'btrfs_dio_iomap_end',
  submit_io: 'btrfs_dio_submit_io',
  end_io: null,
  bio: 'btrfs_dio_end_io',
}

const source = { file: 'fs/btrfs/file.c', at: 'v6.1' }
const inodeC = { file: 'fs/btrfs/inode.c', at: 'v6.1' }

/** Does this kernel give the inode lock up between the tries of one write? Facts direct-io section 0, first two switches. */
const unlocksForRetry = (world: World): boolean => has(world, '8184620ae212') && !has(world, '939b656bc8ab')

interface DirectWrite extends Completing {
  retried: boolean
  written: number
  previousLeft: number
  /** IOMAP_DIO_BOUNCE: checksum and write private pages. */
  bounce: boolean
  buffered: number
  /** Where the next byte goes, as it was known before anything was written through the page cache. */
  from: number
}

export const btrfsDirectWrite = procedure<BtrfsWorld, DirectWrite>('btrfs_direct_write', source, [
  variables<DirectWrite>({
    private: null,
    ownPrivate: false,
    mode: 'exclusive',
    retried: false,
    written: 0,
    previousLeft: 0,
    bounce: false,
    dio: null,
    done: null,
    error: 0,
    buffered: 0,
    from: 0,
  }),
  step(
    'lock_mode',
    (_s, f) =>
      f.error === ENOTBLK
        ? 'the data profile keeps copies, which a changing buffer would tell apart: the write goes through the page cache'
        : `chooses how to lock the inode: ${f.mode}, because the write ${f.mode === 'shared' ? 'stays below' : 'would go past'} i_size`,
    { row: 'direct-io A.3 A1', code: 'ilock_flags = pos + count <= i_size ? BTRFS_ILOCK_SHARED : 0' },
    (s, f, t) => {
      const iocb = must(s.kiocbs[t.letter])
      f.bounce = has(s, 'bounce') && (!s.bi.nodatasum || s.disk.copies.length > 0)
      if (s.disk.copies.length > 0 && !f.bounce && has(s, '7c2830f00c3e')) {
        f.error = ENOTBLK
        return goto('out')
      }
      f.mode = iocb.ki_pos + must(s.iters[t.letter]).count <= s.inode.i_size ? 'shared' : 'exclusive'
      return undefined
    },
  ),
  step(
    'relock',
    (_s, f) => `takes the inode lock (${f.mode})${f.retried ? ' again, for the retry' : ''}`,
    {
      row: 'direct-io A.3 A2',
      fn: 'btrfs_inode_lock',
      code: 'relock: btrfs_inode_lock(inode, ilock_flags)',
      when: (s, f) => cannotLockInode(s, f.mode),
    },
    (s, f, t) => takeLock(s.locks.i_rwsem, f.mode, t.letter),
  ),
  step(
    'write_checks',
    (s, f, t) => {
      const { ki_pos, append } = must(s.kiocbs[t.letter])
      if (f.retried && has(s, 'skip-checks-on-retry')) return `skips generic_write_checks() on the retry: ki_pos stays ${size(ki_pos)}`
      return append
        ? `generic_write_checks(): O_APPEND moves ki_pos to i_size = ${size(ki_pos)}`
        : `generic_write_checks(): the write begins at ${size(ki_pos)}`
    },
    {
      row: 'direct-io A.3 A3; A.4 V1',
      fn: 'generic_write_checks',
      code: 'generic_write_checks(): if (IOCB_APPEND) iocb->ki_pos = i_size_read(inode)',
    },
    (s, f, t) => {
      if (!(f.retried && has(s, 'skip-checks-on-retry'))) genericWriteChecks(s, t.letter)
    },
  ),
  step(
    'write_check',
    (s, _f, t) =>
      `btrfs_write_check() at ${size(must(s.kiocbs[t.letter]).ki_pos)}: ${must(s.kiocbs[t.letter]).ki_pos > s.inode.i_size ? 'a hole is made from i_size on' : 'nothing to expand'}`,
    { row: 'direct-io A.3 A4', fn: 'btrfs_write_check', code: 'btrfs_write_check(): if (pos > i_size) btrfs_cont_expand()' },
    (s, _f, t) => {
      const { ki_pos } = must(s.kiocbs[t.letter])
      if ((has(s, 'da2dccd7451d') ? ki_pos : alignDown(ki_pos, SECTOR)) <= s.inode.i_size) return goto('check_direct_IO')
      if (hasTail(s.inode.i_size)) return call('btrfs_truncate_block', { from: s.inode.i_size })
      contExpand(s, ki_pos + must(s.iters[t.letter]).count)
      return goto('check_direct_IO')
    },
  ),
  step(
    'cont_expand',
    (s, _f, t) => `makes ${range(s.inode.i_size, must(s.kiocbs[t.letter]).ki_pos)} a hole`,
    { row: 'v6.1 btrfs_cont_expand()', fn: 'btrfs_cont_expand', code: 'btrfs_cont_expand(inode, oldsize, end_pos)' },
    (s, _f, t) => contExpand(s, must(s.kiocbs[t.letter]).ki_pos + must(s.iters[t.letter]).count),
  ),
  step(
    'check_direct_IO',
    (s, f, t) => {
      const { ki_pos } = must(s.kiocbs[t.letter])
      if (s.locks.i_rwsem.holders.includes(t.letter))
        return `position ${size(ki_pos)} and length ${size(must(s.iters[t.letter]).count)} are aligned: goes on as direct I/O`
      return f.error === ENOTBLK
        ? 'the write has to go through the page cache: unlocks the inode'
        : 'the write would extend the file under a shared lock: unlocks and starts over exclusively'
    },
    { row: 'direct-io A.3 A5, A6, A7; A.9 A7b', code: 'if (shared && extends) relock; if (check_direct_IO()) goto buffered' },
    (s, f, t) => {
      const { ki_pos } = must(s.kiocbs[t.letter])
      const { count, offset } = must(s.iters[t.letter])
      f.from = ki_pos
      if (f.mode === 'shared' && ki_pos + count > s.inode.i_size) {
        unlockInode(s, t.letter, f.mode)
        f.mode = 'exclusive'
        return goto('relock')
      }
      const misaligned = ki_pos % SECTOR !== 0 || count % SECTOR !== 0 || offset % SECTOR !== 0
      if (misaligned || (has(s, '968f19c5b1b7') && !s.bi.nodatasum && !f.bounce)) {
        unlockInode(s, t.letter, f.mode)
        f.error = ENOTBLK
        return goto('out')
      }
      return undefined
    },
  ),
  flow<DirectWrite>((f, world) => {
    const options = { doneBefore: f.written, partial: has(world, '51bd9563b678'), bounce: f.bounce }
    return call('__iomap_dio_rw', dioRw({ ...ops, noSync: !has(world, '8184620ae212') }, false, options), 'dio')
  }, 'again'),
  ...completeWrite,
  flow<DirectWrite>((f, world) => {
    const { result, left } = must(f.done)
    if (result > 0) {
      f.from += result - f.written
      f.written = result
    }
    f.error = Math.min(0, result)
    const again = left > 0 && (result === EFAULT || result > 0 || (result === 0 && has(world, 'acf9ed3a6c00')))
    if (!again) {
      if (left > 0 && result === 0) f.error = ENOTBLK
      return goto('unlock_flow')
    }
    if (left === f.previousLeft) {
      f.error = ENOTBLK
      return goto('unlock_flow')
    }
    return undefined
  }),
  step(
    'fault_in',
    (s, f, t) =>
      `${must(s.buffers[t.letter]).unmapped ? `can fault in nothing of ${t.letter}'s buffer, and does not look at that` : `faults ${size(f.previousLeft)} of ${t.letter}'s buffer in`}${s.locks.i_rwsem.holders.includes(t.letter) ? ', with the inode lock held' : ''}; then tries again`,
    {
      row: 'direct-io A.3 A23c; A.4 A23c',
      fn: 'fault_in_iov_iter_readable',
      code: 'fault_in_iov_iter_readable(from, left); goto again (or relock)',
    },
    (s, f, t) => {
      const { offset, count } = must(s.iters[t.letter])
      f.previousLeft = count
      f.retried = true
      return touch(s, t.letter, offset, offset + count) ?? goto(unlocksForRetry(s) ? 'relock' : 'again')
    },
  ),
  flow<DirectWrite>((_f, world) => goto(unlocksForRetry(world) ? 'relock' : 'again')),
  flow<DirectWrite>((_f, world) => (unlocksForRetry(world) ? goto('out') : undefined), 'unlock_flow'),
  step(
    'unlock',
    'unlocks the inode',
    { row: 'direct-io A.4 A23d; A.8 U6, R5', code: 'btrfs_inode_unlock(inode, ilock_flags)' },
    (s, f, t) => {
      unlockInode(s, t.letter, f.mode)
      endWrite(s)
    },
  ),
  flow<DirectWrite>((f) => {
    if (f.error !== ENOTBLK) return ret(f.written > 0 ? f.written : f.error)
    return call('btrfs_buffered_write', {}, 'buffered')
  }, 'out'),
  flow<DirectWrite>((f) => {
    if (f.buffered <= 0) return ret(f.written > 0 ? f.written : f.buffered)
    return undefined
  }),
  step(
    'flush_buffered',
    (_s, f) => `starts writeback of what went through the page cache, ${range(f.from, f.from + f.buffered)}`,
    { row: "direct-io B.4 F5; A.9 A24'", code: 'btrfs_fdatawrite_range(); filemap_fdatawait_range()' },
    (_s, f) => call('btrfs_fdatawrite_range', { from: f.from, to: f.from + f.buffered }),
  ),
  step(
    'wait_buffered',
    (s, _f, t) =>
      `waits until the pages are written, then drops them from the page cache; ki_pos = ${size(must(s.kiocbs[t.letter]).ki_pos)}`,
    {
      row: "direct-io B.4 F6, F7; A.9 A24'",
      code: 'filemap_fdatawait_range(); iocb->ki_pos = pos + written_buffered; invalidate_mapping_pages()',
      when: (s, f) => waitForWriteback(s.mapping, f.from, f.from + f.buffered),
    },
    (s, f, t) => {
      const dropped = pagesOf({ from: f.from, to: f.from + f.buffered })
      must(s.kiocbs[t.letter]).ki_pos = f.from + f.buffered
      dropClean(s.mapping, dropped.from, dropped.to)
      unmapDropped(s, dropped.from, dropped.to)
      return ret(f.written + f.buffered)
    },
  ),
])

interface Begin extends ReadBegin, StartsOrdered {
  readonly read: boolean
  reclaim?: Reclaim
}

/** The part of the file that is to be mapped. */
const partOf = (f: Begin): Range => ({ from: f.pos, to: f.pos + f.length })

/**
 * btrfs_get_blocks_direct_write(): the extent for the start of a direct write. It ends where the extent map ends that is
 * found there. @returns how many bytes it covers; 0 where the data are inline, which needs the page cache.
 */
function getBlocks(s: BtrfsWorld, from: number, wanted: number): number {
  const map = getExtent(s, from, wanted)
  if (isInline(map)) return 0
  const to = Math.min(from + wanted, map.to)
  const more = { direct: true, oldSize: s.inode.i_size }
  const item = extentAt(s.subvol, from)
  if ((map.prealloc || (s.bi.nodatacow && map.disk !== null)) && item) {
    const file = { from, to: Math.min(to, endOf(item)) }
    if (canNocow(s, item, file.from, file.to)) {
      const disk = item.disk + item.at + from - item.offset
      const of = { origin: item.offset - item.at, diskLength: item.diskLength, ram: item.ram }
      if (item.kind === 'prealloc') addPinnedMap(s, file, disk, of)
      addOrdered(s, file, disk, item.kind === 'prealloc' ? 'prealloc' : 'nocow', more)
      return file.to - from
    }
  }
  const extent = newExtent(s, from, to, () => allocationHint(s, from))
  const length = extent.to - extent.from
  const file = { from, to: from + length }
  addPinnedMap(s, file, extent.from, { origin: from, diskLength: length, ram: length })
  addOrdered(s, file, extent.from, 'regular', more)
  return length
}

/** No data can be reserved; a write that may go in place needs none. */
const lacksRoom = (s: BtrfsWorld, f: Begin): boolean => !mayNocow(s) && !hasRoomFor(s, f.length)

export const btrfsDioIomapBegin = procedure<BtrfsWorld, Begin>('btrfs_dio_iomap_begin', inodeC, [
  variables<Begin>({ flush: null }),
  flow<Begin>((f) => (f.read ? goto('read') : undefined)),
  step(
    'lock_extent_direct',
    (s, f) => {
      if (f.reclaim === 'asked') return `there is no room for ${size(f.length)} of data: has some freed first`
      if (lacksRoom(s, f)) return `there is no room for ${size(f.length)} of data: -ENOSPC, and nothing has changed`
      return f.flush
        ? `the ordered extent ${range(f.flush.from, f.flush.to)} is in the way: writes its pages first`
        : `reserves data space and locks ${range(f.pos, f.pos + f.length)} in the io_tree; no ordered extent is in the way`
    },
    {
      row: 'direct-io A.3 A12, A13',
      fn: 'lock_extent_direct',
      code: 'lock_extent_direct(): wait for ordered extents in the range',
      when: (s, f, t) =>
        cannotLockExtent(s, partOf(f), t.letter) ?? (writesOrdered(s, partOf(f)) ? null : cannotStartOrdered(s, partOf(f))),
    },
    (s, f, t) => {
      if (lacksRoom(s, f)) {
        if (!canReclaim(s, f.reclaim)) return ret({ error: ENOSPC, offset: f.pos, length: 0, disk: 0 } satisfies Mapped)
        f.reclaim = 'asked'
        return call('flush_space', {})
      }
      if (!mayNocow(s)) reserveData(s, f.length)
      const flush = startOrderedExtent(s, f, partOf(f))
      if (flush) return flush
      if (isCached(s.mapping, f.pos, f.pos + f.length)) return ret({ error: ENOTBLK, offset: f.pos, length: 0, disk: 0 } satisfies Mapped)
      lockExtent(s, partOf(f), t.letter)
      return goto('get_blocks')
    },
  ),
  flow<Begin>((f) => {
    f.flush = null
    if (f.reclaim) f.reclaim = 'done'
    return goto('lock_extent_direct')
  }),
  step(
    'get_blocks',
    (s, f) => {
      const oe = orderedAt(s, f.pos)
      if (!oe) return 'the data are in the item itself: the write has to go through the page cache'
      const what = oe.kind === 'regular' ? 'allocates a disk extent' : `can write in place, to disk address ${oe.disk},`
      return `${what} and creates the ordered extent ${range(f.pos, f.pos + f.length)}; i_size is still ${size(s.inode.i_size)}`
    },
    {
      row: 'direct-io A.3 A14, A15',
      fn: 'btrfs_get_blocks_direct_write',
      code: 'btrfs_get_blocks_direct_write(): btrfs_new_extent_direct(), add em and ordered extent',
    },
    (s, f, t) => {
      const length = getBlocks(s, f.pos, f.length)
      unlockExtent(s, partOf(f), t.letter)
      if (length === 0) return ret({ error: ENOTBLK, offset: f.pos, length: 0, disk: 0 } satisfies Mapped)
      f.length = length
      lockExtent(s, partOf(f), t.letter)
      return undefined
    },
  ),
  step(
    'raise_i_size',
    (s, f) =>
      s.inode.i_size === f.pos + f.length
        ? `raises i_size to ${size(s.inode.i_size)} before any data is written`
        : `i_size stays ${size(s.inode.i_size)}`,
    { row: 'direct-io A.3 A16', code: 'if (start + len > i_size_read(inode)) i_size_write(inode, start + len)' },
    (s, f) => {
      s.inode.i_size = Math.max(s.inode.i_size, f.pos + f.length)
    },
  ),
  step(
    'unlock_extent',
    (_s, f) => `unlocks ${range(f.pos, f.pos + f.length)} in the io_tree and returns the mapping`,
    { row: 'direct-io A.3 A17', code: 'unlock_extent(); iomap->type = IOMAP_MAPPED' },
    (s, f, t) => {
      unlockExtent(s, partOf(f), t.letter)
      const ordered = must(orderedAt(s, f.pos))
      return ret({ error: 0, offset: f.pos, length: f.length, disk: ordered.disk } satisfies Mapped)
    },
  ),
  ...readBegin,
])

interface End extends ReadEnd {
  readonly read: boolean
}

export const btrfsDioIomapEnd = procedure<BtrfsWorld, End>('btrfs_dio_iomap_end', inodeC, [
  flow<End>((f) => (f.read ? goto('read') : f.submitted >= f.length ? ret(0) : undefined)),
  step(
    'cancel_tail',
    (s, f) => {
      const tail = range(f.pos + f.submitted, f.pos + f.length)
      const size_ = `i_size ${has(s, 'ff66fe666233') ? 'goes back to' : 'stays'} ${size(s.inode.i_size)}`
      return has(s, '66ff4d366e7e')
        ? `${tail} was never submitted: its ordered extent is truncated; ${size_}; returns -ENOTBLK`
        : `${tail} was never submitted: its ordered extent is marked as failed; ${size_}; returns -ENOTBLK`
    },
    { spawns: ['oe'], row: 'direct-io A.3 A19; A.9', code: 'btrfs_finish_ordered_extent(ordered, pos, length, false)' },
    (s, f, t) => {
      const at = f.pos + f.submitted
      const tail = f.length - f.submitted
      const oe = must(orderedAt(s, at))
      const sizeBefore = oe.oldSize
      const keeps = has(s, '66ff4d366e7e')
      if (!keeps && oe.kind !== 'nocow' && has(s, 'f13e01b89daf')) s.bi.cowWriteError = true
      replaceOrdered(s, oe, [
        { ...oe, bytesLeft: oe.bytesLeft - tail, ioerr: oe.ioerr || !keeps, truncatedTo: keeps ? at - oe.from : oe.truncatedTo },
      ])
      if (has(s, 'ff66fe666233') && sizeBefore !== null) s.inode.i_size = Math.max(sizeBefore, f.submitted > 0 ? f.pos + f.submitted : 0)
      queueFinish(s, t, oe.from)
      return ret(ENOTBLK)
    },
  ),
  ...readEnd,
])

export const directProcedures = [btrfsDirectWrite, btrfsDioIomapBegin, btrfsDioIomapEnd, ...directSubmitProcedures]
