/** btrfs: changing the size. Source: fs/btrfs/inode.c v6.1, btrfs_setsize() and btrfs_truncate(); facts fsync-log-tree 10 item 7. */
import { alignUp, size } from '../../base/range.ts'
import { call, procedure, ret, step, type Self } from '../../engine/procedure.ts'
import { cannotLock, dropLock, takeLock } from '../locks.ts'
import { cannotLockPages, setCache, waitForWriteback } from '../mm/cache.ts'
import { clip, cutOut } from '../runs.ts'
import { contExpand } from './expand.ts'
import { dropExtents } from './extents.ts'
import { queueFinish } from './ordered.ts'
import { SECTOR, type BtrfsWorld, type Ordered } from './world.ts'
import { LLONG_MAX } from './writeback.ts'

interface SetSize {
  readonly to: number
}

export const btrfsSetsize = procedure<BtrfsWorld, SetSize>('btrfs_setsize', { file: 'fs/btrfs/inode.c', at: 'v6.1' }, [
  step(
    'lock_inode',
    'truncate takes the inode lock',
    { row: 'v6.1 do_truncate()', code: 'inode_lock(inode)', when: (s) => cannotLock(s.locks.i_rwsem, 'exclusive', 'inode lock') },
    (s, _f, t) => takeLock(s.locks.i_rwsem, 'exclusive', t.letter),
  ),
  step(
    'setsize',
    (s) => `i_size becomes ${size(s.inode.i_size)}`,
    { row: 'v6.1 btrfs_setsize()', code: 'new > old ? btrfs_cont_expand() : truncate_setsize()' },
    (s, f, t) => {
      const old = s.inode.i_size
      if (f.to > old) contExpand(s, alignUp(f.to, SECTOR))
      s.inode.i_size = f.to
      if (f.to > old) {
        s.bi.disk_i_size = s.fs.noHoles ? f.to : s.bi.disk_i_size
        dropLock(s.locks.i_rwsem, t.letter)
        return ret(0)
      }
      return undefined
    },
  ),
  step(
    'truncate_pagecache',
    (_s, f) => `drops cached pages past ${size(f.to)}, dirty or not`,
    {
      row: 'v6.1 btrfs_setsize()',
      code: 'truncate_pagecache(inode, newsize)  /* waits for page locks and writeback */',
      when: (s, f, t) => {
        const gone = { from: alignUp(f.to, SECTOR), to: LLONG_MAX }
        return cannotLockPages(s.mapping, gone, t.letter) ?? waitForWriteback(s.mapping, gone.from, gone.to)
      },
    },
    (s, f, t) => {
      const end = alignUp(f.to, SECTOR)
      for (const oe of s.ordered.filter((candidate) => candidate.to > end)) dropUnwritten(s, t, oe, end)
      setCache(s.mapping, end, LLONG_MAX, [])
      s.io_tree.delalloc = cutOut(s.io_tree.delalloc, end, LLONG_MAX)
    },
  ),
  step(
    'inode_dio_wait',
    'no direct I/O is in flight',
    {
      row: 'v6.1 btrfs_setsize()',
      code: 'inode_dio_wait(inode)',
      when: (s) => (s.inode.i_dio_count > 0 ? { on: 'i_dio_count to reach 0', heldBy: [] } : null),
    },
    (_s, f) => call('btrfs_wait_ordered_range', { from: alignUp(f.to, SECTOR), to: LLONG_MAX }),
  ),
  step(
    'truncate_items',
    (_s, f) => `drops the items past ${size(f.to)}; the next fsync will be a full one`,
    { row: 'v6.1 btrfs_truncate(); fsync-log-tree 10 item 7', code: 'btrfs_truncate_inode_items(); set_bit(NEEDS_FULL_SYNC)' },
    (s, f, t) => {
      dropExtents(s.subvol, alignUp(f.to, SECTOR), LLONG_MAX, s.fs.generation, s.fs.leafRoom)
      s.bi.disk_i_size = Math.min(s.bi.disk_i_size, f.to)
      s.bi.needsFullSync = true
      dropLock(s.locks.i_rwsem, t.letter)
      return ret(0)
    },
  ),
])

/**
 * btrfs_invalidate_folio(): dirty pages that an ordered extent waits for will never be written; it is truncated there, and
 * finishes once the rest is done.
 */
function dropUnwritten(s: BtrfsWorld, t: Self, oe: Ordered, end: number): void {
  const from = Math.max(oe.from, end)
  const dirty = clip(s.mapping.runs, from, oe.to).filter((run) => run.dirty)
  const bytes = dirty.reduce((sum, run) => sum + run.to - run.from, 0)
  if (bytes === 0) return
  const kept = Math.min(oe.truncatedTo ?? oe.to - oe.from, from - oe.from)
  s.ordered = s.ordered.map((other) => (other.from === oe.from ? { ...oe, bytesLeft: oe.bytesLeft - bytes, truncatedTo: kept } : other))
  queueFinish(s, t, oe.from)
}

export const truncateProcedures = [btrfsSetsize]
