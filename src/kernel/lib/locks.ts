/** Reader-writer locks and range locks as plain data. Waiting is a guard, so there is no queue to keep. */
import { invariant } from '../../base/assert.ts'
import { overlaps, range, type Range } from '../../base/range.ts'
import type { Wait } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'

export type Mode = 'shared' | 'exclusive'

/** A rwsem: nobody, readers, or one writer; `broken` once it was released more often than taken: its count fits none of these. */
export interface Rwsem {
  mode: 'free' | 'broken' | Mode
  holders: Letter[]
}

export const freeLock = (): Rwsem => ({ mode: 'free', holders: [] })

/** What taking it would wait for; null if it can be taken now. A fair queue is not modelled: any waiter may be next. */
export function cannotLock(lock: Rwsem, mode: Mode, name: string): Wait | null {
  if (lock.mode === 'free' || (lock.mode === 'shared' && mode === 'shared')) return null
  return { on: lock.mode === 'broken' ? `${name}, whose count was broken` : name, heldBy: lock.holders }
}

export function takeLock(lock: Rwsem, mode: Mode, who: Letter): void {
  invariant(lock.mode === 'free' || (lock.mode === 'shared' && mode === 'shared'), `${who} takes a lock that ${lock.holders.join()} holds`)
  lock.mode = mode
  lock.holders = [...lock.holders, who].sort()
}

/** Gives it up; whoever does so must hold it. */
export function dropLock(lock: Rwsem, who: Letter): void {
  invariant(lock.holders.includes(who), `${who} drops a lock it does not hold`)
  lock.holders = lock.holders.filter((holder) => holder !== who)
  if (lock.holders.length === 0) lock.mode = 'free'
}

/**
 * up_read() and up_write(), which look at the count and not at the caller: whoever has the lock loses it, and without a
 * holder of that kind the count ends up where nobody can take it any more. Source: kernel/locking/rwsem.c v6.1.
 */
export function release(lock: Rwsem, mode: Mode, who: Letter): void {
  if (lock.mode !== mode) {
    lock.mode = 'broken'
    lock.holders = []
    return
  }
  const loser = lock.holders.includes(who) ? who : lock.holders[0]
  lock.holders = lock.holders.filter((holder) => holder !== loser)
  if (lock.holders.length === 0) lock.mode = 'free'
}

/** A locked byte range. */
export interface RangeLock {
  readonly from: number
  readonly to: number
  readonly by: Letter
}

export function cannotLockRange(locks: readonly RangeLock[], wanted: Range, who: Letter, name: string): Wait | null {
  const foe = locks.find((lock) => lock.by !== who && overlaps(lock, wanted))
  return foe ? { on: `${name} ${range(wanted.from, wanted.to)}`, heldBy: [foe.by] } : null
}

export const withoutRange = (locks: readonly RangeLock[], of: Range, who: Letter): RangeLock[] =>
  locks.filter((lock) => lock.by !== who || !overlaps(lock, of))
