/** The story of an error code that hides another. */
import { range, size } from '../../base/range.ts'
import { has } from '../../engine/procedure.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { EFAULT, ENOTBLK } from '../../kernel/lib/errno.ts'
import { beat, number, type Beat, type Moment, type Window } from '../beat.ts'
import { holeBefore, kiocbOf, nothingPinned, sizeRaised, tailCancelled, writeSucceeded } from '../btrfs-moments.ts'

type At = Moment<BtrfsWorld>

/** The dio ends without an error and without a byte. */
const isEmpty = (m: At): boolean => m.before.dios['A']?.error === 0 && m.before.dios['A'].size === 0
/** acf9ed3a6c00: a write of which nothing was written is tried again. */
const triesAgain = (m: At): boolean => has(m.after, 'acf9ed3a6c00')

const posBefore = (m: At): number => m.before.kiocbs[m.step.task]?.ki_pos ?? 0
const posAfter = (m: At): number => kiocbOf(m)?.ki_pos ?? 0
/** Where the data of the page cache path begin. */
const wentTo = (m: At): number => posAfter(m) - number(m.locals, 'buffered')

export const beats: readonly Beat<BtrfsWorld>[] = [
  sizeRaised(['A16']),
  nothingPinned(['A18']),
  ...tailCancelled(['A19']),
  beat('hidden', '__iomap_dio_rw.drop_ref', {
    when: (m) => number(m.was, 'result') === ENOTBLK && number(m.was, 'processed') === EFAULT && m.was['moved'] === false,
    says: 'Nothing was advanced, so -ENOTBLK wins over -EFAULT: the dio has no error.',
    stands: ['A20', 'A21'],
  }),
  beat('reported', '__iomap_dio_rw.drop_ref', {
    when: (m) => number(m.was, 'result') === EFAULT && m.was['moved'] === false,
    says: 'Nothing was submitted: the dio ends in -EFAULT.',
    instead: 'hidden',
  }),
  beat('zero', 'iomap_dio_complete.complete', {
    when: (m) => isEmpty(m) && !triesAgain(m),
    says: 'The dio ends with 0 bytes, which is no reason to try again.',
    stands: ['A23', 'A23c'],
  }),
  beat('zero-retried', 'iomap_dio_complete.complete', {
    when: (m) => isEmpty(m) && triesAgain(m),
    says: 'The dio ends with 0 bytes, which is a reason to try again.',
    instead: 'zero',
  }),
  beat('second-checks', 'btrfs_buffered_write.write_checks', {
    when: (m) => posAfter(m) !== posBefore(m),
    says: (m) =>
      `The page cache path checks the position again: O_APPEND moves it from ${size(posBefore(m))} to i_size, ${size(posAfter(m))}.`,
    stands: ['A24'],
  }),
  beat('same-position', 'btrfs_buffered_write.write_checks', {
    when: (m) => posAfter(m) === posBefore(m),
    says: (m) => `The page cache path checks the position: it stays ${size(posAfter(m))}.`,
    instead: 'second-checks',
  }),
  beat('copied', 'btrfs_buffered_write.copy_from_user', {
    when: (m) => posAfter(m) > posBefore(m) && holeBefore(m.before, posBefore(m)) > 0,
    says: (m) => `The data go to ${range(posBefore(m), posAfter(m))}, behind a hole of ${size(holeBefore(m.before, posBefore(m)))}.`,
    stands: ['A24'],
  }),
  beat('copied-in-place', 'btrfs_buffered_write.copy_from_user', {
    when: (m) => posAfter(m) > posBefore(m) && holeBefore(m.before, posBefore(m)) === 0,
    says: (m) => `The data go to ${range(posBefore(m), posAfter(m))} of the page cache, with no hole before them.`,
    instead: 'copied',
  }),
  beat('flushed', 'btrfs_direct_write.flush_buffered', {
    when: (m) => number(m.locals, 'from') !== wentTo(m),
    says: (m) =>
      `What is flushed begins at ${size(number(m.locals, 'from'))}, where the write was to begin, not at ${size(wentTo(m))}, where it went.`,
    stands: ["A24'"],
  }),
  beat('flushed-right', 'btrfs_direct_write.flush_buffered', {
    when: (m) => number(m.locals, 'from') === wentTo(m),
    says: 'What went through the page cache is flushed.',
    instead: 'flushed',
  }),
  beat('position', 'btrfs_direct_write.wait_buffered', {
    when: (m) => posAfter(m) < m.after.inode.i_size,
    says: (m) => `ki_pos ends at ${size(posAfter(m))}, in a file of ${size(m.after.inode.i_size)}.`,
    stands: ["A24'"],
  }),
  beat('position-right', 'btrfs_direct_write.wait_buffered', {
    when: (m) => posAfter(m) === m.after.inode.i_size,
    says: (m) => `ki_pos ends at ${size(posAfter(m))}, the end of the file.`,
    instead: 'position',
  }),
  writeSucceeded(['write succeeds']),
]

export const windows: readonly Window<BtrfsWorld>[] = []
