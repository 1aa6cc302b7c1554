/** btrfs: giving the inode lock up, as the rwsem and lockdep see it. Source: facts direct-io A.8 (U4..U6). */
import type { Letter } from '../../engine/view.ts'
import { release, type Mode } from '../lib/locks.ts'
import { badUnlockBalance } from './dmesg.ts'
import type { BtrfsWorld } from './world.ts'

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
