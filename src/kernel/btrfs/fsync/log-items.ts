/** btrfs: items of the log tree. Source: fs/btrfs/tree-log.c v6.1, copy_items(), log_csums(); facts fsync-log-tree 3.2 L6. */
import { compareVersions } from '../../releases.ts'
import { must } from '../../lib/must.ts'
import { clip, cutOut, splice, within } from '../../lib/runs.ts'
import { canonical } from '../../../base/plain.ts'
import { alignUp, overlaps, type Range } from '../../../base/range.ts'
import { sameCrc, type CsumRun } from '../../lib/sums.ts'
import { addCsums, checksummed } from '../csum/csums.ts'
import { allItems, endOf, extentsOf, insertItem, isExtent, replaceItem } from '../tree/tree.ts'
import { CSUM_OBJECTID, INO, SECTOR, type BtrfsWorld, type ExtentCsum, type Item } from '../world.ts'

/** truncate_inode_items() of the log, of whatever type: the inode is not in it any more. */
export function dropLoggedInode(s: BtrfsWorld): void {
  const { leaves } = must(s.log)
  for (const item of allItems(leaves)) if (item.oid === INO) replaceItem(leaves, item, [], s.fs.generation)
}

/** The same of its extent items from an offset on: one across it is cut at the block's end (btrfs_truncate_inode_items(): ALIGN(new_size - offset)). */
export function truncateLog(s: BtrfsWorld, from: number): void {
  const { leaves } = must(s.log)
  for (const item of extentsOf(allItems(leaves))) {
    if (endOf(item) <= from) continue
    const length = alignUp(Math.max(0, from - item.offset), SECTOR)
    if (length < item.length) replaceItem(leaves, item, length > 0 ? [{ ...item, length }] : [], s.fs.generation)
  }
}

/** btrfs_log_prealloc_extents(): preallocated space past the end of the file, from the tree. */
export function logPrealloc(s: BtrfsWorld): void {
  if (!s.bi.hasPrealloc) return
  const items = extentsOf(allItems(s.subvol))
  const size = s.inode.i_size
  const across = items.filter((item) => item.offset < size).at(-1)
  const start = across?.kind === 'prealloc' && endOf(across) > size ? endOf(across) : size
  const beyond = items.filter((item) => item.offset >= size)
  const first = beyond[0]
  if (!first) return
  truncateLog(s, Math.min(first.offset, start))
  for (const item of beyond) if (!isOldExtent(s, item)) logItem(s, item)
}

/** Since 5.18 an extent of a past transaction is not logged again, unless one of this transaction may have brought it here. */
export const isOldExtent = (s: BtrfsWorld, item: Item): boolean =>
  isExtent(item) &&
  compareVersions(s.kernel.release, '5.18') >= 0 &&
  item.generation < s.fs.generation &&
  item.offset < s.inode.i_size &&
  s.bi.lastReflinkTrans < s.fs.generation

/** Inserts one item into the log, with its checksums if it is an extent of this transaction. */
export function logItem(s: BtrfsWorld, item: Item): void {
  const copied: Item = item.type === 'INODE_ITEM' ? { ...item, size: s.inode.i_size } : item
  if (!insertItem(must(s.log).leaves, copied, s.fs.generation, s.fs.logLeafRoom)) s.fs.fullCommit = true
  if (!isExtent(item) || item.disk === 0 || item.kind !== 'reg' || item.generation < s.fs.generation || s.bi.nodatasum) return
  const [from, to] = [item.disk + item.at, item.disk + item.at + item.length]
  logCsums(s, clip(within(s.csums, from, to), from, to))
}

/** log_csums() for each stretch of checksums. */
export function logCsums(s: BtrfsWorld, sums: readonly CsumRun[]): void {
  for (const part of checksummed(sums)) logStretch(s, part, clip(within(sums, part.from, part.to), part.from, part.to))
}

/** Those that new checksums of a range can change: which it touches, and the one behind. Where two overlap, all of them. */
function near(items: readonly ExtentCsum[], { from, to }: Range): readonly ExtentCsum[] {
  const first = items.findIndex((item) => item.offset + item.length >= from)
  if (first < 0 || items.some((item, i) => item.offset < endIn(items, i - 1))) return items
  const behind = items.findIndex((item) => item.offset > to)
  return items.slice(first, behind < 0 ? undefined : behind + 1)
}

const endIn = (items: readonly ExtentCsum[], i: number): number => {
  const item = items[i]
  return item ? item.offset + item.length : 0
}

function logStretch(s: BtrfsWorld, range: Range, sums: readonly CsumRun[]): void {
  const { leaves } = must(s.log)
  const items = near(
    allItems(leaves).filter((item) => item.type === 'EXTENT_CSUM'),
    range,
  )
  const old = items.map((item) => ({ from: item.offset, to: item.offset + item.length }))
  // After a reflink, or what may have been one, items that overlap are cut first.
  const kept = s.bi.lastReflinkTrans < s.fs.generation ? old : cutOut(old, range.from, range.to)
  const values = splice(
    items.flatMap((item) => item.sums),
    range.from,
    range.to,
    sums,
    sameCrc,
  )
  const was = new Map(items.map((item) => [item.offset, item]))
  const now = addCsums(kept, range).map(({ from, to }): ExtentCsum => {
    const item = was.get(from)
    const same = item !== undefined && item.length === to - from
    if (same && !overlaps({ from, to }, range)) return item
    const changed: ExtentCsum = {
      oid: CSUM_OBJECTID,
      type: 'EXTENT_CSUM',
      offset: from,
      length: to - from,
      sums: clip(within(values, from, to), from, to),
    }
    return same && canonical(item.sums) === canonical(changed.sums) ? item : changed
  })
  const [before, after] = [new Set(items), new Set(now)]
  for (const item of items) if (!after.has(item)) replaceItem(leaves, item, [], s.fs.generation)
  for (const item of now) if (!before.has(item)) insertItem(leaves, item, s.fs.generation, s.fs.logLeafRoom)
}
