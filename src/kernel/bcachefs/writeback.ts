/** bcachefs: writeback, which acts without being called. Source: facts bcachefs-buffered-write 2 V. */
import { alignUp, range } from '../../base/range.ts'
import { procedure, ret, step } from '../../engine/procedure.ts'
import { mark } from '../mm/cache.ts'
import { PAGE, type CacheRun } from '../mm/world.ts'
import { must } from '../lib/must.ts'
import { clip, cutOut, splice } from '../lib/runs.ts'
import type { BcachefsWorld, BtreeExtent } from './world.ts'

const alike = (a: BtreeExtent, b: BtreeExtent): boolean => a.kind === b.kind && a.stamp === b.stamp

/** The first dirty stretch below i_size of which nobody has a folio locked. */
const writable = (s: BcachefsWorld): CacheRun | null =>
  s.mapping.locked
    .reduce((runs, lock) => cutOut(runs, lock.from, lock.to), clip(s.mapping.runs, 0, alignUp(s.inode.i_size, PAGE)))
    .find((run) => run.dirty && !run.writeback) ?? null

interface Writeback {
  from: number
  to: number
}

export const writeback = procedure<BcachefsWorld, Writeback>(
  'bch2_writepages',
  { file: 'fs/bcachefs/fs-io-buffered.c', at: '7e64c86cdc6c' },
  [
    step(
      'writepage',
      (_s, f) => `writeback takes the dirty folios ${range(f.from, f.to)}`,
      {
        row: 'bcachefs-buffered-write 2 V; 4 item 3',
        fn: '__bch2_writepage',
        code: 'folio_lock(); folio_clear_dirty_for_io(); folio_start_writeback(); folio_unlock();',
        when: (s) => (writable(s) === null ? { on: 'a dirty folio', heldBy: [] } : null),
      },
      (s, f) => {
        const { from, to } = must(writable(s))
        f.from = from
        f.to = to
        mark(s.mapping, from, to, { dirty: false, writeback: true })
      },
    ),
    step(
      'end_writeback',
      (_s, f) => `${range(f.from, f.to)} is on disk`,
      { row: 'bcachefs-buffered-write 2 V', fn: 'bch2_writepage_io_done', code: 'bch2_write_op -> btree; folio_end_writeback();' },
      (s, f) => {
        for (const { from, to, stamp } of clip(s.mapping.runs, f.from, f.to))
          s.btree = splice(s.btree, from, to, [{ from, to, kind: 'data', stamp }], alike)
        mark(s.mapping, f.from, f.to, { writeback: false })
        return ret()
      },
    ),
  ],
)
