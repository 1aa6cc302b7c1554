/** mm/memory.c: stores through a shared mapping of the file. Source: facts fsync-log-tree 3.6 (B1, B11). */
import { alignUp, range, type Range } from '../../base/range.ts'
import { goto, procedure, ret, step, type World } from '../../engine/procedure.ts'
import { SIGBUS } from '../lib/errno.ts'
import { operate, type Found } from '../lib/operations.ts'
import type { Run } from '../lib/runs.ts'
import { cached, isCached, pagesOf, setCache } from './cache.ts'
import { PAGE, type MmWorld, type Reading } from './world.ts'

interface Store extends Run {
  /** A page that had to be read first. */
  page?: Found | null
  /** What the fault came to: SIGBUS where the file system cannot take the page. */
  fault?: number | null
}

type Stored = World & MmWorld & Pick<Reading, 'inode'>

const place = (f: Range): string => range(f.from, f.to)

/** Does a page of the store lie past the end of the file? Touching it is answered with SIGBUS. */
const isPastEnd = (s: Stored, f: Range): boolean => pagesOf(f).to > alignUp(s.inode.i_size, PAGE)

/** The page was read, and no mirror had it. */
const wasLost = (f: Store): boolean => f.page !== undefined && f.page !== null && f.page.lost !== null

const isWritable = (s: MmWorld, f: Range): boolean => s.mapping.writable.some((part) => part.from <= f.from && f.to <= part.to)

function write(s: MmWorld, { from, to, stamp }: Run): void {
  setCache(s.mapping, from, to, [{ from, to, stamp, dirty: true, writeback: cached(s.mapping, from, to).some((run) => run.writeback) }])
}

/** One store instruction (or a run of them) to [from, to): faults first if a page is not writable in the page table. Returns 0 or SIGBUS. */
export const cpuStore = procedure<Stored, Store>('store', { file: 'mm/memory.c', at: '8d9b4a162a37' }, [
  step(
    'store',
    (s, f) =>
      isPastEnd(s, f)
        ? `the store to ${place(f)} lies past the end of the file: SIGBUS`
        : isWritable(s, f)
          ? `the store to ${place(f)} goes straight to memory: the page was already writable`
          : `the store to ${place(f)} hits a page that is not writable: page fault`,
    { row: 'fsync-log-tree 3.6 B1', code: 'do_wp_page(): do_page_mkwrite()' },
    (s, f) => {
      if (isPastEnd(s, f)) return ret(SIGBUS)
      if (!isWritable(s, f) && !isCached(s.mapping, pagesOf(f).from, pagesOf(f).to)) return operate('a_ops->read_folio', pagesOf(f), 'page')
      if (!isWritable(s, f)) return operate('vm_ops->page_mkwrite', { from: f.from, to: f.to }, 'fault')
      write(s, f)
      return ret(0)
    },
  ),
  step(
    'retry_store',
    (s, f) =>
      f.fault === SIGBUS
        ? `the page of ${place(f)} cannot be made writable: SIGBUS`
        : wasLost(f)
          ? `the page of ${place(f)} cannot be read: SIGBUS`
          : isWritable(s, f)
            ? `the store to ${place(f)} executes: the page holds ${f.stamp}`
            : `${place(f)} is not writable in the page table, or not any more: another fault`,
    { row: 'fsync-log-tree 3.6 B11', code: 'the store instruction runs again' },
    (s, f) => {
      if (f.fault === SIGBUS || wasLost(f)) return ret(SIGBUS)
      if (!isWritable(s, f)) return goto('store')
      write(s, f)
      return ret(0)
    },
  ),
])
