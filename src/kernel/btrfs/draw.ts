/** Pictures of a btrfs world. Everything drawn is read off the state; ids follow the thing, not its place. */
import { range, size } from '../../base/range.ts'
import type { Letter } from '../../engine/view.ts'
import type { ExtentStrip, Lane, LeafItem, Locks, Picture, Span, TreeLeaf } from '../../picture/picture.ts'
import { dioGauge, dioRecord } from '../iomap/draw.ts'
import { span } from '../lib/draw.ts'
import { gaps, join, type Run } from '../lib/runs.ts'
import { cacheLane, drawBuffer, pageLockRows, type Owner } from '../mm/draw.ts'
import type { Cut } from '../oracles/durability.ts'
import { drawConsole, drawKiocb, drawLocks, drawRequest, drawStrip, markers, rangeRows, rwsemRow } from '../vfs/draw.ts'
import { drawFiles } from './draw-file.ts'
import { sizeIn } from './fsync/replay.ts'
import { oidName } from './listing.ts'
import { itemsAfterCrash } from './outcome.ts'
import { layoutOf } from './tree/extents.ts'
import { allItems, compareKeys, endOf, extentsOf, isExtent, itemId, printKey, spanId } from './tree/tree.ts'
import { INO, type BtrfsWorld, type ExtentData, type Item, type Tree } from './world.ts'

/** What a scenario wants to see of the file. */
export interface Look {
  readonly axis: ExtentStrip['axis']
  /** Lanes of the log and of a crash make sense only where something is made durable. */
  readonly log: boolean
  /** Open files and what they point to; absent = no. */
  readonly files?: boolean
  /** False where ordered extents are told by their workers alone, and room is short; absent = a lane of their own. */
  readonly ordered?: false
  /** Versions of the file that a crash now may leave, if something was promised. */
  readonly legal?: readonly Cut[]
  /** Stamps that belong to a task, for its hue: `A` -> `A`. */
  readonly owners: Readonly<Record<string, Letter>>
}

export function draw(s: BtrfsWorld, look: Look): Picture[] {
  // A buffered call has no dio.
  const isDirect = (letter: Letter): boolean => s.kiocbs[letter]?.direct !== false
  return [
    strip(s, look),
    ...(look.log
      ? [
          tree('tree:subvol', 'subvolume tree', s.subvol, s.disk.data, s),
          ...(s.log ? [tree('tree:log', 'log tree', s.log.leaves, s.disk.data, null)] : []),
        ]
      : []),
    ...Object.keys(s.buffers).flatMap((letter) =>
      [
        drawBuffer(s, letter, s.iters[letter]?.offset ?? null),
        drawKiocb(s, letter),
        drawRequest(s, letter),
        isDirect(letter) ? dioRecord(s, letter) : null,
      ].filter((picture) => picture !== null),
    ),
    ...(look.files ? drawFiles(s) : []),
    ...Object.keys(s.kiocbs)
      .filter(isDirect)
      .map((letter) => dioGauge(s, letter)),
    locks(s),
    drawConsole(s),
  ]
}

function strip(s: BtrfsWorld, look: Look): ExtentStrip {
  const owner: Owner = (stamp) => (stamp === null ? null : (look.owners[stamp.replace(/^0(?=.)/, '')] ?? null))
  const lanes: Lane[] = [
    cacheLane(s, owner),
    ...(look.ordered === false ? [] : [{ id: 'ordered', title: 'ordered extents', spans: orderedSpans(s) }]),
    { id: 'subvol', title: 'file extent items', spans: itemSpans('subvol', s.subvol, s.disk.data, s.inode.i_size, owner), history: true },
    ...(look.log
      ? [
          { id: 'log', title: 'log tree items', spans: s.log ? itemSpans('log', s.log.leaves, s.disk.data, 0, owner) : [], history: true },
          { id: 'crash', title: 'a crash now leaves', spans: crashSpans(s, owner) },
          ...(look.legal ?? []).map((cut, i) => legalLane(cut, i, owner)),
        ]
      : []),
  ]
  const own = [{ id: 'disk_i_size', name: 'disk_i_size', at: s.bi.disk_i_size, task: null }]
  return drawStrip({ id: `strip:${INO}`, title: `inode ${INO}`, axis: look.axis }, lanes, markers(s, own))
}

const orderedSpans = (s: BtrfsWorld): Span[] =>
  s.ordered.map((oe) =>
    span(
      `o${oe.disk}`,
      oe,
      oe.ioerr ? 'failed' : oe.bytesLeft === 0 ? 'done' : 'pending',
      null,
      null,
      `disk ${oe.disk}, ${size(oe.bytesLeft)} of ${size(oe.to - oe.from)} left`,
    ),
  )

/** One span an item, so that overlap shows as overlap, and holes up to `fileSize` (0: do not show holes between items). */
function itemSpans(lane: 'subvol' | 'log', tree: Tree, disk: readonly Run[], fileSize: number, owner: Owner): Span[] {
  const items = extentsOf(allItems(tree)).sort(compareKeys)
  const out: Span[] = items.map((item) => {
    const stamp = stampOf(item, disk)
    const note =
      item.disk === 0
        ? `explicit hole ${range(item.offset, endOf(item))}`
        : `disk ${item.disk}, offset ${size(item.at)} of ${size(item.diskLength)}`
    return span(
      spanId(lane, item),
      { from: item.offset, to: endOf(item) },
      item.disk === 0 ? 'hole' : item.kind === 'prealloc' ? 'unwritten' : 'data',
      stamp,
      owner(stamp),
      note,
    )
  })
  const covered = join(
    items.map((item) => ({ from: item.offset, to: endOf(item) })),
    () => true,
  )
  const holes = gaps(covered, 0, fileSize).map((gap) =>
    span(`${lane}h${gap.from}`, gap, 'hole', null, null, `hole ${range(gap.from, gap.to)}`),
  )
  return [...out, ...holes].sort((a, b) => a.from - b.from)
}

const stampOf = (item: ExtentData, disk: readonly Run[]): string | null =>
  item.disk === 0 ? null : (disk.find((run) => run.from <= item.disk + item.at && item.disk + item.at < run.to)?.stamp ?? '?')

/** One version that a crash may leave; zeros are drawn as the hole that a reader takes them for. */
const legalLane = (cut: Cut, i: number, owner: Owner): Lane => ({
  id: `legal${i + 1}`,
  title: `a crash may leave (${i + 1})`,
  spans: cut.map(({ from, to, stamp }) =>
    span(`g${from}`, { from, to }, stamp === '0' ? 'hole' : 'data', stamp === '0' ? null : stamp, stamp === '0' ? null : owner(stamp)),
  ),
})

function crashSpans(s: BtrfsWorld, owner: Owner): Span[] {
  const items = itemsAfterCrash(s)
  return layoutOf(items, s.disk.data, sizeIn(items)).map((piece) =>
    span(`x${piece.from}`, piece, piece.kind, piece.kind === 'hole' ? null : piece.stamp, owner(piece.stamp)),
  )
}

function tree(id: string, title: string, leaves: Tree, disk: readonly Run[], s: BtrfsWorld | null): TreeLeaf {
  const cursor = s?.cursor ?? null
  const next = cursor && allItems(leaves).find((item) => compareKeys(item, cursor.key) >= 0)
  return {
    kind: 'tree-leaf',
    id,
    title,
    leaves: leaves.map((leaf) => ({
      id: leaf.id,
      title: `leaf ${leaf.id}, generation ${leaf.generation}${s && leaf.generation === s.fs.generation ? ' (current)' : ''}`,
      items: leaf.items.map((item) => leafItem(item, disk)),
      locked: s?.leafLocks[leaf.id] ?? null,
    })),
    cursor: cursor ? { name: cursor.name, key: printKey(cursor.key), before: next ? itemId(next) : null, task: cursor.task } : null,
  }
}

const leafItem = (item: Item, disk: readonly Run[]): LeafItem => ({
  id: itemId(item),
  // As dump-tree prints it: special object ids by name.
  key: `(${oidName(item.oid)} ${item.type} ${item.offset})`,
  payload: payload(item, disk),
  covers: isExtent(item) ? range(item.offset, endOf(item)) : null,
})

function payload(item: Item, disk: readonly Run[]): string {
  switch (item.type) {
    case 'INODE_ITEM':
      return `size ${size(item.size)}`
    case 'EXTENT_DATA':
      return item.disk === 0
        ? `hole, length ${size(item.length)}`
        : `extent ${stampOf(item, disk)},${item.at === 0 ? '' : ` offset ${size(item.at)},`} length ${size(item.length)}`
    case 'EXTENT_CSUM':
      return `checksums of ${size(item.length)}`
    default:
      return `name ${item.name}`
  }
}

/** The locks that this kernel has. */
const locks = (s: BtrfsWorld): Locks =>
  drawLocks(s, [
    ...(s.locks.i_mmap_lock ? [rwsemRow('i_mmap_lock', 'i_mmap_lock', s.locks.i_mmap_lock)] : []),
    rwsemRow('log_mutex', 'log_mutex', s.locks.log_mutex),
    ...rangeRows('io', 'io_tree', s.io_tree.locked),
    ...pageLockRows(s),
    ...Object.entries(s.leafLocks).map(([leaf, by]) => ({
      id: `leaf:${leaf}`,
      name: `leaf ${leaf}`,
      mode: 'shared' as const,
      holders: [by],
      range: null,
    })),
  ])
