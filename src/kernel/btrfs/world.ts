/**
 * btrfs: one inode (257) of one subvolume, its trees, its ordered extents and its io_tree. Bytes everywhere; file
 * offsets unless a name says disk. T is the running transaction.
 */
import type { Range } from '../../base/range.ts'
import type { World } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import type { BlockWorld } from '../block/world.ts'
import type { IomapWorld } from '../iomap/world.ts'
import type { RangeLock, Rwsem } from '../lib/locks.ts'
import type { MmWorld } from '../mm/world.ts'
import type { CsumRun, Fills } from '../lib/sums.ts'
import type { Locks, VfsWorld } from '../vfs/world.ts'

export const INO = 257
export const SECTOR = 4096

/** Key types, as numbers on disk. Source: facts fsync-log-tree 0. */
export const keyType = { INODE_ITEM: 1, INODE_REF: 12, XATTR_ITEM: 24, EXTENT_DATA: 108, EXTENT_CSUM: 128 } as const
export type KeyType = keyof typeof keyType

/** BTRFS_EXTENT_CSUM_OBJECTID, -10 as an unsigned number: it sorts after every inode. */
export const CSUM_OBJECTID = '18446744073709551606'

/** Where the data of inline items are kept. */
export const inlineAddress = 2 ** 45

export interface Key {
  /** Inode number, or a special object id as a decimal string. */
  readonly oid: number | string
  readonly type: KeyType
  readonly offset: number
}

export interface InodeItem extends Key {
  readonly type: 'INODE_ITEM'
  readonly size: number
  readonly generation: number
}

export interface InodeRef extends Key {
  readonly type: 'INODE_REF' | 'XATTR_ITEM'
  readonly name: string
}

/**
 * A file extent item; disk 0 is an explicit hole. It covers [offset, offset + length). An inline one holds the data itself: `ram`
 * bytes of them, kept at an address from `inlineAddress` on, which is on no disk and of which each is used once.
 */
export interface ExtentData extends Key {
  readonly type: 'EXTENT_DATA'
  readonly kind: 'reg' | 'prealloc' | 'inline'
  readonly disk: number
  readonly diskLength: number
  /** Where in the disk extent the item begins. */
  readonly at: number
  readonly length: number
  /** Size of the whole extent in memory; of a hole, what it was when it was made. */
  readonly ram: number
  readonly generation: number
  /** Direct I/O cannot use it; absent = not compressed. */
  readonly compressed?: true
}

export interface ExtentCsum extends Key {
  readonly type: 'EXTENT_CSUM'
  /** Bytes of data it covers, from the disk address `offset` on. */
  readonly length: number
  readonly sums: readonly CsumRun[]
}

export type Item = InodeItem | InodeRef | ExtentData | ExtentCsum

export interface Leaf {
  /** A name for pictures and messages: `N`. */
  readonly id: string
  generation: number
  items: Item[]
  /** How many more items fit. */
  room: number
}

/** A B-tree's leaves in key order. Upper levels are not modelled: no path of ours is blocked by them. */
export type Tree = Leaf[]

/** Data to a new extent, in place over a written one, or in place into a preallocated one. */
export type OrderedKind = 'regular' | 'nocow' | 'prealloc'

/** struct btrfs_ordered_sum: the checksums of one bio, by disk address. */
export interface OrderedSum extends Range {
  readonly sums: readonly CsumRun[]
}

/** struct btrfs_ordered_extent. */
export interface Ordered extends Range {
  readonly kind: OrderedKind
  readonly disk: number
  readonly diskLength: number
  /** Bytes whose I/O is not done. */
  bytesLeft: number
  /** An error was seen: nothing will be inserted. */
  ioerr: boolean
  readonly direct: boolean
  /** Where the I/O was never submitted and the rest is to be kept: the length that counts; null = all of it. */
  truncatedTo: number | null
  /** i_size before this write raised it; null if it has no need to know. */
  readonly oldSize: number | null
  /** The finish worker was queued. */
  queued: boolean
  /** The checksums that were computed, one entry a bio. */
  readonly sums: readonly OrderedSum[]
  /** BTRFS_ORDERED_LOGGED: a fast fsync has logged it. Until it is finished, the commit of the transaction waits for it. */
  readonly logged: boolean
}

export interface LogTree {
  leaves: Tree
}

export interface BtrfsInode {
  disk_i_size: number
  /** BTRFS_INODE_NEEDS_FULL_SYNC */
  needsFullSync: boolean
  readonly nodatasum: boolean
  /** BTRFS_INODE_NODATACOW */
  readonly nodatacow: boolean
  /** BTRFS_INODE_PREALLOC: something was preallocated here once. */
  hasPrealloc: boolean
  /** Transaction that changed the inode last; 0 = none. */
  lastTrans: number
  /** Transaction up to which old extents have to be logged too: of a truncate; 0 = none. */
  lastReflinkTrans: number
  /** Transaction in which the inode was last logged; 0 = never. */
  loggedTrans: number
  /** BTRFS_INODE_COW_WRITE_ERROR: a write to new space failed, and no fsync has waited for its ordered extent yet. */
  cowWriteError: boolean
  /** The log transaction that ran when the inode was changed last. */
  lastSubTrans: number
  /** What lastSubTrans was when the inode was logged last; one less than it once the inode was changed. */
  lastLogCommit: number
}

/** struct btrfs_log_ctx: a task between start_log_trans() and the end of btrfs_sync_log(). */
export interface LogContext {
  /** The log transaction that it joined. */
  readonly transid: number
  /** What became of that, once it is over; null = it is not. */
  ret: number | null
}

/** What struct btrfs_root knows of its log tree. */
export interface LogRoot {
  /** The log transaction that runs: what is logged now is written by its commit. It begins at 0 with every log tree. */
  log_transid: number
  /** The last one that is on disk; 0 from the beginning. */
  last_log_commit: number
  /** Tasks that are changing the log tree: a log commit waits for them. */
  log_writers: Letter[]
  /** The log commit that goes on: whose it is, and the items of the blocks that it writes. Who logs meanwhile changes copies. */
  log_commit: { readonly by: Letter; readonly items: Item[] } | null
  log_ctxs: Record<Letter, LogContext>
}

export interface Fs {
  readonly device: string
  readonly noHoles: boolean
  /** Is the checksum of a metadata block computed at submission, or by a worker? Facts fsync-log-tree 3.5. */
  readonly csum: 'inline' | 'offloaded'
  /** How many items fit in a fresh leaf, of the subvolume and of the log tree. */
  readonly leafRoom: number
  readonly logLeafRoom: number
  /** T: the running transaction, or the one that would be started next. */
  generation: number
  /** Has anything joined T yet? */
  started: boolean
  /** Tasks with a handle of T over more than a step: a commit waits for them. */
  handles: Letter[]
  /** The errno that aborted T; 0 = alive. */
  aborted: number
  readonly: boolean
  /** btrfs_set_log_full_commit(): the log cannot be used, commit T instead. */
  fullCommit: boolean
  /** The power has failed, and nothing is mounted. */
  down: boolean
  /** How often it was mounted again after a power failure. */
  mounts: number
  /** CONFIG_BTRFS_ASSERT */
  readonly assert: boolean
  /** CONFIG_PROVE_LOCKING */
  readonly lockdep: boolean
  /** How many inline extents were made. */
  inlined: number
  /** Next free disk address for metadata. */
  nextBlock: number
  /** BTRFS_DEV_STAT_CORRUPTION_ERRS of each device, by mirror: blocks that were read and did not have their checksum. */
  corrupt: number[]
}

/** What the disk holds for after a power failure. */
export interface Durable {
  generation: number
  /** The subvolume tree as of the last commit. */
  items: Item[]
  csums: readonly CsumRun[]
  /** Items of the log that super.log_root points to; null = no log. */
  log: Item[] | null
}

/** struct btrfs_file_private: allocated, or on the stack of a task that writes (then it has that task's letter). */
export interface FilePrivate {
  fsync_skip_inode_lock: boolean
  /** Who used it after that. */
  usedAfter: Letter[]
}

/** The struct was on the stack of a task whose call has returned. */
export const isGone = (s: Pick<BtrfsWorld, 'calls'>, name: string): boolean => typeof s.calls[name]?.returned === 'number'

/** What a task carries along: struct task_struct. */
export interface Current {
  /** BTRFS_TRANS_DIO_WRITE_STUB: a direct write of this task is being completed with the inode lock held. */
  journal_info: 'dio write'
}

export interface BtrfsLocks extends Locks {
  i_rwsem: Rwsem
  /** Absent in kernels before 8318ba79eeeb. */
  i_mmap_lock?: Rwsem
  log_mutex: Rwsem
}

/** struct extent_map. */
export interface ExtentMap extends Range {
  /** Disk address of `from`; null = a hole. */
  readonly disk: number | null
  /** File offset at which the disk extent would begin: disk - (from - origin) is its address. */
  readonly origin: number
  readonly diskLength: number
  readonly ram: number
  /** Transaction that made it; null while its data are being written (pinned). */
  readonly generation: number | null
  readonly prealloc: boolean
  /** On the list of what the next fast fsync logs; such a map is never merged. */
  readonly modified: boolean
  /** EXTENT_FLAG_MERGED: it was joined from several. One that was not does not join it, up to the newest kernel here. */
  readonly merged: boolean
  /** EXTENT_FLAG_COMPRESSED; such a map is never merged. Absent = not compressed. */
  readonly compressed?: true
}

/** What a block group holds since v6.2: extents of one size, so that small ones do not fragment the room of large ones. */
export type SizeClass = 'none' | 'small' | 'medium' | 'large'

export interface BlockGroup extends Range {
  /** Free stretches in the order in which they were linked into the index: of two equally long ones the earlier comes first. */
  free: Range[]
  sizeClass: SizeClass
}

/** Metadata space of which what is dirty or unfinished has reserved so much that nobody else gets any. */
export interface ShortMetadata {
  /** The task that waits for some. */
  ticket: Letter | null
  /** Reclaim has given up: the ticket gets -ENOSPC. */
  failed: boolean
}

export interface Space {
  groups: BlockGroup[]
  /** Disk ranges that nothing of the running tree uses any more; free again after the commit. */
  pinned: Range[]
  /** How many of the groups the last commit knows: a chunk made since then is gone after a power failure. */
  committed: number
  /** A scenario wants no room to be left on the device for another chunk; absent = there is as much as a fresh one has. */
  readonly full?: true
  /** A scenario wants metadata space to be short; absent = there is enough. */
  metadata?: ShortMetadata
  /** Does this kernel keep extents of different sizes apart? */
  readonly sizeClasses: boolean
  /** Nobody asks where data lie or whether they find room; by file offset how many extents were made there. Absent = the allocator decides. */
  placed?: (Range & { readonly extents: number })[]
}

export interface BtrfsWorld extends World, MmWorld, VfsWorld, BlockWorld, IomapWorld {
  locks: BtrfsLocks
  bi: BtrfsInode
  fs: Fs
  /** By name: what `private_data` of an open file points to. */
  privates: Record<string, FilePrivate>
  /** Tasks whose journal_info is not NULL. */
  current: Record<Letter, Current>
  io_tree: { locked: RangeLock[]; delalloc: Range[] }
  ordered: Ordered[]
  /** The extent map tree, by file offset. */
  maps: ExtentMap[]
  /** The bytes that stamps stand for, where they are to be other than their names say. */
  readonly fills: Fills
  /** Disk space for data. */
  space: Space
  subvol: Tree
  /** The running csum tree, by disk address. */
  csums: readonly CsumRun[]
  /** Leaf id -> the task that has it locked. */
  leafLocks: Record<string, Letter>
  log: LogTree | null
  root: LogRoot
  durable: Durable
  /** A search cursor of the copy loop, for the tree picture. */
  cursor: { readonly name: string; readonly key: Key; readonly task: Letter } | null
}
