/** btrfs_inode_lock() and btrfs_inode_unlock(): the inode lock and, from 8318ba79eeeb on, i_mmap_lock. Source: facts direct-io A.8 (U4..U6). */
import { step, type StepRow, type Wait } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { cannotLock, dropLock, release, takeLock, type Mode, type Rwsem } from '../lib/locks.ts'
import { must } from '../lib/must.ts'
import { badUnlockBalance } from './dmesg.ts'
import type { BtrfsWorld } from './world.ts'

/** What btrfs_inode_lock() would wait for. */
export const cannotLockInode = (s: BtrfsWorld, mode: Mode = 'exclusive'): Wait | null => cannotLock(s.locks.i_rwsem, mode, 'inode lock')

/** The step that takes the inode lock: label `lock_inode`. */
export const lockInode = (
  says: string,
  options: Pick<StepRow<never, never>, 'row' | 'code'> & { readonly fn?: string },
  mode: Mode = 'exclusive',
): StepRow<BtrfsWorld, object> =>
  step('lock_inode', says, { ...options, when: (s) => cannotLockInode(s, mode) }, (s, _f, t) => takeLock(s.locks.i_rwsem, mode, t.letter))

/** i_mmap_lock of a kernel that has it. */
export const mmapLock = (s: BtrfsWorld): Rwsem => must(s.locks.i_mmap_lock, 'i_mmap_lock')

/** The step that takes i_mmap_lock for writing, in kernels with this patch: label `lock_mmap`. */
export const lockMmap = (
  says: string,
  options: Pick<StepRow<never, never>, 'row' | 'code'> & { readonly onlyWith: string },
): StepRow<BtrfsWorld, object> =>
  step('lock_mmap', says, { ...options, when: (s) => cannotLock(mmapLock(s), 'exclusive', 'i_mmap_lock') }, (s, _f, t) =>
    takeLock(mmapLock(s), 'exclusive', t.letter),
  )

/** up_read() or up_write() of i_mmap_lock, where the task has it. */
export function unlockMmap(s: BtrfsWorld, who: Letter): void {
  if (s.locks.i_mmap_lock?.holders.includes(who)) dropLock(s.locks.i_mmap_lock, who)
}

/**
 * inode_unlock() or inode_unlock_shared(), whether or not the caller has the lock: the rwsem does not know its owner.
 * lockdep does; it reports the first unlock by a task that has not locked, and nothing after that.
 */
export function unlockInode(s: BtrfsWorld, who: Letter, mode: Mode = 'exclusive'): void {
  const lock = s.locks.i_rwsem
  const balanced = lock.mode === mode && lock.holders.includes(who)
  release(lock, mode, who)
  if (!balanced && s.fs.lockdep && !s.dmesg.some(({ text }) => text === badUnlockBalance.text)) s.dmesg.push(badUnlockBalance)
}
