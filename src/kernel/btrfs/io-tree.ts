/** The inode's io_tree: locked ranges of the file. Source: fs/btrfs/extent-io-tree.c v6.1; facts fsync-log-tree 6.2. */
import type { Range } from '../../base/range.ts'
import type { Wait } from '../../engine/procedure.ts'
import { reshape, stretches } from '../../engine/stretches.ts'
import type { Letter } from '../../engine/view.ts'
import { cannotLockRange, withoutRange } from '../lib/locks.ts'
import { cutOut } from '../lib/runs.ts'
import type { BtrfsWorld } from './world.ts'

/** What lock_extent() would wait for; null: the lock knows no owner, so a task that has the range waits for itself. */
export const cannotLockExtent = (s: BtrfsWorld, part: Range, who: Letter | null): Wait | null =>
  cannotLockRange(stretches(s.io_tree, 'locked', part), part, who ?? '', 'io_tree')

/** lock_extent() */
export function lockExtent(s: BtrfsWorld, { from, to }: Range, by: Letter): void {
  reshape(s.io_tree, 'locked', { from, to }, (locks) => [...locks, { from, to, by }])
}

/** unlock_extent() of what the task has locked there. */
export function unlockExtent(s: BtrfsWorld, part: Range, who: Letter): void {
  reshape(s.io_tree, 'locked', part, (locks) => withoutRange(locks, part, who))
}

/** unlock_extent(), whoever locked it: a bio's end unlocks for the task that submitted it. */
export function unlockExtentOfAnybody(s: BtrfsWorld, { from, to }: Range): void {
  reshape(s.io_tree, 'locked', { from, to }, (locks) => cutOut(locks, from, to))
}
