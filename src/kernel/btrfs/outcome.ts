/** What a user sees of btrfs when everything has finished. */
import type { Plain } from '../../base/plain.ts'
import { outcomeWith } from '../vfs/outcome.ts'
import { unreadable } from './csum/verify.ts'
import { replayLog, sizeIn } from './fsync/replay.ts'
import { contentOf, layoutOf } from './tree/extents.ts'
import { allItems, extentsOf } from './tree/tree.ts'
import type { BtrfsWorld, ExtentData, Item } from './world.ts'

const layout = (s: BtrfsWorld) => layoutOf(allItems(s.subvol), s.disk.data, s.inode.i_size)

export const outcomeOf = outcomeWith<BtrfsWorld>({
  layout,
  content: (s) => contentOf(layout(s), s.mapping.runs, s.inode.i_size, unreadable(s, s.inode.i_size)),
  positions: 'ki_pos',
  log: (s) =>
    s.log &&
    s.log.leaves.flatMap((leaf) =>
      extentsOf(leaf.items).map((item) => [item.offset, kindOf(item), sourceOf(s, item), item.at, item.length] as const),
    ),
  after: (s) => afterCrash(s) as unknown as Plain,
  isDown: (s) => s.fs.down,
})

const kindOf = (item: ExtentData): string => (item.disk === 0 ? 'hole' : item.kind === 'prealloc' ? 'unwritten' : 'data')

/** The stamp at the head of an item's data: names the extent whatever its disk address. */
function sourceOf(s: BtrfsWorld, item: ExtentData): string | null {
  if (item.disk === 0 || item.kind === 'prealloc') return null
  const at = item.disk + item.at
  return s.disk.data.find((run) => run.from <= at && at < run.to)?.stamp ?? '?'
}

export interface AfterCrash {
  readonly size: number
  readonly layout: readonly { readonly from: number; readonly to: number; readonly kind: string; readonly source: string | null }[]
  /** Did the mount replay a log? */
  readonly replayed: boolean
}

/** The items a mount would find after a power failure now. */
export const itemsAfterCrash = (s: BtrfsWorld): Item[] => replayLog(s.durable, s.fs.noHoles)

/** The file after a power failure now and the next mount. */
export function afterCrash(s: BtrfsWorld): AfterCrash {
  const items = itemsAfterCrash(s)
  const size = sizeIn(items)
  return {
    size,
    layout: layoutOf(items, s.disk.data, size).map(({ from, to, kind, stamp }) => ({ from, to, kind, source: stamp })),
    replayed: s.durable.log !== null,
  }
}
