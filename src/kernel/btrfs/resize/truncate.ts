/** btrfs: changing the size. Source: fs/btrfs/inode.c v6.1, btrfs_setsize() and btrfs_truncate(); facts fsync-log-tree 10 item 7. */
import { alignDown, alignUp, size } from '../../../base/range.ts'
import { call, goto, procedure, ret, step, type Control } from '../../../engine/procedure.ts'
import type { Letter } from '../../../engine/view.ts'
import { cannotLockPages, waitForWriteback, zeroPages } from '../../mm/cache.ts'
import { contExpand, hasTail } from './expand.ts'
import { dropItems } from '../tree/extents.ts'
import { lockInode, unlockInode } from '../inode-lock.ts'
import { dropMaps } from '../tree/maps.ts'
import { safeDiskSize } from '../ordered.ts'
import { dropPages } from '../buffered/pages.ts'
import { setFullSync, touchInode } from '../fsync/transaction.ts'
import { allItems, endOf, extentsOf, replaceItem } from '../tree/tree.ts'
import { SECTOR, type BtrfsWorld } from '../world.ts'
import { LLONG_MAX } from '../buffered/writeback.ts'

interface SetSize {
  readonly to: number
  /** The size is what it was: nothing has to be written back first. */
  same?: boolean
}

export const btrfsSetsize = procedure<BtrfsWorld, SetSize>('btrfs_setsize', { file: 'fs/btrfs/inode.c', at: 'v6.1' }, [
  lockInode('truncate takes the inode lock', { row: 'v6.1 do_truncate()', code: 'inode_lock(inode)' }),
  step(
    'setsize',
    (s, f) =>
      s.inode.i_size === f.to ? `i_size becomes ${size(f.to)}` : `zeroes the rest of the last block, before i_size becomes ${size(f.to)}`,
    { row: 'v6.1 btrfs_setsize()', code: 'new > old ? btrfs_cont_expand() : truncate_setsize()' },
    (s, f, t) => {
      const old = s.inode.i_size
      if (f.to > old) {
        if (hasTail(old)) return call('btrfs_truncate_block', { from: old })
        return expand(s, f.to, t.letter)
      }
      f.same = f.to === old
      s.inode.i_size = f.to
      return goto('truncate_pagecache')
    },
  ),
  step(
    'cont_expand',
    (_s, f) => `i_size becomes ${size(f.to)}`,
    { row: 'v6.1 btrfs_cont_expand()', code: 'btrfs_cont_expand(); i_size_write(inode, newsize)' },
    (s, f, t) => expand(s, f.to, t.letter),
  ),
  step(
    'truncate_pagecache',
    (_s, f) => `drops cached pages past ${size(f.to)}, dirty or not`,
    {
      spawns: ['oe'],
      row: 'v6.1 btrfs_setsize()',
      code: 'truncate_pagecache(inode, newsize)  /* waits for page locks and writeback */',
      when: (s, f, t) => {
        const gone = { from: alignDown(f.to, SECTOR), to: LLONG_MAX }
        return cannotLockPages(s.mapping, gone, t.letter) ?? waitForWriteback(s.mapping, gone.from, gone.to)
      },
    },
    (s, f, t) => {
      const end = alignUp(f.to, SECTOR)
      dropPages(s, t, end, LLONG_MAX)
      if (f.to < end) zeroPages(s.mapping, f.to, end)
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
    (_s, f) => (f.same ? undefined : call('btrfs_wait_ordered_range', { from: alignDown(f.to, SECTOR), to: LLONG_MAX })),
  ),
  step(
    'truncate_items',
    (s, f) => `drops the items past ${size(f.to)}${s.bi.needsFullSync ? '; the next fsync will be a full one' : ''}`,
    { row: 'v6.1 btrfs_truncate(); fsync-log-tree 10 item 7', code: 'btrfs_truncate_inode_items(); btrfs_set_inode_full_sync()' },
    (s, f, t) => {
      const items = extentsOf(allItems(s.subvol))
      const inline = items.find((item) => item.kind === 'inline' && item.ram > f.to)
      const found = inline !== undefined || items.some((item) => item.kind !== 'inline' && endOf(item) > f.to)
      const end = alignUp(f.to, SECTOR)
      dropMaps(s, end, LLONG_MAX)
      dropItems(s, end, LLONG_MAX)
      if (inline && f.to > 0) replaceItem(s.subvol, inline, [{ ...inline, ram: f.to }], s.fs.generation)
      s.bi.disk_i_size = safeDiskSize(s)
      touchInode(s)
      if (found) setFullSync(s)
      unlockInode(s, t.letter)
      return ret(0)
    },
  ),
])

/** The growing half of btrfs_setsize(). */
function expand(s: BtrfsWorld, to: number, task: Letter): Control {
  contExpand(s, to)
  s.inode.i_size = to
  s.bi.disk_i_size = safeDiskSize(s)
  touchInode(s)
  unlockInode(s, task)
  return ret(0)
}

export const truncateProcedures = [btrfsSetsize]
