/** The two-state pagecache lock. Source: facts bcachefs-buffered-write 2, `pcl`. */
import { invariant } from '../../base/assert.ts'
import type { Wait } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import type { TwoStateLock } from './world.ts'

/** What taking it in this state would wait for; null if it can be taken now. */
export const cannotGet = (pcl: TwoStateLock, mode: 'add' | 'block'): Wait | null =>
  pcl.mode === 'free' || pcl.mode === mode ? null : { on: 'pagecache lock', heldBy: pcl.holders }

/** bch2_pagecache_add_get() and bch2_pagecache_block_get(). */
export function get(pcl: TwoStateLock, mode: 'add' | 'block', who: Letter): void {
  invariant(cannotGet(pcl, mode) === null, `${who} takes a pagecache lock that ${pcl.holders.join()} holds`)
  pcl.mode = mode
  pcl.holders = [...pcl.holders, who].sort()
}

/** Gives it up; whoever does so must hold it. */
export function put(pcl: TwoStateLock, who: Letter): void {
  invariant(pcl.holders.includes(who), `${who} drops a pagecache lock it does not hold`)
  pcl.holders = pcl.holders.filter((holder) => holder !== who)
  if (pcl.holders.length === 0) pcl.mode = 'free'
}
