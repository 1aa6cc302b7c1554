/** jbd2: handles, and the thread that commits. Source: facts ext4 3.8. */
import { size } from '../../base/range.ts'
import { goto, procedure, step } from '../../engine/procedure.ts'
import { must } from '../lib/must.ts'
import type { Ext4World, RawInode } from './world.ts'

/**
 * jbd2_journal_start(), ext4_mark_inode_dirty(), jbd2_journal_stop(): the inode with this change is in the running transaction, and
 * with it the size as i_disksize has it.
 */
export function inHandle(s: Ext4World, change: Partial<RawInode> = {}): void {
  const { ei, journal } = s
  const tid = (journal.running ??= (journal.committing?.tid ?? journal.committed) + 1)
  ei.raw = { ...ei.raw, ...change, size: ei.i_disksize }
  ei.i_sync_tid = tid
}

/** What a transaction has of the inode, in words: `size 0, on the orphan list`. */
export const inWords = (raw: RawInode): string => `size ${size(raw.size)}${raw.orphan ? ', on the orphan list' : ''}`

/** kjournald2: commits the running transaction when its five seconds are over or somebody asks for it, then waits for the next. */
export const commitTransaction = procedure<Ext4World, object>(
  'jbd2_journal_commit_transaction',
  { file: 'fs/jbd2/commit.c', at: 'v6.1.55' },
  [
    step(
      'close',
      (s) => {
        const { tid, raw } = must(s.journal.committing)
        return `closes transaction ${tid}: it has the inode as it is now, ${inWords(raw)}; what changes from here on is in the next one`
      },
      {
        row: 'ext4 3.8 J4, J5',
        code: 'commit_transaction->t_state = T_LOCKED ... T_FLUSH; journal->j_running_transaction = NULL',
        when: (s) => (s.journal.running === null ? { on: 'a running transaction', heldBy: [] } : null),
      },
      (s) => {
        s.journal.committing = { tid: must(s.journal.running), raw: s.ei.raw }
        s.journal.running = null
      },
    ),
    step(
      'commit_record',
      (s) =>
        `the commit record of transaction ${s.journal.committed} is on the disk: a replay finds ${inWords(s.journal.durable)}; wakes who waits for it`,
      {
        row: 'ext4 3.8 J6, J7, J8',
        code: 'journal_submit_commit_record(); journal->j_commit_sequence = tid; wake_up(&j_wait_done_commit)',
      },
      (s) => {
        const { tid, raw } = must(s.journal.committing)
        s.journal = { ...s.journal, committing: null, committed: tid, durable: raw }
        return goto('close')
      },
    ),
  ],
)
