/** btrfs: ordered extents and the worker that finishes them. Source: facts fsync-log-tree 3.7 (W1..W8), direct-io A.3 F1, F2. */
import { alignUp, range, size } from '../../base/range.ts'
import { flow, goto, procedure, ret, step, type Self, type Wait } from '../../engine/procedure.ts'
import { cannotLockRange, withoutRange } from '../lib/locks.ts'
import { must } from '../lib/must.ts'
import { splice } from '../lib/runs.ts'
import { sameCrc } from '../lib/sums.ts'
import { dropItems } from './tree/extents.ts'
import { dropMaps, unpinMap } from './tree/maps.ts'
import { freeExtent, pinExtent } from './space/space.ts'
import { joinTransaction } from './fsync/transaction.ts'
import { allItems, endOf, extentsIn, extentsInLeaf, extentsOf, insertItem, leafFor } from './tree/tree.ts'
import { INO, SECTOR, type BtrfsWorld, type ExtentData, type Ordered } from './world.ts'
import { markWritten } from './tree/written.ts'

export const ioLockName = 'io_tree'

/** Queues the finish work of the ordered extent that begins at `from`, once all of its bytes are accounted for. */
export function queueFinish(s: BtrfsWorld, t: Self, from: number): void {
  const oe = must(s.ordered.find((candidate) => candidate.from === from))
  if (oe.bytesLeft > 0 || oe.queued) return
  t.spawn('oe', {
    name: `ordered extent ${range(oe.from, oe.to)}`,
    procedure: 'btrfs_finish_ordered_io',
    locals: { from, insertLeft: false },
  })
  s.ordered = s.ordered.map((other) => (other === oe ? { ...oe, queued: true } : other))
}

interface Finish {
  readonly from: number
  /** The old items are dropped but the new one still has to go in. */
  insertLeft: boolean
}

const find = (s: BtrfsWorld, f: Finish): Ordered => must(s.ordered.find((oe) => oe.from === f.from))

/** The bytes that really count: a truncated ordered extent inserts only its first part. */
const validEnd = (oe: Ordered): number => (oe.truncatedTo === null ? oe.to : oe.from + oe.truncatedTo)

const itemOf = (s: BtrfsWorld, oe: Ordered): ExtentData => ({
  oid: INO,
  type: 'EXTENT_DATA',
  offset: oe.from,
  kind: 'reg',
  disk: oe.disk,
  diskLength: oe.diskLength,
  at: 0,
  length: validEnd(oe) - oe.from,
  ram: validEnd(oe) - oe.from,
  generation: s.fs.generation,
})

/** Leaves that dropping [from, to) and inserting there would change. */
function leavesTouched(s: BtrfsWorld, from: number, to: number): { readonly dropped: string[]; readonly target: string } {
  const dropped = s.subvol.filter((leaf) => extentsInLeaf(leaf, from, to).length > 0).map((leaf) => leaf.id)
  return { dropped, target: leafFor(s.subvol, { oid: INO, type: 'EXTENT_DATA', offset: from }).id }
}

function leafIsLocked(s: BtrfsWorld, leaves: readonly string[], who: string): Wait | null {
  const held = leaves.find((id) => s.leafLocks[id] !== undefined && s.leafLocks[id] !== who)
  return held === undefined ? null : { on: `leaf ${held}`, heldBy: [must(s.leafLocks[held])] }
}

export const btrfsFinishOrderedIo = procedure<BtrfsWorld, Finish>(
  'btrfs_finish_ordered_io',
  { file: 'fs/btrfs/inode.c', at: '8318ba79eeeb' },
  [
    step(
      'lock_extent',
      (s, f) => `locks ${range(f.from, find(s, f).to)} in the io_tree to finish its ordered extent`,
      {
        row: 'fsync-log-tree 3.7 W1, W2; 6.2 W1',
        code: 'lock_extent_bits(); btrfs_join_transaction()',
        when: (s, f, t) => cannotLockRange(s.io_tree.locked, { from: f.from, to: find(s, f).to }, t.letter, ioLockName),
      },
      (s, f, t) => {
        const oe = find(s, f)
        s.io_tree.locked = [...s.io_tree.locked, { from: oe.from, to: oe.to, by: t.letter }]
        if (oe.ioerr || s.fs.aborted !== 0 || validEnd(oe) === oe.from) return goto('drop_failed')
        return oe.kind === 'nocow' ? goto('update_inode') : undefined
      },
    ),
    step(
      'drop_extents',
      (s, f) => {
        const oe = find(s, f)
        if (oe.kind === 'prealloc') return `${range(oe.from, validEnd(oe))} of the preallocated extent becomes written`
        const trimmed = extentsIn(s.subvol, oe.from - 1, oe.from).find((item) => endOf(item) === oe.from && item.disk !== 0)
        const what = trimmed ? `; the item at ${size(trimmed.offset)} is now ${size(trimmed.length)} long` : ''
        return f.insertLeft
          ? `drops what items say of ${range(oe.from, validEnd(oe))}${what}; the new item lands in another leaf`
          : `replaces ${range(oe.from, validEnd(oe))} in the subvolume tree${what}: inserts (${INO} EXTENT_DATA ${oe.from}), length ${size(validEnd(oe) - oe.from)}`
      },
      {
        row: 'fsync-log-tree 3.7 W3, W4; 3.8',
        fn: 'btrfs_drop_extents',
        code: 'insert_reserved_file_extent(): btrfs_drop_extents(); insert the item',
        when: (s, f, t) => {
          const oe = find(s, f)
          const { dropped, target } = leavesTouched(s, oe.from, validEnd(oe))
          return leafIsLocked(
            s,
            dropped.length === 0 || (dropped.length === 1 && dropped[0] === target) ? [...dropped, target] : dropped,
            t.letter,
          )
        },
      },
      (s, f) => {
        const oe = find(s, f)
        if (oe.kind === 'prealloc') return markWritten(s, oe.from, validEnd(oe))
        const { dropped, target } = leavesTouched(s, oe.from, validEnd(oe))
        const whole = dropped.length === 0 || (dropped.length === 1 && dropped[0] === target)
        dropItems(s, oe.from, validEnd(oe))
        // The path still points into the leaf, even where its first item is gone and a new descent would end in its neighbour.
        const leaf = must(s.subvol.find(({ id }) => id === target))
        f.insertLeft = !(whole && leaf.room > 0)
        if (!f.insertLeft) insertItem(s.subvol, itemOf(s, oe), s.fs.generation, s.fs.leafRoom, leaf)
      },
    ),
    flow<Finish>((f) => (f.insertLeft ? undefined : goto('add_csums'))),
    step(
      'insert_item',
      (s, f) =>
        `inserts (${INO} EXTENT_DATA ${f.from}), length ${size(validEnd(find(s, f)) - f.from)}, into leaf ${leafFor(s.subvol, itemOf(s, find(s, f))).id}`,
      {
        row: 'fsync-log-tree 3.7 W4',
        fn: 'btrfs_insert_empty_items',
        code: 'btrfs_insert_empty_item()',
        when: (s, f, t) => leafIsLocked(s, [leafFor(s.subvol, itemOf(s, find(s, f))).id], t.letter),
      },
      (s, f) => {
        insertItem(s.subvol, itemOf(s, find(s, f)), s.fs.generation, s.fs.leafRoom)
      },
    ),
    step(
      'add_csums',
      (s) =>
        s.bi.nodatasum
          ? 'unpins the extent map; the inode has no data checksums'
          : 'unpins the extent map and adds the checksums to the csum tree',
      { row: 'fsync-log-tree 3.7 W5, W6; direct-io B.3 B8', fn: 'add_pending_csums', code: 'unpin_extent_cache(); add_pending_csums()' },
      (s, f) => {
        const oe = find(s, f)
        unpinMap(s, oe.from)
        for (const { from, to, sums } of oe.sums) s.csums = splice(s.csums, from, to, sums, sameCrc)
      },
    ),
    step(
      'update_inode',
      (s) => `updates the inode item (disk_i_size = ${size(s.bi.disk_i_size)}) and unlocks the range`,
      {
        row: 'fsync-log-tree 3.7 W7; direct-io A.3 F2',
        code: 'btrfs_inode_safe_disk_i_size_write(); btrfs_update_inode_fallback(); unlock_extent()',
      },
      (s, f, t) => {
        const oe = find(s, f)
        s.bi.disk_i_size = safeDiskSize(s)
        joinTransaction(s)
        // Of a truncated one, the rest of the range is no extent.
        if (validEnd(oe) < oe.to) dropMaps(s, validEnd(oe), oe.to)
        s.io_tree.locked = withoutRange(s.io_tree.locked, oe, t.letter)
      },
    ),
    step(
      'remove_ordered',
      (_s, f) => `removes the ordered extent at ${size(f.from)} and wakes whoever waited for it`,
      { row: 'fsync-log-tree 3.7 W8', fn: 'btrfs_remove_ordered_extent', code: 'btrfs_remove_ordered_extent()' },
      (s, f) => {
        s.ordered = s.ordered.filter((oe) => oe.from !== f.from)
        return ret()
      },
    ),
    step(
      'drop_failed',
      (s, f) =>
        `the ordered extent at ${size(f.from)} has no data to insert: its disk extent is freed, there is no file extent item; i_size stays ${size(s.inode.i_size)}`,
      { row: 'direct-io A.3 F1', code: 'if (IOERR) drop the extent map, btrfs_free_reserved_extent()' },
      (s, f, t) => {
        const oe = find(s, f)
        s.io_tree.locked = withoutRange(s.io_tree.locked, oe, t.letter)
        dropMaps(s, oe.from, oe.to)
        // A failed direct write's space would be free at once; waiting for the commit keeps addresses from telling states apart.
        const space = { from: oe.disk, to: oe.disk + oe.diskLength }
        if (oe.kind === 'regular') (oe.direct ? pinExtent : freeExtent)(s.space, space)
        s.ordered = s.ordered.filter((oe) => oe.from !== f.from)
      },
    ),
  ],
)

/** btrfs_inode_safe_disk_i_size_write(): i_size with NO_HOLES, otherwise only what items cover from 0 on. Facts direct-io A.5. */
export function safeDiskSize(s: BtrfsWorld): number {
  if (s.fs.noHoles) return s.inode.i_size
  let covered = 0
  for (const item of extentsOf(allItems(s.subvol))) if (item.offset <= covered) covered = Math.max(covered, endOf(item))
  return Math.min(s.inode.i_size, alignUp(covered, SECTOR))
}

export const orderedProcedures = [btrfsFinishOrderedIo]
