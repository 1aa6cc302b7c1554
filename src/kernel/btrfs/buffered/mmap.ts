/** btrfs: stores through a shared mapping. Source: facts fsync-log-tree 3.6 (B1..B11), 6.1 for the i_mmap_lock rows. */
import { overlaps, range, type Range } from '../../../base/range.ts'
import { call, flow, goto, has, procedure, ret, step } from '../../../engine/procedure.ts'
import type { Letter } from '../../../engine/view.ts'
import { SIGBUS } from '../../lib/errno.ts'
import { cannotLock, takeLock } from '../../lib/locks.ts'
import { splice } from '../../lib/runs.ts'
import { variables } from '../../lib/variables.ts'
import { cached, cannotLockPages, lockPages, pagesOf, unlockPages, waitForWriteback } from '../../mm/cache.ts'
import { touchInode } from '../fsync/transaction.ts'
import { mmapLock, unlockMmap } from '../inode-lock.ts'
import { cannotLockExtent, lockExtent, unlockExtent } from '../io-tree.ts'
import { cannotStartOrdered, orderedIn, startOrderedExtent, type StartsOrdered } from '../ordered.ts'
import { hasRoomFor } from '../space/reserve.ts'
import type { BtrfsWorld } from '../world.ts'
import { dirtyPages, needPages, zeroTail } from './pages.ts'
import { LLONG_MAX } from './writeback.ts'

const source = { file: 'fs/btrfs/inode.c', at: '8318ba79eeeb' }
const pageRange = (f: Range): string => range(f.from, f.to)

interface Fault extends Range, StartsOrdered {}

/** The page would be delalloc, and there is no room for it. */
const lacksRoom = (s: BtrfsWorld, f: Range): boolean => !hasRoomFor(s, pagesOf(f).to - pagesOf(f).from)

export const btrfsPageMkwrite = procedure<BtrfsWorld, Fault>('btrfs_page_mkwrite', source, [
  variables<Fault>({ flush: null }),
  step(
    'i_mmap_lock',
    'takes i_mmap_lock for reading',
    {
      row: 'fsync-log-tree 6.1 B4',
      code: 'again: down_read(&BTRFS_I(inode)->i_mmap_lock)',
      onlyWith: '8318ba79eeeb',
      when: (s) => cannotLock(mmapLock(s), 'shared', 'i_mmap_lock'),
    },
    (s, _f, t) => takeLock(mmapLock(s), 'shared', t.letter),
  ),
  step(
    'lock_page',
    (s, f) => (lacksRoom(s, f) ? `there is no room for the page of ${pageRange(f)}: SIGBUS` : `locks the page ${pageRange(f)}`),
    { row: 'fsync-log-tree 3.6 B4', code: 'lock_page(page)', when: (s, f, t) => cannotLockPages(s.mapping, pagesOf(f), t.letter) },
    (s, f, t) => {
      const page = pagesOf(f)
      if (lacksRoom(s, f)) {
        unlockMmap(s, t.letter)
        return ret(SIGBUS)
      }
      needPages(s, page.from, page.to)
      zeroTail(s, page.to)
      lockPages(s.mapping, page, t.letter)
      return undefined
    },
  ),
  step(
    'wait_writeback',
    (_s, f) => `no writeback of ${pageRange(f)} is running`,
    {
      row: 'fsync-log-tree 3.6 B5',
      code: 'wait_on_page_writeback(page)',
      when: (s, f) => waitForWriteback(s.mapping, pagesOf(f).from, pagesOf(f).to),
    },
    () => undefined,
  ),
  step(
    'lock_extent',
    (_s, f) => `locks ${pageRange(f)} in the io_tree`,
    {
      row: 'fsync-log-tree 3.6 B6; 6.2 B6',
      code: 'lock_extent_bits(io_tree, page_start, page_end)',
      when: (s, f, t) => cannotLockExtent(s, pagesOf(f), t.letter),
    },
    (s, f, t) => lockExtent(s, pagesOf(f), t.letter),
  ),
  step(
    'lookup_ordered',
    (s, f, t) =>
      holdsPage(s, f, t.letter)
        ? `no ordered extent covers ${pageRange(f)}`
        : `an ordered extent covers ${pageRange(f)}: unlocks everything and waits for it`,
    {
      row: 'fsync-log-tree 3.6 B7; 6.1 B7-retry',
      fn: 'btrfs_lookup_ordered_range',
      code: 'if (btrfs_lookup_ordered_range()) unlock, wait, goto again',
    },
    (s, f, t) => {
      if (orderedIn(s, pagesOf(f)).length === 0) return goto('set_delalloc')
      release(s, f, t.letter)
      unlockMmap(s, t.letter)
      return undefined
    },
  ),
  step(
    'wait_ordered',
    (_s, f) =>
      f.flush
        ? `the ordered extent ${range(f.flush.from, f.flush.to)} waits for dirty pages: writes them`
        : `the ordered extent over ${pageRange(f)} is finished: tries again`,
    {
      row: 'fsync-log-tree 3.6 B7',
      code: 'btrfs_start_ordered_extent(ordered, 1)',
      when: (s, f) => cannotStartOrdered(s, pagesOf(f)),
    },
    (s, f) => startOrderedExtent(s, f, pagesOf(f)) ?? goto('i_mmap_lock'),
  ),
  flow(() => goto('wait_ordered')),
  step(
    'set_delalloc',
    (_s, f) => `marks ${pageRange(f)} as delalloc and the page as dirty`,
    { row: 'fsync-log-tree 3.6 B8', code: 'btrfs_set_extent_delalloc(); set_page_dirty(page)' },
    (s, f) => {
      dirtyPages(s, pagesOf(f))
      touchInode(s)
    },
  ),
  step(
    'unlock',
    (s, f) =>
      `unlocks the range${has(s, '8318ba79eeeb') ? ', i_mmap_lock' : ''} and the page; ${pageRange(f)} is writable in the page table`,
    {
      row: 'fsync-log-tree 3.6 B9, B10; 6.1 B9, B10',
      code: 'unlock_extent_cached(); return VM_FAULT_LOCKED  /* the page is unlocked by whoever called */',
    },
    (s, f, t) => {
      release(s, f, t.letter)
      unlockMmap(s, t.letter)
      const page = pagesOf(f)
      s.mapping.writable = splice(s.mapping.writable, page.from, page.to, [page], () => true)
      return ret()
    },
  ),
])

const holdsPage = (s: BtrfsWorld, f: Range, who: Letter): boolean => s.mapping.locked.some((lock) => lock.by === who && overlaps(lock, f))

function release(s: BtrfsWorld, f: Range, who: Letter): void {
  unlockExtent(s, pagesOf(f), who)
  unlockPages(s.mapping, pagesOf(f), who)
}

export interface Flusher {
  /** Who it is, in words. */
  readonly why: string
  /** Of these pages alone; absent = of all. */
  readonly part?: Range
}

/** Somebody else starts writeback: the async space reclaim worker, or the VM under memory pressure. */
export const flusher = procedure<BtrfsWorld, Flusher>('flusher', { file: 'fs/btrfs/space-info.c', at: 'v5.12' }, [
  step(
    'start_flush',
    (_s, f) => `${f.why} starts writeback of dirty pages`,
    {
      row: 'fsync-log-tree 2.1 F',
      code: 'shrink_delalloc() or pageout()',
      when: (s, f) =>
        cached(s.mapping, f.part?.from ?? 0, f.part?.to ?? LLONG_MAX).some((run) => run.dirty) ? null : { on: 'a dirty page', heldBy: [] },
    },
    (_s, f) => call('btrfs_fdatawrite_range', { from: f.part?.from ?? 0, to: f.part?.to ?? LLONG_MAX }),
  ),
])

export const mmapProcedures = [btrfsPageMkwrite, flusher]
