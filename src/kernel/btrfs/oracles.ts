/**
 * The oracles of btrfs scenarios: those of every file system over what btrfs shows, and those that look at what only btrfs
 * has. Wordings and ids: facts direct-io A.6, C.6.
 */
import { range } from '../../base/range.ts'
import { always, finallyHolds, type Oracle } from '../../engine/oracle.ts'
import { counted, covered, neverSleeps } from '../iomap/oracles.ts'
import { appendOracles as appends } from '../oracles/appends.ts'
import { inodeAtRest, inodeLock, noBug, ownUnlock } from '../oracles/locks.ts'
import { askedReads, type AskedRead } from '../oracles/reads.ts'
import { ranges } from '../oracles/shown.ts'
import { writeOracles } from '../oracles/writes.ts'
import { awaitsPages } from './ordered.ts'
import { shown } from './shown.ts'
import type { BtrfsWorld } from './world.ts'

const quiescence: Oracle<BtrfsWorld> = finallyHolds({
  id: 'A-O6',
  kind: 'verdict',
  name: 'nothing pending at the end',
  says: 'in the end no ordered extent is left but for pages that nobody has asked to be written, i_dio_count is 0 and the inode lock is free',
  judge: (s) => {
    const left = s.ordered.filter((oe) => !awaitsPages(s, oe))
    return left.length > 0 ? { says: `${left.length} ordered extents are left`, marks: ranges('ordered', left) } : inodeAtRest(s)
  },
})

/** The oracles of appending writes; `initial` is i_size before any call. */
export const appendOracles = (initial: number): readonly Oracle<BtrfsWorld>[] => appends(shown, initial, quiescence)

/** Ours: what write() promises. */
export const { kept: writeKept, durable: syncWriteDurable } = writeOracles(shown, { kept: 'W1', durable: 'W2' })

const lockedLogging: Oracle<BtrfsWorld> = always({
  id: 'A-O8',
  kind: 'verdict',
  name: 'fsync holds the inode lock',
  says: 'a task in the locked part of fsync, with i_mmap_lock for writing or the log mutex, holds the inode lock itself',
  watch: ['locks'],
  judge: ({ locks }) => {
    const held = [
      { row: 'i_mmap_lock', holders: locks.i_mmap_lock?.mode === 'exclusive' ? locks.i_mmap_lock.holders : [] },
      { row: 'log_mutex', holders: locks.log_mutex.holders },
    ]
    const without = held.flatMap(({ holders }) => holders).find((task) => !locks.i_rwsem.holders.includes(task))
    if (without === undefined) return null
    const { holders } = locks.i_rwsem
    return {
      says: `${without} is in the locked part of fsync, but the inode lock ${holders.length > 0 ? `belongs to ${holders.join(' and ')}` : 'is free'}`,
      marks: [inodeLock, ...held.flatMap(({ row, holders: by }) => (by.includes(without) ? [{ in: 'locks', part: row }] : []))],
    }
  },
})

const deadStack: Oracle<BtrfsWorld> = always({
  id: 'A-O10',
  kind: 'verdict',
  name: 'no stack used after return',
  says: 'nobody uses a struct on the stack of a function that has returned',
  watch: ['privates'],
  judge: ({ privates }) => {
    const used = Object.entries(privates).find(([, { usedAfter }]) => usedAfter.length > 0)
    if (!used) return null
    return {
      says: `${used[1].usedAfter[0]} uses a struct on ${used[0]}'s stack after the function has returned`,
      marks: [{ in: `private:${used[0]}`, part: 'used after that by' }],
    }
  },
})

/** What holds in any program's run, whatever may happen meanwhile. */
export const lockRules: readonly Oracle<BtrfsWorld>[] = [
  ownUnlock('A-O7', shown.isDown),
  lockedLogging,
  deadStack,
  noBug('A-O11', 'no task runs into BUG()'),
]

/** Of these, A-O10 and A-O11 are ours: what a sanitizer and the console would tell. */
export const lockOracles: readonly Oracle<BtrfsWorld>[] = [...lockRules, quiescence]

const nothingHeld: Oracle<BtrfsWorld> = finallyHolds({
  id: 'C-O7',
  kind: 'verdict',
  name: 'nothing locked at the end',
  says: 'in the end no range of the io_tree and no inode lock is held, and i_dio_count is 0',
  judge: (s) => {
    const [lock] = s.io_tree.locked
    if (lock)
      return {
        says: `${range(lock.from, lock.to)} is still locked in the io_tree`,
        marks: [{ in: 'locks', part: `io:${lock.by}:${lock.from}` }],
      }
    return s.locks.i_rwsem.mode !== 'free' ? { says: 'the inode lock is still held', marks: [inodeLock] } : inodeAtRest(s)
  },
})

/** The oracles for these reads, in the order of the facts. */
export function readOracles(reads: readonly AskedRead[]): readonly Oracle<BtrfsWorld>[] {
  const { whole, faithful, completedOnce } = askedReads(shown, reads)
  return [whole, faithful, counted(), completedOnce, covered(reads), neverSleeps(), nothingHeld]
}
