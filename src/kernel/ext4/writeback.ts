/** ext4: writing dirty pages back, and what becomes of their blocks when the data are on the disk. Source: facts ext4 3.4. */
import { alignUp, range, size, type Range } from '../../base/range.ts'
import { call, flow, goto, procedure, ret, step, type Self } from '../../engine/procedure.ts'
import { must } from '../lib/must.ts'
import { variables } from '../lib/variables.ts'
import { cannotLockPages, firstDirty, mark, waitForWriteback, writeProtect, zeroPages } from '../mm/cache.ts'
import { PAGE } from '../mm/world.ts'
import { allocate, convert, mappingAt } from './extents.ts'
import { inHandle } from './journal.ts'
import type { Ext4World } from './world.ts'

const source = { file: 'fs/ext4/inode.c', at: 'v6.1.55' }

interface WritePages {
  readonly from: number
  readonly to: number
  /** What was taken last. */
  at: number
  end: number
  allocated: boolean
  grew: boolean
}

/** The next dirty stretch whose blocks are in one state: written, or still to be. */
function nextStretch(s: Ext4World, f: WritePages): (Range & { readonly written: boolean }) | null {
  // Blocks behind i_size are left.
  const found = firstDirty(s.mapping, Math.max(f.from, f.end), Math.min(f.to, alignUp(s.inode.i_size, PAGE)))
  if (!found) return null
  const { extent, to } = mappingAt(s.ei.raw.extents, found.from, found.to - found.from)
  return { from: found.from, to: Math.min(found.to, to), written: extent !== null && !extent.unwritten }
}

/** Clears the dirty bits, sets the writeback flags and sends the pages off. */
function submit(s: Ext4World, t: Self, { from, to }: Range, convertAfter: boolean): void {
  const tail = Math.min(to, alignUp(s.inode.i_size, PAGE))
  if (s.inode.i_size < tail) zeroPages(s.mapping, s.inode.i_size, tail)
  mark(s.mapping, from, to, { dirty: false, writeback: true })
  writeProtect(s.mapping, { from, to })
  for (let at = from; at < to;) {
    const { extent, to: end } = mappingAt(s.ei.raw.extents, at, to - at)
    const bio = t.spawn('writeback', {
      name: `disk write of ${range(at, end)} (writeback)`,
      procedure: 'ext4_end_bio',
      locals: { from: at, to: end, convertAfter },
    })
    s.bios[bio] = { offset: at, length: end - at, disk: must(extent).disk, memory: 'page cache', clones: [] }
    at = end
  }
}

const ext4Writepages = procedure<Ext4World, WritePages>('ext4_writepages', source, [
  variables<WritePages>({ at: 0, end: 0, allocated: false, grew: false }),
  step(
    'map_and_submit',
    (s, f) => {
      if (f.at === f.end) return 'finds no dirty page to write back'
      const where = range(f.at, f.end)
      if (!f.allocated) return `${where} has written blocks: the pages are under writeback, in no transaction`
      const sized = f.grew ? `; i_disksize = ${size(s.ei.i_disksize)}, in the same transaction, and the data are not on the disk` : ''
      return `allocates unwritten blocks for ${where} in transaction ${s.journal.running} and submits the pages${sized}`
    },
    {
      spawns: ['writeback'],
      row: 'ext4 3.4 W1, W2, W3, W4, W5, W6, W7',
      fn: 'mpage_map_and_submit_extent',
      code: 'ext4_journal_start_with_reserve(); mpage_prepare_extent_to_map(); mpage_map_and_submit_extent(); ext4_journal_stop()',
      when: (s, f, t) => {
        const found = nextStretch(s, f)
        return found && (cannotLockPages(s.mapping, found, t.letter) ?? waitForWriteback(s.mapping, found.from, found.to))
      },
    },
    (s, f, t) => {
      const found = nextStretch(s, f)
      f.at = found?.from ?? f.end
      f.end = found?.to ?? f.end
      if (!found) return ret()
      f.allocated = !found.written
      if (found.written) submit(s, t, found, false)
      else {
        const raw = allocate(s, { from: found.from, to: found.to }, true)
        const reached = Math.min(found.to, s.inode.i_size)
        f.grew = reached > s.ei.i_disksize
        s.ei.i_disksize = Math.max(s.ei.i_disksize, reached)
        inHandle(s, raw)
        submit(s, t, found, true)
      }
      return firstDirty(s.mapping, f.end, f.to) ? goto('map_and_submit') : ret()
    },
  ),
])

interface EndBio extends Range {
  readonly convertAfter: boolean
}

const ext4EndBio = procedure<Ext4World, EndBio>('ext4_end_bio', { file: 'fs/ext4/page-io.c', at: 'v6.1.55' }, [
  flow(() => call('submit_bio', {})),
  flow<EndBio>((f) => (f.convertAfter ? undefined : goto('end_writeback'))),
  step(
    'convert',
    (s, f) => `the data of ${range(f.from, f.to)} are on the disk: the blocks become written ones, in transaction ${s.journal.running}`,
    {
      row: 'ext4 3.4 C2',
      fn: 'ext4_end_io_rsv_work',
      code: 'ext4_convert_unwritten_io_end_vec(io_end->handle, io_end)',
    },
    (s, f) => inHandle(s, convert(s, { from: f.from, to: f.to })),
  ),
  step(
    'end_writeback',
    (_s, f) => `writeback of ${range(f.from, f.to)} is over: who waits for it goes on`,
    { row: 'ext4 3.4 C1, C3', fn: 'ext4_finish_bio', code: 'end_page_writeback(page)' },
    (s, f, t) => {
      mark(s.mapping, f.from, f.to, { writeback: false })
      delete s.bios[t.letter]
      return ret()
    },
  ),
])

/** The flusher: comes by at any moment while something is dirty, and does not wait. */
const flusher = procedure<Ext4World, Range>('ext4_flusher', source, [
  step(
    'wb_writeback',
    (_s, f) => `the flusher has the dirty pages of ${range(f.from, f.to)} written`,
    {
      row: 'ext4 3.4 W1',
      code: 'wb_writeback(): do_writepages(mapping, &wbc)',
      when: (s, f) => (firstDirty(s.mapping, f.from, f.to) ? null : { on: 'a dirty page', heldBy: [] }),
    },
    (_s, f) => call('ext4_writepages', { from: f.from, to: f.to }),
  ),
  flow(() => ret()),
])

export const writebackProcedures = [ext4Writepages, ext4EndBio, flusher]
