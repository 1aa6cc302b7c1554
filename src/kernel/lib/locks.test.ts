import { describe, expect, it } from 'vitest'
import {
  cannotLock,
  cannotLockRange,
  dropLock,
  freeLock,
  release,
  takeLock,
  withoutRange,
  type Mode,
  type RangeLock,
  type Rwsem,
} from './locks.ts'

const held = (mode: Mode, ...holders: string[]) => {
  const lock = freeLock()
  for (const holder of holders) takeLock(lock, mode, holder)
  return lock
}

describe('a rwsem', () => {
  it('admits anybody while it is free', () => {
    expect(cannotLock(freeLock(), 'shared', 'inode lock')).toBeNull()
    expect(cannotLock(freeLock(), 'exclusive', 'inode lock')).toBeNull()
  })

  it('lets readers in beside readers', () => {
    expect(cannotLock(held('shared', 'A', 'B'), 'shared', 'inode lock')).toBeNull()
    expect(held('shared', 'B', 'A').holders).toEqual(['A', 'B'])
  })

  it('keeps a writer out while readers are in, and says who they are', () => {
    expect(cannotLock(held('shared', 'A', 'B'), 'exclusive', 'inode lock')).toEqual({ on: 'inode lock', heldBy: ['A', 'B'] })
  })

  it('keeps everybody out while a writer is in', () => {
    for (const mode of ['shared', 'exclusive'] as const)
      expect(cannotLock(held('exclusive', 'A'), mode, 'i_mmap_lock')).toEqual({ on: 'i_mmap_lock', heldBy: ['A'] })
  })

  it('is not free before the last reader has left', () => {
    const lock = held('shared', 'A', 'B')
    dropLock(lock, 'A')
    expect(lock).toEqual({ mode: 'shared', holders: ['B'] })
    dropLock(lock, 'B')
    expect(lock).toEqual(freeLock())
  })

  it('may be dropped by a holder only: an unlock by somebody else is a mistake of the model', () => {
    expect(() => dropLock(held('exclusive', 'A'), 'B')).toThrow('B drops a lock it does not hold')
    expect(() => takeLock(held('exclusive', 'A'), 'exclusive', 'B')).toThrow('B takes a lock that A holds')
  })
})

describe('a range lock', () => {
  const locks: readonly RangeLock[] = [
    { from: 0, to: 4096, by: 'A' },
    { from: 8192, to: 16384, by: 'B' },
  ]

  it('keeps others out of a range that shares a byte, and names range and holder', () => {
    expect(cannotLockRange(locks, { from: 12288, to: 20480 }, 'C', 'io_tree')).toEqual({ on: 'io_tree [12K, 20K)', heldBy: ['B'] })
  })

  it('lets a neighbour in: ranges are half-open', () => {
    expect(cannotLockRange(locks, { from: 4096, to: 8192 }, 'C', 'io_tree')).toBeNull()
  })

  it('does not keep its own holder out', () => {
    expect(cannotLockRange(locks, { from: 0, to: 4096 }, 'A', 'io_tree')).toBeNull()
  })

  it('is given up by range and holder', () => {
    expect(withoutRange(locks, { from: 0, to: 16384 }, 'A')).toEqual([{ from: 8192, to: 16384, by: 'B' }])
  })
})

describe('a rwsem that is released by whoever wants to', () => {
  const released = (lock: Rwsem, mode: Mode, who: string): Rwsem => {
    release(lock, mode, who)
    return lock
  }

  it('is free after its owner did, or after somebody else did for it: it does not know its owner (direct-io A.8 U6)', () => {
    expect(released(held('exclusive', 'A'), 'exclusive', 'A')).toEqual(freeLock())
    expect(released(held('exclusive', 'B'), 'exclusive', 'A')).toEqual(freeLock())
    expect(released(held('shared', 'A', 'B'), 'shared', 'A')).toEqual(held('shared', 'B'))
  })

  it('is broken if nobody had it, or had it in the other mode, and nobody can take it any more (direct-io A.8, A-2 outcome)', () => {
    for (const lock of [freeLock(), held('shared', 'A')]) {
      expect(released(lock, 'exclusive', 'A')).toEqual({ mode: 'broken', holders: [] })
      expect(cannotLock(lock, 'shared', 'inode lock')).toEqual({ on: 'inode lock, whose count was broken', heldBy: [] })
    }
  })
})
