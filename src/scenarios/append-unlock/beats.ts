/** The story of a lock that is given up twice. */
import type { TaskValue } from '../../engine/programs.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { ENOTBLK } from '../../kernel/lib/errno.ts'
import { beat, type Beat, type Moment, type Window } from '../beat.ts'

const holds = (s: BtrfsWorld, task: string): boolean => s.locks.i_rwsem.holders.includes(task)

/** A write that has taken the inode lock and has yet to give it up, as far as it knows. */
function believesItHolds(writer: TaskValue | null): boolean {
  const write = writer?.frames.find((frame) => frame.procedure === 'btrfs_direct_write')
  return write !== undefined && write.locals['private'] !== null && write.locals['error'] !== ENOTBLK
}

const names: Readonly<Record<string, string>> = { T: 'Truncate', B: 'The appender' }

/** fsync leaves: with the caller's lock given up, or not. */
const takenFromCaller = (m: Moment<BtrfsWorld>): boolean =>
  m.locals['skipLock'] === true && holds(m.before, m.step.task) && !holds(m.after, m.step.task)

export const beats: readonly Beat<BtrfsWorld>[] = [
  beat('held', ['btrfs_direct_write.set_skip_flag', 'btrfs_direct_write.set_journal_info'], {
    task: 'A',
    when: (m) => holds(m.after, 'A'),
    says: 'The write holds the inode lock, its I/O is done; it leaves a mark that tells fsync so.',
    stands: ['U1'],
  }),
  beat('mmap-only', 'btrfs_sync_file.lock_mmap', {
    task: 'A',
    when: (m) => m.locals['skipLock'] === true && holds(m.after, 'A'),
    says: 'fsync takes i_mmap_lock alone, as it should: its caller has the inode lock.',
    stands: ['U2'],
  }),
  beat('commit', 'btrfs_commit_transaction.commit', {
    task: 'C',
    when: ({ after: s }) => s.fs.aborted === 0 && s.bi.lastTrans < s.fs.generation && s.ordered.length === 0,
    says: 'Another process commits the transaction: nothing is left to log.',
    stands: ['U3'],
  }),
  beat('skip', 'btrfs_sync_file.start_transaction', {
    task: 'A',
    when: (m) => m.locals['logged'] === 2,
    says: 'fsync finds nothing to log and goes to out_release_extents.',
    stands: ['U3'],
  }),
  beat('logs', 'btrfs_sync_file.start_transaction', {
    task: 'A',
    when: (m) => m.locals['logged'] !== 2,
    says: 'fsync has something to log.',
    instead: 'skip',
  }),
  beat('first-unlock', 'btrfs_sync_file.unlock_inode', {
    task: 'A',
    when: takenFromCaller,
    says: 'That way out unlocks the inode too: a lock that belongs to the caller.',
    stands: ['U4'],
  }),
  beat('left-locked', 'btrfs_sync_file.unlock_inode', {
    task: 'A',
    when: (m) => m.locals['skipLock'] === true && holds(m.after, 'A'),
    says: 'fsync leaves the inode lock to its caller.',
    instead: 'first-unlock',
  }),
  beat('taken', ['btrfs_setsize.lock_inode', 'btrfs_direct_write.relock'], {
    when: (m) => m.step.task !== 'A' && believesItHolds(m.other('A')),
    says: (m) => `${names[m.step.task] ?? m.step.task} takes the inode lock, while the write believes that it has it.`,
    stands: ['U5'],
  }),
  beat('second-unlock', 'btrfs_direct_write.unlock', {
    task: 'A',
    when: (m) => !holds(m.before, 'A') && m.before.locks.i_rwsem.holders.length > 0,
    says: (m) =>
      `The write unlocks: it is ${m.before.locks.i_rwsem.holders.join()}'s lock now, and others may come in beside ${m.before.locks.i_rwsem.holders.join()}.`,
    stands: ['U6'],
  }),
  beat('free-unlock', 'btrfs_direct_write.unlock', {
    task: 'A',
    when: (m) => m.before.locks.i_rwsem.mode === 'free',
    says: 'The write unlocks a lock that is free: its count is broken, and nobody can take it any more.',
    instead: 'second-unlock',
  }),
  beat('own-unlock', 'btrfs_direct_write.unlock', {
    task: 'A',
    when: (m) => holds(m.before, 'A'),
    says: 'The write gives up the inode lock, which it has held all the time.',
    instead: 'second-unlock',
  }),
]

export const windows: readonly Window<BtrfsWorld>[] = [
  {
    id: 'lost',
    task: 'A',
    opens: 'btrfs_sync_file.unlock_inode',
    closes: 'btrfs_direct_write.unlock',
    when: takenFromCaller,
    says: 'the write believes that it has the inode lock',
  },
]
