/** bcachefs: what generic code calls it by, and the two procedures that it enters first. Source: facts bcachefs-buffered-write 2 R. */
import { range, type Range } from '../../base/range.ts'
import { call, flow, procedure, ret, step } from '../../engine/procedure.ts'
import type { Found, OperationTable, WriteIter } from '../lib/operations.ts'
import { gaps, valueOf, type Run } from '../lib/runs.ts'
import { cannotLockPages, insertPages, isUptodate } from '../mm/cache.ts'
import { complete, invoke } from '../vfs/history.ts'
import { readFolios, visible } from './folios.ts'
import { cannotGet } from './pcl.ts'
import type { BcachefsWorld } from './world.ts'

export const bcachefsOperations: OperationTable = {
  'f_op->write_iter': 'bch2_write_iter',
  'f_op->read': 'bch2_read_iter',
  'i_op->setattr': 'bchfs_truncate',
}

const source = { file: 'fs/bcachefs/fs-io-direct.c', at: '7e64c86cdc6c' }

interface Writing extends WriteIter {
  result: number
}

/** Every write is buffered here. */
const bch2WriteIter = procedure<BcachefsWorld, Writing>('bch2_write_iter', source, [
  flow<Writing>((f) => call('bch2_buffered_write', { task: f.io }, 'result')),
  flow<Writing>((f) => ret(f.result)),
])

/** What was found, in the order of the file: `A 0`; `nothing` at or beyond i_size. */
const values = (runs: readonly Run[]): string =>
  runs
    .map((run) => valueOf(run.stamp))
    .filter((value, i, all) => value !== all[i - 1])
    .join(' ') || 'nothing'

interface Read extends Range {
  readonly op: string | null
  found: Run[]
}

/** Reads what is cached and uptodate without any lock of the inode; folios that are not are waited for and filled. */
const bch2ReadIter = procedure<BcachefsWorld, Read>('bch2_read_iter', source, [
  step(
    'filemap_read',
    (_s, f) => `a read of ${range(f.from, f.to)} finds ${values(f.found).replace(/\b0\b/g, 'zeros')}`,
    {
      row: 'bcachefs-buffered-write 2 R',
      fn: 'filemap_read',
      code: 'bch2_pagecache_add_get(inode); generic_file_read_iter(); bch2_pagecache_add_put(inode);',
      when: (s, f, t) =>
        cannotGet(s.pcl, 'add') ?? (isUptodate(s.mapping, f.from, f.to) ? null : cannotLockPages(s.mapping, f, t.letter, 'folio lock')),
    },
    (s, f) => {
      const to = Math.max(f.from, Math.min(f.to, s.inode.i_size))
      for (const gap of gaps(s.mapping.runs, f.from, to)) insertPages(s.mapping, gap.from, gap.to)
      readFolios(s, f.from, to)
      f.found = visible(s, f.from, to).map((run) => ({ from: run.from, to: run.to, stamp: run.stamp }))
      if (f.op !== null) {
        invoke(s, f.op)
        complete(s, f.op, to - f.from, f.found)
      }
      return ret({ value: values(f.found), bytes: to - f.from, lost: null } satisfies Found)
    },
  ),
])

export const fileProcedures = [bch2WriteIter, bch2ReadIter]
