/** Pictures of calls, their kiocbs and requests, open files, locks, the console, and the frame of a file's strip. */
import { range, size } from '../../base/range.ts'
import type { Letter } from '../../engine/view.ts'
import type { Console, ExtentStrip, Field, Lane, LockRow, Locks, Marker, RecordPicture } from '../../picture/picture.ts'
import { bytes, field } from '../lib/draw.ts'
import { errnoName } from '../lib/errno.ts'
import type { RangeLock, Rwsem } from '../lib/locks.ts'
import type { VfsWorld } from './world.ts'

/** The kiocb of a task's call, with how much of its iov_iter is left. */
export function drawKiocb(s: VfsWorld, letter: Letter): RecordPicture | null {
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
      bytes('ki_pos', iocb.ki_pos),
      field('ki_flags', flags.join(' | ')),
      ...(iocb.ki_complete ? [field('ki_complete', iocb.ki_complete)] : []),
      bytes('iov_iter count', s.iters[letter]?.count ?? 0),
    ],
    gone: null,
  }
}

/** The request of an asynchronous call; what its completion event says once it is posted. */
export function drawRequest(s: VfsWorld, letter: Letter): RecordPicture | null {
  const asked = s.requests[letter]
  if (!asked) return null
  return {
    kind: 'record',
    id: `request:${letter}`,
    title: `request of ${letter}`,
    owner: letter,
    fields: [
      bytes('expected', asked.expected),
      ...(asked.bytesDone > 0 ? [bytes('bytes_done', asked.bytesDone)] : []),
      asked.res === null ? field('cqe->res', 'not posted') : bytes('cqe->res', asked.res),
    ],
    gone: null,
  }
}

/** An open file. `more`: what the file system has put there. */
export const drawFile = (s: VfsWorld, name: string, more: readonly Field[] = []): RecordPicture => ({
  kind: 'record',
  id: `file:${name}`,
  title: `struct file of ${name}`,
  owner: null,
  fields: more.length > 0 ? more : [bytes('f_pos', s.files[name]?.f_pos ?? 0), field('f_pos_lock', s.files[name]?.f_pos_lock ?? 'free')],
  gone: null,
})

export const rwsemRow = (id: string, name: string, lock: Rwsem): LockRow => ({
  id,
  name,
  mode: lock.mode,
  holders: lock.holders,
  range: null,
})

/** Locked ranges; one that reaches past every file goes to the end. */
export const rangeRows = (id: string, name: string, locks: readonly RangeLock[]): LockRow[] =>
  locks.map(({ from, to, by }) => ({
    id: `${id}:${by}:${from}`,
    name,
    mode: 'exclusive',
    holders: [by],
    range: to > 1e15 ? `[${size(from)}, end)` : range(from, to),
  }))

/** The table of locks: the inode lock, then the file system's own. */
export const drawLocks = (s: VfsWorld, own: readonly LockRow[]): Locks => ({
  kind: 'locks',
  id: 'locks',
  title: 'locks',
  rows: [rwsemRow('i_rwsem', 'inode lock', s.locks.i_rwsem), ...own],
})

/** i_size and every ki_pos, which every file has; then the file system's own. */
export const markers = (s: VfsWorld, own: readonly Marker[] = []): Marker[] => [
  { id: 'i_size', name: 'i_size', at: s.inode.i_size, task: null },
  ...own,
  ...Object.entries(s.kiocbs).map(([letter, { ki_pos }]) => ({ id: `ki_pos:${letter}`, name: 'ki_pos', at: ki_pos, task: letter })),
]

/** A strip of the file: what begins on its axis is drawn. */
export const drawStrip = (
  strip: Pick<ExtentStrip, 'id' | 'title' | 'axis'>,
  lanes: readonly Lane[],
  marks: readonly Marker[],
): ExtentStrip => ({
  kind: 'extent-strip',
  ...strip,
  lanes: lanes.map((lane) => ({ ...lane, spans: lane.spans.filter((part) => part.from < strip.axis.to) })),
  markers: marks.filter((marker) => marker.at <= strip.axis.to),
})

const result = (returned: number): string => (returned < 0 ? `-1 ${errnoName(returned)}` : size(returned))

/** Results of calls, what reads found, what programs printed, and the kernel's log. */
export const drawConsole = (s: VfsWorld): Console => ({
  kind: 'console',
  id: 'console',
  title: 'console',
  lines: [
    ...Object.entries(s.calls).flatMap(([letter, { text, returned }]) =>
      returned === null
        ? []
        : [
            {
              id: `call:${letter}`,
              text: `${letter}: ${text} = ${result(returned)}`,
              stream: 'shell' as const,
              level: returned < 0 ? ('error' as const) : ('info' as const),
            },
          ],
    ),
    ...Object.entries(s.ops).flatMap(([id, op]) =>
      op.kind !== 'read' || op.returned === null
        ? []
        : [
            {
              id: `read:${id}`,
              text: `${op.task}: ${range(op.from, op.to)} read as ${op.value.map((run) => run.stamp.replace(/^0.*$/, 'zeros')).join(' ') || 'nothing'}`,
              stream: 'shell' as const,
              level: 'info' as const,
            },
          ],
    ),
    ...s.printed.map(({ text, level }, i) => ({ id: `printed:${i}`, text, stream: 'shell' as const, level })),
    ...s.dmesg.map(({ text, level }, i) => ({ id: `dmesg:${i}`, text, stream: 'dmesg' as const, level })),
  ],
})
