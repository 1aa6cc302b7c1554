/**
 * btrfs: extent maps, the inode's cache of what is where. A fast fsync logs the modified ones, a direct write is cut
 * where one ends, and the allocator looks at them for a hint. Source: fs/btrfs/extent_map.c v6.1.
 */
import { alignDown, alignUp, type Range } from '../../../base/range.ts'
import { firstFrom, reshape, stretches } from '../../../engine/stretches.ts'
import { firstAfter } from '../../lib/runs.ts'
import { endOf, extentsIn } from './tree.ts'
import { inlineAddress, SECTOR, type BtrfsWorld, type ExtentData, type ExtentMap } from '../world.ts'

export const holeMap = (from: number, to: number, generation: number): ExtentMap => ({
  from,
  to,
  disk: null,
  origin: from,
  diskLength: 0,
  ram: to - from,
  generation,
  prealloc: false,
  modified: true,
  merged: false,
})

/** EXTENT_MAP_INLINE: the data are in the item. */
export const isInline = (map: ExtentMap): boolean => map.disk !== null && map.disk >= inlineAddress

/** btrfs_extent_item_to_extent_map() */
export const mapOf = (item: ExtentData): ExtentMap => ({
  from: item.offset,
  to: endOf(item),
  disk: item.disk === 0 ? null : item.disk + item.at,
  origin: item.disk === 0 ? item.offset : item.offset - item.at,
  diskLength: item.diskLength,
  ram: item.ram,
  generation: item.generation,
  prealloc: item.kind === 'prealloc',
  modified: false,
  merged: false,
  ...(item.compressed ? { compressed: true } : {}),
})

function mergeable(a: ExtentMap, b: ExtentMap): boolean {
  if (a.to !== b.from || a.modified || b.modified || a.generation === null || b.generation === null) return false
  if (a.compressed || b.compressed || a.prealloc !== b.prealloc || a.merged !== b.merged) return false
  return a.disk === null ? b.disk === null : b.disk === a.disk + a.to - a.from
}

const joined = (a: ExtentMap, b: ExtentMap): ExtentMap => ({
  ...a,
  to: b.to,
  generation: Math.max(a.generation ?? 0, b.generation ?? 0),
  merged: true,
})

/** try_merge_map(): joins a map with its neighbours, if none of them is pinned or modified. */
function merge(maps: readonly ExtentMap[], map: ExtentMap): ExtentMap[] {
  const at = firstAfter(maps, map.from)
  const [before, after] = [maps[at - 1], maps[at + 1]]
  let [first, last, one] = [at, at, map]
  if (before && mergeable(before, one)) {
    one = joined(before, one)
    first = at - 1
  }
  if (after && mergeable(one, after)) {
    one = joined(one, after)
    last = at + 1
  }
  return maps.toSpliced(first, last - first + 1, one)
}

const inserted = (maps: readonly ExtentMap[], map: ExtentMap): ExtentMap[] => maps.toSpliced(firstAfter(maps, map.from), 0, map)

/** The cached map over a file offset. */
export const cachedAt = (s: BtrfsWorld, at: number): ExtentMap | undefined => stretches(s, 'maps', { from: at, to: at + 1 })[0]

/** A range with what touches it: what a map there may join. */
const around = ({ from, to }: Range): Range => ({ from: from - 1, to: to + 1 })

/** add_extent_mapping(); the range must be free. */
export function addMap(s: BtrfsWorld, map: ExtentMap): void {
  reshape(s, 'maps', map.modified ? map : around(map), (near) => {
    const all = inserted(near, map)
    return map.modified ? all : merge(all, map)
  })
}

const part = (map: ExtentMap, from: number, to: number): ExtentMap => ({
  ...map,
  from,
  to,
  disk: map.disk === null ? null : map.disk + from - map.from,
  origin: map.disk === null ? from : map.origin,
  ram: map.disk === null ? to - from : map.ram,
})

/** btrfs_drop_extent_map_range(): forgets [from, to); maps that straddle a border are split and stay on the list they were on. */
export function dropMaps(s: BtrfsWorld, from: number, to: number): void {
  const hit = stretches(s, 'maps', { from, to })
  const [first, last] = [hit[0], hit.at(-1)]
  if (!first || !last) return
  reshape(s, 'maps', around({ from: first.from, to: last.to }), (near) => hit.reduce((maps, map) => without(maps, map, { from, to }), near))
}

/** The maps with one of them cut out of a range. */
function without(maps: readonly ExtentMap[], map: ExtentMap, { from, to }: Range): readonly ExtentMap[] {
  let left: readonly ExtentMap[] = maps.toSpliced(firstAfter(maps, map.from), 1)
  const parts = [
    { from: map.from, to: Math.min(map.to, from) },
    { from: Math.max(map.from, to), to: map.to },
  ].filter((range) => range.from < range.to)
  for (const range of parts) {
    const split = part(map, range.from, range.to)
    left = inserted(left, split)
    if (!split.modified) left = merge(left, split)
  }
  return left
}

/** btrfs_replace_extent_map_range() */
export function replaceMap(s: BtrfsWorld, map: ExtentMap): void {
  dropMaps(s, map.from, map.to)
  addMap(s, map)
}

/** unpin_extent_cache(): the data of [from, to) are written; the map belongs to this transaction now. */
export function unpinMap(s: BtrfsWorld, from: number): void {
  const map = cachedAt(s, from)
  if (!map || map.generation !== null) return
  const unpinned = { ...map, generation: s.fs.generation }
  reshape(s, 'maps', unpinned.modified ? map : around(map), (near) => {
    const maps = near.with(firstAfter(near, from), unpinned)
    return unpinned.modified ? maps : merge(maps, unpinned)
  })
}

/**
 * Takes all maps off the list of modified ones. Those that `logged` picks come off one after the other, once they are in
 * the log, and may then join their neighbours.
 */
export function clearModified(s: BtrfsWorld, logged: (map: ExtentMap) => boolean): void {
  s.maps = s.maps.map((map) => (map.modified && !logged(map) ? { ...map, modified: false } : map))
  for (const map of s.maps.filter((candidate) => candidate.modified)) {
    const clean = { ...map, modified: false }
    s.maps = s.maps.with(firstAfter(s.maps, map.from), clean)
    if (clean.generation !== null) s.maps = merge(s.maps, clean)
  }
}

/** What the tree says at `from`: the whole item there, or the hole up to the next item but not past from + length. */
function mapFromItems(s: BtrfsWorld, from: number, length: number): ExtentMap {
  const [first] = extentsIn(s.subvol, from, from + length)
  if (first && first.offset <= from) return mapOf(first)
  return { ...holeMap(from, first ? first.offset : from + length, 0), modified: false }
}

/** merge_extent_mapping(): what the tree said, cut to what no cached map covers around `from`. */
function fit(maps: readonly ExtentMap[], map: ExtentMap, from: number): ExtentMap {
  const at = firstAfter(maps, from)
  const [before, after] = [maps[at - 1], maps[at]]
  return part(map, Math.max(map.from, before?.to ?? 0), Math.min(map.to, after?.from ?? Infinity))
}

/** btrfs_get_extent(): the map at `from`, from the cache or read from the tree and then cached. */
export function getExtent(s: BtrfsWorld, from: number, length: number): ExtentMap {
  const cached = cachedAt(s, from)
  if (cached) return cached
  const found = mapFromItems(s, from, length)
  const map = fit(stretches(s, 'maps', found), found, from)
  addMap(s, map)
  return cachedAt(s, from) ?? map
}

/** get_extent_allocation_hint(): the disk address of what is at `from` or next to it. */
export function allocationHint(s: BtrfsWorld, from: number): number {
  const address = (map: ExtentMap | undefined): number | null => (map && !isInline(map) ? map.disk : null)
  return address(nearest(s, from)) ?? address(nearest(s, 0)) ?? 0
}

/** search_extent_mapping(): the map at an offset, or the next one after it, or the last one before it. */
const nearest = (s: BtrfsWorld, at: number): ExtentMap | undefined => firstFrom(s, 'maps', at) ?? s.maps.at(-1)

/**
 * find_first_non_hole(): skips the hole at the start of [from, from + length), as far as one extent map tells.
 * `hole`: from lay in a hole; length 0: all of the range does.
 */
export function firstNonHole(s: BtrfsWorld, from: number, length: number): { readonly hole: boolean; from: number; length: number } {
  const map = getExtent(s, alignDown(from, SECTOR), alignUp(length, SECTOR))
  if (map.disk !== null) return { hole: false, from, length }
  return { hole: true, from: map.to, length: map.to > from + length ? 0 : from + length - map.to }
}

/** split_extent_map(): the pinned map over a file offset becomes two that are extents of their own. */
export function splitMap(s: BtrfsWorld, at: number, headLength: number, tailLength: number): void {
  reshape(s, 'maps', { from: at, to: at + 1 }, (maps) =>
    maps.flatMap((map) => {
      if (map.from >= at || at >= map.to) return [map]
      const parts = [part(map, map.from, at), part(map, at, map.to)]
      if (map.disk === null || map.disk - (map.from - map.origin) !== map.disk) return parts
      return parts.map((one, i) => ({
        ...one,
        origin: one.from,
        diskLength: i === 0 ? headLength : tailLength,
        ram: i === 0 ? headLength : tailLength,
      }))
    }),
  )
}
