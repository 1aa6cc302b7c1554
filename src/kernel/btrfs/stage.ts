/** Staging: a file, a kernel and some callers make a world. Everything not named starts empty, free or zero. */
import { M, type Range } from '../../base/range.ts'
import { has, type Kernel } from '../../engine/procedure.ts'
import type { Oracle } from '../../engine/oracle.ts'
import type { System, TaskDeclaration } from '../../engine/system.ts'
import type { Letter } from '../../engine/view.ts'
import { dma } from '../block/device.ts'
import { iomapProcedures } from '../iomap/dio.ts'
import { freeLock } from '../lib/locks.ts'
import { join, paint, type Run } from '../lib/runs.ts'
import { sameCrc, sumsOf, type Fills } from '../lib/sums.ts'
import { mmProcedures } from '../mm/procedures.ts'
import { emptyMapping } from '../mm/world.ts'
import { compareVersions } from '../releases.ts'
import { vfsProcedures } from '../vfs/procedures.ts'
import { freshVfs, openFile } from '../vfs/world.ts'
import { mmapProcedures, type Flusher } from './buffered/mmap.ts'
import { bufferedProcedures } from './buffered/write.ts'
import { writebackProcedures } from './buffered/writeback.ts'
import { directReadProcedures } from './direct/read.ts'
import { directProcedures } from './direct/write.ts'
import { btrfsOperations, fileProcedures } from './file-ops.ts'
import { freshLogRoot } from './fsync/log-root.ts'
import { logProcedures } from './fsync/log.ts'
import { mountProcedures } from './fsync/mount.ts'
import { syncLogProcedures } from './fsync/sync-log.ts'
import { syncProcedures } from './fsync/sync.ts'
import { orderedProcedures } from './ordered.ts'
import { outcomeOf } from './outcome.ts'
import { listingOf } from './listing.ts'
import { btrfsPlug } from './plug.ts'
import { expandProcedures } from './resize/expand.ts'
import { preallocProcedures } from './resize/prealloc.ts'
import { punchProcedures } from './resize/punch.ts'
import { truncateProcedures } from './resize/truncate.ts'
import { flushProcedures } from './space/flush.ts'
import { freshSpace, occupy } from './space/space.ts'
import { compareKeys, extentsOf } from './tree/tree.ts'
import { INO, type BtrfsWorld, type ExtentData, type Fs, type Item, type Leaf, type Space } from './world.ts'

/** Every btrfs procedure and those below it; all scenarios run the same ones. */
export const btrfsProcedures = [
  ...vfsProcedures,
  ...mmProcedures,
  dma,
  ...iomapProcedures,
  ...fileProcedures,
  ...directProcedures,
  ...directReadProcedures,
  ...bufferedProcedures,
  ...mmapProcedures,
  ...writebackProcedures,
  ...orderedProcedures,
  ...truncateProcedures,
  ...expandProcedures,
  ...preallocProcedures,
  ...punchProcedures,
  ...syncProcedures,
  ...logProcedures,
  ...syncLogProcedures,
  ...mountProcedures,
  ...flushProcedures,
]

/** Where the first data extent of a fresh 256 MiB file system lies, and the first free metadata block. */
const firstData = 13631488
const firstBlock = 30539776
/** How much data the first block group holds. */
const dataGroup = 8 * M
/** The running transaction; the files of a scenario were committed in the one before. */
export const T = 8

export interface StagedExtent {
  readonly offset: number
  readonly length: number
  /** Its data carry this stamp. */
  readonly stamp: string
  /** Length of the extent on disk, if the item shows less than all. */
  readonly diskLength?: number
}

/** File extent items laid out on the disk one after the other, with data; generation T - 1. */
export function stageExtents(extents: readonly StagedExtent[]): {
  readonly items: ExtentData[]
  readonly data: Run[]
  readonly next: number
} {
  let disk = firstData
  let data: Run[] = []
  const items = extents.map(({ offset, length, stamp, diskLength = length }): ExtentData => {
    const item: ExtentData = {
      oid: INO,
      type: 'EXTENT_DATA',
      offset,
      kind: 'reg',
      disk,
      diskLength,
      at: 0,
      length,
      ram: diskLength,
      generation: T - 1,
    }
    data = paint(data, disk, disk + diskLength, stamp)
    disk += diskLength
    return item
  })
  return { items, data, next: disk }
}

/** The items every file has: its inode item and the reference from its directory. */
export const inodeItems = (size: number): Item[] => [
  { oid: INO, type: 'INODE_ITEM', offset: 0, size, generation: T - 1 },
  { oid: INO, type: 'INODE_REF', offset: 256, name: 'f' },
]

export interface Staging {
  readonly kernel: Kernel
  readonly setting: Readonly<Record<string, string>>
  readonly size: number
  readonly noHoles: boolean
  readonly nodatasum?: boolean
  readonly nodatacow?: boolean
  /** The running subvolume tree. */
  readonly leaves: readonly Leaf[]
  /** The last commit. */
  readonly committed: readonly Item[]
  readonly data?: readonly Run[]
  readonly nextData?: number
  /** No room is left for data. */
  readonly full?: boolean
  /** Metadata space is short; absent = there is enough. */
  readonly metadata?: 'short'
  /** Disk ranges that have checksums, those of the data there; absent = every extent, unless the inode is NODATASUM. */
  readonly csums?: readonly { readonly from: number; readonly to: number }[]
  /** Copies of the data on disk, 1 unless said otherwise. */
  readonly mirrors?: number
  readonly fills?: Fills
  readonly needsFullSync?: boolean
  readonly fs?: Partial<Pick<Fs, 'csum' | 'logLeafRoom' | 'leafRoom' | 'assert' | 'lockdep'>>
}

/** One data block group, free behind what is staged. */
function stageSpace(staging: Staging): Space {
  const space = freshSpace(firstData, firstData + dataGroup, compareVersions(staging.kernel.release, '6.2') >= 0)
  if (staging.nextData !== undefined && staging.nextData > firstData) occupy(space, { from: firstData, to: staging.nextData })
  if (staging.metadata) return { ...space, metadata: { ticket: null, failed: false } }
  if (!staging.full) return space
  occupy(space, { from: firstData, to: firstData + dataGroup })
  return { ...space, full: true }
}

/** The disk ranges of all staged data of an inode that has checksums. */
function checksummedExtents({ leaves, nodatasum }: Staging): Range[] {
  if (nodatasum) return []
  const extents = extentsOf(leaves.flatMap((leaf) => leaf.items)).filter((item) => item.kind === 'reg' && item.disk !== 0)
  const whole = extents.map(({ disk, diskLength }) => ({ from: disk, to: disk + diskLength }))
  return whole.filter((one, i) => whole.findIndex((other) => other.from === one.from) === i).sort((a, b) => a.from - b.from)
}

export function stageWorld(staging: Staging): BtrfsWorld {
  const data = staging.data ?? []
  const fills = staging.fills ?? {}
  const mirrors = staging.mirrors ?? 1
  const csums = join(
    (staging.csums ?? checksummedExtents(staging)).flatMap(({ from, to }) => sumsOf(data, from, to, fills)),
    sameCrc,
  )
  return {
    kernel: staging.kernel,
    setting: staging.setting,
    ...freshVfs(INO, staging.size),
    locks: { i_rwsem: freeLock(), ...(has(staging, '8318ba79eeeb') ? { i_mmap_lock: freeLock() } : {}), log_mutex: freeLock() },
    files: { fd: openFile() },
    buffers: {},
    mapping: emptyMapping(),
    fills,
    disk: { data: [...data], copies: Array.from({ length: mirrors - 1 }, () => [...data]) },
    bios: {},
    dios: {},
    freed: {},
    bi: {
      disk_i_size: staging.size,
      needsFullSync: staging.needsFullSync ?? true,
      nodatasum: staging.nodatasum ?? false,
      nodatacow: staging.nodatacow ?? false,
      hasPrealloc: staging.leaves.some((leaf) => leaf.items.some((item) => item.type === 'EXTENT_DATA' && item.kind === 'prealloc')),
      // The file was changed in the running transaction, by a truncate where it needs a full fsync.
      lastTrans: T,
      lastReflinkTrans: (staging.needsFullSync ?? true) ? T : 0,
      loggedTrans: 0,
      cowWriteError: false,
      lastSubTrans: 0,
      lastLogCommit: -1,
    },
    fs: {
      device: 'sdb',
      noHoles: staging.noHoles,
      csum: 'inline',
      leafRoom: 100,
      logLeafRoom: 100,
      assert: false,
      lockdep: false,
      ...staging.fs,
      generation: T,
      started: true,
      handles: [],
      aborted: 0,
      readonly: false,
      fullCommit: false,
      down: false,
      mounts: 0,
      inlined: 0,
      nextBlock: firstBlock,
      corrupt: Array.from({ length: mirrors }, () => 0),
    },
    privates: {},
    current: {},
    io_tree: { locked: [], delalloc: [] },
    ordered: [],
    maps: [],
    space: stageSpace(staging),
    subvol: staging.leaves.map((leaf) => ({ ...leaf, items: [...leaf.items].sort(compareKeys) })),
    csums,
    leafLocks: {},
    log: null,
    root: freshLogRoot(staging),
    durable: { generation: T - 1, items: [...staging.committed].sort(compareKeys), csums, log: null },
    cursor: null,
  }
}

/** Somebody who starts writeback at any moment: memory pressure, space reclaim. */
export const addFlusher = (letter: Letter, why: string, part?: Range): TaskDeclaration => ({
  letter,
  name: why,
  must: false,
  procedure: 'flusher',
  locals: { why, ...(part ? { part } : {}) } satisfies Flusher,
})

/** The worker that frees metadata space while it is short. */
export const addReclaim = (letter: Letter): TaskDeclaration => ({
  letter,
  name: 'async metadata reclaim',
  must: false,
  procedure: 'btrfs_async_reclaim_metadata_space',
  locals: {},
})

/** A btrfs system ready to run. */
export const btrfsSystem = (
  name: string,
  world: BtrfsWorld,
  tasks: readonly TaskDeclaration[],
  oracles: readonly Oracle<BtrfsWorld>[],
): System<BtrfsWorld> => ({
  name,
  procedures: btrfsProcedures,
  operations: btrfsOperations,
  world,
  tasks,
  oracles,
  outcome: outcomeOf,
  plug: btrfsPlug,
  listing: listingOf,
})
