/** The story of a flag that the wrong task believes. */
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { beat, type Beat, type Moment, type Window } from '../beat.ts'

type At = Moment<BtrfsWorld>
const holds = (s: BtrfsWorld, task: string): boolean => s.locks.i_rwsem.holders.includes(task)

/** The fsync of the other thread has read the flag as true. */
const believed = (m: At): boolean =>
  m.other('B')?.frames.some((frame) => frame.procedure === 'btrfs_sync_file' && frame.locals['skipLock'] === true) === true

const skips = (m: At): boolean => m.locals['skipLock'] === true
const stopped = (m: At): boolean => m.after.dmesg.length > m.before.dmesg.length

export const beats: readonly Beat<BtrfsWorld>[] = [
  beat('pointer', 'btrfs_direct_write.set_private', {
    when: (m) => m.locals['ownPrivate'] === true && holds(m.after, m.step.task),
    says: "The write is done, the inode lock still held: file->private_data gets a struct on the writer's stack.",
    stands: ['R1'],
  }),
  beat('flag', 'btrfs_direct_write.set_skip_flag', {
    says: (m) =>
      m.after.kiocbs[m.step.task]?.dsync
        ? 'The write sets the flag for an fsync of its own.'
        : 'The write sets the flag for an fsync of its own, though it has none to make.',
    stands: ['R2'],
  }),
  beat('sampled', 'btrfs_sync_file.read_skip_flag', {
    task: 'B',
    when: skips,
    says: 'fsync by another thread, on the same struct file, reads the flag.',
    stands: ['R3'],
  }),
  beat('not-set', 'btrfs_sync_file.read_skip_flag', {
    task: 'B',
    when: (m) => !skips(m),
    says: 'fsync by another thread reads the flag: it is not set.',
    instead: 'sampled',
  }),
  beat('cleared', 'btrfs_direct_write.clear_private', {
    when: believed,
    says: 'The write takes back what it had left in struct file: too late, fsync has read the flag.',
    stands: ['R4'],
  }),
  beat('cleared-in-time', 'btrfs_direct_write.clear_private', {
    when: (m) => !believed(m),
    says: 'The write takes back what it had left in struct file; no fsync under way has read the flag.',
    instead: 'cleared',
  }),
  beat('unlocked', 'btrfs_direct_write.unlock', {
    when: (m) => m.after.locks.i_rwsem.mode === 'free',
    says: 'The write unlocks the inode: now nobody has the lock.',
    stands: ['R5'],
  }),
  beat('half-locked', 'btrfs_sync_file.lock_mmap', {
    task: 'B',
    when: skips,
    says: 'fsync takes i_mmap_lock alone.',
    stands: ['R6'],
  }),
  beat('both-locked', 'btrfs_sync_file.lock_mmap', {
    task: 'B',
    when: (m) => holds(m.after, 'B'),
    says: 'fsync has both locks.',
    instead: 'half-locked',
  }),
  beat('assertion', 'btrfs_sync_file.wait_ordered_range', {
    task: 'B',
    when: stopped,
    says: 'btrfs_get_ordered_extents_for_logging() expects the inode to be locked: the assertion fails.',
    stands: ['R7'],
  }),
  beat('unnoticed', 'btrfs_sync_file.wait_ordered_range', {
    task: 'B',
    when: (m) => skips(m) && !stopped(m) && m.after.locks.i_rwsem.mode === 'free',
    says: 'Nobody has the inode lock, and nothing notices it: fsync goes on.',
    instead: 'assertion',
  }),
  beat('borrowed', 'btrfs_sync_file.wait_ordered_range', {
    task: 'B',
    when: (m) => skips(m) && m.after.locks.i_rwsem.mode !== 'free' && !holds(m.after, 'B'),
    says: 'Somebody has the inode lock, though not fsync: it goes on.',
    instead: 'assertion',
  }),
]

export const windows: readonly Window<BtrfsWorld>[] = [
  {
    id: 'flag',
    task: 'A',
    opens: 'btrfs_direct_write.set_skip_flag',
    closes: 'btrfs_direct_write.clear_skip_flag',
    says: 'whoever fsyncs this open file skips the inode lock',
  },
]
