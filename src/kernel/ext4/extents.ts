/** ext4: the extent tree of the one inode. Source: facts ext4 1.4 (D11, D11b), 3.9 (X3, X4). */
import { alignUp, type Range } from '../../base/range.ts'
import { clip, cutOut, gaps, join, type Piece } from '../lib/runs.ts'
import { PAGE } from '../mm/world.ts'
import { compareVersions } from '../releases.ts'
import type { Ext4World, Extent, RawInode } from './world.ts'

const alike = (a: Extent, b: Extent): boolean => a.unwritten === b.unwritten && b.disk - a.disk === b.from - a.from

/** The part of an extent inside [from, to), with the disk address where that part begins. */
const part = (extent: Extent, { from, to }: Range): Extent => {
  const start = Math.max(extent.from, from)
  return { ...extent, from: start, to: Math.min(extent.to, to), disk: extent.disk + start - extent.from }
}

/** The mapping at an offset, at most `length` bytes of it: an extent, or (null) how far the hole goes. */
export function mappingAt(extents: readonly Extent[], at: number, length: number): { readonly extent: Extent | null; readonly to: number } {
  const found = extents.find(({ from, to }) => from <= at && at < to)
  if (!found) return { extent: null, to: gaps(extents, at, at + length)[0]?.to ?? at + length }
  const extent = part(found, { from: at, to: at + length })
  return { extent, to: extent.to }
}

/**
 * Does one written mapping cover all of it? Then a write needs neither blocks nor a size. From 6.5 on an unwritten one is as good:
 * what it takes to convert it needs no exclusive lock.
 */
export function isOverwrite(s: Ext4World, from: number, length: number): boolean {
  const { extent, to } = mappingAt(s.ei.raw.extents, from, length)
  return extent !== null && to === from + length && (!extent.unwritten || compareVersions(s.kernel.release, '6.5') >= 0)
}

/** Puts [from, to) into this state; blocks that are a hole are allocated. */
function setBlocks(s: Ext4World, { from, to }: Range, unwritten: boolean): readonly Extent[] {
  const kept = s.ei.raw.extents.filter((extent) => extent.from < to && from < extent.to).map((extent) => part(extent, { from, to }))
  const fresh = gaps(kept, from, to).map((hole): Extent => {
    const disk = s.alloc.next
    s.alloc.next += hole.to - hole.from
    return { ...hole, disk, unwritten }
  })
  const pieces = [...kept.map((extent) => ({ ...extent, unwritten })), ...fresh].sort((a, b) => a.from - b.from)
  return join(
    [...without(s.ei.raw.extents, from, to), ...pieces].sort((a, b) => a.from - b.from),
    alike,
  )
}

/** The extents outside [from, to), cut with their disk addresses. */
const without = (extents: readonly Extent[], from: number, to: number): Extent[] =>
  extents.flatMap((extent) => cutOut([{ from: extent.from, to: extent.to }], from, to).map((rest) => part(extent, rest)))

/** ext4_map_blocks(CREATE): blocks for [from, to) from now on. */
export const allocate = (s: Ext4World, blocks: Range, unwritten: boolean): RawInode => ({
  ...s.ei.raw,
  extents: setBlocks(s, blocks, unwritten),
})

/** ext4_convert_unwritten_extents(). */
export const convert = (s: Ext4World, blocks: Range): RawInode => ({ ...s.ei.raw, extents: setBlocks(s, blocks, false) })

/** ext4_orphan_cleanup(): an inode on the orphan list loses all blocks behind its size. */
export const cleanedUp = (raw: RawInode): RawInode =>
  raw.orphan ? { ...raw, extents: without(raw.extents, alignUp(raw.size, PAGE), Number.MAX_SAFE_INTEGER), orphan: false } : raw

/** The file of this size from its extents and the disk. */
export function layoutOf({ extents, size }: RawInode, disk: readonly { from: number; to: number; stamp: string }[]): Piece[] {
  const pieces = extents
    .map((extent) => part(extent, { from: 0, to: size }))
    .filter(({ from, to }) => from < to)
    .flatMap((extent): Piece[] => {
      if (extent.unwritten) return [{ from: extent.from, to: extent.to, kind: 'unwritten', stamp: null }]
      const at = (address: number): number => address - extent.disk + extent.from
      const end = extent.disk + extent.to - extent.from
      const data = clip(disk, extent.disk, end).map(({ from, to, stamp }): Piece => ({ from: at(from), to: at(to), kind: 'data', stamp }))
      const stale = gaps(disk, extent.disk, end).map(({ from, to }): Piece => ({ from: at(from), to: at(to), kind: 'data', stamp: '?' }))
      return [...data, ...stale]
    })
  const holes = gaps(pieces, 0, size).map((hole): Piece => ({ ...hole, kind: 'hole', stamp: null }))
  return join(
    [...pieces, ...holes].sort((a, b) => a.from - b.from),
    (a, b) => a.kind === b.kind && a.stamp === b.stamp,
  )
}
