/** The story of a position that does not move with the count. */
import { size } from '../../base/range.ts'
import type { BcachefsWorld } from '../../kernel/bcachefs/world.ts'
import { EFAULT } from '../../kernel/lib/errno.ts'
import { beat, number, type Beat, type Moment, type Window } from '../beat.ts'
import { copiedShort, lockChosen, resultOf } from '../bcachefs-moments.ts'

type At = Moment<BcachefsWorld>

const outer = (label: string): string => `bch2_buffered_write.${label}`
const position = (m: At): number => m.after.files['fd']?.f_pos ?? NaN
/** Where the position is after the call, for one that began at 0. */
const lags = (m: At): boolean => resultOf(m) > 0 && position(m) < resultOf(m)

export const beats: readonly Beat<BcachefsWorld>[] = [
  beat('position', 'write.fdget_pos', {
    task: 'A',
    says: (m) => `write(2) begins at the file position of the descriptor, ${size(m.after.kiocbs['A']?.ki_pos ?? 0)}.`,
    stands: ['write(2), not pwrite(2)'],
  }),
  ...lockChosen(['unlocked attempt']),
  beat('migrated', 'migrate_pages.unmap', {
    says: (m) => `${size(number(m.was, 'to') - number(m.was, 'from'))} of the buffer are unmapped for a moment.`,
    stands: ['the buffer is not resident any more'],
  }),
  copiedShort(['64K of 128K']),
  beat('kept', outer('advance'), {
    task: 'A',
    when: (m) => number(m.locals, 'written') === number(m.locals, 'written2'),
    says: (m) =>
      `${size(number(m.locals, 'written'))} are in the page cache for good: written says so${m.locals['locked'] === false ? ', and written2 too' : ''}.`,
    stands: ['written2 has the most ever written'],
  }),
  beat('restart', outer('restart'), {
    task: 'A',
    says: (m) =>
      `The write starts over: written is ${size(number(m.locals, 'written'))} again, written2 keeps ${size(number(m.locals, 'written2'))}.`,
    stands: ['written = 0, written2 = 65536'],
  }),
  beat('unmapped', 'munmap.munmap', {
    says: 'Another thread unmaps the whole buffer.',
    stands: ['the buffer was unmapped meanwhile'],
  }),
  beat('error', outer('fault_in'), {
    task: 'A',
    // What was written before counts as nothing since the write has started over.
    when: (m) => number(m.locals, 'error') === EFAULT && number(m.locals, 'written') === 0 && number(m.locals, 'written2') > 0,
    says: 'The first thing that the second attempt runs into is -EFAULT.',
    stands: ['the first thing in the locked retry is an error'],
  }),
  beat('position-stays', outer('pagecache_add_put'), {
    task: 'A',
    when: (m) => number(m.was, 'written') === 0 && number(m.was, 'written2') > 0,
    says: 'ki_pos moves by written, which is 0.',
    stands: ['ki_pos += 0'],
  }),
  beat('position-moves', outer('pagecache_add_put'), {
    task: 'A',
    when: (m) => number(m.was, 'written') > 0,
    says: (m) => `ki_pos moves by written, ${size(number(m.was, 'written'))}.`,
    instead: 'position-stays',
  }),
  beat('returned', 'write.return', {
    task: 'A',
    when: lags,
    says: (m) => `write() reports ${size(resultOf(m))}; the file position is ${position(m)}.`,
    stands: ['returns 65536'],
  }),
  beat('agrees', 'write.return', {
    task: 'A',
    when: (m) => resultOf(m) > 0 && !lags(m),
    says: (m) =>
      m.was['fd'] === null
        ? `pwrite() reports ${size(resultOf(m))}.`
        : `write() reports ${size(resultOf(m))}, and the file position has moved as far.`,
    instead: 'returned',
  }),
  beat('fails', 'write.return', {
    task: 'A',
    when: (m) => resultOf(m) < 0,
    says: 'The write fails, and the file position stays.',
    instead: 'returned',
  }),
]

export const windows: readonly Window<BcachefsWorld>[] = []
