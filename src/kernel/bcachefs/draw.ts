/** Pictures of a bcachefs world. Everything drawn is read off the state; ids follow the thing, not its place. */
import { range, size } from '../../base/range.ts'
import type { Console, ExtentStrip, Lane, Locks, Picture, RecordPicture, Span, UserBuffer } from '../../picture/picture.ts'
import type { Letter } from '../../engine/view.ts'
import { PAGE } from '../mm/world.ts'
import { clip, gaps, valueOf } from '../lib/runs.ts'
import { visible } from './folios.ts'
import type { BcachefsWorld } from './world.ts'

export function draw(s: BcachefsWorld, axis: ExtentStrip['axis']): Picture[] {
  return [
    strip(s, axis),
    locks(s),
    ...Object.keys(s.buffers).flatMap((letter) => [writer(s, letter), buffer(s, letter)]),
    ...Object.keys(s.files).map((fd) => openFile(s, fd)),
    console(s),
  ]
}

const owner = (s: BcachefsWorld, stamp: string): Letter | null => (s.buffers[stamp] ? stamp : null)

function strip(s: BcachefsWorld, axis: ExtentStrip['axis']): ExtentStrip {
  const lanes: Lane[] = [
    { id: 'cache', title: 'page cache', spans: cacheSpans(s) },
    { id: 'folio-locks', title: 'locked folios', spans: lockedSpans(s) },
    { id: 'disk', title: 'on disk', spans: diskSpans(s) },
    { id: 'reads', title: 'what a read finds', spans: readSpans(s), history: true },
  ]
  const markers = [
    { id: 'i_size', name: 'i_size', at: s.inode.i_size, task: null },
    ...Object.entries(s.kiocbs).map(([letter, { ki_pos }]) => ({ id: `ki_pos:${letter}`, name: 'ki_pos', at: ki_pos, task: letter })),
  ]
  return {
    kind: 'extent-strip',
    id: 'strip:f',
    title: 'file f',
    axis,
    lanes: lanes.map((lane) => ({ ...lane, spans: lane.spans.filter((part) => part.from < axis.to) })),
    markers: markers.filter((marker) => marker.at <= axis.to),
  }
}

/** Folios that are not uptodate are there, but nobody may read them: they have no content to name. */
function cacheSpans(s: BcachefsWorld): Span[] {
  return s.mapping.runs.flatMap((run): Span[] => {
    const fresh = clip(s.fresh, run.from, run.to).map((part): Span => ({
      id: `n${part.from}`,
      from: part.from,
      to: part.to,
      fill: 'pending',
      label: 'new',
      task: null,
      note: 'new folios, not uptodate',
    }))
    const valid = gaps(s.fresh, run.from, run.to).map((part): Span => ({
      id: `c${part.from}`,
      from: part.from,
      to: part.to,
      fill: run.writeback ? 'writeback' : run.dirty ? 'dirty' : 'clean',
      label: valueOf(run.stamp),
      task: owner(s, run.stamp),
      note: run.dirty ? 'uptodate, dirty' : 'uptodate',
    }))
    return [...fresh, ...valid].sort((a, b) => a.from - b.from)
  })
}

const lockedSpans = (s: BcachefsWorld): Span[] =>
  s.mapping.locked.map(({ from, to, by }) => ({
    id: `l${by}${from}`,
    from,
    to,
    fill: 'locked',
    label: by,
    task: by,
    note: `${by} has the ${(to - from) / PAGE === 1 ? 'folio' : 'folios'} ${range(from, to)} locked`,
  }))

const diskSpans = (s: BcachefsWorld): Span[] =>
  s.btree.map(({ from, to, kind, stamp }) => ({
    id: `d${from}`,
    from,
    to,
    fill: kind === 'data' ? 'data' : 'unwritten',
    label: kind === 'data' ? stamp : 'reserved',
    task: owner(s, stamp),
    note: kind === 'data' ? null : 'preallocated, reads as zeros',
  }))

const readSpans = (s: BcachefsWorld): Span[] =>
  visible(s, 0, s.inode.i_size).map((run) => {
    const zeros = valueOf(run.stamp) === '0'
    return {
      id: `r${run.from}`,
      from: run.from,
      to: run.to,
      fill: zeros ? 'hole' : 'data',
      label: zeros ? 'zeros' : run.stamp,
      task: owner(s, run.stamp),
      note: null,
    }
  })

const field = (name: string, value: number | string, bytes = false): RecordPicture['fields'][number] => ({
  name,
  value: String(value),
  gloss: bytes && typeof value === 'number' && value >= 1024 && size(value) !== String(value) ? size(value) : null,
})

/** The locals of the write path. */
function writer(s: BcachefsWorld, letter: Letter): RecordPicture {
  const state = s.writers[letter]
  const base = { kind: 'record' as const, id: `writer:${letter}`, title: 'locals of bch2_buffered_write', owner: letter }
  if (!state) return { ...base, fields: [], gone: 'not called yet' }
  return {
    ...base,
    fields: [
      field('inode_locked', String(state.inode_locked)),
      field('pos', state.pos, true),
      field('written', state.written, true),
      field('written2', state.written2, true),
      state.last_folio_pos === null
        ? field('last_folio_pos', 'not set')
        : state.last_folio_pos < 0
          ? field('last_folio_pos', 'matches nothing')
          : field('last_folio_pos', state.last_folio_pos, true),
      field('iov_iter count', s.iters[letter]?.count ?? 0, true),
    ],
    gone: null,
  }
}

const openFile = (s: BcachefsWorld, fd: string): RecordPicture => ({
  kind: 'record',
  id: `file:${fd}`,
  title: `struct file of ${fd}`,
  owner: null,
  fields: [field('f_pos', s.files[fd]?.f_pos ?? 0, true), field('f_pos_lock', s.files[fd]?.lock ?? 'free')],
  gone: null,
})

function buffer(s: BcachefsWorld, letter: Letter): UserBuffer {
  const state = s.buffers[letter] ?? { length: 0, content: [], present: [], pinned: [] }
  const edges = [...new Set([0, state.length, ...[...state.content, ...state.present].flatMap((part) => [part.from, part.to])])].sort(
    (a, b) => a - b,
  )
  const covers = (parts: readonly { from: number; to: number }[], at: number): boolean =>
    parts.some((part) => part.from <= at && at < part.to)
  return {
    kind: 'user-buffer',
    id: `buffer:${letter}`,
    title: `user buffer of ${letter}`,
    owner: letter,
    pages: Math.ceil(state.length / PAGE),
    runs: edges.slice(0, -1).map((from, i) => ({
      id: `p${from}`,
      firstPage: from / PAGE,
      pages: ((edges[i + 1] ?? from) - from) / PAGE,
      content: state.content.find((run) => run.from <= from && from < run.to)?.stamp ?? null,
      present: covers(state.present, from),
      pinned: false,
    })),
    iter: s.iters[letter]?.offset ?? null,
  }
}

function locks(s: BcachefsWorld): Locks {
  const { i_rwsem } = s.locks
  return {
    kind: 'locks',
    id: 'locks',
    title: 'locks',
    rows: [
      { id: 'i_rwsem', name: 'inode lock', mode: i_rwsem.mode, holders: i_rwsem.holders, range: null },
      {
        id: 'pcl',
        name: s.pcl.mode === 'free' ? 'pagecache lock' : `pagecache lock (${s.pcl.mode})`,
        // Its states exclude each other; within one of them any number may hold it.
        mode: s.pcl.mode === 'free' ? 'free' : 'shared',
        holders: s.pcl.holders,
        range: null,
      },
      ...s.mapping.locked.map(({ from, to, by }) => ({
        id: `folio:${by}:${from}`,
        name: 'folio lock',
        mode: 'exclusive' as const,
        holders: [by],
        range: range(from, to),
      })),
    ],
  }
}

const console = (s: BcachefsWorld): Console => ({
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
    ...Object.entries(s.ops).flatMap(([id, op]) =>
      op.kind !== 'read' || op.returned === null
        ? []
        : [
            {
              id: `read:${id}`,
              text: `${op.task}: ${range(op.from, op.to)} read as ${op.value.map((run) => valueOf(run.stamp).replace(/^0$/, 'zeros')).join(' ') || 'nothing'}`,
              stream: 'shell' as const,
              level: 'info' as const,
            },
          ],
    ),
    ...s.dmesg.map(({ text, level }, i) => ({ id: `dmesg:${i}`, text, stream: 'dmesg' as const, level })),
  ],
})
