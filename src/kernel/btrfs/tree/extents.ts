/** What happens to file extent items when a range is replaced, and what a set of items means for a reader. */
import { overlaps, type Range } from '../../../base/range.ts'
import { clip, join, overlay, transfer, valueOf, within, type Piece, type Run } from '../../lib/runs.ts'
import { pinExtent } from '../space/space.ts'
import { allItems, compareKeys, endOf, extentsIn, extentsOf, insertItem, isExtent, replaceItem } from './tree.ts'
import { INO, type BtrfsWorld, type ExtentData, type Item, type Tree } from '../world.ts'

/**
 * btrfs_drop_extents() of the subvolume: what [from, to) overlaps is split, trimmed or deleted; extents that nothing
 * refers to any more are pinned until the commit. @returns whether any item was there.
 */
export function dropItems(s: BtrfsWorld, from: number, to: number): boolean {
  const hit = extentsIn(s.subvol, from, to)
  if (hit.length === 0) return false
  dropExtents(s.subvol, from, to, s.fs.generation, s.fs.leafRoom)
  const left = extentsOf(allItems(s.subvol))
  for (const { kind, disk, diskLength } of hit)
    if (kind !== 'inline' && disk !== 0 && !left.some((item) => item.disk === disk))
      pinExtent(s.space, { from: disk, to: disk + diskLength })
  return true
}

/** A file extent item of this transaction that stands for a hole. */
export const holeItem = (from: number, to: number, generation: number): ExtentData => ({
  oid: INO,
  type: 'EXTENT_DATA',
  offset: from,
  kind: 'reg',
  disk: 0,
  diskLength: 0,
  at: 0,
  length: to - from,
  ram: to - from,
  generation,
})

/**
 * btrfs_drop_extents(): the items that [from, to) overlaps are split, trimmed or deleted; generations stay.
 * Source: facts fsync-log-tree 3.8.
 */
export function dropExtents(tree: Tree, from: number, to: number, generation: number, roomOfNewLeaf: number): void {
  const hit = tree.flatMap((leaf) => leaf.items.filter((item) => isExtent(item) && item.offset < to && from < endOf(item)))
  for (const item of extentsOf(hit)) {
    const left = cutTail(item, from)
    const right = cutHead(item, to)
    // One part stays in its leaf, if need be under a new key; only a second one has to find a place.
    const [stays, moves] = [left, right].filter((part) => part !== null)
    replaceItem(tree, item, stays ? [stays] : [], generation)
    if (moves) insertItem(tree, moves, generation, roomOfNewLeaf)
  }
}

/** The part of an item before `from`; null if there is none. */
function cutTail(item: ExtentData, from: number): ExtentData | null {
  return item.offset < from ? { ...item, length: Math.min(item.length, from - item.offset) } : null
}

/** The part of an item from `to` on; null if there is none. */
function cutHead(item: ExtentData, to: number): ExtentData | null {
  if (endOf(item) <= to) return null
  const cut = to - item.offset
  return { ...item, offset: to, at: item.at + cut, length: item.length - cut }
}

/** Items after dropping and inserting, for trees whose leaves do not matter (replay). */
export function replaceRange(items: readonly Item[], from: number, to: number, inserted: readonly ExtentData[]): Item[] {
  const out = items.flatMap((item): Item[] => {
    if (item.type !== 'EXTENT_DATA' || !overlaps({ from: item.offset, to: endOf(item) }, { from, to })) return [item]
    return [cutTail(item, from), cutHead(item, to)].filter((part) => part !== null)
  })
  return [...out, ...inserted].sort(compareKeys)
}

/** What the items say of [0, size): data with the stamp the disk holds, unwritten space, holes. Later items win where two overlap. */
export function layoutOf(items: readonly Item[], disk: readonly Run[], size: number): Piece[] {
  let pieces: Piece[] = []
  let end = 0
  for (const item of extentsOf(items)) {
    if (item.disk === 0) continue
    const from = Math.min(item.offset, size)
    const to = Math.min(endOf(item), size)
    if (from >= to) continue
    const inside = item.kind === 'prealloc' ? [{ from, to, kind: 'unwritten' as const, stamp: null }] : dataPieces(item, disk, from, to)
    // Items come in order; only where two overlap is something taken back.
    if (from < end) pieces = [...pieces.flatMap((piece) => cutPiece(piece, from, to)), ...inside].sort((a, b) => a.from - b.from)
    else pieces.push(...hole(end, from), ...inside)
    end = Math.max(end, to)
  }
  return join([...pieces, ...hole(end, size)], (a, b) => a.kind === b.kind && a.stamp === b.stamp)
}

const hole = (from: number, to: number): Piece[] => (from < to ? [{ from, to, kind: 'hole', stamp: null }] : [])

const cutPiece = (piece: Piece, from: number, to: number): Piece[] => {
  if (!overlaps(piece, { from, to })) return [piece]
  return [
    { ...piece, to: from },
    { ...piece, from: to },
  ].filter((part) => part.from < part.to)
}

function dataPieces(item: ExtentData, disk: readonly Run[], from: number, to: number): Piece[] {
  const address = item.disk + item.at + from - item.offset
  const [whole] = within(disk, address, address + to - from)
  if (whole && whole.from <= address && address + to - from <= whole.to) return [{ from, to, kind: 'data', stamp: whole.stamp }]
  const onDisk = transfer([], from, disk, address, to - from)
  return withUnknown(onDisk, from, to).map((run) => ({ from: run.from, to: run.to, kind: 'data', stamp: run.stamp }))
}

/** Fills gaps with `?`: blocks that no write has reached. */
const withUnknown = (runs: readonly Run[], from: number, to: number): Run[] =>
  join(overlay([{ from, to, stamp: '?' }], runs), (a, b) => a.stamp === b.stamp)

/** What a read of [0, size) returns, page cache first, as runs of one value; `EIO` where no mirror has the data. */
export function contentOf(layout: readonly Piece[], cache: readonly Run[], size: number, unreadable: readonly Range[] = []): Run[] {
  const onDisk = layout.map(({ from, to, kind, stamp }): Run => ({ from, to, stamp: kind === 'data' ? (stamp ?? '?') : '0' }))
  const lost = clip(unreadable, 0, size).map(({ from, to }): Run => ({ from, to, stamp: 'EIO' }))
  const cached = clip(cache, 0, size).map(({ from, to, stamp }): Run => ({ from, to, stamp }))
  return join(
    overlay(overlay(onDisk, lost), cached).map((run) => ({ ...run, stamp: valueOf(run.stamp) })),
    (a, b) => a.stamp === b.stamp,
  )
}
