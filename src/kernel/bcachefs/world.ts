/** bcachefs: one file, its page cache and the locks around it. Source: facts bcachefs-buffered-write 2. Offsets in bytes. */
import type { Range } from '../../base/range.ts'
import type { World } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import type { MmWorld } from '../mm/world.ts'
import type { VfsWorld } from '../vfs/world.ts'

/** -BCH_ERR_need_inode_lock, internal: start the write anew under the inode lock. The number is ours. */
export const needInodeLock = -2130

/** ei_pagecache_lock: many holders of add, or many of block, never both; no preference. */
export interface TwoStateLock {
  mode: 'free' | 'add' | 'block'
  holders: Letter[]
}

/** What the btree says of a range: preallocated, or data with their stamp. Holes have no entry. */
export interface BtreeExtent extends Range {
  readonly kind: 'reserved' | 'data'
  /** The stamp of the data; `0` for a reservation, which reads as zeros. */
  readonly stamp: string
}

/** What bch2_buffered_write() keeps of a write while it runs, for pictures: the same values are locals of its frames. */
export interface Writer {
  inode_locked: boolean
  pos: number
  written: number
  written2: number
  /** Of the inner function; null before it was ever entered. */
  last_folio_pos: number | null
}

export interface BcachefsWorld extends World, MmWorld, VfsWorld {
  pcl: TwoStateLock
  btree: BtreeExtent[]
  writers: Record<Letter, Writer>
  /** Allocations that will fail once: at the first folio of the task's next attempt, or at a later one. */
  failing: Record<Letter, 'first' | 'later'>
  fs: {
    /** The largest folio that a write asks for. */
    readonly largestFolio: number
    /** A copy from user space is cut into pieces of this many bytes, so that a reader can come in between; 0 = not cut. */
    readonly copyPiece: number
  }
}
