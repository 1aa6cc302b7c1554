/** What a user sees of btrfs when everything has finished. */
import type { Plain } from '../../base/plain.ts'
import type { Letter, Seen } from '../../engine/view.ts'
import { clip, splice } from '../lib/runs.ts'
import { contentOf, layoutOf, type Piece } from './tree/extents.ts'
import { replayLog, sizeIn } from './fsync/replay.ts'
import { allItems, extentsOf } from './tree/tree.ts'
import { unreadable } from './csum/verify.ts'
import type { BtrfsWorld, ExtentData, Item } from './world.ts'

export function outcomeOf(s: BtrfsWorld, returned: Readonly<Record<Letter, unknown>>): Seen {
  const called = Object.entries(s.calls)
  const positions = Object.entries(s.kiocbs)
  const size = s.inode.i_size
  const layout = layoutOf(allItems(s.subvol), s.disk.data, size)
  const reads = Object.fromEntries(Object.entries(returned).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
  return {
    returns: Object.fromEntries(called.flatMap(([letter, { returned: value }]) => (value === null ? [] : [[letter, value]]))),
    size,
    pos:
      positions.length === 0
        ? null
        : positions.length === 1
          ? (positions[0]?.[1].ki_pos ?? null)
          : Object.fromEntries(positions.map(([letter, { ki_pos }]) => [letter, ki_pos])),
    layout: withWaiting(layout, s, size).map(({ from, to, kind, stamp }) => ({ from, to, kind, source: stamp })),
    content: contentOf(layout, s.mapping.runs, size, unreadable(s, size)).map(({ from, to, stamp }) => [from, to, stamp]),
    reads: Object.keys(reads).length > 0 ? reads : null,
    log:
      s.log === null
        ? null
        : s.log.leaves.flatMap((leaf) =>
            extentsOf(leaf.items).map((item) => [item.offset, kindOf(item), sourceOf(s, item), item.at, item.length] as const),
          ),
    console: [...s.dmesg, ...s.printed].map(({ text }) => text),
    after: afterCrash(s) as unknown as Plain,
  }
}

/** Dirty pages are data, as SEEK_DATA sees it, though no item tells of them yet. */
function withWaiting(layout: readonly Piece[], s: BtrfsWorld, size: number): Piece[] {
  const waiting = clip(s.mapping.runs, 0, size).filter((run) => run.dirty || run.writeback)
  return waiting.reduce<Piece[]>(
    (pieces, { from, to, stamp }) =>
      splice(pieces, from, to, [{ from, to, kind: 'data', stamp }], (a, b) => a.kind === b.kind && a.stamp === b.stamp),
    [...layout],
  )
}

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
