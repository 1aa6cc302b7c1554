/** ext4: fsync. Source: facts ext4 3.7. */
import { size } from '../../base/range.ts'
import { call, flow, goto, procedure, ret, step } from '../../engine/procedure.ts'
import { endOfFiles } from '../lib/runs.ts'
import { inWords } from './journal.ts'
import type { Ext4World } from './world.ts'

interface SyncFile {
  /** The transaction that has to be durable. */
  tid?: number
  /** The pages that were dirty when it began have been written. */
  written?: true
  flushing?: boolean
}

/** Are there pages that have to be written, or that somebody is writing? */
const isBusy = (s: Ext4World): boolean => s.mapping.runs.some((run) => run.dirty || run.writeback)

const ext4SyncFile = procedure<Ext4World, SyncFile>('ext4_sync_file', { file: 'fs/ext4/fsync.c', at: 'v6.1.55' }, [
  step(
    'find_transaction',
    (s, f) =>
      f.flushing
        ? 'pages are dirty or being written: they come first'
        : `no page of the range is dirty; the transaction that changed the inode last is ${f.tid}: there it has ${inWords(s.ei.raw)}${s.ei.raw.size < s.inode.i_size ? `, though i_size is ${size(s.inode.i_size)}` : ''}`,
    {
      row: 'ext4 3.7 S1, S2',
      fn: 'ext4_fsync_journal',
      code: 'file_write_and_wait_range(); commit_tid = ei->i_sync_tid',
    },
    (s, f) => {
      f.flushing = !f.written && isBusy(s)
      if (f.flushing) {
        f.written = true
        return call('filemap_write_and_wait_range', { from: 0, to: endOfFiles })
      }
      f.tid = s.ei.i_sync_tid
      return goto('complete_transaction')
    },
  ),
  flow(() => goto('find_transaction')),
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

/** sync(2), syncfs(2): the pages of every inode, of which there is one, and then the journal. */
const ext4SyncFs = procedure<Ext4World, { result: number }>('ext4_sync_fs', { file: 'fs/ext4/super.c', at: 'v6.1.55' }, [
  flow(() => call('ext4_sync_file', {}, 'result')),
  flow<{ result: number }>((f) => ret(f.result)),
])

export const syncProcedures = [ext4SyncFile, ext4SyncFs]
