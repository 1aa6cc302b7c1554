/** btrfs_cont_expand(): what lies between the end of the file and where it is to go on becomes a hole. */
import { alignUp, size } from '../../../base/range.ts'
import { flow, goto, procedure, ret, step } from '../../../engine/procedure.ts'
import { variables } from '../../lib/variables.ts'
import { pagesOf, waitForWriteback, zeroPages } from '../../mm/cache.ts'
import { dropItems, holeItem } from '../tree/extents.ts'
import { getExtent, holeMap, replaceMap } from '../tree/maps.ts'
import { dirtyPages, needPages } from '../buffered/pages.ts'
import { cannotStartOrdered, startOrderedExtent, type StartsOrdered } from '../ordered.ts'
import { currentGeneration, touchInode } from '../fsync/transaction.ts'
import { insertItem } from '../tree/tree.ts'
import { SECTOR, type BtrfsWorld } from '../world.ts'

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

interface TruncateBlock extends StartsOrdered {
  readonly from: number
  /** Bytes to zero from there on; absent = to the end of the block, or from its start if `front`. */
  readonly length?: number
  readonly front?: true
}

/** Zeroes a part of a block through the page cache, which makes the block delalloc. A boundary needs nothing. */
export const btrfsTruncateBlock = procedure<BtrfsWorld, TruncateBlock>('btrfs_truncate_block', { file: 'fs/btrfs/inode.c', at: 'v6.1' }, [
  variables<TruncateBlock>({ flush: null }),
  flow<TruncateBlock>((f) => (f.from % SECTOR === 0 && (f.length ?? 0) % SECTOR === 0 ? ret(0) : undefined)),
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
        return cannotStartOrdered(s, block) ?? waitForWriteback(s.mapping, block.from, block.to)
      },
    },
    (s, f) => {
      const block = pagesOf({ from: f.from, to: f.from + 1 })
      const flush = startOrderedExtent(s, f, block)
      if (flush) return flush
      needPages(s, block.from, block.to)
      dirtyPages(s, block)
      const start = f.front ? block.from : f.from
      zeroPages(s.mapping, start, f.front ? f.from : f.length === undefined ? block.to : f.from + f.length)
      return ret(0)
    },
  ),
  flow(() => goto('zero_block')),
])

export const expandProcedures = [btrfsTruncateBlock]
