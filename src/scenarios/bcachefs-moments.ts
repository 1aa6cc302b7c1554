/** What several scenarios ask of a step of bcachefs. */
import { size } from '../base/range.ts'
import type { BcachefsWorld } from '../kernel/bcachefs/world.ts'
import { beat, type Beat, type Moment } from './beat.ts'
import { number } from './beat.ts'

type At = Moment<BcachefsWorld>

export const isExtending = (m: At): boolean => {
  const iocb = m.after.kiocbs[m.step.task]
  return iocb !== undefined && iocb.ki_pos + (m.after.iters[m.step.task]?.count ?? 0) > m.before.inode.i_size
}

/** A decides whether it needs the inode lock. */
export const lockChosen = (stands: readonly string[]): readonly Beat<BcachefsWorld>[] => [
  beat('unlocked', 'bch2_buffered_write.inode_lock', {
    task: 'A',
    when: (m) => m.locals['locked'] === false,
    says: (m) => `A writes ${size(m.after.iters['A']?.count ?? 0)} inside i_size, so it goes without the inode lock.`,
    stands,
  }),
  beat('locked', 'bch2_buffered_write.inode_lock', {
    task: 'A',
    when: (m) => m.locals['locked'] === true,
    says: (m) => `A writes ${size(m.after.iters['A']?.count ?? 0)}, and takes the inode lock first.`,
    instead: 'unlocked',
  }),
]

/** A copy stops short of what it was to copy. */
export const copiedShort = (stands: readonly string[]): Beat<BcachefsWorld> =>
  beat('short', '__bch2_buffered_write.copy', {
    task: 'A',
    when: (m) => m.locals['over'] === true && number(m.locals, 'copied') < number(m.locals, 'end') - number(m.locals, 'pos'),
    says: (m) =>
      `The copy stops where the buffer is not mapped, after ${size(number(m.locals, 'copied'))}: page faults are disabled while folios are locked.`,
    stands,
  })

export const startsOver = (stands: readonly string[]): Beat<BcachefsWorld> =>
  beat('restart', 'bch2_buffered_write.restart', {
    task: 'A',
    says: (m) => `A starts over from its first byte, at ${size(number(m.locals, 'pos'))}, now with the inode lock.`,
    stands,
  })

/** What a call reports. */
export const resultOf = (m: At): number => number(m.was, 'result')
