/** Removing pages from the cache, and the system call that shortens a file. Source: facts bcachefs-buffered-write 3.1 F10, 4, 5 H1. */
import { alignDown, alignUp, range, size } from '../../base/range.ts'
import { call, flow, procedure, ret, step } from '../../engine/procedure.ts'
import type { Wait } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { cannotLock, dropLock, takeLock } from '../lib/locks.ts'
import { waitForWriteback } from '../mm/cache.ts'
import { PAGE } from '../mm/world.ts'
import { clip, cutOut, endOfFiles } from '../lib/runs.ts'
import { cannotLockFolios, removeFolios, storeInFolios } from './folios.ts'
import { invoke } from '../oracles/history.ts'
import { cannotGet, get, put } from './pcl.ts'
import type { BcachefsWorld } from './world.ts'

interface Truncate {
  /** The new size, as it was when the caller read it. */
  readonly to: number
  removed: string
}

/** Cached stretches from `at` on that nobody else has locked and that are not under writeback. */
const free = (s: BcachefsWorld, at: number, who: Letter): { from: number; to: number }[] => {
  const foreign = s.mapping.locked.filter((lock) => lock.by !== who)
  return foreign
    .reduce((runs, lock) => cutOut(runs, lock.from, lock.to), clip(s.mapping.runs, at, endOfFiles))
    .filter((run) => !run.writeback)
}

const waits = (s: BcachefsWorld, from: number, to: number, who: Letter): Wait | null =>
  cannotLockFolios(s, { from, to }, who) ?? waitForWriteback(s.mapping, from, to)

const told = (parts: readonly { from: number; to: number }[]): string =>
  parts.length === 0 ? 'nothing' : range(parts[0]?.from ?? 0, parts.at(-1)?.to ?? 0)

const row = 'bcachefs-buffered-write 3.1 F10'

/** truncate_pagecache(): two passes; the second one waits for every folio that is locked. */
export const truncatePagecache = procedure<BcachefsWorld, Truncate>('truncate_pagecache', { file: 'mm/truncate.c', at: 'v6.9' }, [
  step(
    'skip_locked',
    (_s, f) => `first pass from ${size(f.to)} on: removes ${f.removed} and skips folios that are locked`,
    { row, fn: 'truncate_inode_pages_range', code: 'while (find_lock_entries(mapping, &index, end - 1, &fbatch, indices))' },
    (s, f, t) => {
      const parts = free(s, alignUp(f.to, PAGE), t.letter)
      f.removed = told(parts)
      for (const { from, to } of parts) removeFolios(s, from, to)
    },
  ),
  flow<Truncate>((f) => (f.to % PAGE === 0 ? { go: 'label', label: 'wait_for_locked' } : undefined)),
  step(
    'zero_partial',
    (s, f) =>
      clip(s.mapping.runs, f.to, f.to + 1).length > 0
        ? `zeroes the folio that holds ${size(f.to)} from there on`
        : `no folio holds ${size(f.to)}`,
    {
      row,
      fn: 'truncate_inode_partial_folio',
      code: 'folio = __filemap_get_folio(mapping, lstart >> PAGE_SHIFT, FGP_LOCK, 0); truncate_inode_partial_folio();',
      when: (s, f, t) => {
        const from = alignDown(f.to, PAGE)
        return clip(s.mapping.runs, from, from + PAGE).length === 0 ? null : waits(s, from, from + PAGE, t.letter)
      },
    },
    (s, f) => storeInFolios(s, [{ from: f.to, to: alignUp(f.to, PAGE), stamp: '0' }]),
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
        const [first] = clip(s.mapping.runs, alignUp(f.to, PAGE), endOfFiles)
        return first ? waits(s, first.from, first.from + PAGE, t.letter) : null
      },
    },
    (s, f, t) => {
      const start = alignUp(f.to, PAGE)
      const [first] = clip(s.mapping.runs, start, endOfFiles)
      const parts = first ? free(s, start, t.letter).slice(0, 1) : []
      f.removed = told(parts)
      for (const { from, to } of parts) removeFolios(s, from, to)
      return first ? { go: 'label', label: 'wait_for_locked' } : ret()
    },
  ),
])

interface SetSize {
  readonly to: number
}

const setsizeRow = 'bcachefs-buffered-write 2 T; 4 item 1'

export const truncateFile = procedure<BcachefsWorld, SetSize>('bchfs_truncate', { file: 'fs/bcachefs/fs-io.c', at: '7e64c86cdc6c' }, [
  step(
    'inode_lock',
    'truncate takes the inode lock',
    { row: setsizeRow, code: 'inode_lock(inode)', when: (s) => cannotLock(s.locks.i_rwsem, 'exclusive', 'inode lock') },
    (s, _f, t) => {
      invoke(s, t.letter)
      takeLock(s.locks.i_rwsem, 'exclusive', t.letter)
    },
  ),
  step(
    'pagecache_block_get',
    'truncate takes the pagecache lock in its blocking state: no writer can add folios now',
    { row: setsizeRow, code: 'bch2_pagecache_block_get(inode)', when: (s) => cannotGet(s.pcl, 'block') },
    (s, _f, t) => get(s.pcl, 'block', t.letter),
  ),
  step(
    'i_size',
    (s) => `i_size becomes ${size(s.inode.i_size)}`,
    { row: setsizeRow, code: 'truncate_setsize(&inode->v, iattr->ia_size)' },
    (s, f) => {
      s.inode.i_size = f.to
      return call('truncate_pagecache', { to: f.to, removed: 'nothing' })
    },
  ),
  step(
    'drop_extents',
    (_s, f) => `drops the extents from ${size(f.to)} on, then both locks`,
    { row: setsizeRow, code: 'bchfs_fpunch(); bch2_pagecache_block_put(inode); inode_unlock(inode)' },
    (s, f, t) => {
      s.btree = cutOut(s.btree, f.to, endOfFiles)
      put(s.pcl, t.letter)
      dropLock(s.locks.i_rwsem, t.letter)
      return ret(0)
    },
  ),
])

export const truncateProcedures = [truncatePagecache, truncateFile]
