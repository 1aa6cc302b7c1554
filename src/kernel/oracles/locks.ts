/** Oracles for the inode lock. Wordings and ids of A-O7: facts direct-io A.6. They know tasks and locks, nothing else. */
import { always, monitor, type Mark, type Objection, type Oracle } from '../../engine/oracle.ts'
import type { FileWorld } from './shown.ts'

/** The inode lock among the locks that are drawn. */
export const inodeLock: Mark = { in: 'locks', part: 'i_rwsem' }
export const directCount: Mark = { in: 'inode', part: 'i_dio_count' }

/** `isDown`: the power has failed, which takes every lock from everybody. */
export const ownUnlock = <W extends FileWorld>(id: string, isDown: (s: W) => boolean): Oracle<W> =>
  monitor<W, object>({
    id,
    kind: 'verdict',
    name: 'only the holder unlocks',
    says: 'whoever releases the inode lock holds it',
    watch: ['locks'],
    start: {},
    observe: (_memory, before, after, { task }) => {
      if (isDown(after)) return null
      const [old, now] = [before.locks.i_rwsem, after.locks.i_rwsem]
      const marks = [inodeLock]
      const victim = old.holders.find((holder) => holder !== task && !now.holders.includes(holder))
      if (victim !== undefined) return { says: `${task} releases the inode lock that ${victim} holds`, marks }
      if (now.mode !== 'broken' || old.mode === 'broken') return null
      return {
        says:
          old.mode === 'free'
            ? `${task} releases the inode lock, which nobody holds`
            : `${task} releases for writing what is held for reading`,
        marks,
      }
    },
  })

/** What of the inode is still held or counted in a state in which nothing is left to do; null if nothing is. */
export function inodeAtRest({ inode, locks }: FileWorld): Objection | null {
  if (inode.i_dio_count !== 0) return { says: `i_dio_count is ${inode.i_dio_count}`, marks: [directCount] }
  const { mode, holders } = locks.i_rwsem
  if (mode === 'broken') return { says: 'the inode lock was released more often than it was taken', marks: [inodeLock] }
  return mode === 'free' ? null : { says: `the inode lock is held by ${holders.join(' and ')}`, marks: [inodeLock] }
}

/** A world with a kernel log. */
export interface Logging {
  dmesg: readonly { readonly text: string }[]
}

/** Ours: what the console would tell. */
export const noBug = <W extends Logging>(id: string, says: string): Oracle<W> =>
  always<W>({
    id,
    kind: 'verdict',
    name: 'no kernel BUG',
    says,
    watch: ['dmesg'],
    judge: ({ dmesg }) => {
      const line = dmesg.find(({ text }) => text.startsWith('kernel BUG at'))
      return line ? { says: line.text, marks: [{ in: 'console', part: line.text }] } : null
    },
  })
