/** Pictures of a btrfs world. Everything drawn is read off the state; ids follow the thing, not its place. */
import { range, size } from '../../base/range.ts'
import type {
  BufferRun,
  Console,
  ExtentStrip,
  Lane,
  LeafItem,
  Locks,
  Marker,
  Picture,
  RecordPicture,
  Span,
  TreeLeaf,
  UserBuffer,
} from '../../picture/picture.ts'
import type { Letter } from '../../engine/view.ts'
import { dioGauge, dioRecord } from '../iomap/draw.ts'
import { PAGE } from '../mm/world.ts'
import { clip, gaps, join, type Run } from '../lib/runs.ts'
import { drawFiles } from './draw-file.ts'
import { layoutOf, type Piece } from './tree/extents.ts'
import type { Cut } from '../oracles/durability.ts'
import { itemsAfterCrash } from './outcome.ts'
import { sizeIn } from './fsync/replay.ts'
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
      [buffer(s, letter), kiocb(s, letter), request(s, letter), isDirect(letter) ? dioRecord(s, letter) : null].filter(
        (picture) => picture !== null,
      ),
    ),
    ...(look.files ? drawFiles(s) : []),
    ...Object.keys(s.kiocbs)
      .filter(isDirect)
      .map((letter) => dioGauge(s, letter)),
    locks(s),
    console(s),
  ]
}

const span = (
  id: string,
  from: number,
  to: number,
  fill: Span['fill'],
  label: string | null,
  task: Letter | null,
  note: string | null = null,
): Span => ({ id, from, to, fill, label, task, note })

function strip(s: BtrfsWorld, look: Look): ExtentStrip {
  const end = look.axis.to
  const owner = (stamp: string | null): Letter | null => (stamp === null ? null : (look.owners[stamp.replace(/^0(?=.)/, '')] ?? null))
  const lanes: Lane[] = [
    { id: 'cache', title: 'page cache', spans: cacheSpans(s, owner, end) },
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
  return {
    kind: 'extent-strip',
    id: `strip:${INO}`,
    title: `inode ${INO}`,
    axis: look.axis,
    lanes: lanes.map((lane) => ({ ...lane, spans: lane.spans.filter((part) => part.from < end) })),
    markers: markers(s, look),
  }
}

function cacheSpans(s: BtrfsWorld, owner: (stamp: string | null) => Letter | null, end: number): Span[] {
  const runs = clip(s.mapping.runs, 0, end)
  return runs.map((run) =>
    span(
      `c${run.from}`,
      run.from,
      run.to,
      run.writeback ? 'writeback' : run.dirty ? 'dirty' : 'clean',
      run.stamp,
      owner(run.stamp),
      run.dirty ? 'dirty' : null,
    ),
  )
}

const orderedSpans = (s: BtrfsWorld): Span[] =>
  s.ordered.map((oe) =>
    span(
      `o${oe.disk}`,
      oe.from,
      oe.to,
      oe.ioerr ? 'failed' : 'pending',
      oe.ioerr ? 'failed' : oe.bytesLeft === 0 ? 'I/O done' : 'in flight',
      null,
      `disk ${oe.disk}, ${size(oe.bytesLeft)} of ${size(oe.to - oe.from)} left`,
    ),
  )

/** One span an item, so that overlap shows as overlap, and holes up to `fileSize` (0: do not show holes between items). */
function itemSpans(
  lane: 'subvol' | 'log',
  tree: Tree,
  disk: readonly Run[],
  fileSize: number,
  owner: (stamp: string | null) => Letter | null,
): Span[] {
  const items = extentsOf(allItems(tree)).sort(compareKeys)
  const out: Span[] = items.map((item) => {
    const stamp = stampOf(item, disk)
    const note =
      item.disk === 0
        ? `explicit hole ${range(item.offset, endOf(item))}`
        : `disk ${item.disk}, offset ${size(item.at)} of ${size(item.diskLength)}`
    return span(
      spanId(lane, item),
      item.offset,
      endOf(item),
      item.disk === 0 ? 'hole' : item.kind === 'prealloc' ? 'unwritten' : 'data',
      item.disk === 0 ? size(item.length) : stamp,
      owner(stamp),
      note,
    )
  })
  const covered = join(
    items.map((item) => ({ from: item.offset, to: endOf(item) })),
    () => true,
  )
  const holes = gaps(covered, 0, fileSize).map((gap) =>
    span(`${lane}h${gap.from}`, gap.from, gap.to, 'hole', size(gap.to - gap.from), null, `hole ${range(gap.from, gap.to)}`),
  )
  return [...out, ...holes].sort((a, b) => a.from - b.from)
}

const stampOf = (item: ExtentData, disk: readonly Run[]): string | null =>
  item.disk === 0 ? null : (disk.find((run) => run.from <= item.disk + item.at && item.disk + item.at < run.to)?.stamp ?? '?')

/** One version that a crash may leave; zeros are drawn as the hole that a reader takes them for. */
const legalLane = (cut: Cut, i: number, owner: (stamp: string | null) => Letter | null): Lane => ({
  id: `legal${i + 1}`,
  title: `legal ${i + 1}`,
  spans: cut.map(({ from, to, stamp }) =>
    span(
      `g${from}`,
      from,
      to,
      stamp === '0' ? 'hole' : 'data',
      stamp === '0' ? size(to - from) : stamp,
      stamp === '0' ? null : owner(stamp),
    ),
  ),
})

function crashSpans(s: BtrfsWorld, owner: (stamp: string | null) => Letter | null): Span[] {
  const items = itemsAfterCrash(s)
  return layoutOf(items, s.disk.data, sizeIn(items)).map((piece: Piece) =>
    span(
      `x${piece.from}`,
      piece.from,
      piece.to,
      piece.kind,
      piece.kind === 'hole' ? size(piece.to - piece.from) : piece.stamp,
      owner(piece.stamp),
    ),
  )
}

function markers(s: BtrfsWorld, look: Look): Marker[] {
  return [
    { id: 'i_size', name: 'i_size', at: s.inode.i_size, task: null },
    { id: 'disk_i_size', name: 'disk_i_size', at: s.bi.disk_i_size, task: null },
    ...Object.entries(s.kiocbs).map(([letter, { ki_pos }]) => ({ id: `ki_pos:${letter}`, name: 'ki_pos', at: ki_pos, task: letter })),
  ].filter((marker) => marker.at <= look.axis.to)
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
  key: printKey(item),
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
        : `extent ${stampOf(item, disk)}, offset ${size(item.at)}, length ${size(item.length)}`
    case 'EXTENT_CSUM':
      return `checksums of ${size(item.length)}`
    default:
      return `name ${item.name}`
  }
}

function buffer(s: BtrfsWorld, letter: Letter): UserBuffer {
  const state = s.buffers[letter] ?? { length: 0, content: [], present: [], pinned: [] }
  const edges = [
    ...new Set([0, state.length, ...[...state.content, ...state.present, ...state.pinned].flatMap((part) => [part.from, part.to])]),
  ]
    .filter((at) => at <= state.length)
    .sort((a, b) => a - b)
  const within = (parts: readonly { from: number; to: number }[], at: number): boolean =>
    parts.some((part) => part.from <= at && at < part.to)
  const runs: BufferRun[] = edges.slice(0, -1).map((from, i) => ({
    id: `p${from}`,
    firstPage: from / PAGE,
    pages: ((edges[i + 1] ?? from) - from) / PAGE,
    content: state.content.find((run) => run.from <= from && from < run.to)?.stamp ?? null,
    present: within(state.present, from),
    pinned: within(state.pinned, from),
  }))
  return {
    kind: 'user-buffer',
    id: `buffer:${letter}`,
    title: `user buffer of ${letter}`,
    owner: letter,
    pages: state.length / PAGE,
    runs,
    iter: s.iters[letter]?.offset ?? null,
  }
}

const field = (name: string, value: number | string, bytes = false): RecordPicture['fields'][number] => ({
  name,
  value: String(value),
  gloss: bytes && typeof value === 'number' && value >= 1024 && size(value) !== String(value) ? size(value) : null,
})

function kiocb(s: BtrfsWorld, letter: Letter): RecordPicture | null {
  const iocb = s.kiocbs[letter]
  if (!iocb) return null
  const set = { IOCB_APPEND: iocb.append, IOCB_DIRECT: iocb.direct, IOCB_NOWAIT: iocb.nowait === true, IOCB_DSYNC: iocb.dsync === true }
  const flags = Object.entries(set).flatMap(([flag, on]) => (on ? [flag] : []))
  return {
    kind: 'record',
    id: `kiocb:${letter}`,
    title: `struct kiocb of ${letter}`,
    owner: letter,
    fields: [
      field('ki_pos', iocb.ki_pos, true),
      field('ki_flags', flags.join(' | ')),
      ...(iocb.ki_complete ? [field('ki_complete', iocb.ki_complete)] : []),
      field('iov_iter count', s.iters[letter]?.count ?? 0, true),
    ],
    gone: null,
  }
}

/** The request of an asynchronous read; what its completion event says once it is posted. */
function request(s: BtrfsWorld, letter: Letter): RecordPicture | null {
  const asked = s.requests[letter]
  if (!asked) return null
  return {
    kind: 'record',
    id: `request:${letter}`,
    title: `request of ${letter}`,
    owner: letter,
    fields: [
      field('expected', asked.expected, true),
      ...(asked.bytesDone > 0 ? [field('bytes_done', asked.bytesDone, true)] : []),
      field('cqe->res', asked.res ?? 'not posted', true),
    ],
    gone: null,
  }
}

function locks(s: BtrfsWorld): Locks {
  const rows = [
    { id: 'i_rwsem', name: 'inode lock', lock: s.locks.i_rwsem },
    { id: 'i_mmap_lock', name: 'i_mmap_lock', lock: s.locks.i_mmap_lock },
    { id: 'log_mutex', name: 'log_mutex', lock: s.locks.log_mutex },
  ]
  return {
    kind: 'locks',
    id: 'locks',
    title: 'locks',
    rows: [
      ...rows.map(({ id, name, lock }) => ({ id, name, mode: lock.mode, holders: lock.holders, range: null })),
      ...s.io_tree.locked.map((lock) => ({
        id: `io:${lock.by}:${lock.from}`,
        name: 'io_tree',
        mode: 'exclusive' as const,
        holders: [lock.by],
        range: lock.to > 1e15 ? `[${size(lock.from)}, end)` : range(lock.from, lock.to),
      })),
      ...s.mapping.locked.map((lock) => ({
        id: `page:${lock.by}:${lock.from}`,
        name: 'page lock',
        mode: 'exclusive' as const,
        holders: [lock.by],
        range: range(lock.from, lock.to),
      })),
      ...Object.entries(s.leafLocks).map(([leaf, by]) => ({
        id: `leaf:${leaf}`,
        name: `leaf ${leaf}`,
        mode: 'shared' as const,
        holders: [by],
        range: null,
      })),
    ],
  }
}

const console = (s: BtrfsWorld): Console => ({
  kind: 'console',
  id: 'console',
  title: 'console',
  lines: [
    ...Object.entries(s.calls).flatMap(([letter, call]) =>
      call.returned === null
        ? []
        : [
            {
              id: `call:${letter}`,
              text: `${letter}: ${call.text} = ${call.returned < 0 ? `-1 (errno ${-call.returned})` : call.returned}`,
              stream: 'shell' as const,
              level: call.returned < 0 ? ('error' as const) : ('info' as const),
            },
          ],
    ),
    ...s.printed.map(({ text, level }, i) => ({ id: `printed:${i}`, text, stream: 'shell' as const, level })),
    ...s.dmesg.map(({ text, level }, i) => ({ id: `dmesg:${i}`, text, stream: 'dmesg' as const, level })),
  ],
})
