/** btrfs_cont_expand(): what lies between the end of the file and where it is to go on becomes a hole. */
import { alignUp, size, type Range } from '../../../base/range.ts'
import { flow, goto, call, procedure, ret, step } from '../../../engine/procedure.ts'
import { waitForWriteback } from '../../mm/cache.ts'
import { awaitsPages, orderedAt } from '../buffered/delalloc.ts'
import { dropItems, holeItem } from '../tree/extents.ts'
import { getExtent, holeMap, replaceMap } from '../tree/maps.ts'
import { dirtyPages, needPages, pagesOf, zeroPages } from '../buffered/pages.ts'
import { currentGeneration, touchInode } from '../fsync/transaction.ts'
import { insertItem } from '../tree/tree.ts'
import { SECTOR, type BtrfsWorld } from '../world.ts'
import { pages } from '../buffered/writeback.ts'

/** Makes the blocks of [i_size, to) a hole: an extent map each, and an item too unless the NO_HOLES feature is on. */
export function contExpand(s: BtrfsWorld, to: number): void {
  const end = alignUp(to, SECTOR)
  for (let at = alignUp(s.inode.i_size, SECTOR); at < end;) {
    const map = getExtent(s, at, end - at)
    const next = Math.min(end, alignUp(map.to, SECTOR))
    if (!map.prealloc) {
      if (!s.fs.noHoles) insertHole(s, at, next)
      replaceMap(s, holeMap(at, next, currentGeneration(s)))
    }
    at = next
  }
}

/** maybe_insert_hole() without NO_HOLES */
function insertHole(s: BtrfsWorld, from: number, to: number): void {
  s.fs.started = true
  dropItems(s, from, to)
  insertItem(s.subvol, holeItem(from, to, s.fs.generation), s.fs.generation, s.fs.leafRoom)
  touchInode(s)
}

/** Does expanding a file of this size first have to zero the rest of its last block? */
export const hasTail = (size_: number): boolean => size_ % SECTOR !== 0

export interface TruncateBlock {
  readonly from: number
  /** Bytes to zero from there on; 0 = to the end of the block, or from its start if `front`. */
  readonly length: number
  readonly front: boolean
  flush: Range | null
}

/** Locals of btrfs_truncate_block(). */
export const truncateBlock = (from: number, length = 0, front = false): TruncateBlock => ({ from, length, front, flush: null })

/** Zeroes a part of a block through the page cache, which makes the block delalloc. A boundary needs nothing. */
export const btrfsTruncateBlock = procedure<BtrfsWorld, TruncateBlock>('btrfs_truncate_block', { file: 'fs/btrfs/inode.c', at: 'v6.1' }, [
  flow<TruncateBlock>((f) => (f.from % SECTOR === 0 && f.length % SECTOR === 0 ? ret(0) : undefined)),
  step(
    'zero_block',
    (_s, f) =>
      f.flush === null
        ? `zeroes a part of the block at ${size(f.from - (f.from % SECTOR))} in the page cache, and marks it as delalloc`
        : `the block at ${size(f.from - (f.from % SECTOR))} has an ordered extent: writes it first`,
    {
      row: 'v6.1 btrfs_truncate_block()',
      code: 'wait_on_page_writeback(); lock_extent(); btrfs_set_extent_delalloc(); memzero_page()',
      when: (s, f) => {
        const block = pagesOf({ from: f.from, to: f.from + 1 })
        const ordered = orderedAt(s, block.from)
        if (ordered && !awaitsPages(s, ordered)) return { on: 'ordered extents', heldBy: [] }
        return waitForWriteback(s.mapping, block.from, block.to)
      },
    },
    (s, f) => {
      const block = pagesOf({ from: f.from, to: f.from + 1 })
      const ordered = orderedAt(s, block.from)
      f.flush = ordered ? { from: ordered.from, to: ordered.to } : null
      if (f.flush) return call('btrfs_fdatawrite_range', pages(f.flush.from, f.flush.to))
      needPages(s, block.from, block.to)
      dirtyPages(s, block)
      const start = f.front ? block.from : f.from
      zeroPages(s, start, f.front ? f.from : f.length === 0 ? block.to : f.from + f.length)
      return ret(0)
    },
  ),
  flow(() => goto('zero_block')),
])

export const expandProcedures = [btrfsTruncateBlock]
