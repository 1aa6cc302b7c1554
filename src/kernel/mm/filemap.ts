/** mm/filemap.c: reads through the page cache, page faults in a mapping, and writing a range back. Source: v5.15, v6.1; facts direct-io A.3 A10. */
import { range, size, type Range } from '../../base/range.ts'
import { flow, goto, procedure, ret, step, type Wait, type World } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { EAGAIN, EIO, errorName } from '../lib/errno.ts'
import { must } from '../lib/must.ts'
import { operate, type Found } from '../lib/operations.ts'
import { clip, cutOut, gaps, mix, transfer, type Run } from '../lib/runs.ts'
import { variables } from '../lib/variables.ts'
import { compareVersions } from '../releases.ts'
import { mapPages, touch } from './buffer.ts'
import {
  beginCopy,
  cannotLockPages,
  heldAt,
  heldContent,
  hold,
  notUptodate,
  pagesOf,
  release,
  uncached,
  waitForWriteback,
} from './cache.ts'
import { PAGE, type MmWorld, type Reading } from './world.ts'

interface Fault {
  /** Whose buffer. */
  readonly io: Letter
  readonly from: number
  readonly to: number
}

/** Brings the absent pages of [from, to) of a buffer in; the page cache is read first where it has nothing. */
const filemapFault = procedure<World & MmWorld, Fault>('filemap_fault', { file: 'mm/filemap.c', at: 'v5.15' }, [
  step(
    'fault',
    (s, f) => {
      const { at } = must(must(s.buffers[f.io]).maps)
      const pages = range(at + f.from, at + f.to)
      return gaps(must(s.buffers[f.io]).present, f.from, f.to).length > 0
        ? `page fault: ${f.io}'s buffer is a mapping of the file, and ${pages} is not in the page cache: it has to be read`
        : `page fault: ${pages} of the file is in the page cache, and now in ${f.io}'s page table`
    },
    { row: 'v5.15 filemap_fault()', code: 'page = find_get_page(mapping, offset); if (!page) readahead and read it' },
    (s, f) => {
      const buffer = must(s.buffers[f.io])
      const [absent] = gaps(buffer.present, f.from, f.to)
      if (!absent) return ret()
      const { at } = must(buffer.maps)
      const [missing] = uncached(s.mapping, at + absent.from, at + absent.to)
      if (missing) return operate('a_ops->read_folio', pagesOf(missing))
      mapPages(s, buffer, absent.from, absent.to)
      return gaps(buffer.present, f.from, f.to).length > 0 ? goto('fault') : ret()
    },
  ),
  flow(() => goto('fault')),
])

interface FilemapRead {
  readonly io: Letter
  readonly nowait: boolean
  /** What a direct read has got before. */
  readonly already: number
  /** What a missing page came to. */
  page: Found | null
  /** Where a page was missing that has been read since: it is uptodate before those behind it are. */
  arrived: number | null
  /** i_size as it was after the pages were found. */
  isize: number
  /** Pages that were dropped while they were looked for: what they held, which may be what is read there. */
  perhaps: Run[]
  /** The page of the user's buffer was absent. */
  faulting: boolean
  /** Copied so far, what a direct read has got before included; an error while there is nothing. */
  result: number
}

/** PAGEVEC_SIZE: how many pages one pass finds at most; 9cecde80aae0 made them 31. */
const batchOf = (s: World): number => (compareVersions(s.kernel.release, '6.10') >= 0 ? 31 : 15) * PAGE

/** The bytes that are still to be read, up to a page that could not be. */
function wanted(s: Reading, f: FilemapRead): Range {
  const from = must(s.kiocbs[f.io]).ki_pos
  const end = Math.min(from + must(s.iters[f.io]).count, f.page?.lost ?? Infinity)
  return { from, to: Math.max(from, end) }
}

/** The pages of the next pass: those that are uptodate, from the position up to the first that is not. */
function found(s: World & MmWorld & Reading, f: FilemapRead): Range {
  const { from, to } = pagesOf(wanted(s, f))
  const end = Math.min(to, from + (f.arrived === from ? PAGE : batchOf(s)))
  return { from, to: notUptodate(s.mapping, from, end)?.from ?? end }
}

/** The pages that the read holds; none where it looks for the first. */
function holding(s: MmWorld & Reading, f: FilemapRead, who: Letter): Range {
  const { from } = wanted(s, f)
  const at = pagesOf({ from, to: from }).from
  return heldAt(s.mapping, who, from) ?? { from: at, to: at }
}

/** What a pass that ends with these pages waits for: that the next, if it is there and somebody has yet to fill it, is unlocked. */
function waitForNext(s: World & MmWorld & Reading, f: FilemapRead, { from, to }: Range, who: Letter): Wait | null {
  const next = { from: to, to: to + PAGE }
  const isWanted = to < wanted(s, f).to && to < from + batchOf(s)
  return isWanted && notUptodate(s.mapping, next.from, next.to) ? cannotLockPages(s.mapping, next, who) : null
}

/** What a read that ends here returns. */
const answer = (f: FilemapRead, error: number): number => (f.result > 0 ? f.result : error)

const filemapRead = procedure<World & MmWorld & Reading, FilemapRead>('filemap_read', { file: 'mm/filemap.c', at: 'v6.1' }, [
  variables<FilemapRead>({ page: null, arrived: null, isize: 0, perhaps: [], faulting: false, result: 0 }),
  flow<FilemapRead>((f) => {
    f.result = f.already
  }),
  step(
    'get_pages',
    (s, f, t) => {
      const { from, to } = wanted(s, f)
      const batch = heldAt(s.mapping, t.letter, from)
      if (f.result === EIO) return `the page at ${size(from)} is not uptodate after it was read: -EIO`
      if (f.result === EAGAIN) return `${range(from, to)} is not in the page cache, and the caller must not block: ${errorName(f.result)}`
      if (from >= s.inode.i_size) return `the file ends at ${size(s.inode.i_size)}: there is nothing more to read`
      if (batch) return `finds the pages ${range(batch.from, batch.to)} in the page cache${batch.to < to ? ', no more in one pass' : ''}`
      return waitForNext(s, f, holding(s, f, t.letter), t.letter)
        ? `finds the page at ${size(holding(s, f, t.letter).to)} in the page cache, locked and not uptodate: waits for whoever fills it`
        : `looks for ${range(from, to)} in the page cache: what is not there has to be read`
    },
    { row: 'page-cache 1 R1, R2, R2c', fn: 'filemap_get_pages', code: 'filemap_get_pages(iocb, iter, &fbatch)' },
    (s, f, t) => {
      const { from, to } = wanted(s, f)
      if (f.page?.lost !== null && f.page?.lost !== undefined && f.page.lost <= from) {
        f.result = answer(f, EIO)
        return ret(f.result)
      }
      if (from >= s.inode.i_size) return ret(answer(f, 0))
      const batch = found(s, f)
      const waits = !f.nowait && waitForNext(s, f, batch, t.letter) !== null
      if (batch.from < batch.to) {
        hold(s.mapping, t.letter, batch)
        return goto(waits ? 'update_page' : 'i_size_read')
      }
      if (waits) return goto('update_page')
      if (f.nowait) {
        f.result = answer(f, EAGAIN)
        return ret(f.result)
      }
      const missing = pagesOf(notUptodate(s.mapping, from, Math.min(to, s.inode.i_size)) ?? { from, to })
      // Where the file keeps its size it makes no difference how many passes there are.
      if (s.mapping.resized && missing.to - missing.from > PAGE) f.arrived = missing.from
      return operate('a_ops->read_folio', missing, 'page')
    },
  ),
  flow(() => goto('get_pages')),
  step(
    'update_page',
    (s, f, t) => {
      const { from, to } = holding(s, f, t.letter)
      return `the page at ${size(to)}, which was locked and not uptodate, is unlocked: ${from < to ? 'goes on with those before it' : 'looks again'}`
    },
    {
      row: 'page-cache 1 R2b',
      fn: 'filemap_update_page',
      code: 'if (!folio_trylock(folio)) { folio_put_wait_locked(folio); return AOP_TRUNCATED_PAGE; }',
      when: (s, f, t) => waitForNext(s, f, holding(s, f, t.letter), t.letter),
    },
    (s, f, t) => goto(heldAt(s.mapping, t.letter, wanted(s, f).from) ? 'i_size_read' : 'get_pages'),
  ),
  step(
    'i_size_read',
    (s, f) =>
      f.isize <= must(s.kiocbs[f.io]).ki_pos
        ? `the file ends at ${size(f.isize)} now: nothing of the pages is copied`
        : `i_size is ${size(f.isize)}: the pages are copied up to there`,
    { row: 'page-cache 1 R3', fn: 'filemap_read', code: 'isize = i_size_read(inode)' },
    (s, f, t) => {
      const { from, to } = wanted(s, f)
      const batch = must(heldAt(s.mapping, t.letter, from))
      f.isize = s.inode.i_size
      if (f.isize <= from) {
        release(s.mapping, batch)
        return ret(answer(f, 0))
      }
      f.perhaps = [...f.perhaps, ...beginCopy(s.mapping, batch, Math.min(to, f.isize))]
      return undefined
    },
  ),
  step(
    'copy_to_iter',
    (s, f) =>
      f.faulting
        ? `a page of ${f.io}'s buffer is absent: faults it in before anything is copied`
        : `copies the pages to ${f.io}'s buffer, one after the other: ${size(f.result)} so far; ki_pos = ${size(must(s.kiocbs[f.io]).ki_pos)}`,
    { row: 'page-cache 1 R4, R5', fn: 'copy_folio_to_iter', code: 'copy_folio_to_iter(); iocb->ki_pos += copied' },
    (s, f, t) => {
      const { from, to } = wanted(s, f)
      const iter = must(s.iters[f.io])
      const buffer = must(s.buffers[f.io])
      const batch = must(heldAt(s.mapping, t.letter, from))
      const end = Math.min(to, f.isize, batch.to)
      // Copying faults in what is absent: no lock is held here.
      const fault = touch(s, f.io, iter.offset, iter.offset + end - from)
      f.faulting = fault !== null
      if (fault) return fault
      const content = mix(heldContent(s.mapping, batch, from, end), clip(f.perhaps, from, end))
      buffer.content = transfer(buffer.content, iter.offset, content, from, end - from)
      f.perhaps = cutOut(f.perhaps, from, end)
      iter.offset += end - from
      iter.count -= end - from
      must(s.kiocbs[f.io]).ki_pos = end
      f.result += end - from
      release(s.mapping, batch)
      return iter.count > 0 && end < f.isize ? goto('get_pages') : ret(f.result)
    },
  ),
  flow(() => goto('copy_to_iter')),
])

/** Writes a range back and waits for the pages, as direct I/O does before it drops them. */
const filemapWriteAndWait = procedure<World & MmWorld, Range>('filemap_write_and_wait_range', { file: 'mm/filemap.c', at: 'v6.1' }, [
  flow<Range>(({ from, to }) => operate('a_ops->writepages', { from, to })),
  step(
    'wait_writeback',
    (_s, f) => `the pages of ${range(f.from, f.to)} are written`,
    { row: 'direct-io A.3 A10', code: 'filemap_fdatawait_range()', when: (s, f) => waitForWriteback(s.mapping, f.from, f.to) },
    () => ret(),
  ),
])

export const filemapProcedures = [filemapFault, filemapRead, filemapWriteAndWait]
