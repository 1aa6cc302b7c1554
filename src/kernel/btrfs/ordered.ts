/** btrfs: ordered extents and the worker that finishes them. Source: facts fsync-log-tree 3.7 (W1..W8), direct-io A.3 F1, F2. */
import { alignUp, range, size, type Range } from '../../base/range.ts'
import { call, flow, goto, procedure, ret, step, type Control, type Self, type Wait } from '../../engine/procedure.ts'
import { reshape, stretches } from '../../engine/stretches.ts'
import { must } from '../lib/must.ts'
import { splice } from '../lib/runs.ts'
import { sameCrc } from '../lib/sums.ts'
import { cannotLockExtent, lockExtent, unlockExtent } from './io-tree.ts'
import { dropItems } from './tree/extents.ts'
import { dropMaps, unpinMap } from './tree/maps.ts'
import { freeExtent, pinExtent } from './space/space.ts'
import { touchInode } from './fsync/transaction.ts'
import { allItems, endOf, extentsInLeaf, extentsOf, insertItem, leafFor } from './tree/tree.ts'
import { INO, SECTOR, type BtrfsWorld, type ExtentData, type Ordered } from './world.ts'
import { markWritten } from './tree/written.ts'
import { cached } from '../mm/cache.ts'

/** A procedure that may find an ordered extent in its way and has its pages written first. */
export interface StartsOrdered {
  /** The ordered extent whose pages are being written; null = none was in the way. */
  flush: Range | null
}

/** The ordered extent over a file offset. */
export const orderedAt = (s: BtrfsWorld, offset: number): Ordered | undefined =>
  stretches(s, 'ordered', { from: offset, to: offset + 1 })[0]

/** The ordered extents of the range, in order. */
export const orderedIn = (s: BtrfsWorld, part: Range): readonly Ordered[] => stretches(s, 'ordered', part)

/** Replaces one ordered extent by others in its place, or by none. */
export const replaceOrdered = (s: BtrfsWorld, oe: Ordered, by: readonly Ordered[]): void =>
  reshape(s, 'ordered', oe, (inside) => inside.flatMap((one) => (one.from === oe.from ? by : [one])))

/** Does the ordered extent wait for pages that nobody has begun to write? btrfs_start_ordered_extent() then writes them. */
export const awaitsPages = (s: BtrfsWorld, oe: Ordered): boolean =>
  !oe.direct && !oe.queued && cached(s.mapping, oe.from, oe.to).some((run) => run.dirty)

const oneOf = (s: BtrfsWorld, part: Range, which: 'first' | 'last'): Ordered | undefined =>
  orderedIn(s, part).at(which === 'first' ? 0 : -1)

/** Is there an ordered extent in the range of which pages can still be written? */
export const writesOrdered = (s: BtrfsWorld, part: Range, which: 'first' | 'last' = 'first'): boolean => {
  const ordered = oneOf(s, part, which)
  return ordered !== undefined && awaitsPages(s, ordered)
}

/** What btrfs_start_ordered_extent() waits for, of an ordered extent in the range: nothing while it can still write pages of it. */
export function cannotStartOrdered(s: BtrfsWorld, part: Range, which: 'first' | 'last' = 'first'): Wait | null {
  const ordered = oneOf(s, part, which)
  return ordered && !awaitsPages(s, ordered) ? { on: `ordered extent ${range(ordered.from, ordered.to)}`, heldBy: [] } : null
}

/** btrfs_start_ordered_extent() of an ordered extent in the range: the call that writes its pages; null if none is in the way. */
export function startOrderedExtent(s: BtrfsWorld, f: StartsOrdered, part: Range, which: 'first' | 'last' = 'first'): Control | null {
  const ordered = oneOf(s, part, which)
  f.flush = ordered ? { from: ordered.from, to: ordered.to } : null
  return f.flush ? call('btrfs_fdatawrite_range', f.flush) : null
}

/** Queues the finish work of the ordered extent that begins at `from`, once all of its bytes are accounted for. */
export function queueFinish(s: BtrfsWorld, t: Self, from: number): void {
  const oe = must(orderedAt(s, from))
  if (oe.bytesLeft > 0 || oe.queued) return
  t.spawn('oe', {
    name: `worker that finishes ${range(oe.from, oe.to)}`,
    procedure: 'btrfs_finish_ordered_io',
    locals: { from, insertLeft: false },
  })
  replaceOrdered(s, oe, [{ ...oe, queued: true }])
}

interface Finish {
  readonly from: number
  /** The old items are dropped but the new one still has to go in. */
  insertLeft: boolean
  /** Where the item begins that lost its end to the new one; absent = none did. */
  trimmed?: number
}

const find = (s: BtrfsWorld, f: Finish): Ordered => must(orderedAt(s, f.from))

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
        when: (s, f, t) => cannotLockExtent(s, { from: f.from, to: find(s, f).to }, t.letter),
      },
      (s, f, t) => {
        const oe = find(s, f)
        lockExtent(s, oe, t.letter)
        if (oe.ioerr || s.fs.aborted !== 0 || validEnd(oe) === oe.from) return goto('drop_failed')
        return oe.kind === 'nocow' ? goto('update_inode') : undefined
      },
    ),
    step(
      'drop_extents',
      (s, f) => {
        const oe = find(s, f)
        if (oe.kind === 'prealloc') return `${range(oe.from, validEnd(oe))} of the preallocated extent becomes written`
        const what = f.trimmed === undefined ? '' : `; the item at ${size(f.trimmed)} is now ${size(oe.from - f.trimmed)} long`
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
        const cut = extentsOf(allItems(s.subvol)).find((item) => item.disk !== 0 && item.offset < oe.from && oe.from < endOf(item))
        if (cut) f.trimmed = cut.offset
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
      (s, f) =>
        s.bi.nodatasum
          ? 'unpins the extent map; the inode has no data checksums'
          : find(s, f).sums.length > 0
            ? 'unpins the extent map and adds the checksums to the csum tree'
            : 'unpins the extent map; no checksums were computed, so none are added to the csum tree',
      { row: 'fsync-log-tree 3.7 W5, W6; direct-io B.3 B8', fn: 'add_pending_csums', code: 'unpin_extent_cache(); add_pending_csums()' },
      (s, f) => {
        const oe = find(s, f)
        unpinMap(s, oe.from)
        for (const { from, to, sums } of oe.sums)
          reshape(s, 'csums', { from: from - 1, to: to + 1 }, (near) => splice(near, from, to, sums, sameCrc))
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
        touchInode(s)
        // Of a truncated one, the rest of the range is no extent.
        if (validEnd(oe) < oe.to) dropMaps(s, validEnd(oe), oe.to)
        unlockExtent(s, oe, t.letter)
      },
    ),
    step(
      'remove_ordered',
      (_s, f) => `removes the ordered extent at ${size(f.from)} and wakes whoever waited for it`,
      { row: 'fsync-log-tree 3.7 W8', fn: 'btrfs_remove_ordered_extent', code: 'btrfs_remove_ordered_extent()' },
      (s, f) => {
        replaceOrdered(s, find(s, f), [])
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
        unlockExtent(s, oe, t.letter)
        dropMaps(s, oe.from, oe.to)
        // A failed direct write's space would be free at once; waiting for the commit keeps addresses from telling states apart.
        const space = { from: oe.disk, to: oe.disk + oe.diskLength }
        if (oe.kind === 'regular') (oe.direct ? pinExtent : freeExtent)(s.space, space)
        replaceOrdered(s, oe, [])
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
