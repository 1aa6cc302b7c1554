/** btrfs: stores through a shared mapping. Source: facts fsync-log-tree 3.6 (B1..B11), 6.1 for the i_mmap_lock rows. */
import { alignUp, overlaps, range, type Range } from '../../../base/range.ts'
import { call, flow, goto, has, procedure, ret, step } from '../../../engine/procedure.ts'
import { cannotLock, cannotLockRange, dropLock, takeLock, withoutRange } from '../../lib/locks.ts'
import { cannotLockPages, isCached, lockPages, setCache, unlockPages, waitForWriteback } from '../../mm/cache.ts'
import { clip, splice } from '../../lib/runs.ts'
import { SIGBUS } from '../../vfs/world.ts'
import type { PageRead } from './write.ts'
import { awaitsPages } from './delalloc.ts'
import { ioLockName } from '../ordered.ts'
import { dirtyPages, needPages, pagesOf, zeroTail } from './pages.ts'
import { hasRoomFor } from '../space/reserve.ts'
import { joinTransaction } from '../fsync/transaction.ts'
import { SECTOR, type BtrfsWorld } from '../world.ts'
import { LLONG_MAX, pages } from './writeback.ts'

interface Store {
  readonly from: number
  readonly to: number
  readonly stamp: string
  /** A page that had to be read first. */
  page?: PageRead | null
}

const source = { file: 'fs/btrfs/inode.c', at: '8318ba79eeeb' }
const pageRange = (f: Store): string => range(f.from, f.to)

/** Does a page of the store lie past the end of the file? Touching it is answered with SIGBUS. */
const isPastEnd = (s: BtrfsWorld, f: Store): boolean => pagesOf(f).to > alignUp(s.inode.i_size, SECTOR)

/** The page would be delalloc, and there is no room for it. */
const lacksRoom = (s: BtrfsWorld, f: Store): boolean => !isWritable(s, f) && !hasRoomFor(s, pagesOf(f).to - pagesOf(f).from)

/** One store instruction (or a run of them) to [from, to): faults first if a page is not writable in the page table. */
export const cpuStore = procedure<BtrfsWorld, Store>('store', { file: 'mm/memory.c', at: '8d9b4a162a37' }, [
  step(
    'store',
    (s, f) =>
      isPastEnd(s, f)
        ? `the store to ${pageRange(f)} lies past the end of the file: SIGBUS`
        : lacksRoom(s, f)
          ? `there is no room for the page of ${pageRange(f)}: SIGBUS`
          : isWritable(s, f)
            ? `the store to ${pageRange(f)} goes straight to memory: the page was already writable`
            : `the store to ${pageRange(f)} hits a page that is not writable: page fault`,
    { row: 'fsync-log-tree 3.6 B1', code: 'do_wp_page(): do_page_mkwrite()' },
    (s, f) => {
      if (isPastEnd(s, f) || lacksRoom(s, f)) return ret(SIGBUS)
      if (!isWritable(s, f) && !isCached(s.mapping, pagesOf(f).from, pagesOf(f).to)) return call('btrfs_readpage', pagesOf(f), 'page')
      if (!isWritable(s, f)) return call('btrfs_page_mkwrite', { from: f.from, to: f.to, stamp: f.stamp, flush: null })
      write(s, f)
      return ret(0)
    },
  ),
  step(
    'retry_store',
    (s, f) =>
      wasLost(f)
        ? `the page of ${pageRange(f)} cannot be read: SIGBUS`
        : isWritable(s, f)
          ? `the store to ${pageRange(f)} executes: the page holds ${f.stamp}`
          : `${pageRange(f)} is not writable in the page table, or not any more: another fault`,
    { row: 'fsync-log-tree 3.6 B11', code: 'the store instruction runs again' },
    (s, f) => {
      if (wasLost(f)) return ret(SIGBUS)
      if (!isWritable(s, f)) return goto('store')
      write(s, f)
      return ret(0)
    },
  ),
])

/** The page was read, and no mirror had it. */
const wasLost = (f: Store): boolean => f.page !== undefined && f.page !== null && f.page.lost !== null

const isWritable = (s: BtrfsWorld, f: Store): boolean => s.mapping.writable.some((part) => part.from <= f.from && f.to <= part.to)

interface Fault extends Store {
  /** An ordered extent over the page that waits for dirty pages. */
  flush: Range | null
}

function write(s: BtrfsWorld, f: Store): void {
  setCache(s.mapping, f.from, f.to, [
    { from: f.from, to: f.to, stamp: f.stamp, dirty: true, writeback: clip(s.mapping.runs, f.from, f.to).some((run) => run.writeback) },
  ])
}

export const btrfsPageMkwrite = procedure<BtrfsWorld, Fault>('btrfs_page_mkwrite', source, [
  step(
    'i_mmap_lock',
    'takes i_mmap_lock for reading',
    {
      row: 'fsync-log-tree 6.1 B4',
      code: 'again: down_read(&BTRFS_I(inode)->i_mmap_lock)',
      onlyWith: '8318ba79eeeb',
      when: (s) => cannotLock(s.locks.i_mmap_lock, 'shared', 'i_mmap_lock'),
    },
    (s, _f, t) => takeLock(s.locks.i_mmap_lock, 'shared', t.letter),
  ),
  step(
    'lock_page',
    (_s, f) => `locks the page ${pageRange(f)}`,
    { row: 'fsync-log-tree 3.6 B4', code: 'lock_page(page)', when: (s, f, t) => cannotLockPages(s.mapping, pagesOf(f), t.letter) },
    (s, f, t) => {
      const page = pagesOf(f)
      needPages(s, page.from, page.to)
      zeroTail(s, page.to)
      lockPages(s.mapping, page, t.letter)
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
      when: (s, f, t) => cannotLockRange(s.io_tree.locked, pagesOf(f), t.letter, ioLockName),
    },
    (s, f, t) => {
      s.io_tree.locked = [...s.io_tree.locked, { ...pagesOf(f), by: t.letter }]
    },
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
      if (!s.ordered.some((oe) => overlaps(oe, pagesOf(f)))) return goto('set_delalloc')
      release(s, f, t.letter)
      if (s.locks.i_mmap_lock.holders.includes(t.letter)) dropLock(s.locks.i_mmap_lock, t.letter)
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
      when: (s, f) => {
        const ordered = s.ordered.find((oe) => overlaps(oe, pagesOf(f)))
        return ordered && !awaitsPages(s, ordered) ? { on: `ordered extent ${pageRange(f)}`, heldBy: [] } : null
      },
    },
    (s, f) => {
      const ordered = s.ordered.find((oe) => overlaps(oe, pagesOf(f)))
      f.flush = ordered ? { from: ordered.from, to: ordered.to } : null
      return f.flush ? call('btrfs_fdatawrite_range', pages(f.flush.from, f.flush.to)) : goto('i_mmap_lock')
    },
  ),
  flow(() => goto('wait_ordered')),
  step(
    'set_delalloc',
    (_s, f) => `marks ${pageRange(f)} as delalloc and the page as dirty`,
    { row: 'fsync-log-tree 3.6 B8', code: 'btrfs_set_extent_delalloc(); set_page_dirty(page)' },
    (s, f) => {
      dirtyPages(s, pagesOf(f))
      joinTransaction(s)
    },
  ),
  step(
    'unlock',
    (s, f) =>
      `unlocks the range${has(s, '8318ba79eeeb') ? ', i_mmap_lock' : ''} and the page; ${pageRange(f)} is writable in the page table`,
    { row: 'fsync-log-tree 3.6 B9, B10; 6.1 B9, B10', code: 'unlock_extent_cached(); up_read(i_mmap_lock); return VM_FAULT_LOCKED' },
    (s, f, t) => {
      release(s, f, t.letter)
      if (s.locks.i_mmap_lock.holders.includes(t.letter)) dropLock(s.locks.i_mmap_lock, t.letter)
      const page = pagesOf(f)
      s.mapping.writable = splice(s.mapping.writable, page.from, page.to, [page], () => true)
      return ret()
    },
  ),
])

const holdsPage = (s: BtrfsWorld, f: Store, who: string): boolean => s.mapping.locked.some((lock) => lock.by === who && overlaps(lock, f))

function release(s: BtrfsWorld, f: Store, who: string): void {
  s.io_tree.locked = withoutRange(s.io_tree.locked, pagesOf(f), who)
  unlockPages(s.mapping, pagesOf(f), who)
}

/** sync_file_range(WRITE | WAIT_AFTER) over [from, to). */
export const syncFileRange = procedure<BtrfsWorld, { readonly from: number; readonly to: number }>(
  'sync_file_range',
  { file: 'fs/sync.c', at: 'v5.12' },
  [
    flow<{ from: number; to: number }>((f) => call('btrfs_fdatawrite_range', pages(f.from, f.to))),
    step(
      'wait_after',
      (_s, f) => `sync_file_range() saw the writeback of ${range(f.from, f.to)} end`,
      {
        row: 'fsync-log-tree 1.3',
        code: 'filemap_fdatawait_range()',
        when: (s, f) => waitForWriteback(s.mapping, pagesOf(f).from, pagesOf(f).to),
      },
      () => ret(0),
    ),
  ],
)

/** Somebody else starts writeback: the async space reclaim worker, or the VM under memory pressure. */
export const flusher = procedure<BtrfsWorld, { readonly why: string }>('flusher', { file: 'fs/btrfs/space-info.c', at: 'v5.12' }, [
  step(
    'start_flush',
    (_s, f) => `${f.why} starts writeback of dirty pages`,
    {
      row: 'fsync-log-tree 2.1 F',
      code: 'shrink_delalloc() or pageout()',
      when: (s) => (s.mapping.runs.some((run) => run.dirty) ? null : { on: 'a dirty page', heldBy: [] }),
    },
    () => call('btrfs_fdatawrite_range', pages(0, LLONG_MAX)),
  ),
])

export const mmapProcedures = [cpuStore, btrfsPageMkwrite, syncFileRange, flusher]
