/** A log that somebody dumped, replayed as the next mount would: by the procedure that the scenarios' mounts run. */
import { alignUp } from '../../../base/range.ts'
import { SECTOR, INO, type ExtentData, type Item } from '../world.ts'
import { replayLog } from './replay.ts'
import { endOf, extentsOf } from '../tree/tree.ts'

/** An EXTENT_DATA item as a dump tells it. */
export interface DumpedItem {
  readonly from: number
  readonly to: number
  readonly kind: string
  readonly disk: number | null
}

/** What a tree has of one inode. */
export interface DumpedTree {
  readonly items: readonly DumpedItem[]
  readonly size: number | null
}

/** Bytes of the file after replay, and which tree they are from. */
export interface ReplayedRun {
  readonly from: number
  readonly to: number
  /** `unknown`: no item of the log is over them, and what the subvolume has there was not told. */
  readonly kind: 'data' | 'unwritten' | 'hole' | 'unknown'
  readonly disk: number | null
  readonly by: 'log' | 'subvolume' | null
}

/** Stand for the two trees in the generation of their items, which replay hands on. */
const generationOf = { subvolume: 1, log: 2 } as const

function itemsOf({ items, size }: DumpedTree, tree: keyof typeof generationOf): Item[] {
  const generation = generationOf[tree]
  const extents = items.map(({ from, to, kind, disk }): ExtentData => {
    // An inline extent takes the place of the whole block.
    const length = kind === 'inline' ? alignUp(to - from, SECTOR) : to - from
    const type = kind === 'unwritten' ? 'prealloc' : kind === 'inline' ? 'inline' : 'reg'
    // Address 0 is what an item of a hole has; inline data have none, and only must not be taken for one.
    const at = kind === 'hole' ? 0 : (disk ?? 1)
    return { oid: INO, type: 'EXTENT_DATA', offset: from, kind: type, disk: at, diskLength: length, at: 0, length, ram: length, generation }
  })
  return size === null ? extents : [{ oid: INO, type: 'INODE_ITEM', offset: 0, size, generation }, ...extents]
}

/** The file after the next mount; `committed` is null where nobody knows what the subvolume has. */
export function replayDumped(log: DumpedTree, committed: DumpedTree | null): ReplayedRun[] {
  const items = committed ? itemsOf(committed, 'subvolume') : []
  const after = extentsOf(replayLog({ items, log: itemsOf(log, 'log') }, false))
  const size = log.size ?? committed?.size ?? null
  const end = alignUp(size ?? 0, SECTOR)
  const runs: ReplayedRun[] = []
  let at = 0
  const gap = (to: number): void => {
    if (at < to) runs.push({ from: at, to, kind: committed ? 'hole' : 'unknown', disk: null, by: committed ? 'subvolume' : null })
  }
  for (const item of after) {
    gap(item.offset)
    const by = item.generation === generationOf.log ? 'log' : 'subvolume'
    const kind = item.disk === 0 ? 'hole' : item.kind === 'prealloc' ? 'unwritten' : 'data'
    const disk = item.disk === 0 || item.kind === 'inline' ? null : item.disk + item.at
    runs.push({ from: item.offset, to: endOf(item), kind, disk, by })
    at = endOf(item)
  }
  gap(end)
  return runs
}
