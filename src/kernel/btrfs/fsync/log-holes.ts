/** btrfs: logging the holes of a file that has no items for them. Source: facts fsync-log-tree 3.3 (H0..H6). */
import { alignUp, range, size } from '../../../base/range.ts'
import { goto, procedure, ret, step } from '../../../engine/procedure.ts'
import { must } from '../../lib/must.ts'
import { holeItem } from '../tree/extents.ts'
import { allItems, endOf, extentsOf, insertItem } from '../tree/tree.ts'
import { SECTOR, type BtrfsWorld } from '../world.ts'

interface LogHoles {
  /** prev_extent_end */
  end: number
  /** Offset of the item that follows a hole. */
  at: number | null
}

function logHole(s: BtrfsWorld, from: number, to: number): void {
  if (!insertItem(must(s.log).leaves, holeItem(from, to, s.fs.generation), s.fs.generation, s.fs.logLeafRoom)) s.fs.fullCommit = true
}

/** Walks all extent items of the file, of whatever transaction; between them and up to i_size it logs explicit holes. */
export const btrfsLogHoles = procedure<BtrfsWorld, LogHoles>('btrfs_log_holes', { file: 'fs/btrfs/tree-log.c', at: 'e75f9fd19409' }, [
  step(
    'find_hole',
    (_s, f) =>
      f.at === null
        ? `finds no extent item from ${size(f.end)} on`
        : `scans the items from ${size(f.end)} on; the one at ${size(f.at)} comes after a hole`,
    { row: 'fsync-log-tree 3.3 H0, H1, H2, H3', code: 'btrfs_search_slot(); btrfs_next_leaf()' },
    (s, f) => {
      if (s.inode.i_size === 0) return ret()
      f.at = null
      let end = f.end
      for (const item of extentsOf(allItems(s.subvol))) {
        if (item.offset < f.end) continue
        if (end < item.offset) {
          f.end = end
          f.at = item.offset
          return undefined
        }
        end = endOf(item)
      }
      f.end = end
      return goto('log_last_hole')
    },
  ),
  step(
    'log_hole',
    (_s, f) => `logs a hole that ends at ${size(f.at ?? 0)}; meanwhile no leaf is locked`,
    { row: 'fsync-log-tree 3.3 H4, H5', code: 'btrfs_release_path(); btrfs_insert_file_extent(log, ...); btrfs_search_slot(&key)' },
    (s, f) => {
      const at = must(f.at)
      logHole(s, f.end, at)
      const item = extentsOf(allItems(s.subvol)).find((candidate) => candidate.offset === at)
      if (!item) {
        // The key vanished: -ENOENT, and the whole transaction is committed instead.
        s.fs.fullCommit = true
        return ret()
      }
      f.end = endOf(item)
      return goto('find_hole')
    },
  ),
  step(
    'log_last_hole',
    (s, f) =>
      f.end < s.inode.i_size ? `logs the hole ${range(f.end, alignUp(s.inode.i_size, SECTOR))}` : 'the last extent reaches i_size',
    { row: 'fsync-log-tree 3.3 H6', code: 'if (prev_extent_end < i_size) btrfs_insert_file_extent(log, ...)' },
    (s, f) => {
      if (f.end < s.inode.i_size) logHole(s, f.end, alignUp(s.inode.i_size, SECTOR))
      return ret()
    },
  ),
])
