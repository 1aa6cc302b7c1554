/** btrfs: punching holes. Source: fs/btrfs/file.c v6.1, btrfs_punch_hole(), btrfs_replace_file_extents(), fill_holes(). */
import { alignDown, alignUp, range } from '../../../base/range.ts'
import { call, flow, goto, procedure, ret, step } from '../../../engine/procedure.ts'
import { variables } from '../../lib/variables.ts'
import { waitForWriteback } from '../../mm/cache.ts'
import { dropItems, holeItem } from '../tree/extents.ts'
import { lockInode, lockMmap, unlockInode, unlockMmap } from '../inode-lock.ts'
import { dropMaps, firstNonHole, holeMap, replaceMap } from '../tree/maps.ts'
import { dropPages } from '../buffered/pages.ts'
import { touchInode } from '../fsync/transaction.ts'
import { allItems, endOf, extentsOf, insertItem, replaceItem } from '../tree/tree.ts'
import { SECTOR, type BtrfsWorld } from '../world.ts'

interface PunchHole {
  offset: number
  length: number
  /** The whole blocks in between. */
  from: number
  to: number
  /** All of it lies in one block. */
  single: boolean
  /** A block at a border was zeroed in part. */
  zeroed: boolean
}

/** fill_holes(): the map of the hole, and without NO_HOLES its item, joined with a hole next to it. */
function fillHoles(s: BtrfsWorld, from: number, to: number): void {
  const { generation, leafRoom, noHoles } = s.fs
  if (!noHoles) {
    const holes = extentsOf(allItems(s.subvol)).filter((item) => item.disk === 0)
    const before = holes.find((item) => endOf(item) === from)
    const next = before ? undefined : holes.find((item) => item.offset === to)
    const joined = before ?? next
    if (joined) {
      const length = joined.length + to - from
      replaceItem(s.subvol, joined, [], generation)
      insertItem(
        s.subvol,
        { ...joined, offset: before ? joined.offset : from, length, ram: length, at: 0, generation },
        generation,
        leafRoom,
      )
    } else insertItem(s.subvol, holeItem(from, to, generation), generation, leafRoom)
  }
  replaceMap(s, holeMap(from, to, generation))
}

export const btrfsPunchHole = procedure<BtrfsWorld, PunchHole>('btrfs_punch_hole', { file: 'fs/btrfs/file.c', at: 'v6.1' }, [
  variables<PunchHole>({ from: 0, to: 0, single: false, zeroed: false }),
  lockInode('punching takes the inode lock', { row: 'v6.1 btrfs_punch_hole()', code: 'btrfs_inode_lock(inode, ilock_flags)' }),
  lockMmap('takes i_mmap_lock for writing', {
    row: 'v6.1 btrfs_inode_lock()',
    code: 'down_write(&inode->i_mmap_lock)',
    onlyWith: '8d9b4a162a37',
  }),
  flow<PunchHole>((f) => call('btrfs_wait_ordered_range', { from: f.offset, to: f.offset + f.length })),
  step(
    'zero_first_block',
    (_s, f) => `looks for data from ${range(f.offset, f.offset + f.length)} on; a block that begins outside is zeroed in part`,
    { row: 'v6.1 btrfs_punch_hole()', code: 'find_first_non_hole(); btrfs_truncate_block(inode, offset, 0, 0)' },
    (s, f) => {
      const asked = f.offset
      const found = firstNonHole(s, f.offset, f.length)
      if (found.hole && found.length === 0) return goto('unlock')
      touchInode(s)
      f.offset = found.from
      f.length = found.length
      const end = f.offset + f.length
      f.from = alignUp(f.offset, SECTOR)
      f.to = alignDown(end, SECTOR)
      f.zeroed = f.offset < alignUp(s.inode.i_size, SECTOR)
      f.single = alignDown(f.offset, SECTOR) === alignDown(end - 1, SECTOR) && f.length < SECTOR
      if (f.single) return f.zeroed ? call('btrfs_truncate_block', { from: f.offset, length: f.length }) : goto('unlock')
      const next = f.offset === asked ? goto('find_again') : goto('zero_last_block')
      if (!f.zeroed || f.offset === f.from) return next
      return call('btrfs_truncate_block', { from: f.offset })
    },
  ),
  flow<PunchHole>((f) => (f.single ? goto('touch') : undefined)),
  step(
    'find_again',
    (_s, f) => `looks again from ${range(f.from, f.offset + f.length)} on`,
    { row: 'v6.1 btrfs_punch_hole()', code: 'find_first_non_hole(inode, &offset, &len)' },
    (s, f) => {
      const found = firstNonHole(s, f.from, f.offset + f.length - f.from)
      if (found.hole && found.length === 0) return goto('touch')
      f.offset = found.from
      f.length = found.length
      f.from = f.offset
      return undefined
    },
  ),
  step(
    'zero_last_block',
    (_s, f) => `a block that ends outside ${range(f.from, f.offset + f.length)} is zeroed in part`,
    { row: 'v6.1 btrfs_punch_hole()', code: 'btrfs_truncate_block(inode, tail_start + tail_len, 0, 1)' },
    (s, f) => {
      const end = f.offset + f.length
      if (end <= f.to || firstNonHole(s, f.to, end - f.to).hole || end >= alignUp(s.inode.i_size, SECTOR)) return undefined
      f.zeroed = true
      return call('btrfs_truncate_block', { from: end, front: true })
    },
  ),
  flow<PunchHole>((f) => (f.from < f.to ? undefined : goto('touch'))),
  step(
    'drop_extents',
    (_s, f) => `drops pages, extent maps and items of ${range(f.from, f.to)}`,
    {
      spawns: ['oe'],
      row: 'v6.1 btrfs_replace_file_extents()',
      code: 'btrfs_punch_hole_lock_range(); btrfs_drop_extents(); fill_holes()',
      when: (s, f) => waitForWriteback(s.mapping, f.from, f.to),
    },
    (s, f, t) => {
      dropPages(s, t, f.from, f.to)
      dropItems(s, f.from, f.to)
      dropMaps(s, f.from, f.to)
      if (f.from < alignUp(s.inode.i_size, SECTOR)) fillHoles(s, f.from, f.to)
      touchInode(s)
      return goto('unlock')
    },
  ),
  step('touch', 'updates the inode item', { row: 'v6.1 btrfs_punch_hole()', code: 'btrfs_update_inode(trans, root, inode)' }, (s, f) => {
    if (f.zeroed) touchInode(s)
  }),
  step('unlock', 'unlocks the inode', { row: 'v6.1 btrfs_inode_unlock()', code: 'btrfs_inode_unlock(inode, ilock_flags)' }, (s, _f, t) => {
    unlockMmap(s, t.letter)
    unlockInode(s, t.letter)
    return ret(0)
  }),
])

export const punchProcedures = [btrfsPunchHole]
