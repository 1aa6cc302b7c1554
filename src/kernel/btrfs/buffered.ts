/** btrfs: buffered writes and reads of uncached data. Source: facts direct-io B.4 (F2..F4), fsync-log-tree 6.2 for readers. */
import { alignDown, alignUp, overlaps, range, size } from '../../base/range.ts'
import { procedure, ret, step } from '../../engine/procedure.ts'
import { cannotLock, cannotLockRange, dropLock, takeLock, withoutRange } from '../locks.ts'
import { faultIn } from '../mm/buffer.ts'
import { setCache, waitForWriteback } from '../mm/cache.ts'
import { must } from '../must.ts'
import { clip, gaps, splice, transfer, valueOf } from '../runs.ts'
import { genericWriteChecks } from '../vfs/rw.ts'
import { contExpand } from './expand.ts'
import { layoutOf } from './extents.ts'
import { ioLockName } from './ordered.ts'
import { allItems } from './tree.ts'
import { SECTOR, type BtrfsWorld } from './world.ts'

interface BufferedWrite {
  from: number
  copied: number
}

const source = { file: 'fs/btrfs/file.c', at: 'v6.6.130' }

/** Brings what is not cached of [from, to) into the page cache, clean. */
export function fillCache(s: BtrfsWorld, from: number, to: number): void {
  const layout = layoutOf(allItems(s.subvol), s.disk.data, to)
  for (const gap of gaps(s.mapping.runs, from, to)) {
    const runs = clip(layout, gap.from, gap.to).map((piece) => ({
      from: piece.from,
      to: piece.to,
      stamp: piece.kind === 'data' ? (piece.stamp ?? '?') : '0',
      dirty: false,
      writeback: false,
    }))
    setCache(s.mapping, gap.from, gap.to, runs)
  }
}

/** Copies the rest of the task's iter into the page cache; returns the bytes copied. The position moves. */
export const btrfsBufferedWrite = procedure<BtrfsWorld, BufferedWrite>('btrfs_buffered_write', source, [
  step(
    'lock_inode',
    'takes the inode lock',
    { row: 'direct-io B.4 F2', code: 'btrfs_inode_lock(inode, 0)', when: (s) => cannotLock(s.locks.i_rwsem, 'exclusive', 'inode lock') },
    (s, _f, t) => takeLock(s.locks.i_rwsem, 'exclusive', t.letter),
  ),
  step(
    'write_checks',
    (s, _f, t) => `generic_write_checks() again: the write begins at ${size(must(s.kiocbs[t.letter]).ki_pos)}`,
    { row: 'direct-io B.4 F2; A.3 A3, A4', code: 'generic_write_checks(); btrfs_write_check()' },
    (s, f, t) => {
      genericWriteChecks(s, t.letter)
      f.from = must(s.kiocbs[t.letter]).ki_pos
      contExpand(s, f.from)
    },
  ),
  step(
    'copy_from_user',
    (s, f) => `copies ${size(f.copied)} into the page cache at ${size(f.from)} and marks it as delalloc; i_size = ${size(s.inode.i_size)}`,
    {
      row: 'direct-io B.4 F2, F3, F4',
      code: 'prepare_pages(); lock_and_cleanup_extent(); copy_from_user(); btrfs_dirty_pages()',
      when: (s, f, t) => {
        const area = { from: alignDown(f.from, SECTOR), to: alignUp(f.from + must(s.iters[t.letter]).count, SECTOR) }
        const ordered = s.ordered.find((oe) => overlaps(oe, area))
        return (
          waitForWriteback(s.mapping, area.from, area.to) ??
          cannotLockRange(s.io_tree.locked, area, t.letter, ioLockName) ??
          (ordered ? { on: `ordered extent ${range(ordered.from, ordered.to)}`, heldBy: [] } : null)
        )
      },
    },
    (s, f, t) => {
      const iter = must(s.iters[t.letter])
      const buffer = must(s.buffers[t.letter])
      faultIn(buffer, iter.offset, iter.offset + iter.count, `0${t.letter}`)
      const to = f.from + iter.count
      const area = { from: alignDown(f.from, SECTOR), to: alignUp(to, SECTOR) }
      fillCache(s, area.from, area.to)
      const copied = transfer([], f.from, buffer.content, iter.offset, iter.count)
      setCache(
        s.mapping,
        f.from,
        to,
        copied.map((run) => ({ ...run, dirty: true, writeback: false })),
      )
      setCache(
        s.mapping,
        area.from,
        area.to,
        clip(s.mapping.runs, area.from, area.to).map((run) => ({ ...run, dirty: true })),
      )
      s.io_tree.delalloc = splice(s.io_tree.delalloc, area.from, area.to, [area], () => true)
      s.inode.i_size = Math.max(s.inode.i_size, to)
      must(s.kiocbs[t.letter]).ki_pos = to
      f.copied = iter.count
      iter.offset += f.copied
      iter.count = 0
    },
  ),
  step('unlock_inode', 'unlocks the inode', { row: 'direct-io B.4 F4', code: 'btrfs_inode_unlock(inode, 0)' }, (s, f, t) => {
    dropLock(s.locks.i_rwsem, t.letter)
    return ret(f.copied)
  }),
])

interface Read {
  readonly from: number
  readonly to: number
}

/** A read of data that is not cached: it locks the extent range while the pages are filled. Returns the value read. */
export const btrfsReadFolio = procedure<BtrfsWorld, Read>('btrfs_readpage', { file: 'fs/btrfs/extent_io.c', at: 'v5.12' }, [
  step(
    'lock_extent',
    (_s, f) => `a read of ${range(f.from, f.to)}, which is not cached, locks the range in the io_tree`,
    {
      row: 'fsync-log-tree 6.2 row 4',
      code: 'btrfs_lock_and_flush_ordered_range(inode, start, end)',
      when: (s, f, t) =>
        cannotLockRange(s.io_tree.locked, f, t.letter, ioLockName) ??
        (s.ordered.some((oe) => overlaps(oe, f)) ? { on: `ordered extent ${range(f.from, f.to)}`, heldBy: [] } : null),
    },
    (s, f, t) => {
      s.io_tree.locked = [...s.io_tree.locked, { ...f, by: t.letter }]
    },
  ),
  step(
    'end_read',
    (_s, f) => `the data of ${range(f.from, f.to)} arrives in the page cache; the range is unlocked`,
    { row: 'fsync-log-tree 6.2 row 4', code: 'end_bio_extent_readpage(): unlock_extent()' },
    (s, f, t) => {
      fillCache(s, f.from, f.to)
      s.io_tree.locked = withoutRange(s.io_tree.locked, f, t.letter)
      return ret([...new Set(clip(s.mapping.runs, f.from, f.to).map((run) => valueOf(run.stamp)))].join(' '))
    },
  ),
])

export const bufferedProcedures = [btrfsBufferedWrite, btrfsReadFolio]
