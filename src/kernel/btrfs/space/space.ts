/**
 * btrfs: where data goes on disk. Block groups, the free space of each, and space that stays pinned until the commit.
 * Source: fs/btrfs/free-space-cache.c and extent-tree.c v6.1; block-group.c v6.12 for size classes.
 */
import { M, overlaps, type Range } from '../../../base/range.ts'
import { reshape, stretches } from '../../../engine/stretches.ts'
import { cutOut, join, splice } from '../../lib/runs.ts'
import { SECTOR, type BlockGroup, type SizeClass, type Space } from '../world.ts'

/**
 * Chunks of a 256 MiB file system made by mkfs.btrfs 6.2, data single, metadata DUP. Logical addresses go on where the
 * metadata chunk ends. Its device is used up to 101 MiB, but for 12 MiB near the start where mkfs had chunks of its own for
 * a while. decide_stripe_size_regular() takes a tenth of the device, rounded up to 16 MiB, or else the largest stretch
 * that is left: so 155 MiB become four chunks of 32 MiB and one of 27, and the 12 MiB one more.
 */
const nextChunk = 63963136
const chunkLengths = [32 * M, 32 * M, 32 * M, 32 * M, 27 * M, 12 * M]

const freshGroup = (from: number, to: number): BlockGroup => ({ from, to, free: [{ from, to }], sizeClass: 'none' })

/** The first chunk that mkfs made for data, empty. */
export const freshSpace = (from: number, to: number, sizeClasses: boolean): Space => ({
  groups: [freshGroup(from, to)],
  pinned: [],
  committed: 1,
  sizeClasses,
})

/** What a mount finds: the chunks of the last commit, with nothing in them yet. */
export const mountedSpace = ({ groups, committed, sizeClasses }: Space): Space => ({
  groups: groups.slice(0, committed).map(({ from, to }) => freshGroup(from, to)),
  pinned: [],
  committed,
  sizeClasses,
})

/** btrfs_chunk_alloc(): one more data chunk; null when the device has no room for it. */
function addChunk(space: Space): BlockGroup | null {
  const made = space.groups.length - 1
  const long = space.full ? undefined : chunkLengths[made]
  if (long === undefined) return null
  const from = made === 0 ? nextChunk : (space.groups.at(-1)?.to ?? nextChunk)
  const chunk = freshGroup(from, from + long)
  space.groups.push(chunk)
  return chunk
}

const K128 = 128 * 1024
const bitmap = 1024 * K128
const classOf = (bytes: number): SizeClass => (bytes <= K128 ? 'small' : bytes <= 64 * K128 ? 'medium' : 'large')
const length = (part: Range): number => part.to - part.from

/**
 * btrfs_find_space_for_alloc(): from the start of the group the longest free stretch is taken. From anywhere else the
 * search begins where the bitmap over `at` would, 128 MiB each: in a smaller group the first stretch that is long enough.
 */
function find(group: BlockGroup, bytes: number, at: number): Range | null {
  if (at === group.from) {
    const longest = group.free.reduce<Range | null>((best, part) => (best && length(best) >= length(part) ? best : part), null)
    return longest && length(longest) >= bytes ? longest : null
  }
  const start = at - ((at - group.from) % bitmap)
  const after = group.free.filter((part) => part.to > start).sort((a, b) => a.from - b.from)
  return after.find((part) => length(part) >= bytes) ?? null
}

function take(group: BlockGroup, part: Range, bytes: number): Range {
  const rest = { from: part.from + bytes, to: part.to }
  group.free = group.free.filter((other) => other !== part)
  if (rest.from < rest.to) group.free.push(rest)
  return { from: part.from, to: part.from + bytes }
}

/** find_free_extent(): near the hint, then in any group of the right size class, then in a new chunk, then anywhere. */
function findFreeExtent(space: Space, bytes: number, hintOf: () => number): Range | null {
  const [only, ...others] = space.groups
  // Where all that is free is one stretch, a hint cannot lead elsewhere.
  const hint = only && others.length === 0 && only.free.length <= 1 ? only.from : hintOf()
  const wanted = classOf(bytes)
  const fits = (group: BlockGroup, strict: boolean): boolean =>
    !space.sizeClasses || group.sizeClass === wanted || (!strict && group.sizeClass === 'none')
  const from = (group: BlockGroup, at: number): Range | null => {
    const part = find(group, bytes, at)
    if (!part) return null
    if (space.sizeClasses && group.sizeClass === 'none') group.sizeClass = wanted
    return take(group, part, bytes)
  }
  const hinted = space.groups.find((group) => group.from <= hint && hint < group.to)
  const near = hinted && fits(hinted, true) ? from(hinted, hint) : null
  if (near) return near
  for (const strict of space.sizeClasses ? [true, false] : [false])
    for (const group of space.groups) {
      const found = fits(group, strict) ? from(group, group.from) : null
      if (found) return found
    }
  const chunk = addChunk(space)
  const inChunk = chunk && from(chunk, chunk.from)
  if (inChunk) return inChunk
  for (const group of space.groups) {
    const found = from(group, group.from)
    if (found) return found
  }
  return null
}

const freeBytes = (space: Space): number =>
  space.groups.reduce((sum, { free }) => sum + free.reduce((own, part) => own + length(part), 0), 0)

/** Is there room for so much data, if need be in chunks that are still to be made? */
export function hasRoom(space: Space, bytes: number): boolean {
  const further = space.full ? [] : chunkLengths.slice(space.groups.length - 1)
  return freeBytes(space) + further.reduce((sum, chunk) => sum + chunk, 0) >= bytes
}

/** Makes chunks until so much data has room, or the device is full. @returns whether it has. */
export function makeRoom(space: Space, bytes: number): boolean {
  while (freeBytes(space) < bytes) if (!addChunk(space)) return false
  return true
}

/** btrfs_reserve_extent(): as long a stretch as there is, at most `bytes`; null when there is no room at all. */
export function reserveExtent(space: Space, bytes: number, hint: () => number): Range | null {
  for (let wanted = bytes; ;) {
    const found = findFreeExtent(space, wanted, hint)
    if (found || wanted === SECTOR) return found
    const longest = Math.max(0, ...space.groups.flatMap((group) => group.free.map(length)))
    const half = Math.min(Math.floor(wanted / 2), longest)
    wanted = Math.max(SECTOR, half - (half % SECTOR))
  }
}

/** btrfs_add_free_space(): joins what it touches. */
export function freeExtent(space: Space, part: Range): void {
  const group = space.groups.find((candidate) => overlaps(candidate, part))
  if (!group) return
  const touching = group.free.filter((other) => other.to === part.from || other.from === part.to)
  group.free = group.free.filter((other) => !touching.includes(other))
  group.free.push({ from: Math.min(part.from, ...touching.map((t) => t.from)), to: Math.max(part.to, ...touching.map((t) => t.to)) })
}

/** Space whose last reference is gone: kept as it is until the running transaction is durable. */
export function pinExtent(space: Space, part: Range): void {
  reshape(space, 'pinned', { from: part.from - 1, to: part.to + 1 }, (near) =>
    join(
      [...cutOut(near, part.from, part.to), part].sort((a, b) => a.from - b.from),
      () => true,
    ),
  )
}

/** btrfs_finish_extent_commit(): what was pinned is free again. @returns what was freed. */
export function unpinAll(space: Space): readonly Range[] {
  const freed = space.pinned
  space.pinned = []
  space.committed = space.groups.length
  for (const part of freed)
    for (const group of space.groups)
      if (overlaps(group, part)) freeExtent(space, { from: Math.max(group.from, part.from), to: Math.min(group.to, part.to) })
  return freed
}

/** Takes exactly this range out of the free space: what staged files occupy, or what a mount finds in use. */
export function occupy(space: Space, part: Range): void {
  for (const group of space.groups) group.free = cutOut(group.free, part.from, part.to)
}

/** How far extents of one place in the file are apart: no file is that long. */
const apart = 2 ** 32

/** Room for [from, to) of a file where nobody asks where data lie: a place of its own, whatever was made elsewhere before. */
export function placeExtent(space: Required<Pick<Space, 'placed'>>, { from, to }: Range): Range {
  const extents = 1 + Math.max(0, ...stretches(space, 'placed', { from, to }).map((one) => one.extents))
  reshape(space, 'placed', { from, to }, (near) => splice(near, from, to, [{ from, to, extents }], (a, b) => a.extents === b.extents))
  return { from: extents * apart + from, to: extents * apart + to }
}
