/** btrfs: fallocate() and its variants that allocate. Source: facts fsync-log-tree 3.9 (G1..G8); fs/btrfs/file.c v6.1, btrfs_zero_range(). */
import { alignDown, alignUp, overlaps, range, size, type Range } from '../../../base/range.ts'
import { call, flow, goto, procedure, ret, step, type Control } from '../../../engine/procedure.ts'
import type { Fallocate } from '../../lib/operations.ts'
import { join } from '../../lib/runs.ts'
import { variables } from '../../lib/variables.ts'
import { canReclaim, lacksMetadata, newExtent, reserveData, waitForMetadata, type Reclaim } from '../space/reserve.ts'
import { contExpand, hasTail } from './expand.ts'
import { dropItems } from '../tree/extents.ts'
import { lockInode, lockMmap, unlockInode, unlockMmap } from '../inode-lock.ts'
import { cannotLockExtent, lockExtent, unlockExtent } from '../io-tree.ts'
import { getExtent, replaceMap } from '../tree/maps.ts'
import { safeDiskSize } from '../ordered.ts'
import { dropPages } from '../buffered/pages.ts'
import { touchInode } from '../fsync/transaction.ts'
import { insertItem } from '../tree/tree.ts'
import { ENOSPC, errorName } from '../../lib/errno.ts'
import { INO, SECTOR, type BtrfsWorld } from '../world.ts'

const source = { file: 'fs/btrfs/file.c', at: 'v6.1' }

/** btrfs_fallocate_update_isize() */
function updateSize(s: BtrfsWorld, end: number, keepSize: boolean): void {
  if (keepSize || end <= s.inode.i_size) return
  s.inode.i_size = end
  s.bi.disk_i_size = safeDiskSize(s)
  touchInode(s)
}

/** btrfs_prealloc_file_range(): replaces [from, to) by preallocated extents. @returns a hint for the next one. */
function preallocate(s: BtrfsWorld, from: number, to: number, firstHint: number): number {
  let hint = firstHint
  let last = Infinity
  for (let at = from; at < to;) {
    touchInode(s)
    // Where the allocator returned less than it was asked for, it is asked for no more than that again.
    const extent = newExtent(s, at, Math.min(to, at + last), () => hint)
    const length = extent.to - extent.from
    last = length
    dropItems(s, at, at + length)
    const { generation, leafRoom } = s.fs
    const shared = { diskLength: length, ram: length, generation }
    insertItem(
      s.subvol,
      { oid: INO, type: 'EXTENT_DATA', offset: at, kind: 'prealloc', disk: extent.from, at: 0, length, ...shared },
      generation,
      leafRoom,
    )
    replaceMap(s, { from: at, to: at + length, disk: extent.from, origin: at, prealloc: true, modified: true, merged: false, ...shared })
    s.bi.hasPrealloc = true
    hint = extent.to
    at += length
  }
  return hint
}

const bytesOf = (parts: readonly { readonly from: number; readonly to: number }[]): number =>
  parts.reduce((sum, { from, to }) => sum + to - from, 0)

/** What fallocate() has to fill: holes, and what lies past the end of the file without being preallocated. */
function missing(s: BtrfsWorld, from: number, to: number): { readonly from: number; readonly to: number }[] {
  const out: { from: number; to: number }[] = []
  for (let at = from; at < to;) {
    const map = getExtent(s, at, to - at)
    const next = alignUp(Math.min(map.to, to), SECTOR)
    if (map.disk === null || (at >= s.inode.i_size && !map.prealloc)) out.push({ from: at, to: next })
    at = next
  }
  return join(out, () => true)
}

/** The blocks that the call reaches into. */
const blocks = ({ offset, length }: Fallocate): Range => ({ from: alignDown(offset, SECTOR), to: alignUp(offset + length, SECTOR) })

interface Fallocating extends Fallocate {
  expand: boolean
  result: number
  reclaim?: Reclaim
}

export const btrfsFallocate = procedure<BtrfsWorld, Fallocating>('btrfs_fallocate', source, [
  variables<Fallocating>({ expand: false, result: 0 }),
  flow<Fallocating>((f) =>
    f.mode === 'punch' ? call('btrfs_punch_hole', { offset: f.offset, length: f.length }, 'result') : goto('lock_inode'),
  ),
  flow<Fallocating>((f) => ret(f.result)),
  lockInode('fallocate takes the inode lock', { row: 'fsync-log-tree 3.9 G1', code: 'btrfs_inode_lock(inode, ilock_flags)' }),
  lockMmap('takes i_mmap_lock for writing', {
    row: 'fsync-log-tree 3.9 G1',
    code: 'down_write(&inode->i_mmap_lock)',
    onlyWith: '8d9b4a162a37',
  }),
  step(
    'expand',
    (_s, f) => `prepares ${range(f.offset, f.offset + f.length)}: what lies between the end of the file and it becomes a hole`,
    {
      row: 'fsync-log-tree 3.9 G2',
      code: 'if (alloc_start > i_size) btrfs_cont_expand(); else if (offset + len > i_size) btrfs_truncate_block()',
    },
    (s, f) => {
      touchInode(s)
      const start = alignDown(f.offset, SECTOR)
      f.expand = start > s.inode.i_size
      if (f.offset + f.length > s.inode.i_size && hasTail(s.inode.i_size)) return call('btrfs_truncate_block', { from: s.inode.i_size })
      if (f.expand) contExpand(s, start)
      return goto('wait_ordered')
    },
  ),
  flow<Fallocating>((f) => (f.expand ? undefined : goto('wait_ordered'))),
  step(
    'cont_expand',
    (s, f) => `makes ${range(s.inode.i_size, f.offset)} a hole`,
    { row: 'fsync-log-tree 3.9 G2', code: 'btrfs_cont_expand(inode, i_size, alloc_start)' },
    (s, f) => contExpand(s, alignDown(f.offset, SECTOR)),
  ),
  flow<Fallocating>(
    (f) => call('btrfs_wait_ordered_range', blocks(f)), // G3
    'wait_ordered',
  ),
  flow<Fallocating>((f) =>
    f.mode === 'zero'
      ? call('btrfs_zero_range', { offset: f.offset, length: f.length, keepSize: f.keepSize }, 'result')
      : goto('lock_extent'),
  ),
  flow(() => goto('unlock')),
  step(
    'lock_extent',
    (_s, f) => `locks ${range(blocks(f).from, blocks(f).to)} in the io_tree`,
    {
      row: 'fsync-log-tree 3.9 G4',
      code: 'lock_extent_bits(io_tree, alloc_start, locked_end)',
      when: (s, f, t) => cannotLockExtent(s, blocks(f), t.letter),
    },
    (s, f, t) => lockExtent(s, blocks(f), t.letter),
  ),
  step(
    'lookup_ordered',
    (s, f) =>
      s.ordered.some((oe) => overlaps(oe, blocks(f)))
        ? 'an ordered extent lies in the range: unlocks it and waits for that'
        : 'no ordered extent lies in the range',
    { row: 'fsync-log-tree 3.9 G5', code: 'ordered = btrfs_lookup_first_ordered_extent(inode, locked_end)  /* until 5.19 */' },
    (s, f, t) => {
      if (!s.ordered.some((oe) => overlaps(oe, blocks(f)))) return goto('start_transaction')
      unlockExtent(s, blocks(f), t.letter)
      return goto('wait_ordered')
    },
  ),
  step(
    'start_transaction',
    (s, _f, t) =>
      s.space.metadata?.ticket === t.letter ? 'metadata space is short: queues a ticket' : 'reserves metadata for a transaction',
    { row: 'fsync-log-tree 3.9 G6a', code: 'btrfs_prealloc_file_range(): btrfs_start_transaction(root, 3)' },
    (s, _f, t) => {
      if (s.space.metadata && lacksMetadata(s)) s.space.metadata.ticket = t.letter
    },
  ),
  step(
    'preallocate',
    (s, f) => {
      const where = range(f.offset, f.offset + f.length)
      if (f.reclaim === 'asked') return `there is no room for what is missing in ${where}: has some freed first`
      if (f.result) return `there is no room for what is missing in ${where}: ${errorName(f.result)}, and nothing is allocated`
      return `preallocates what is missing in ${where}; i_size is ${size(s.inode.i_size)}`
    },
    {
      row: 'fsync-log-tree 3.9 G6b',
      code: 'btrfs_alloc_data_chunk_ondemand(); for each hole: btrfs_prealloc_file_range(); btrfs_fallocate_update_isize()',
      when: (s) => waitForMetadata(s),
    },
    (s, f) => {
      if (s.space.metadata?.failed) {
        f.result = ENOSPC
        return goto('unlock_extent')
      }
      if (s.space.metadata) s.space.metadata.ticket = null
      const parts = missing(s, blocks(f).from, blocks(f).to)
      if (!reserveData(s, bytesOf(parts))) {
        if (canReclaim(s, f.reclaim)) {
          f.reclaim = 'asked'
          return call('flush_space', {})
        }
        f.result = ENOSPC
        return goto('unlock_extent')
      }
      let hint = 0
      for (const part of parts) hint = preallocate(s, part.from, part.to, hint)
      updateSize(s, f.offset + f.length, f.keepSize)
      return goto('unlock_extent')
    },
  ),
  flow<Fallocating>((f) => {
    f.reclaim = 'done'
    return goto('preallocate')
  }),
  step(
    'unlock_extent',
    (_s, f) => `unlocks ${range(blocks(f).from, blocks(f).to)} in the io_tree`,
    { row: 'fsync-log-tree 3.9 G7', code: 'unlock_extent_cached(io_tree, alloc_start, locked_end)' },
    (s, f, t) => unlockExtent(s, blocks(f), t.letter),
  ),
  step('unlock', 'unlocks the inode', { row: 'fsync-log-tree 3.9 G8', code: 'btrfs_inode_unlock(inode, ilock_flags)' }, (s, f, t) => {
    unlockMmap(s, t.letter)
    unlockInode(s, t.letter)
    return ret(f.result)
  }),
])

interface ZeroRange {
  offset: number
  length: number
  readonly keepSize: boolean
  /** The whole blocks that get a new preallocated extent. */
  from: number
  to: number
  hint: number
  /** All of it lies in one block. */
  single: boolean
  reclaim?: Reclaim
  error?: number
}

/** btrfs_zero_range_check_range_boundary(): what the block at this offset is. */
function boundary(s: BtrfsWorld, at: number): 'hole' | 'prealloc' | 'written' {
  const map = getExtent(s, alignDown(at, SECTOR), SECTOR)
  return map.disk === null ? 'hole' : map.prealloc ? 'prealloc' : 'written'
}

export const btrfsZeroRange = procedure<BtrfsWorld, ZeroRange>('btrfs_zero_range', source, [
  variables<ZeroRange>({ from: 0, to: 0, hint: 0, single: false }),
  step(
    'check_start',
    (_s, f) => `looks at what is there at the start of ${range(f.offset, f.offset + f.length)}`,
    { row: 'v6.1 btrfs_zero_range()', code: 'btrfs_get_extent(); btrfs_zero_range_check_range_boundary(inode, offset)' },
    (s, f) => {
      const end = f.offset + f.length
      f.from = alignDown(f.offset, SECTOR)
      f.to = alignUp(end, SECTOR)
      const map = getExtent(s, f.from, f.to - f.from)
      if (map.prealloc && map.disk !== null) {
        f.from = map.to
        if (map.to >= end) return goto('skip')
        f.offset = map.to
        f.length = end - map.to
        f.hint = map.disk + map.to - map.from
      }
      if (alignDown(f.offset, SECTOR) === alignDown(end - 1, SECTOR)) return oneBlock(s, f)
      f.from = alignUp(f.offset, SECTOR)
      f.to = alignDown(end, SECTOR)
      if (f.offset === f.from) return goto('check_end')
      const kind = boundary(s, f.offset)
      if (kind === 'hole') f.from = alignDown(f.offset, SECTOR)
      return kind === 'written' ? call('btrfs_truncate_block', { from: f.offset }) : goto('check_end')
    },
  ),
  flow<ZeroRange>((f) => (f.single ? goto('skip') : undefined)),
  step(
    'check_end',
    (_s, f) => `looks at what is there at ${size(f.offset + f.length)}`,
    { row: 'v6.1 btrfs_zero_range()', code: 'btrfs_zero_range_check_range_boundary(inode, offset + len)' },
    (s, f) => {
      const end = f.offset + f.length
      if (end % SECTOR === 0) return goto('reserve')
      const kind = boundary(s, end)
      if (kind === 'hole') f.to = alignUp(end, SECTOR)
      return kind === 'written' ? call('btrfs_truncate_block', { from: end, front: true }) : goto('reserve')
    },
  ),
  step(
    'reserve',
    (_s, f) => {
      if (f.from >= f.to) return 'no whole block is left to preallocate'
      if (f.reclaim === 'asked') return `there is no room for ${range(f.from, f.to)}: has some freed first`
      return f.error
        ? `there is no room for ${range(f.from, f.to)}: ${errorName(f.error)}, and nothing is allocated`
        : `drops the pages of ${range(f.from, f.to)} and preallocates it anew`
    },
    {
      spawns: ['oe'],
      row: 'v6.1 btrfs_zero_range()',
      code: 'btrfs_alloc_data_chunk_ondemand(); btrfs_punch_hole_lock_range(); btrfs_prealloc_file_range()',
    },
    (s, f, t) => {
      if (f.from < f.to) {
        if (!reserveData(s, f.to - f.from)) {
          if (canReclaim(s, f.reclaim)) {
            f.reclaim = 'asked'
            return call('flush_space', {})
          }
          f.error = ENOSPC
          return ret(f.error)
        }
        dropPages(s, t, f.from, f.to)
        preallocate(s, f.from, f.to, f.hint)
      }
      updateSize(s, f.offset + f.length, f.keepSize)
      return ret(0)
    },
  ),
  flow<ZeroRange>((f) => {
    f.reclaim = 'done'
    return goto('reserve')
  }),
  step(
    'skip',
    (s) => `nothing has to be allocated; i_size is ${size(s.inode.i_size)}`,
    { row: 'v6.1 btrfs_fallocate_update_isize()', code: 'btrfs_fallocate_update_isize(inode, offset + len, mode)' },
    (s, f) => {
      updateSize(s, f.offset + f.length, f.keepSize)
      return ret(0)
    },
  ),
])

/** The range lies within one block. */
function oneBlock(s: BtrfsWorld, f: ZeroRange): Control {
  const map = getExtent(s, f.from, SECTOR)
  if (map.prealloc) return goto('skip')
  f.from = alignDown(f.offset, SECTOR)
  if (f.length < SECTOR && map.disk !== null) {
    f.single = true
    return call('btrfs_truncate_block', { from: f.offset, length: f.length })
  }
  f.to = f.from + SECTOR
  return goto('reserve')
}

export const preallocProcedures = [btrfsFallocate, btrfsZeroRange]
