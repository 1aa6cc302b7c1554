/**
 * btrfs: giving dirty data a place on disk. Source: fs/btrfs/inode.c v6.1, btrfs_run_delalloc_range(), cow_file_range(),
 * run_delalloc_nocow(), can_nocow_extent().
 */
import { overlaps, type Range } from '../../../base/range.ts'
import { reshape } from '../../../engine/stretches.ts'
import { compareVersions } from '../../releases.ts'
import { cutOut, transfer } from '../../lib/runs.ts'
import { allocationHint, dropMaps, replaceMap } from '../tree/maps.ts'
import { dropItems } from '../tree/extents.ts'
import { newExtent } from '../space/reserve.ts'
import { setFullSync, touchInode } from '../fsync/transaction.ts'
import { allItems, endOf, extentsOf, insertItem } from '../tree/tree.ts'
import { INO, inlineAddress, SECTOR, type BtrfsWorld, type ExtentData, type ExtentMap, type Ordered, type OrderedKind } from '../world.ts'
import { cached } from '../../mm/cache.ts'

/** The largest file kept inside its item, with the default max_inline. */
const inlineMax = 2048

/** btrfs_add_ordered_extent() */
export function addOrdered(
  s: BtrfsWorld,
  file: Range,
  disk: number,
  kind: OrderedKind,
  more: { readonly direct: boolean; readonly oldSize: number | null },
): void {
  const length = file.to - file.from
  const ordered: Ordered = {
    from: file.from,
    to: file.to,
    kind,
    disk,
    diskLength: length,
    bytesLeft: length,
    ioerr: false,
    truncatedTo: null,
    queued: false,
    sums: [],
    logged: false,
    ...more,
  }
  reshape(s, 'ordered', file, (others) => [...others, ordered])
}

/** create_io_em(): the map of data on their way to the disk; pinned until they are there. */
export function addPinnedMap(s: BtrfsWorld, file: Range, disk: number, of: Pick<ExtentMap, 'origin' | 'diskLength' | 'ram'>): void {
  replaceMap(s, {
    ...file,
    disk,
    origin: of.origin,
    diskLength: of.diskLength,
    ram: of.ram,
    generation: null,
    prealloc: false,
    modified: true,
    merged: false,
  })
}

/**
 * cow_file_range_inline(): a file that fits becomes an item with the data in it, at once and without an ordered extent.
 * @returns whether it did.
 */
function cowInline(s: BtrfsWorld, from: number, to: number): boolean {
  const length = Math.min(s.inode.i_size, to)
  if (from !== 0 || length < s.inode.i_size || length > inlineMax) return false
  const { generation, leafRoom } = s.fs
  const disk = inlineAddress + s.fs.inlined * SECTOR
  s.fs.inlined++
  s.disk.data = transfer(s.disk.data, disk, cached(s.mapping, 0, length), 0, length)
  dropItems(s, 0, SECTOR)
  const item: ExtentData = {
    oid: INO,
    type: 'EXTENT_DATA',
    offset: 0,
    kind: 'inline',
    disk,
    diskLength: SECTOR,
    at: 0,
    length: SECTOR,
    ram: length,
    generation,
  }
  insertItem(s.subvol, item, generation, leafRoom)
  dropMaps(s, 0, SECTOR)
  touchInode(s)
  s.bi.disk_i_size = s.inode.i_size
  setFullSync(s)
  return true
}

/** cow_file_range(): new extents for [from, to), each with an ordered extent. */
function cowFileRange(s: BtrfsWorld, from: number, to: number): void {
  if (cowInline(s, from, to)) return
  let hint = (): number => allocationHint(s, from)
  for (let at = from; at < to;) {
    const extent = newExtent(s, at, to, hint)
    const length = extent.to - extent.from
    const file = { from: at, to: at + length }
    addPinnedMap(s, file, extent.from, { origin: at, diskLength: length, ram: length })
    addOrdered(s, file, extent.from, 'regular', { direct: false, oldSize: null })
    hint = () => extent.to
    at = file.to
  }
}

/** can_nocow_extent(): may data be written into this item's extent as it is? With one file and no snapshot nobody shares it. */
export function canNocow(s: BtrfsWorld, item: ExtentData, from: number, to: number): boolean {
  if (item.disk === 0 || item.kind === 'inline' || (item.kind === 'reg' && !s.bi.nodatacow)) return false
  const disk = item.disk + item.at + from - item.offset
  return !s.csums.some((sum) => overlaps(sum, { from: disk, to: disk + to - from }))
}

/** should_nocow() */
export const mayNocow = (s: BtrfsWorld): boolean => s.bi.nodatacow || s.bi.hasPrealloc

/** Data go in place into an extent that is there. */
function writeInPlace(s: BtrfsWorld, item: ExtentData, from: number, to: number): void {
  const disk = item.disk + item.at + from - item.offset
  if (item.kind === 'prealloc')
    addPinnedMap(s, { from, to }, disk, { origin: item.offset - item.at, diskLength: item.diskLength, ram: item.ram })
  addOrdered(s, { from, to }, disk, item.kind === 'prealloc' ? 'prealloc' : 'nocow', { direct: false, oldSize: null })
}

/**
 * run_delalloc_nocow(): in place where an extent allows it, new extents elsewhere. In 6.1 the item that follows an implicit
 * hole is passed over with the hole, so from the first hole on everything goes to new extents; in 6.12 it is not (recorded).
 */
function runDelallocNocow(s: BtrfsWorld, from: number, to: number): void {
  let at = from
  let cowFrom: number | null = null
  const skipsAfterHole = compareVersions(s.kernel.release, '6.2') < 0
  for (const item of extentsOf(allItems(s.subvol))) {
    if (at >= to || item.offset >= to) break
    if (endOf(item) <= at) continue
    const end = Math.min(to, endOf(item))
    if (item.offset > at && !skipsAfterHole) {
      cowFrom ??= at
      at = item.offset
    }
    if (item.offset > at || !canNocow(s, item, at, end)) {
      cowFrom ??= at
      at = item.offset > at ? item.offset : end
      continue
    }
    if (cowFrom !== null) cowFileRange(s, cowFrom, at)
    cowFrom = null
    writeInPlace(s, item, at, end)
    at = end
  }
  if (at < to) cowFrom ??= at
  if (cowFrom !== null) cowFileRange(s, cowFrom, to)
}

/** btrfs_run_delalloc_range(): the dirty stretch [from, to) gets ordered extents and is delalloc no more. */
export function runDelalloc(s: BtrfsWorld, from: number, to: number): void {
  if (mayNocow(s)) runDelallocNocow(s, from, to)
  else cowFileRange(s, from, to)
  s.io_tree.delalloc = cutOut(s.io_tree.delalloc, from, to)
}
