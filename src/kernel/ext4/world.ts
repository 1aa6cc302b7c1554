/** ext4: one inode, its blocks, and the journal's two transactions. Bytes everywhere; file offsets unless a name says disk. */
import type { Range } from '../../base/range.ts'
import type { World } from '../../engine/procedure.ts'
import type { BlockWorld } from '../block/world.ts'
import type { IomapWorld } from '../iomap/world.ts'
import type { MmWorld } from '../mm/world.ts'
import type { Rwsem } from '../lib/locks.ts'
import type { Locks, VfsWorld } from '../vfs/world.ts'

export const INO = 12

/** Blocks of the extent tree in equal state; what no extent covers is a hole. */
export interface Extent extends Range {
  /** Disk address of `from`. */
  readonly disk: number
  /** Allocated, and reads as zeros until it is converted. */
  readonly unwritten: boolean
}

/** The inode as it was last copied into the journal's blocks (ext4_mark_inode_dirty). */
export interface RawInode {
  readonly size: number
  readonly extents: readonly Extent[]
  /** On the orphan list: a mount truncates it to `size`. */
  readonly orphan: boolean
}

/** struct ext4_inode_info. */
export interface Ext4Inode {
  i_disksize: number
  raw: RawInode
  /** The latest transaction that changed the inode. */
  i_sync_tid: number
}

/** jbd2. A handle is opened and closed within one step, so no commit ever waits for one. */
export interface Journal {
  /** The running transaction; null = nothing was changed since the last one. */
  running: number | null
  /** The committing one, with the inode as it was when it was closed. */
  committing: { readonly tid: number; readonly raw: RawInode } | null
  /** j_commit_sequence: everything up to this one is durable. */
  committed: number
  /** What a replay of the log leaves of the inode. */
  durable: RawInode
}

export interface Ext4World extends World, MmWorld, VfsWorld, BlockWorld, IomapWorld {
  locks: Locks & { invalidate_lock: Rwsem }
  ei: Ext4Inode
  journal: Journal
  /** Next free disk address. */
  alloc: { next: number }
  /** Is it unmounted because the power failed, and how often was it mounted again? */
  mount: { down: boolean; count: number }
}
