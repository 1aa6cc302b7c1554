/** mm/truncate.c: removing pages from the cache. Source: facts bcachefs-buffered-write 3.1 F10. */
import { alignDown, alignUp, range, size, type Range } from '../../base/range.ts'
import { flow, goto, procedure, ret, step, type Wait, type World } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { cutOut, endOfFiles } from '../lib/runs.ts'
import { variables } from '../lib/variables.ts'
import { cached, cannotLockPages, removePages, waitForWriteback, zeroPages } from './cache.ts'
import { PAGE, type MmWorld } from './world.ts'

interface Truncate {
  /** The new size, as it was when the caller read it. */
  readonly to: number
  removed: string
}

/** Cached stretches from `at` on that nobody else has locked and that are not under writeback. */
const free = (s: MmWorld, at: number, who: Letter): Range[] => {
  const foreign = s.mapping.locked.filter((lock) => lock.by !== who)
  return foreign.reduce((runs, lock) => cutOut(runs, lock.from, lock.to), cached(s.mapping, at, endOfFiles)).filter((run) => !run.writeback)
}

const waits = (s: MmWorld, from: number, to: number, who: Letter): Wait | null =>
  cannotLockPages(s.mapping, { from, to }, who, 'folio lock') ?? waitForWriteback(s.mapping, from, to)

const told = (parts: readonly Range[]): string => (parts.length === 0 ? 'nothing' : range(parts[0]?.from ?? 0, parts.at(-1)?.to ?? 0))

const row = 'bcachefs-buffered-write 3.1 F10'

/** truncate_pagecache(): two passes; the second one waits for every folio that is locked. */
export const truncatePagecache = procedure<World & MmWorld, Truncate>('truncate_pagecache', { file: 'mm/truncate.c', at: 'v6.9' }, [
  variables<Truncate>({ removed: 'nothing' }),
  step(
    'skip_locked',
    (_s, f) => `first pass from ${size(f.to)} on: removes ${f.removed} and skips folios that are locked`,
    { row, fn: 'truncate_inode_pages_range', code: 'while (find_lock_entries(mapping, &index, end - 1, &fbatch, indices))' },
    (s, f, t) => {
      const parts = free(s, alignUp(f.to, PAGE), t.letter)
      f.removed = told(parts)
      for (const { from, to } of parts) removePages(s.mapping, from, to)
    },
  ),
  flow<Truncate>((f) => (f.to % PAGE === 0 ? goto('wait_for_locked') : undefined)),
  step(
    'zero_partial',
    (s, f) =>
      cached(s.mapping, f.to, f.to + 1).length > 0
        ? `zeroes the folio that holds ${size(f.to)} from there on`
        : `no folio holds ${size(f.to)}`,
    {
      row,
      fn: 'truncate_inode_partial_folio',
      code: 'folio = __filemap_get_folio(mapping, lstart >> PAGE_SHIFT, FGP_LOCK, 0); truncate_inode_partial_folio();',
      when: (s, f, t) => {
        const from = alignDown(f.to, PAGE)
        return cached(s.mapping, from, from + PAGE).length === 0 ? null : waits(s, from, from + PAGE, t.letter)
      },
    },
    (s, f) => zeroPages(s.mapping, f.to, alignUp(f.to, PAGE)),
  ),
  step(
    'wait_for_locked',
    (_s, f) =>
      f.removed === 'nothing' ? `second pass: no folio is left from ${size(f.to)} on` : `second pass: removes ${f.removed}, dirty or not`,
    {
      row,
      fn: 'truncate_inode_pages_range',
      code: 'folio_lock(folio); folio_wait_writeback(folio); truncate_inode_folio(mapping, folio);',
      when: (s, f, t) => {
        const [first] = cached(s.mapping, alignUp(f.to, PAGE), endOfFiles)
        return first ? waits(s, first.from, first.from + PAGE, t.letter) : null
      },
    },
    (s, f, t) => {
      const start = alignUp(f.to, PAGE)
      const [first] = cached(s.mapping, start, endOfFiles)
      const parts = first ? free(s, start, t.letter).slice(0, 1) : []
      f.removed = told(parts)
      for (const { from, to } of parts) removePages(s.mapping, from, to)
      return first ? goto('wait_for_locked') : ret()
    },
  ),
])
