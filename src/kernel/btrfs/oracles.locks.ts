/** Oracles for the inode lock. Wordings and ids of A-O7 and A-O8: facts direct-io A.6. They know tasks and locks, nothing else. */
import { always, monitor, type Oracle } from '../../engine/oracle.ts'
import { quiescence } from './oracles.append.ts'
import type { BtrfsWorld } from './world.ts'

const ownUnlock: Oracle<BtrfsWorld> = monitor<BtrfsWorld, object>({
  id: 'A-O7',
  kind: 'verdict',
  says: 'whoever releases the inode lock holds it',
  watch: ['locks'],
  start: {},
  observe: (_memory, before, after, { task }) => {
    const [old, now] = [before.locks.i_rwsem, after.locks.i_rwsem]
    const victim = old.holders.find((holder) => holder !== task && !now.holders.includes(holder))
    if (victim !== undefined) return `${task} releases the inode lock that ${victim} holds`
    if (now.mode !== 'broken' || old.mode === 'broken') return null
    return old.mode === 'free'
      ? `${task} releases the inode lock, which nobody holds`
      : `${task} releases for writing what is held for reading`
  },
})

const lockedLogging: Oracle<BtrfsWorld> = always({
  id: 'A-O8',
  kind: 'verdict',
  says: 'a task in the locked part of fsync, with i_mmap_lock for writing or the log mutex, holds the inode lock itself',
  watch: ['locks'],
  judge: ({ locks }) => {
    const inside = [...(locks.i_mmap_lock.mode === 'exclusive' ? locks.i_mmap_lock.holders : []), ...locks.log_mutex.holders]
    const without = inside.find((task) => !locks.i_rwsem.holders.includes(task))
    if (without === undefined) return null
    const { holders } = locks.i_rwsem
    return `${without} is in the locked part of fsync, but the inode lock ${holders.length > 0 ? `belongs to ${holders.join(' and ')}` : 'is free'}`
  },
})

const deadStack: Oracle<BtrfsWorld> = always({
  id: 'A-O10',
  kind: 'verdict',
  says: 'nobody uses a struct on the stack of a function that has returned',
  watch: ['privates'],
  judge: ({ privates }) => {
    const used = Object.entries(privates).find(([, { usedAfter }]) => usedAfter.length > 0)
    return used ? `${used[1].usedAfter[0]} uses a struct on ${used[0]}'s stack after the function has returned` : null
  },
})

const noBug: Oracle<BtrfsWorld> = always({
  id: 'A-O11',
  kind: 'verdict',
  says: 'no task runs into BUG()',
  watch: ['dmesg'],
  judge: ({ dmesg }) => dmesg.find(({ text }) => text.startsWith('kernel BUG at'))?.text ?? null,
})

/** Of these, A-O10 and A-O11 are ours: what a sanitizer and the console would tell. */
export const lockOracles: readonly Oracle<BtrfsWorld>[] = [ownUnlock, lockedLogging, deadStack, noBug, quiescence]
