/** btrfs: writing dirty pages back. Source: facts fsync-log-tree 3.7 (F1..F4, W0). */
import { alignDown, alignUp, range, size, type Range } from '../../../base/range.ts'
import { call, flow, goto, procedure, ret, step } from '../../../engine/procedure.ts'
import { submitClones, waitForClones } from '../../block/device.ts'
import { must } from '../../lib/must.ts'
import { variables } from '../../lib/variables.ts'
import { cached, cannotLockPages, firstDirty, lockPages, mark, unlockPages, waitForWriteback, writeProtect } from '../../mm/cache.ts'
import { PAGE } from '../../mm/world.ts'
import { csumsAt } from '../csum/csums.ts'
import { cannotLockExtent } from '../io-tree.ts'
import {
  cannotStartOrdered,
  orderedAt,
  queueFinish,
  replaceOrdered,
  startOrderedExtent,
  writesOrdered,
  type StartsOrdered,
} from '../ordered.ts'
import type { BtrfsWorld } from '../world.ts'
import { runDelalloc } from './delalloc.ts'
import { zeroTail } from './pages.ts'

/** To the end of any file. */
export const LLONG_MAX = Number.MAX_SAFE_INTEGER

interface Pages {
  from: number
  to: number
  /** The stretch being written; the scan goes on from its end. */
  at: number
  end: number
}

/** The next stretch to write: dirty pages of one delalloc range, or of one ordered extent. */
function nextStretch(s: BtrfsWorld, f: Pages): Range | null {
  const found = firstDirty(s.mapping, f.end, f.to)
  if (!found) return null
  const delalloc = s.io_tree.delalloc.find((part) => part.from <= found.from && found.from < part.to)
  const limit = delalloc?.to ?? orderedAt(s, found.from)?.to ?? found.to
  return { from: found.from, to: Math.min(found.to, limit) }
}

/**
 * Starts writeback of every dirty page of a range; does not wait for the I/O. One turn of the loop takes a maximal
 * dirty stretch: its pages are in equal state, so taking them one by one would only multiply equal interleavings.
 */
export const fdatawriteRange = procedure<BtrfsWorld, Pages>('btrfs_fdatawrite_range', { file: 'fs/btrfs/file.c', at: '8d9b4a162a37' }, [
  flow<Pages>((f) => {
    f.from = alignDown(f.from, PAGE)
    if (f.to < LLONG_MAX) f.to = alignUp(f.to, PAGE)
    f.at = f.from
    f.end = f.from
  }),
  step(
    'write_cache_pages',
    (_s, f) =>
      f.at < f.end
        ? `locks the dirty pages ${range(f.at, f.end)}, clears their dirty bits and write-protects them`
        : 'finds no dirty page to write back',
    {
      row: 'fsync-log-tree 3.7 F1',
      code: 'lock_page(); clear_page_dirty_for_io()  /* write-protects */',
      when: (s, f, t) => {
        const found = nextStretch(s, f)
        return found && (cannotLockPages(s.mapping, found, t.letter) ?? waitForWriteback(s.mapping, found.from, found.to))
      },
    },
    (s, f, t) => {
      const found = nextStretch(s, f)
      f.at = found?.from ?? f.end
      if (!found) return ret()
      f.end = found.to
      lockPages(s.mapping, found, t.letter, true)
      mark(s.mapping, found.from, found.to, { dirty: false })
      writeProtect(s.mapping, found)
      return undefined
    },
  ),
  step(
    'cow_file_range',
    (s, f) => {
      const oe = orderedAt(s, f.at)
      if (!oe) return 'the whole file fits into an item: the data go there, and there is nothing to submit'
      const { from, to } = oe
      return from < f.at
        ? `${range(f.at, f.end)} needs no new extent: the ordered extent ${range(from, to)} covers it`
        : `allocates a new disk extent for ${range(from, to)} and creates the ordered extent`
    },
    {
      row: 'fsync-log-tree 3.7 F2, F3; 6.2 F2',
      fn: 'cow_file_range',
      code: 'find_lock_delalloc_range(); cow_file_range()',
      when: (s, f, t) => cannotLockExtent(s, { from: f.at, to: f.end }, t.letter),
    },
    (s, f) => {
      const delalloc = s.io_tree.delalloc.find((part) => part.from <= f.at && f.at < part.to)
      zeroTail(s, f.end)
      if (delalloc) runDelalloc(s, f.at, delalloc.to)
    },
  ),
  step(
    'submit_pages',
    (s, f) =>
      `sets the writeback flag on ${range(f.at, f.end)}, ${s.bi.nodatasum ? '' : 'computes the checksums, '}submits the bio and unlocks the pages`,
    { spawns: ['writeback', 'mirror'], row: 'fsync-log-tree 3.7 F4', code: 'set_page_writeback(); submit_bio(); unlock_page()' },
    (s, f, t) => {
      if (!orderedAt(s, f.at)) {
        unlockPages(s.mapping, { from: f.at, to: f.end }, t.letter)
        return firstDirty(s.mapping, f.end, f.to) ? goto('write_cache_pages') : ret()
      }
      for (let at = f.at; at < f.end;) {
        const oe = must(orderedAt(s, at))
        const end = Math.min(oe.to, f.end)
        const disk = oe.disk + at - oe.from
        const bio = t.spawn('writeback', {
          name: `disk write of ${range(at, end)} (writeback)`,
          procedure: 'end_bio_extent_writepage',
          locals: { from: at, to: end },
        })
        s.bios[bio] = { offset: at, length: end - at, disk, memory: 'page cache', clones: [] }
        submitClones(s, t, bio)
        if (!s.bi.nodatasum) {
          const sum = { from: disk, to: disk + end - at, sums: csumsAt(s, cached(s.mapping, at, end), at, disk, end - at) }
          replaceOrdered(s, oe, [{ ...oe, sums: [...oe.sums, sum] }])
        }
        at = end
      }
      mark(s.mapping, f.at, f.end, { writeback: true })
      unlockPages(s.mapping, { from: f.at, to: f.end }, t.letter)
      return firstDirty(s.mapping, f.end, f.to) ? goto('write_cache_pages') : ret()
    },
  ),
])

interface WaitOrdered extends Range, StartsOrdered {}

/**
 * Writes a range back and waits until its ordered extents are finished, the last one first. One that waits for pages
 * outside the range has them written too.
 */
export const waitOrderedRange = procedure<BtrfsWorld, WaitOrdered>(
  'btrfs_wait_ordered_range',
  { file: 'fs/btrfs/ordered-data.c', at: 'v6.1' },
  [
    variables<WaitOrdered>({ flush: null }),
    flow<WaitOrdered>(({ from, to }) => call('btrfs_fdatawrite_range', { from, to })),
    step(
      'wait_ordered',
      (_s, f) =>
        f.flush
          ? `the ordered extent ${range(f.flush.from, f.flush.to)} waits for dirty pages: writes those too`
          : `no ordered extent is left ${f.to === LLONG_MAX ? `from ${size(f.from)} on` : `in ${range(f.from, f.to)}`}`,
      {
        row: 'fsync-log-tree 3.1 A5f',
        code: 'wait for page writeback, then for each ordered extent: btrfs_start_ordered_extent()',
        when: (s, f) =>
          writesOrdered(s, f, 'last') ? null : (waitForWriteback(s.mapping, f.from, f.to) ?? cannotStartOrdered(s, f, 'last')),
      },
      (s, f) => startOrderedExtent(s, f, f, 'last') ?? ret(),
    ),
    flow(() => goto('wait_ordered')),
  ],
)

export const endBioExtentWritepage = procedure<BtrfsWorld, { from: number; to: number }>(
  'end_bio_extent_writepage',
  { file: 'fs/btrfs/extent_io.c', at: '8d9b4a162a37' },
  [
    flow(() => call('submit_bio', {})),
    step(
      'end_writeback',
      (_s, f) => `page writeback of ${range(f.from, f.to)} ends; its file extent item does not exist yet`,
      {
        spawns: ['oe'],
        row: 'fsync-log-tree 3.7 W0',
        code: 'end_page_writeback(); queue the finish work',
        when: (s, _f, t) => waitForClones(s, t.letter),
      },
      (s, _f, t) => {
        const bio = must(s.bios[t.letter])
        const oe = must(orderedAt(s, bio.offset))
        mark(s.mapping, bio.offset, bio.offset + bio.length, { writeback: false })
        replaceOrdered(s, oe, [{ ...oe, bytesLeft: oe.bytesLeft - bio.length }])
        queueFinish(s, t, oe.from)
        delete s.bios[t.letter]
      },
    ),
  ],
)

export const writebackProcedures = [fdatawriteRange, waitOrderedRange, endBioExtentWritepage]
