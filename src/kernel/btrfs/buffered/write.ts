/** btrfs: buffered writes and reads of uncached data. Source: facts direct-io B.4 (F2..F4), fsync-log-tree 6.2 for readers. */
import { alignDown, M, range, size, type Range } from '../../../base/range.ts'
import { call, flow, goto, has, procedure, ret, step } from '../../../engine/procedure.ts'
import type { Letter } from '../../../engine/view.ts'
import { EFAULT, ENOSPC, errorName } from '../../lib/errno.ts'
import { must } from '../../lib/must.ts'
import type { Found } from '../../lib/operations.ts'
import { clip, mix, transfer, valueOf, type Run } from '../../lib/runs.ts'
import { variables } from '../../lib/variables.ts'
import { grainOf, touch } from '../../mm/buffer.ts'
import { cached, cannotLockPages, lockPages, pagesOf, setCache, uncached, unlockPages, waitForWriteback } from '../../mm/cache.ts'
import { countCopy, genericWriteChecks } from '../../vfs/rw.ts'
import { piecesOf } from '../csum/verify.ts'
import { lockInode, unlockInode } from '../inode-lock.ts'
import { endWrite } from '../fsync/transaction.ts'
import { cannotLockExtent, lockExtent, unlockExtent } from '../io-tree.ts'
import { awaitsPages, cannotStartOrdered, orderedIn, startOrderedExtent, writesOrdered, type StartsOrdered } from '../ordered.ts'
import { contExpand, hasTail } from '../resize/expand.ts'
import { canReclaim, reserveData, type Reclaim } from '../space/reserve.ts'
import { SECTOR, type BtrfsWorld } from '../world.ts'
import { mayNocow } from './delalloc.ts'
import { dirtyPages, fillCache, needPages } from './pages.ts'

interface BufferedWrite extends StartsOrdered {
  from: number
  copied: number
  /** The part that is being copied, page after page; null = none is. */
  piece: Range | null
  /** A store through a mapping can meet any page of it, without a lock. */
  paged: boolean
  /** The data are a mapping of the file that has to be faulted in first. */
  faulting?: boolean
  /** What is returned if nothing could be copied. */
  error?: number
  reclaim?: Reclaim
}

/** The pages that what is left of the task's iter touches. */
const areaOf = (s: BtrfsWorld, f: BufferedWrite, task: Letter): Range => {
  const at = f.from + f.copied
  return pagesOf({ from: at, to: at + must(s.iters[task]).count })
}

/** How much is reserved and copied in one go: as many pages as fit into a page of pointers. */
const batch = 2 * M

/** btrfs_check_data_free_space(), batch by batch: how many of these bytes find room. What may go in place needs none. */
function roomFor(s: BtrfsWorld, from: number, length: number): number {
  const to = from + length
  for (let at = from; at < to;) {
    const next = Math.min(to, alignDown(at, SECTOR) + batch)
    const { from: first, to: last } = pagesOf({ from, to: next })
    if (!mayNocow(s) && !reserveData(s, last - first)) return at - from
    at = next
  }
  return length
}

/** How many pages are locked and copied at least, however near the task is to being throttled. */
const pieceMin = 8 * SECTOR

/** Where the page ends that holds a byte. */
const pageEnd = (at: number): number => alignDown(at, SECTOR) + SECTOR

/** How much of a write is copied in one piece. Where nobody looks at the pages meanwhile all of it: that looks the same however it is cut. */
function pieceOf(s: BtrfsWorld, at: number, length: number): number {
  if (!s.mapping.watched) return length
  return Math.min(length, alignDown(at, SECTOR) + pieceMin - at)
}

/** What the user's buffer has for this part of the file. */
function dataFor(s: BtrfsWorld, task: Letter, { from, to }: Range): Run[] {
  return transfer([], from, must(s.buffers[task]).content, must(s.iters[task]).offset, to - from)
}

/** While pages are copied into one after the other, whoever reads those that are uptodate finds what was there or what comes. */
function showBoth(s: BtrfsWorld, task: Letter, part: Range): void {
  const data = dataFor(s, task, part)
  for (const { from, to } of cached(s.mapping, part.from, part.to)) setCache(s.mapping, from, to, mix(cached(s.mapping, from, to), data))
}

/** The part is in the page cache now, dirty. */
function copyIn(s: BtrfsWorld, f: BufferedWrite, task: Letter, part: Range): void {
  const { from, to } = part
  const data = dataFor(s, task, part).map((run) => ({ ...run, dirty: true, writeback: false }))
  setCache(s.mapping, from, to, data)
  dirtyPages(s, pagesOf(part))
  countCopy(s, task, to - from)
  must(s.kiocbs[task]).ki_pos = to
  f.copied += to - from
  const iter = must(s.iters[task])
  iter.offset += to - from
  iter.count -= to - from
}

const source = { file: 'fs/btrfs/file.c', at: 'v6.6.130' }

/** Copies the rest of the task's iter into the page cache; returns the bytes copied. The position moves. */
export const btrfsBufferedWrite = procedure<BtrfsWorld, BufferedWrite>('btrfs_buffered_write', source, [
  variables<BufferedWrite>({ from: 0, copied: 0, piece: null, paged: false, flush: null }),
  lockInode('takes the inode lock', { row: 'direct-io B.4 F2', code: 'btrfs_inode_lock(inode, 0)' }),
  step(
    'write_checks',
    (s, _f, t) => `generic_write_checks() in the page cache path: the write begins at ${size(must(s.kiocbs[t.letter]).ki_pos)}`,
    { row: 'direct-io B.4 F2; A.3 A3, A4; A.9 A24', code: 'generic_write_checks(); btrfs_write_check()' },
    (s, f, t) => {
      genericWriteChecks(s, t.letter)
      f.from = must(s.kiocbs[t.letter]).ki_pos
      if ((has(s, 'da2dccd7451d') ? f.from : alignDown(f.from, SECTOR)) <= s.inode.i_size) return goto('copy_from_user')
      if (hasTail(s.inode.i_size)) return call('btrfs_truncate_block', { from: s.inode.i_size })
      contExpand(s, areaOf(s, f, t.letter).to)
      return goto('copy_from_user')
    },
  ),
  step(
    'cont_expand',
    (s, f) => `makes ${range(s.inode.i_size, f.from)} a hole`,
    { row: 'v6.1 btrfs_cont_expand()', code: 'btrfs_cont_expand(inode, oldsize, end_pos)' },
    (s, f, t) => contExpand(s, areaOf(s, f, t.letter).to),
  ),
  step(
    'copy_from_user',
    (s, f) =>
      f.flush
        ? `the ordered extent ${range(f.flush.from, f.flush.to)} is in the way: writes its pages first`
        : f.reclaim === 'asked'
          ? 'there is no room for the data: has some freed first'
          : f.error === ENOSPC
            ? `there is no room for the data from ${size(f.from + f.copied)} on: ${errorName(f.error)}`
            : f.error
              ? 'the user buffer cannot be faulted in: nothing is copied, -EFAULT'
              : f.faulting
                ? 'the data are a mapping of the file: faults them in before any page is locked'
                : f.piece
                  ? `locks the pages ${range(f.piece.from, f.piece.to)} and copies into one after the other: who reads them now finds old data or new`
                  : `copies ${size(f.copied)} into the page cache at ${size(f.from)} and marks it as delalloc; i_size = ${size(s.inode.i_size)}`,
    {
      row: 'direct-io B.4 F2, F3, F4; page-cache 2 P1',
      code: 'prepare_pages(); lock_and_cleanup_extent(); copy_from_user(); btrfs_dirty_pages()',
      when: (s, f, t) => {
        const area = areaOf(s, f, t.letter)
        if (writesOrdered(s, area)) return null
        return (
          cannotLockPages(s.mapping, area, t.letter) ??
          waitForWriteback(s.mapping, area.from, area.to) ??
          cannotLockExtent(s, area, t.letter) ??
          cannotStartOrdered(s, area)
        )
      },
    },
    (s, f, t) => {
      const area = areaOf(s, f, t.letter)
      const flush = startOrderedExtent(s, f, area)
      if (flush) return flush
      const iter = must(s.iters[t.letter])
      const buffer = must(s.buffers[t.letter])
      if (buffer.unmapped) {
        f.error = EFAULT
        return goto('unlock_inode')
      }
      const fault = touch(s, t.letter, iter.offset, iter.offset + iter.count)
      f.faulting = fault !== null
      if (fault) return fault
      const at = f.from + f.copied
      const length = roomFor(s, at, pieceOf(s, at, grainOf(buffer, iter.count)))
      if (length === 0) {
        if (canReclaim(s, f.reclaim)) {
          f.reclaim = 'asked'
          return call('flush_space', {})
        }
        f.error = ENOSPC
        return goto('unlock_inode')
      }
      const to = at + length
      const touched = pagesOf({ from: at, to })
      // Pages that the write covers in part are read first.
      if (touched.from < at) needPages(s, touched.from, touched.from + SECTOR)
      if (to < touched.to) needPages(s, touched.to - SECTOR, touched.to)
      if (s.mapping.watched && touched.to - touched.from > SECTOR) {
        f.piece = { from: at, to }
        lockPages(s.mapping, touched, t.letter)
        if (at < s.inode.i_size) lockExtent(s, touched, t.letter)
        f.paged = clip(s.mapping.writable, at, to).length > 0
        if (!f.paged) showBoth(s, t.letter, f.piece)
        return goto('dirty_pages')
      }
      copyIn(s, f, t.letter, { from: at, to })
      s.inode.i_size = Math.max(s.inode.i_size, to)
      return iter.count > 0 ? goto('copy_from_user') : goto('unlock_inode')
    },
  ),
  flow<BufferedWrite>((f) => {
    if (f.reclaim) f.reclaim = 'done'
    return goto('copy_from_user')
  }),
  step(
    'dirty_pages',
    (s, f) =>
      f.piece
        ? `has copied ${size(f.copied)} into the page cache at ${size(f.from)}: goes on with the next page`
        : `has copied ${size(f.copied)} into the page cache at ${size(f.from)} and marks it as delalloc; i_size = ${size(s.inode.i_size)}; unlocks the pages`,
    { row: 'page-cache 2 P2, P3', fn: 'btrfs_dirty_pages', code: 'btrfs_copy_from_user() done; btrfs_dirty_pages(); btrfs_drop_pages()' },
    (s, f, t) => {
      const piece = must(f.piece)
      const at = f.from + f.copied
      const end = f.paged ? at : s.mapping.resized ? uncached(s.mapping, at, piece.to)[0]?.from : undefined
      const to = Math.min(piece.to, end === undefined ? piece.to : pageEnd(end))
      copyIn(s, f, t.letter, { from: at, to })
      if (to < piece.to) return goto('dirty_pages')
      f.piece = null
      s.inode.i_size = Math.max(s.inode.i_size, piece.to)
      unlockPages(s.mapping, pagesOf(piece), t.letter)
      unlockExtent(s, pagesOf(piece), t.letter)
      return must(s.iters[t.letter]).count > 0 ? goto('copy_from_user') : goto('unlock_inode')
    },
  ),
  step('unlock_inode', 'unlocks the inode', { row: 'direct-io B.4 F4', code: 'btrfs_inode_unlock(inode, 0)' }, (s, f, t) => {
    unlockInode(s, t.letter)
    endWrite(s)
    return ret(f.copied > 0 ? f.copied : (f.error ?? 0))
  }),
])

interface Read extends Range, StartsOrdered {}

/** A read of data that is not cached: it locks the extent range while the pages are filled. Returns what it Found. */
export const btrfsReadFolio = procedure<BtrfsWorld, Read>('btrfs_readpage', { file: 'fs/btrfs/extent_io.c', at: 'v5.12' }, [
  variables<Read>({ flush: null }),
  step(
    'lock_extent',
    (_s, f) =>
      f.flush
        ? `a read of ${range(f.from, f.to)} finds the ordered extent ${range(f.flush.from, f.flush.to)}: writes its pages first`
        : `a read of ${range(f.from, f.to)}, which is not cached, locks the range in the io_tree`,
    {
      row: 'fsync-log-tree 6.2 row 4',
      code: 'btrfs_lock_and_flush_ordered_range(inode, start, end)',
      // A task that reads under a range it has locked itself waits for itself.
      when: (s, f) =>
        cannotLockExtent(s, f, null) ??
        (orderedIn(s, f).some((oe) => !awaitsPages(s, oe)) ? { on: `ordered extent ${range(f.from, f.to)}`, heldBy: [] } : null),
    },
    (s, f, t) => {
      const flush = startOrderedExtent(s, f, f)
      if (flush) return flush
      lockExtent(s, f, t.letter)
      return goto('end_read')
    },
  ),
  flow<Read>((f) => {
    f.flush = null
    return goto('lock_extent')
  }),
  step(
    'end_read',
    (s, f) => {
      const [lost] = uncached(s.mapping, f.from, f.to)
      if (!lost)
        return `the data of ${range(f.from, f.to)} arrives in the page cache${s.bi.nodatasum ? ', unverified' : ' and is verified'}; the range is unlocked`
      const none = piecesOf(s, lost.from, lost.from + SECTOR).every(({ disk }) => clip(s.csums, disk, disk + SECTOR).length === 0)
      const why = none
        ? `the csum tree has no checksum for the data at ${size(lost.from)}`
        : `the data at ${size(lost.from)} do not have their checksum`
      return `${why}: the page is zeroed and not uptodate, the range is unlocked`
    },
    {
      row: 'fsync-log-tree 6.2 row 4; direct-io B.3 B9',
      fn: 'end_bio_extent_readpage',
      code: 'end_bio_extent_readpage(): btrfs_verify_data_csum(); unlock_extent()',
    },
    (s, f, t) => {
      fillCache(s, f.from, f.to)
      unlockExtent(s, f, t.letter)
      const value = [...new Set(cached(s.mapping, f.from, f.to).map((run) => valueOf(run.stamp)))].join(' ')
      const lost = uncached(s.mapping, f.from, f.to)[0]?.from ?? null
      return ret({ value, bytes: (lost ?? f.to) - f.from, lost } satisfies Found)
    },
  ),
])

export const bufferedProcedures = [btrfsBufferedWrite, btrfsReadFolio]
