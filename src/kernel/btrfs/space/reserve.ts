/**
 * btrfs: reserving space for data before it is taken in. Source: fs/btrfs/space-info.c v6.1, btrfs_reserve_data_bytes();
 * fs/btrfs/block-group.c, btrfs_make_block_group().
 */
import { size, type Range } from '../../../base/range.ts'
import type { Wait } from '../../../engine/procedure.ts'
import { NotModelled } from '../not-modelled.ts'
import type { BtrfsWorld } from '../world.ts'
import { hasRoom, makeRoom, placeExtent, reserveExtent } from './space.ts'

/** Where a caller stands that found no room: it has what can be freed freed once, then looks again. */
export type Reclaim = 'asked' | 'done'

/** What is dirty holds its reservation until it gets a place. */
const promised = (s: BtrfsWorld): number => s.io_tree.delalloc.reduce((sum, { from, to }) => sum + to - from, 0)

/** Is there room for so much more data? */
export const hasRoomFor = (s: BtrfsWorld, bytes: number): boolean => s.space.placed !== undefined || hasRoom(s.space, promised(s) + bytes)

/** A chunk that the running transaction makes is in no log: whoever syncs commits. */
function noteChunks(s: BtrfsWorld, before: number): void {
  if (s.space.groups.length === before) return
  s.fs.started = true
  s.fs.fullCommit = true
}

/** btrfs_reserve_data_bytes() without flushing: makes chunks if need be. @returns whether there is room. */
export function reserveData(s: BtrfsWorld, bytes: number): boolean {
  if (s.space.placed) return true
  const before = s.space.groups.length
  const roomy = makeRoom(s.space, promised(s) + bytes)
  noteChunks(s, before)
  return roomy
}

/** Does a caller that found no room have something freed first? A scenario that stages a full device wants it to fail. */
export const canReclaim = (s: BtrfsWorld, reclaim: Reclaim | undefined): boolean => reclaim === undefined && !s.space.full

/** Do dirty pages and unfinished ordered extents hold all the metadata space that there is? */
export const lacksMetadata = (s: BtrfsWorld): boolean =>
  s.space.metadata !== undefined && (s.io_tree.delalloc.length > 0 || s.ordered.length > 0)

/** What the ticket of a metadata reservation waits for, handle_reserve_ticket(): nobody holds it, writeback gives it back. Source: facts fsync-log-tree 3.9 G6b. */
export const waitForMetadata = (s: BtrfsWorld): Wait | null =>
  s.space.metadata && !s.space.metadata.failed && s.space.metadata.ticket !== null && lacksMetadata(s)
    ? { on: 'metadata space, until what is dirty has been written back', heldBy: [] }
    : null

/** A new extent for the start of [from, to), as much as one piece of free space holds. @returns where it lies. */
export function newExtent(s: BtrfsWorld, from: number, to: number, hint: () => number): Range {
  const { placed } = s.space
  if (placed) return placeExtent(s.space as typeof s.space & { placed: typeof placed }, { from, to })
  const before = s.space.groups.length
  const extent = reserveExtent(s.space, to - from, hint)
  noteChunks(s, before)
  if (!extent) throw new NotModelled(`no room is left for ${size(to - from)} of data that was taken in without a reservation`)
  return extent
}
