/** btrfs: reading a file: direct where it can be, through the page cache for the rest. Source: facts direct-io C.7, C.8, 6.3; mm/filemap.c v6.1. */
import { range, size } from '../../../base/range.ts'
import { call, flow, goto, procedure, ret, step } from '../../../engine/procedure.ts'
import type { Letter } from '../../../engine/view.ts'
import { touch } from '../../mm/buffer.ts'
import { must } from '../../lib/must.ts'
import { gaps, transfer } from '../../lib/runs.ts'
import { EAGAIN, EIO, errorName } from '../../vfs/world.ts'
import type { PageRead } from './write.ts'
import { directRead, type ReadSoFar } from '../direct/read.ts'
import { pagesOf } from './pages.ts'
import type { BtrfsWorld } from '../world.ts'

interface ReadIter {
  readonly io: Letter
  readonly direct: boolean
  readonly nowait: boolean
  soFar: ReadSoFar | null
  result: number
}

/** Locals of read_iter() for this task's kiocb. */
export const readIter = (io: Letter, direct: boolean, nowait: boolean): ReadIter => ({ io, direct, nowait, soFar: null, result: 0 })

export const btrfsFileReadIter = procedure<BtrfsWorld, ReadIter>('btrfs_file_read_iter', { file: 'fs/btrfs/file.c', at: 'v5.17.10' }, [
  flow<ReadIter>((f) => (f.direct ? call('btrfs_direct_read', directRead(f.io), 'soFar') : undefined)),
  flow<ReadIter>((f) => {
    if (f.soFar?.final) return ret(f.soFar.result)
    return call('filemap_read', { io: f.io, nowait: f.nowait, already: f.soFar?.result ?? 0, page: null, result: 0 }, 'result')
  }),
  flow<ReadIter>((f) => ret(f.result)),
])

interface FilemapRead {
  readonly io: Letter
  readonly nowait: boolean
  /** What a direct read has got before. */
  readonly already: number
  /** What a missing page came to. */
  page: PageRead | null
  result: number
}

/** The bytes of the file that are still to be read, up to a page that could not be. */
function wanted(s: BtrfsWorld, f: FilemapRead): { readonly from: number; readonly to: number } {
  const from = must(s.kiocbs[f.io]).ki_pos
  const end = Math.min(from + must(s.iters[f.io]).count, s.inode.i_size, f.page?.lost ?? Infinity)
  return { from, to: Math.max(from, end) }
}

export const filemapRead = procedure<BtrfsWorld, FilemapRead>('filemap_read', { file: 'mm/filemap.c', at: 'v6.1' }, [
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
      if (!f.nowait) return call('btrfs_readpage', pagesOf(missing), 'page')
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

export const readProcedures = [btrfsFileReadIter, filemapRead]
