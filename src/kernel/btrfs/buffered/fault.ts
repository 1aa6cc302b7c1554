/** btrfs: page faults in a mapping of the file that is the buffer of a call. Source: the call chains in the message of 51bd9563b678. */
import { range } from '../../../base/range.ts'
import { call, flow, goto, procedure, ret, step } from '../../../engine/procedure.ts'
import type { Letter } from '../../../engine/view.ts'
import { mapPages } from '../../mm/buffer.ts'
import { must } from '../../lib/must.ts'
import { gaps } from '../../lib/runs.ts'
import { pagesOf } from './pages.ts'
import type { BtrfsWorld } from '../world.ts'

interface Fault {
  /** Whose buffer. */
  readonly io: Letter
  readonly from: number
  readonly to: number
}

/** Brings the absent pages of [from, to) of a buffer in; the page cache is read first where it has nothing. */
export const filemapFault = procedure<BtrfsWorld, Fault>('filemap_fault', { file: 'mm/filemap.c', at: 'v5.15' }, [
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
      if (missing) return call('btrfs_readpage', pagesOf(missing))
      mapPages(s, buffer, absent.from, absent.to)
      return gaps(buffer.present, f.from, f.to).length > 0 ? goto('fault') : ret()
    },
  ),
  flow(() => goto('fault')),
])

export const faultProcedures = [filemapFault]
