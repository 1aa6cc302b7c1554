/** ext4: fsync. Source: facts ext4 3.7. */
import { size } from '../../base/range.ts'
import { procedure, ret, step } from '../../engine/procedure.ts'
import { inWords } from './journal.ts'
import type { Ext4World } from './world.ts'

interface SyncFile {
  /** The transaction that has to be durable. */
  tid?: number
}

export const ext4SyncFile = procedure<Ext4World, SyncFile>('ext4_sync_file', { file: 'fs/ext4/fsync.c', at: 'v6.1.55' }, [
  step(
    'find_transaction',
    (s, f) =>
      `no page of the range is dirty; the transaction that changed the inode last is ${f.tid}: there it has ${inWords(s.ei.raw)}${s.ei.raw.size < s.inode.i_size ? `, though i_size is ${size(s.inode.i_size)}` : ''}`,
    {
      row: 'ext4 3.7 S1, S2',
      fn: 'ext4_fsync_journal',
      code: 'file_write_and_wait_range(); commit_tid = ei->i_sync_tid',
    },
    (s, f) => {
      f.tid = s.ei.i_sync_tid
    },
  ),
  step(
    'complete_transaction',
    (s, f) => `transaction ${f.tid} is durable, with ${inWords(s.journal.durable)}: fsync is done`,
    {
      row: 'ext4 3.7 S3',
      fn: 'jbd2_complete_transaction',
      code: 'jbd2_complete_transaction(journal, commit_tid)',
      when: (s, f) => (s.journal.committed < (f.tid ?? 0) ? { on: `the commit of transaction ${f.tid}`, heldBy: [] } : null),
    },
    () => ret(0),
  ),
])
