/** The story of a write that takes effect twice. */
import { range, size } from '../../base/range.ts'
import { visible } from '../../kernel/bcachefs/folios.ts'
import type { BcachefsWorld } from '../../kernel/bcachefs/world.ts'
import type { Operation } from '../../kernel/vfs/history.ts'
import { clip } from '../../kernel/lib/runs.ts'
import { beat, number, type Beat, type Moment, type Window } from '../beat.ts'
import { copiedShort, lockChosen, resultOf, startsOver } from '../bcachefs-moments.ts'

type At = Moment<BcachefsWorld>

const outer = (label: string): string => `bch2_buffered_write.${label}`
const inner = (label: string): string => `__bch2_buffered_write.${label}`

const found = (op: Operation | undefined, stamp: string): boolean =>
  op !== undefined && op.value.length > 0 && op.value.every((run) => run.stamp === stamp)
/** Some of it was read so; the rest was not. */
const foundPart = (op: Operation | undefined, stamp: string): boolean =>
  op !== undefined && !found(op, stamp) && op.value.some((run) => run.stamp === stamp)
const partIn = (op: Operation | undefined, stamp: string): string =>
  (op?.value ?? []).flatMap((run) => (run.stamp === stamp ? [range(run.from, run.to)] : [])).join(' and ')
const reads = (m: At): Operation | undefined => m.after.ops[String(m.was['op'])]
const holds = (s: BcachefsWorld, op: Operation | undefined, stamp: string): boolean =>
  op !== undefined && visible(s, op.from, op.to).every((run) => run.stamp === stamp)
const partDone = (m: At): boolean => number(m.locals, 'copied') > 0 && number(m.locals, 'copied') < number(m.locals, 'len')

/** A's bytes go over bytes of B. */
const overwritten = (m: At): boolean => {
  const [from, to] = [number(m.locals, 'pos'), number(m.locals, 'pos') + number(m.locals, 'copied')]
  const hasB = (s: BcachefsWorld): boolean => clip(s.mapping.runs, from, to).some((run) => run.stamp === 'B')
  return hasB(m.before) && !hasB(m.after)
}
const twice = (m: At): boolean => found(m.after.ops['B1'], 'A') && found(m.after.ops['B2'], 'B') && holds(m.after, m.after.ops['B1'], 'A')

export const beats: readonly Beat<BcachefsWorld>[] = [
  ...lockChosen(['the inode lock is not taken unless i_size will change']),
  beat('faulted-in', outer('fault_in'), {
    task: 'A',
    when: (m) => number(m.locals, 'error') === 0 && !m.after.mapping.locked.some((lock) => lock.by === 'A'),
    says: "A's buffer is faulted in, before any folio is locked.",
    stands: ['the user buffer is faulted in without locks'],
  }),
  beat('migrated', 'migrate_pages.unmap', {
    says: "The kernel moves pages of A's buffer: for a moment they are not mapped.",
    stands: ['pages have been evicted meanwhile'],
  }),
  beat('locked-folios', inner('get_folios'), {
    task: 'A',
    when: (m) => number(m.locals, 'top') >= number(m.locals, 'end'),
    says: 'A has all of its folios locked: nobody can write in between.',
    stands: ['folio locks exclude other writes'],
  }),
  copiedShort(['the copy is done with page faults disabled', 'H3 step 1']),
  beat('half-done', inner('unlock_folios'), {
    task: 'A',
    when: partDone,
    says: (m) =>
      `The first ${size(number(m.locals, 'copied'))} of the write are in the page cache, uptodate and unlocked: everybody can see them.`,
    stands: ['folio locks are dropped, which breaks atomicity', 'H3 step 1'],
  }),
  beat('seen', 'bch2_read_iter.filemap_read', {
    task: 'B',
    when: (m) => found(reads(m), 'A'),
    says: 'B reads A where A has written.',
    stands: ['H3 step 2'],
  }),
  beat('seen-in-part', 'bch2_read_iter.filemap_read', {
    task: 'B',
    when: (m) => foundPart(reads(m), 'A') && reads(m) === m.after.ops['B1'],
    says: (m) => `B reads A in ${partIn(reads(m), 'A')}, the part that A has written so far.`,
    instead: 'seen',
  }),
  beat('written-over', 'write.return', {
    task: 'B',
    when: (m) => resultOf(m) > 0 && found(m.after.ops['B1'], 'A'),
    says: 'Having seen A, B writes B over it, and its write returns.',
    stands: ['H3 step 2'],
  }),
  beat('written-over-part', 'write.return', {
    task: 'B',
    when: (m) => resultOf(m) > 0 && foundPart(m.after.ops['B1'], 'A'),
    says: (m) => `Having seen A in ${partIn(m.after.ops['B1'], 'A')}, B writes B over it, and its write returns.`,
    instead: 'written-over',
  }),
  beat('written-blind', 'write.return', {
    task: 'B',
    when: (m) => resultOf(m) > 0 && !found(m.after.ops['B1'], 'A') && !foundPart(m.after.ops['B1'], 'A'),
    says: "B's write returns; B had not seen A there.",
    instead: 'written-over',
  }),
  startsOver(['the write is restarted from its start', 'H3 step 3']),
  beat('again', inner('copy'), {
    task: 'A',
    when: (m) => m.nth > 1 && overwritten(m),
    says: (m) => `A copies ${range(number(m.locals, 'pos'), number(m.locals, 'pos') + number(m.locals, 'copied'))}, over the bytes of B.`,
    stands: ['H3 step 3'],
  }),
  beat('returned', 'write.return', {
    task: 'A',
    when: (m) => resultOf(m) > 0 && twice(m),
    says: 'A returns success, and the file holds A: it read as A, then as B, then as A, from one write of A.',
    stands: ['H3 step 3'],
  }),
  beat('succeeds', 'write.return', {
    task: 'A',
    when: (m) => resultOf(m) > 0 && !twice(m),
    says: (m) => `A returns success: ${size(resultOf(m))}.`,
    instead: 'returned',
  }),
]

export const windows: readonly Window<BcachefsWorld>[] = [
  {
    id: 'half',
    task: 'A',
    opens: inner('unlock_folios'),
    closes: outer('inode_lock_again'),
    when: partDone,
    says: 'a part of the write can be seen, and no lock of A keeps others from writing over it',
  },
]
