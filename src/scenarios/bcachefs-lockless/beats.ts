/** The story of an append that another write drops. */
import { range, size, type Range } from '../../base/range.ts'
import { visible } from '../../kernel/bcachefs/folios.ts'
import type { BcachefsWorld } from '../../kernel/bcachefs/world.ts'
import { clip, cutOut } from '../../kernel/lib/runs.ts'
import { beat, number, type Beat, type Moment, type Window } from '../beat.ts'
import { isExtending, lockChosen, resultOf, startsOver } from '../bcachefs-moments.ts'

type At = Moment<BcachefsWorld>

const outer = (label: string): string => `bch2_buffered_write.${label}`
const inner = (label: string): string => `__bch2_buffered_write.${label}`

const top = (m: At): number => number(m.locals, 'top')
const pos = (m: At): number => number(m.locals, 'pos')
const end = (m: At): number => number(m.locals, 'end')
const lastFolio = (m: At): number => number(m.locals, 'last_folio_pos')
const lockedByOthers = (m: At): boolean => m.before.mapping.locked.some((lock) => lock.by !== m.step.task && lock.to > number(m.was, 'to'))

/** Dirty folios that the step removes. */
const removed = (m: At): Range[] =>
  clip(m.before.mapping.runs, number(m.was, 'to'), Infinity)
    .filter((run) => run.dirty)
    .flatMap((run) =>
      m.after.mapping.runs.reduce<Range[]>((left, kept) => cutOut(left, kept.from, kept.to), [{ from: run.from, to: run.to }]),
    )

/** What B wrote, where its success was reported, reads as zeros. */
const lost = (m: At): Range | null => {
  const op = m.after.ops['B']
  if (op?.kind !== 'write' || (op.returned ?? 0) <= 0) return null
  const found = visible(m.after, op.from, op.to)
  return found.length > 0 && found.every((run) => run.stamp.startsWith('0')) ? op : null
}

export const beats: readonly Beat<BcachefsWorld>[] = [
  ...lockChosen(['the inode lock is skipped unless i_size will change', 'H1 step 1']),
  beat('add-lock', outer('pagecache_add_get'), {
    task: 'A',
    says: 'A holds the pagecache lock in its adding state: that keeps truncate out, and nobody who adds.',
    stands: ['the pagecache add lock guards against truncate', 'H1 step 1'],
  }),
  beat('last-folio-pos', inner('last_folio_pos'), {
    task: 'A',
    when: (m) => lastFolio(m) === m.after.inode.i_size,
    says: (m) => `last_folio_pos begins as i_size, ${size(lastFolio(m))}, a value meant to be overwritten soon.`,
    stands: ['H1 step 2'],
  }),
  beat('never-matches', inner('last_folio_pos'), {
    task: 'A',
    when: (m) => lastFolio(m) < 0,
    says: 'last_folio_pos begins with a value that no i_size can have.',
    instead: 'last-folio-pos',
  }),
  beat('folios', inner('get_folios'), {
    task: 'A',
    when: (m) => m.locals['stopped'] === true && top(m) > pos(m) && top(m) < end(m),
    says: (m) => `A has folios up to ${size(top(m))}, and no more can be had: it cannot have all of its folios at once.`,
    stands: ['H1 step 3'],
  }),
  beat('all-folios', inner('get_folios'), {
    task: 'A',
    when: (m) => top(m) >= end(m),
    says: 'A has all of its folios locked at once.',
    instead: 'folios',
  }),
  beat('no-folio', inner('get_folios'), {
    task: 'A',
    when: (m) => number(m.locals, 'error') === -12,
    says: 'There is no memory for the first folio: A has none.',
    instead: 'folios',
  }),
  beat('append', outer('pagecache_add_get'), {
    task: 'B',
    when: (m) => isExtending(m) && m.locals['locked'] === true && m.after.pcl.holders.includes('A'),
    says: 'B appends: it has taken the inode lock, and takes the pagecache lock together with A.',
    stands: ['H1 step 4'],
  }),
  beat('append-alone', outer('pagecache_add_get'), {
    task: 'B',
    when: (m) => isExtending(m) && m.locals['locked'] === true && !m.after.pcl.holders.includes('A'),
    says: 'B appends: it has taken the inode lock, and takes the pagecache lock, which A does not hold.',
    instead: 'append',
  }),
  beat('new-folios', inner('get_folios'), {
    task: 'B',
    when: (m) => top(m) > pos(m) && pos(m) >= m.after.inode.i_size,
    says: (m) => `B has folios for ${range(pos(m), Math.min(top(m), end(m)))}, behind i_size, locked.`,
    stands: ['H1 step 5'],
  }),
  beat('give-up', inner('need_inode_lock'), {
    task: 'A',
    says: 'Without the inode lock all folios have to be locked at once, so A gives up and leaves by the exit.',
    stands: ['folios are locked for atomicity', 'H1 step 6'],
  }),
  beat('test', inner('eof_test'), {
    task: 'A',
    when: (m) => lastFolio(m) >= m.after.inode.i_size && number(m.locals, 'error') !== 0,
    says: 'The exit cleans up folios behind i_size; last_folio_pos still has its first value, so the test is true.',
    stands: ['H1 step 7'],
  }),
  beat('test-false', inner('eof_test'), {
    task: 'A',
    when: (m) => lastFolio(m) < m.after.inode.i_size,
    says: 'The exit would clean up folios behind i_size; last_folio_pos is below it, so there is nothing to do.',
    instead: 'test',
  }),
  beat('stale-size', inner('eof_argument'), {
    task: 'A',
    when: (m) => !m.after.locks.i_rwsem.holders.includes('A'),
    says: (m) => `A passes i_size, ${size(m.after.inode.i_size)}, by value to truncate_pagecache(), without the inode lock.`,
    stands: ['H1 step 7'],
  }),
  beat('waits', 'truncate_pagecache.skip_locked', {
    task: 'A',
    when: lockedByOthers,
    says: 'The first pass skips folios that others have locked; the second will wait for them.',
    stands: ['H1 step 8'],
  }),
  beat('first-pass', 'truncate_pagecache.skip_locked', {
    task: 'A',
    when: (m) => !lockedByOthers(m),
    says: 'The first pass finds no folio that another task has locked.',
    instead: 'waits',
  }),
  beat('copied', inner('update'), {
    task: 'B',
    when: (m) => m.after.inode.i_size > m.before.inode.i_size,
    says: (m) => `B raises i_size to ${size(m.after.inode.i_size)}; its folios are uptodate and dirty.`,
    stands: ['H1 step 9'],
  }),
  beat('copied-inside', inner('update'), {
    task: 'B',
    when: (m) => m.after.inode.i_size === m.before.inode.i_size && number(m.locals, 'error') === 0,
    says: "B's folios are uptodate and dirty; i_size stays.",
    instead: 'copied',
  }),
  beat('released', inner('eof_test'), {
    task: 'B',
    when: (m) => lastFolio(m) < m.after.inode.i_size,
    says: 'B has unlocked its folios and finds nothing to clean up.',
    stands: ['H1 step 10'],
  }),
  beat('dropped', 'truncate_pagecache.wait_for_locked', {
    task: 'A',
    when: (m) => removed(m).length > 0,
    says: (m) =>
      `A removes the folios of ${removed(m)
        .map(({ from, to }) => range(from, to))
        .join(' and ')}, dirty as they are.`,
    stands: ['dirty folios are dropped', 'H1 step 11'],
  }),
  beat('acknowledged', 'write.return', {
    task: 'B',
    when: (m) => resultOf(m) > 0,
    says: (m) => `B is told that ${size(resultOf(m))} were written.`,
    stands: ['writes are being dropped', 'H1 step 12'],
  }),
  startsOver(['the write is restarted', 'H1 step 13']),
  beat('returned', 'write.return', {
    task: 'A',
    when: (m) => resultOf(m) > 0 && lost(m) !== null,
    says: (m) => `A succeeds too: two successful writes, and ${size((lost(m)?.to ?? 0) - (lost(m)?.from ?? 0))} of zeros.`,
    stands: ['H1 step 13'],
  }),
  beat('succeeds', 'write.return', {
    task: 'A',
    when: (m) => resultOf(m) > 0 && lost(m) === null,
    says: (m) => `A is told that ${size(resultOf(m))} were written.`,
    instead: 'returned',
  }),
  beat('fails', 'write.return', {
    task: 'A',
    when: (m) => resultOf(m) < 0,
    says: 'A is told that its write failed.',
    instead: 'returned',
  }),
]

export const windows: readonly Window<BcachefsWorld>[] = [
  {
    id: 'stale',
    task: 'A',
    opens: inner('eof_argument'),
    closes: 'truncate_pagecache.wait_for_locked',
    says: 'A is about to remove all folios behind the i_size that it has read',
  },
  {
    id: 'folios-held',
    task: 'B',
    opens: inner('get_folios'),
    closes: inner('unlock_folios'),
    when: (m) => top(m) > pos(m),
    says: 'B has its folios locked, and whoever truncates waits for them',
  },
]
