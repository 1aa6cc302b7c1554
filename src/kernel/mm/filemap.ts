/** mm/filemap.c: reads through the page cache, page faults in a mapping, and writing a range back. Source: v5.15, v6.1; facts direct-io A.3 A10. */
import { range, size, type Range } from '../../base/range.ts'
import { flow, goto, procedure, ret, step, type World } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { EAGAIN, EIO, errorName } from '../lib/errno.ts'
import { must } from '../lib/must.ts'
import { operate, type Found } from '../lib/operations.ts'
import { gaps, transfer } from '../lib/runs.ts'
import { variables } from '../lib/variables.ts'
import { mapPages, touch } from './buffer.ts'
import { pagesOf, waitForWriteback } from './cache.ts'
import type { MmWorld, Reading } from './world.ts'

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
      const [missing] = gaps(s.mapping.runs, at + absent.from, at + absent.to)
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
  result: number
}

/** The bytes of the file that are still to be read, up to a page that could not be. */
function wanted(s: Reading, f: FilemapRead): Range {
  const from = must(s.kiocbs[f.io]).ki_pos
  const end = Math.min(from + must(s.iters[f.io]).count, s.inode.i_size, f.page?.lost ?? Infinity)
  return { from, to: Math.max(from, end) }
}

const filemapRead = procedure<World & MmWorld & Reading, FilemapRead>('filemap_read', { file: 'mm/filemap.c', at: 'v6.1' }, [
  variables<FilemapRead>({ page: null, result: 0 }),
  step(
    'get_pages',
    (s, f) => {
      const { from, to } = wanted(s, f)
      if (f.result === EIO) return `the page at ${size(from)} is not uptodate after it was read: -EIO`
      if (f.result < 0) return `${range(from, to)} is not in the page cache, and the caller must not block: ${errorName(f.result)}`
      return gaps(s.mapping.runs, from, to).length > 0
        ? `looks for ${range(from, to)} in the page cache: what is not there has to be read`
        : `finds ${range(from, to)} in the page cache`
    },
    { row: 'v6.1 filemap_get_pages()', fn: 'filemap_get_pages', code: 'filemap_get_pages(iocb, iter, &fbatch)' },
    (s, f) => {
      const { from, to } = wanted(s, f)
      if (f.page?.lost !== null && f.page?.lost !== undefined && f.page.lost <= from) {
        f.result = EIO
        return ret(f.already > 0 ? f.already : EIO)
      }
      const [missing] = gaps(s.mapping.runs, from, to)
      if (!missing) return goto('copy_to_iter')
      if (!f.nowait) return operate('a_ops->read_folio', pagesOf(missing), 'page')
      f.result = EAGAIN
      return ret(f.already > 0 ? f.already : EAGAIN)
    },
  ),
  flow(() => goto('get_pages')),
  step(
    'copy_to_iter',
    (s, f) =>
      f.result < 0
        ? `a page of ${f.io}'s buffer is absent: faults it in before anything is copied`
        : `copies ${size(f.result - f.already)} from the page cache to ${f.io}'s buffer; ki_pos = ${size(must(s.kiocbs[f.io]).ki_pos)}`,
    { row: 'v6.1 filemap_read()', fn: 'copy_folio_to_iter', code: 'copy_folio_to_iter(); iocb->ki_pos += copied' },
    (s, f) => {
      const { from, to } = wanted(s, f)
      const iter = must(s.iters[f.io])
      const buffer = must(s.buffers[f.io])
      // Copying faults in what is absent: no lock is held here.
      const fault = touch(s, f.io, iter.offset, iter.offset + to - from)
      f.result = -1
      if (fault) return fault
      buffer.content = transfer(buffer.content, iter.offset, s.mapping.runs, from, to - from)
      iter.offset += to - from
      iter.count -= to - from
      must(s.kiocbs[f.io]).ki_pos = to
      f.result = f.already + to - from
      return ret(f.result)
    },
  ),
  flow<FilemapRead>((f) => {
    f.result = 0
    return goto('get_pages')
  }),
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
