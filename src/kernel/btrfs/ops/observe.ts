/** What can be seen of the file: SEEK_HOLE and SEEK_DATA, FIEMAP, items, content. Source: fs/btrfs/extent_io.c and file.c v6.1. */
import { alignUp, overlaps, type Range } from '../../../base/range.ts'
import { compareVersions } from '../../releases.ts'
import { clip, firstAfter, gaps, join, within, type Run } from '../../lib/runs.ts'
import { contentOf, layoutOf } from '../tree/extents.ts'
import { allItems, endOf, extentsOf } from '../tree/tree.ts'
import { SECTOR, type BtrfsWorld, type ExtentData, type ExtentMap } from '../world.ts'

export type MapEntry = readonly ['H' | 'D', number, number]
/** Logical offset, disk address, length, flags. */
export type FiemapEntry = readonly [number, number, number, number]
/** Offset, type, disk address and length, offset in the extent, length, size in memory, generation; of an inline one only the last two. */
export type ItemEntry =
  readonly [number, 'reg' | 'prealloc', number, number, number, number, number, number] | readonly [number, 'inline', number, number]
/** Offset, length, the byte in hexadecimal. */
export type DataEntry = readonly [number, number, string]

export interface Observation {
  readonly size: number
  readonly map: readonly MapEntry[]
  readonly fiemap: readonly FiemapEntry[]
  readonly items: readonly ItemEntry[]
  readonly data: readonly DataEntry[]
}

const asRange = ({ from, to }: Range): Range => ({ from, to })
const byStart = (a: Range, b: Range): number => a.from - b.from

const flag = { last: 1, delalloc: 6, inline: 0x300, unwritten: 0x800 } as const

/**
 * find_delalloc_subrange(): the first range of [from, to) whose data have no item yet: delalloc, or an extent map made
 * for an ordered extent. Where such a map begins before the delalloc, what lies between them counts as well.
 */
function delallocSubrange(s: BtrfsWorld, from: number, to: number): Range | null {
  const dirty = s.io_tree.delalloc[firstAfter(s.io_tree.delalloc, from)]
  const [delalloc = null] = clip(dirty ? [dirty] : [], from, to)
  const isEmpty = (one: ExtentMap): boolean => one.disk === null || one.prealloc
  const at = firstAfter(s.maps, from)
  const first = s.maps[at]
  const map = first && isEmpty(first) && first.to < to ? s.maps[at + 1] : first
  if (!map || map.from >= to || isEmpty(map)) return delalloc
  const end = Math.min(to, map.to)
  if (!delalloc) return { from: Math.max(from, map.from), to: end }
  if (map.from < delalloc.from) return { from: Math.max(from, map.from), to: delalloc.to }
  return delalloc.to === map.from ? { from: delalloc.from, to: end } : delalloc
}

/** btrfs_find_delalloc_in_range(), again and again: all such ranges of [from, to). */
function delallocIn(s: BtrfsWorld, from: number, to: number): Range[] {
  const out: Range[] = []
  for (let at = from; at < to;) {
    const found = delallocSubrange(s, at, to)
    if (!found) break
    out.push(found)
    at = found.to
  }
  return join(out, () => true)
}

/** Since 6.2 ordered extents are asked themselves, and what lies between is left out. */
function delallocAndOrderedIn(s: BtrfsWorld, from: number, to: number): Range[] {
  const written = s.ordered.filter((oe) => oe.kind !== 'nocow' && overlaps(oe, { from, to }))
  return join(clip([...within(s.io_tree.delalloc, from, to), ...written].sort(byStart), from, to).map(asRange), () => true)
}

/** The function that this kernel has for it. */
const findDelalloc = ({ kernel }: BtrfsWorld): typeof delallocIn =>
  compareVersions(kernel.release, '6.2') >= 0 ? delallocAndOrderedIn : delallocIn

/** SEEK_HOLE and SEEK_DATA over [0, i_size): delalloc counts as data, preallocated space as a hole. */
export function seekMap(s: BtrfsWorld, items = extentsOf(allItems(s.subvol))): MapEntry[] {
  const size = s.inode.i_size
  const written = items
    .filter((item) => item.disk !== 0 && item.kind !== 'prealloc')
    .map((item) => ({ from: item.offset, to: endOf(item) }))
  const empty = items.filter((item) => item.disk === 0 || item.kind === 'prealloc').map((item) => ({ from: item.offset, to: endOf(item) }))
  const missing = gaps([...written, ...empty].sort(byStart), 0, alignUp(size, SECTOR))
  const waitingIn = findDelalloc(s)
  const waiting = [...empty, ...missing].flatMap((part) => waitingIn(s, part.from, part.to))
  const data = clip(
    join([...written, ...waiting].sort(byStart), () => true),
    0,
    size,
  )
  const holes = gaps(data, 0, size)
  return [...data.map(({ from, to }) => ['D', from, to] as const), ...holes.map(({ from, to }) => ['H', from, to] as const)].sort(
    (a, b) => a[1] - b[1],
  )
}

/** FIEMAP without FIEMAP_FLAG_SYNC: items, and delalloc only where the items show a hole or preallocated space. */
export function fiemap(s: BtrfsWorld, items = extentsOf(allItems(s.subvol))): FiemapEntry[] {
  const out: [number, number, number, number][] = []
  const waitingIn = findDelalloc(s)
  const emit = (from: number, disk: number, length: number, flags: number): void => {
    const last = out.at(-1)
    if (last && last[0] + last[2] === from && last[1] + last[2] === disk && last[3] === flags) last[2] += length
    else out.push([from, disk, length, flags])
  }
  const emitWaiting = (from: number, to: number, item: ExtentData | null): void => {
    const found = waitingIn(s, from, to)
    if (found.length === 0 && !item) return
    const parts = [...found.map((part) => ({ ...part, waits: true })), ...gaps(found, from, to).map((part) => ({ ...part, waits: false }))]
    for (const part of parts.sort((a, b) => a.from - b.from)) {
      if (part.waits) emit(part.from, 0, part.to - part.from, flag.delalloc)
      else if (item) emit(part.from, item.disk + item.at + part.from - item.offset, part.to - part.from, flag.unwritten)
    }
  }
  let at = 0
  for (const item of items) {
    if (at < item.offset) emitWaiting(at, item.offset, null)
    at = endOf(item)
    if (item.disk === 0) emitWaiting(item.offset, at, null)
    else if (item.kind === 'prealloc') emitWaiting(item.offset, at, item)
    else if (item.kind === 'inline') emit(item.offset, 0, item.length, flag.inline)
    else emit(item.offset, item.disk + item.at, item.length, 0)
  }
  emitWaiting(at, Math.max(at, alignUp(s.inode.i_size, SECTOR)), null)
  const last = out.at(-1)
  if (last) last[3] |= flag.last
  return out
}

export const itemEntries = (items: readonly ExtentData[]): ItemEntry[] =>
  items.map((item) =>
    item.kind === 'inline'
      ? [item.offset, 'inline', item.ram, item.generation]
      : [item.offset, item.kind, item.disk, item.diskLength, item.at, item.length, item.ram, item.generation],
  )

const hex = (stamp: string): string => (stamp === '0' || stamp === '?' ? '00' : stamp.slice(1))

/** What a read of the whole file through the page cache finds, by stamps. */
export function readBack(s: BtrfsWorld): Run[] {
  const size = s.inode.i_size
  return contentOf(layoutOf(allItems(s.subvol), s.disk.data, size), s.mapping.runs, size)
}

/** The same in bytes, of what was written by the value of its bytes. */
export const dataRuns = (s: BtrfsWorld): DataEntry[] =>
  join(
    readBack(s).map(({ from, to, stamp }) => ({ from, to, stamp: hex(stamp) })),
    (a, b) => a.stamp === b.stamp,
  ).map(({ from, to, stamp }) => [from, to - from, stamp])

/** Looks at everything but the content; changes nothing. */
export function observe(s: BtrfsWorld): Omit<Observation, 'data'> {
  const items = extentsOf(allItems(s.subvol))
  return { size: s.inode.i_size, map: seekMap(s, items), fiemap: fiemap(s, items), items: itemEntries(items) }
}
