/** The story of data that were on disk and are dropped with those that were not. */
import { range, size } from '../../base/range.ts'
import type { BtrfsWorld, Ordered } from '../../kernel/btrfs/world.ts'
import { clip } from '../../kernel/lib/runs.ts'
import { beat, number, type Beat, type Moment, type Window } from '../beat.ts'
import { bioOf, iterBefore, iterOf, newOrdered, writeSucceeded } from '../btrfs-moments.ts'

type At = Moment<BtrfsWorld>

const isWrite = (m: At): boolean => m.was['read'] === false
/** The ordered extent of the part that was not submitted, as the step leaves it. */
const cutOne = (m: At): Ordered | undefined => {
  const at = number(m.was, 'pos') + number(m.was, 'submitted')
  return m.after.ordered.find((oe) => oe.from <= at && at < oe.to)
}
const rest = (m: At): string => range(number(m.was, 'pos') + number(m.was, 'submitted'), number(m.was, 'pos') + number(m.was, 'length'))
/** The one that is dropped, and whether the disk holds any of its data. */
const dropped = (m: At): Ordered | undefined => m.before.ordered.find((oe) => oe.from === number(m.was, 'from'))
const reached = (m: At): boolean => {
  const oe = dropped(m)
  return oe !== undefined && clip(m.before.disk.data, oe.disk, oe.disk + oe.diskLength).length > 0
}
/** What the dio of the write has done. */
const done = (m: At): number => (m.before.dios['A']?.error === 0 ? m.before.dios['A'].size : NaN)

export const beats: readonly Beat<BtrfsWorld>[] = [
  beat('one-extent', 'btrfs_dio_iomap_begin.get_blocks', {
    when: (m) => newOrdered(m) !== undefined,
    says: (m) => `One ordered extent is made for all of ${range(newOrdered(m)?.from ?? 0, newOrdered(m)?.to ?? 0)}.`,
    stands: ['one ordered extent'],
  }),
  beat('prefix', '__iomap_dio_rw.submit_bio', {
    when: (m) => isWrite(m) && iterBefore(m).offset === 0 && iterOf(m).count > 0,
    says: (m) => `The first ${size(iterOf(m).offset)} of the buffer are in the page table: a bio with them goes out.`,
    stands: ['partial bio'],
  }),
  beat('whole', '__iomap_dio_rw.submit_bio', {
    when: (m) => isWrite(m) && iterBefore(m).offset === 0 && iterOf(m).count === 0,
    says: 'All of the buffer is in the page table: one bio takes it.',
    instead: 'prefix',
  }),
  beat('on-disk', 'submit_bio.dma', {
    says: (m) => `The device writes ${range(bioOf(m)?.offset ?? 0, (bioOf(m)?.offset ?? 0) + (bioOf(m)?.length ?? 0))}.`,
    stands: ['data on disk'],
  }),
  beat('cancelled', 'btrfs_dio_iomap_end.cancel_tail', {
    when: (m) =>
      cutOne(m)?.ioerr === true &&
      number(m.was, 'submitted') > 0 &&
      (cutOne(m)?.from ?? 0) < number(m.was, 'pos') + number(m.was, 'submitted'),
    says: (m) => `${rest(m)} was never submitted: that part of the ordered extent ends in an error.`,
    stands: ['the rest fails'],
  }),
  beat('cancelled-alone', 'btrfs_dio_iomap_end.cancel_tail', {
    when: (m) => cutOne(m)?.ioerr === true && cutOne(m)?.from === number(m.was, 'pos') + number(m.was, 'submitted'),
    says: (m) => `${rest(m)} was never submitted: the ordered extent that ends in an error has nothing else in it.`,
    instead: 'cancelled',
  }),
  beat('cut', 'btrfs_dio_iomap_end.cancel_tail', {
    when: (m) => cutOne(m)?.ioerr === false,
    says: (m) => `${rest(m)} was never submitted: the ordered extent is cut there, and is no failure.`,
    instead: 'cancelled',
  }),
  beat('dropped', 'btrfs_finish_ordered_io.drop_failed', {
    when: reached,
    says: (m) =>
      `The ordered extent ${range(dropped(m)?.from ?? 0, dropped(m)?.to ?? 0)} as a whole counts as failed: no file extent item, and the space is freed, with the data that are on the disk.`,
    stands: ['dropped'],
  }),
  beat('dropped-empty', 'btrfs_finish_ordered_io.drop_failed', {
    when: (m) => !reached(m),
    says: (m) =>
      `Nothing of the ordered extent ${range(dropped(m)?.from ?? 0, dropped(m)?.to ?? 0)} was written: no file extent item is made.`,
    instead: 'dropped',
  }),
  beat('counted', 'iomap_dio_complete.complete', {
    when: (m) => done(m) > 0 && iterOf(m).count > 0,
    says: (m) =>
      `For iomap ${size(done(m))} are written: the position moves to ${size(m.after.kiocbs['A']?.ki_pos ?? 0)}, the write goes on behind them.`,
    stands: ['16K counted'],
  }),
  beat('counted-all', 'iomap_dio_complete.complete', {
    when: (m) => done(m) > 0 && iterOf(m).count === 0,
    says: (m) => `For iomap the write is done: the position moves to ${size(m.after.kiocbs['A']?.ki_pos ?? 0)}.`,
    instead: 'counted',
  }),
  beat('rest', '__iomap_dio_rw.submit_bio', {
    when: (m) => isWrite(m) && iterBefore(m).offset > 0 && iterOf(m).count === 0,
    says: (m) => `The rest, ${size(iterBefore(m).count)}, goes out, with an ordered extent of its own.`,
    stands: ['second try'],
  }),
  writeSucceeded(['write succeeds']),
]

export const windows: readonly Window<BtrfsWorld>[] = []
