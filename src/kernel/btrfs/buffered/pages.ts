/** btrfs: the page cache of the file: bringing pages in, and forgetting them. Source: fs/btrfs/extent_io.c, inode.c v6.1. */
import { alignDown, alignUp, range, type Range } from '../../../base/range.ts'
import type { Self } from '../../../engine/procedure.ts'
import { cached, cleanRun, mark, setCache, uncached, writeProtect, zeroPages } from '../../mm/cache.ts'
import { clip, cutOut, gaps, splice, within } from '../../lib/runs.ts'
import { layoutOf } from '../tree/extents.ts'
import { getExtent } from '../tree/maps.ts'
import { NotModelled } from '../not-modelled.ts'
import { orderedIn, queueFinish, replaceOrdered } from '../ordered.ts'
import { extentsIn } from '../tree/tree.ts'
import { piecesOf, verifyRead } from '../csum/verify.ts'
import { SECTOR, type BtrfsWorld, type Ordered } from '../world.ts'

/**
 * btrfs_read_folio(), btrfs_readahead(): brings what is not cached of [from, to) into the page cache, clean. Each page
 * looks its extent map up and verifies its checksum. What lies past i_size reads as zero. @returns whether all of it could
 * be read: a sector that no mirror has stays out of the cache.
 */
export function fillCache(s: BtrfsWorld, from: number, to: number): boolean {
  const missing = uncached(s.mapping, from, to)
  if (missing.length === 0) return true
  const lost = missing.flatMap((gap) => piecesOf(s, gap.from, gap.to)).flatMap((piece) => verifyRead(s, piece, s.disk.data).lost)
  const layout = layoutOf(extentsIn(s.subvol, missing[0]?.from ?? from, missing.at(-1)?.to ?? to), s.disk.data, to)
  for (const gap of missing.flatMap((one) => gaps(lost, one.from, one.to))) {
    lookUp(s, alignDown(gap.from, SECTOR), Math.min(gap.to, s.inode.i_size))
    const runs = clip(within(layout, gap.from, gap.to), gap.from, gap.to).map(({ from: start, to: end, kind, stamp }) =>
      cleanRun({ from: start, to: end, stamp: kind === 'data' && start < s.inode.i_size ? (stamp ?? '?') : '0' }),
    )
    setCache(s.mapping, gap.from, gap.to, runs)
    zeroTail(s, gap.to)
  }
  return lost.length === 0
}

/** Pages that are looked up one by one at most, 64 MiB of them. */
const pagesMax = 16_384

/** Looks the extent map of each page up; a cached one answers for all of its pages at once. */
function lookUp(s: BtrfsWorld, from: number, to: number): void {
  let looked = 0
  for (let page = from; page < to;) {
    if (++looked > pagesMax) throw new NotModelled(`more than ${pagesMax} pages of a hole are read one by one: make the file shorter`)
    page = Math.max(page + SECTOR, alignDown(getExtent(s, page, SECTOR).to, SECTOR))
  }
}

/** Brings pages in that a caller has to have. @throws NotModelled if no mirror has them: what callers do then is not modelled. */
export function needPages(s: BtrfsWorld, from: number, to: number): void {
  if (!fillCache(s, from, to)) throw new NotModelled(`a page of ${range(from, to)} cannot be read, but a part of it is to be written`)
}

/** Bytes of cached pages below `to` that lie past i_size become zero, as they do when a page is read or written back. */
export function zeroTail(s: BtrfsWorld, to: number): void {
  const end = Math.min(to, alignUp(s.inode.i_size, SECTOR))
  if (s.inode.i_size < end) zeroPages(s.mapping, s.inode.i_size, end)
}

/** btrfs_set_extent_delalloc() and the pages' dirty bits, for whole pages. */
export function dirtyPages(s: BtrfsWorld, { from, to }: Range): void {
  s.io_tree.delalloc = splice(s.io_tree.delalloc, from, to, [{ from, to }], () => true)
  mark(s.mapping, from, to, { dirty: true })
}

/**
 * truncate_pagecache_range(): whole pages of [from, to) are unmapped and dropped, dirty or not. Dirty ones that an
 * ordered extent waits for will never be written, so it is truncated there.
 */
export function dropPages(s: BtrfsWorld, t: Self, from: number, to: number): void {
  for (const oe of orderedIn(s, { from, to })) dropUnwritten(s, t, oe, { from, to })
  setCache(s.mapping, from, to, [])
  writeProtect(s.mapping, { from, to })
  s.io_tree.delalloc = cutOut(s.io_tree.delalloc, from, to)
}

/** btrfs_invalidate_folio() */
function dropUnwritten(s: BtrfsWorld, t: Self, oe: Ordered, gone: Range): void {
  const from = Math.max(oe.from, gone.from)
  const dirty = cached(s.mapping, from, Math.min(oe.to, gone.to)).filter((run) => run.dirty)
  const bytes = dirty.reduce((sum, run) => sum + run.to - run.from, 0)
  if (bytes === 0) return
  const kept = Math.min(oe.truncatedTo ?? oe.to - oe.from, from - oe.from)
  replaceOrdered(s, oe, [{ ...oe, bytesLeft: oe.bytesLeft - bytes, truncatedTo: kept }])
  queueFinish(s, t, oe.from)
}
