/** The story of an append that leaves a hole. */
import { range, size } from '../../base/range.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { beat, type Beat, type Window } from '../beat.ts'
import {
  bioOf,
  holeBefore,
  iterOf,
  kiocbOf,
  newOrdered,
  nothingPinned,
  sizeRaised,
  tailCancelled,
  writeFailed,
  writeSucceeded,
} from '../btrfs-moments.ts'

export const beats: readonly Beat<BtrfsWorld>[] = [
  beat('position', 'btrfs_direct_write.write_checks', {
    when: (m) => kiocbOf(m)?.append === true && m.locals['retried'] === false,
    says: (m) => `The position of an O_APPEND write is taken from i_size, ${size(kiocbOf(m)?.ki_pos ?? 0)}, under the inode lock.`,
    stands: ['direct append'],
  }),
  beat('allocate', 'btrfs_dio_iomap_begin.get_blocks', {
    when: (m) => newOrdered(m) !== undefined,
    says: (m) =>
      `The ordered extent ${range(newOrdered(m)?.from ?? 0, newOrdered(m)?.to ?? 0)} is created, with its place on the disk: nothing of it is written yet.`,
    stands: ['extents allocated before the data'],
  }),
  sizeRaised(['file length updated before the data']),
  nothingPinned(['buffer not in the page tables', 'EFAULT']),
  ...tailCancelled(['file length stays']),
  beat('unlock', 'btrfs_direct_write.unlock_before_complete', {
    when: (m) => iterOf(m).count > 0,
    says: (m) => `The inode lock is dropped in the middle of the write, with ${size(iterOf(m).count)} to go.`,
    stands: ['suspect commit 8184620ae212'],
  }),
  beat('fault-in', 'btrfs_direct_write.fault_in', {
    when: (m) => m.after.buffers[m.step.task]?.unmapped !== true,
    says: (m) =>
      m.after.locks.i_rwsem.holders.includes(m.step.task)
        ? 'The buffer is faulted in with the inode lock held, and the write goes on.'
        : 'The buffer is faulted in, without the inode lock, and the write starts over.',
    stands: ['goto relock'],
  }),
  beat('second-checks', 'btrfs_direct_write.write_checks', {
    when: (m) => m.locals['retried'] === true && kiocbOf(m)?.ki_pos !== m.before.kiocbs[m.step.task]?.ki_pos,
    says: (m) =>
      `generic_write_checks() runs again and moves ki_pos from ${size(m.before.kiocbs[m.step.task]?.ki_pos ?? 0)} to i_size, ${size(kiocbOf(m)?.ki_pos ?? 0)}.`,
    stands: ['generic_write_checks() called again', 'position moved to the new length'],
  }),
  beat('second-size', 'btrfs_dio_iomap_begin.raise_i_size', {
    when: (m) => m.after.inode.i_size > m.before.inode.i_size && m.within('btrfs_direct_write')?.['retried'] === true,
    says: (m) => `The next attempt raises i_size once more, to ${size(m.after.inode.i_size)}.`,
    stands: ['hole of the size of the write'],
  }),
  beat('written', 'submit_bio.dma', {
    when: (m) => holeBefore(m.before, bioOf(m)?.offset ?? 0) > 0,
    says: (m) =>
      `Now the data are written, at ${size(bioOf(m)?.offset ?? 0)}: behind a hole of ${size(holeBefore(m.before, bioOf(m)?.offset ?? 0))}.`,
    stands: ['hole, then the data'],
  }),
  beat('written-in-place', 'submit_bio.dma', {
    when: (m) => holeBefore(m.before, bioOf(m)?.offset ?? 0) === 0,
    says: (m) =>
      `The data of ${range(bioOf(m)?.offset ?? 0, (bioOf(m)?.offset ?? 0) + (bioOf(m)?.length ?? 0))} are written, and there is no hole in front of them.`,
    instead: 'written',
  }),
  writeSucceeded(['write succeeds']),
  writeFailed,
]

export const windows: readonly Window<BtrfsWorld>[] = [
  {
    id: 'unlocked',
    task: 'A',
    opens: 'btrfs_direct_write.unlock_before_complete',
    closes: 'btrfs_direct_write.relock',
    when: (m) => iterOf(m).count > 0,
    says: 'no inode lock in the middle of a write: i_size may be raised where the data are not there yet',
  },
]
