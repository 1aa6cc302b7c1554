/** Pictures to look at: a few states of known situations, and the corner cases of each lens. Nothing here is computed by a model. */
import { K, M } from '../../base/range.ts'
import type {
  Console,
  ExtentStrip,
  Gauge,
  Lane,
  Locks,
  Marker,
  Note,
  Picture,
  RecordPicture,
  Span,
  TreeLeaf,
  UserBuffer,
} from '../../picture/picture.ts'

export const span = (id: string, from: number, to: number, fill: Span['fill'], label: string | null, more: Partial<Span> = {}): Span => ({
  id,
  from,
  to,
  fill,
  label,
  task: null,
  note: null,
  ...more,
})
const lane = (id: string, title: string, ...spans: Span[]): Lane => ({ id, title, spans, history: id === 'items' || id === 'log' })
const marker = (name: string, at: number, task: string | null = null): Marker => ({ id: `${task ?? ''}${name}`, name, at, task })

const fsyncAxis = { from: 0, to: M, focus: { from: 640 * K, to: 768 * K } }
const wholeE = span('E', 640 * K, 768 * K, 'data', 'E', { note: 'disk 13631488, offset 0' })
const shortE = span('E', 640 * K, 764 * K, 'data', 'E', { note: 'disk 13631488, offset 0' })
const Z = span('Z', 764 * K, 768 * K, 'data', 'Z', { task: 'a', note: 'disk 14680064, offset 0' })
const holeBefore = span('h0', 0, 640 * K, 'hole', null)
const holeAfter = span('h1', 768 * K, M, 'hole', null)

const fsync = (cache: Span[], ordered: Span[], items: Span[], log: Span[]): ExtentStrip => ({
  kind: 'extent-strip',
  id: 'strip:257',
  title: 'inode 257',
  axis: fsyncAxis,
  lanes: [
    lane('cache', 'page cache', ...cache),
    lane('ordered', 'ordered extents', ...ordered),
    lane('items', 'subvolume items', holeBefore, ...items, holeAfter),
    lane('log', 'log items', ...log),
    lane('crash', 'after a crash now', span('c', 0, M, 'hole', null)),
  ],
  markers: [marker('i_size', M), marker('disk_i_size', M)],
})

/** fsync against an mmap store: state by state. */
export const fsyncStrips: readonly ExtentStrip[] = [
  fsync([span('pE', 640 * K, 768 * K, 'clean', 'E')], [], [wholeE], []),
  fsync([span('pE', 640 * K, 768 * K, 'clean', 'E')], [], [wholeE], [{ ...wholeE, id: 'lE' }]),
  fsync(
    [span('pE', 640 * K, 764 * K, 'clean', 'E'), span('pZ', 764 * K, 768 * K, 'dirty', 'Z', { task: 'B' })],
    [],
    [wholeE],
    [{ ...wholeE, id: 'lE' }],
  ),
  fsync(
    [span('pE', 640 * K, 764 * K, 'clean', 'E'), span('pZ', 764 * K, 768 * K, 'writeback', 'Z', { task: 'B' })],
    [span('oZ', 764 * K, 768 * K, 'pending', 'Z', { task: 'a' })],
    [wholeE],
    [{ ...wholeE, id: 'lE' }],
  ),
  fsync(
    [span('pE', 640 * K, 764 * K, 'clean', 'E'), span('pZ', 764 * K, 768 * K, 'clean', 'Z', { task: 'B' })],
    [],
    [shortE, Z],
    [{ ...wholeE, id: 'lE' }],
  ),
  fsync(
    [span('pE', 640 * K, 764 * K, 'clean', 'E'), span('pZ', 764 * K, 768 * K, 'clean', 'Z', { task: 'B' })],
    [],
    [shortE, Z],
    [
      { ...wholeE, id: 'lE', damaged: true },
      { ...Z, id: 'lZ', damaged: true },
    ],
  ),
]

const append = (items: Span[], ordered: Span[], iSize: number, disk: number, pos: number, locked: Span[] = []): ExtentStrip => ({
  kind: 'extent-strip',
  id: 'strip:257',
  title: 'inode 257',
  axis: { from: 0, to: 128 * K },
  lanes: [
    lane('ordered', 'ordered extents', ...ordered),
    lane('locks', 'io_tree', ...locked),
    lane('items', 'file extent items', ...items),
    lane('reads', 'what the user reads', ...items),
  ],
  markers: [marker('i_size', iSize), marker('disk_i_size', disk), marker('ki_pos', pos, 'A')],
})

/** O_APPEND direct write from a buffer that is not resident. */
export const appendStrips: readonly ExtentStrip[] = [
  append([], [], 0, 0, 0),
  append([], [span('o1', 0, 64 * K, 'pending', 'A', { task: 'A' })], 64 * K, 0, 0, [span('x', 0, 64 * K, 'locked', null, { task: 'A' })]),
  append([], [span('o1', 0, 64 * K, 'failed', 'A', { task: 'A' })], 64 * K, 0, 0),
  append([], [span('o2', 64 * K, 128 * K, 'pending', 'A', { task: 'A' })], 128 * K, 0, 64 * K),
  append(
    [span('hole', 0, 64 * K, 'hole', null, { damaged: true }), span('D', 64 * K, 128 * K, 'data', 'A', { task: 'A' })],
    [],
    128 * K,
    128 * K,
    128 * K,
  ),
]

/** Every fill, narrow and wide, with crowded markers and an overlap that is no damage. */
export const everyFill: ExtentStrip = {
  kind: 'extent-strip',
  id: 'strip:all',
  title: 'every fill, crowded',
  axis: { from: 0, to: 256 * K },
  lanes: [
    lane(
      'a',
      'page cache',
      span('1', 0, 48 * K, 'dirty', 'B', { task: 'B' }),
      span('2', 48 * K, 96 * K, 'writeback', 'A', { task: 'A' }),
      span('3', 96 * K, 160 * K, 'clean', 'X'),
      span('3b', 160 * K, 164 * K, 'dirty', 'Q', { task: 'C' }),
      span('3c', 164 * K, 168 * K, 'clean', 'R'),
    ),
    lane(
      'b',
      'ordered extents',
      span('4', 0, 64 * K, 'pending', 'E', { task: 'A' }),
      span('5', 64 * K, 128 * K, 'failed', 'F', { task: 'B' }),
      span('6', 100 * K, 220 * K, 'locked', null, { task: 'D' }),
    ),
    lane(
      'c',
      'items in the subvolume tree',
      span('7', 0, 64 * K, 'data', 'X', { task: 'a' }),
      span('8', 64 * K, 128 * K, 'unwritten', null),
      span('9', 128 * K, 132 * K, 'hole', null),
      span('10', 132 * K, 256 * K, 'data', 'Y', { task: 'b' }),
    ),
    lane(
      'd',
      'overlaps',
      span('11', 0, 128 * K, 'data', 'X'),
      span('12', 64 * K, 192 * K, 'data', 'Y', { task: 'C' }),
      span('13', 96 * K, 112 * K, 'data', 'W', { task: 'D' }),
    ),
    lane(
      'e',
      'lost bytes',
      span('14', 0, 96 * K, 'data', 'Y', { damaged: true }),
      span('15', 96 * K, 192 * K, 'hole', null, { damaged: true }),
      span('16', 200 * K, 204 * K, 'hole', null, { damaged: true }),
    ),
  ],
  markers: [marker('i_size', 130 * K), marker('disk_i_size', 128 * K), marker('ki_pos', 256 * K, 'A'), marker('ki_pos', 132 * K, 'B')],
}

const leaf = (
  id: string,
  title: string,
  locked: string | null,
  ...items: [string, string, string | null, boolean?][]
): TreeLeaf['leaves'][number] => ({
  id,
  title,
  locked,
  items: items.map(([key, payload, covers, damaged]) => ({ id: `${id}${key}`, key, payload, covers, ...(damaged ? { damaged } : {}) })),
})

const subvolume = leaf(
  'N',
  'leaf N, generation 8',
  'A',
  ['(257 INODE_ITEM 0)', 'size 1M, transid 8', null],
  ['(257 EXTENT_DATA 655360)', 'E, offset 0, length 128K', '[640K, 768K)'],
)
export const leavesBefore: TreeLeaf = {
  kind: 'tree-leaf',
  id: 'leaf',
  title: 'subvolume tree 5',
  leaves: [subvolume],
  cursor: { name: 'min_key', key: '(257 EXTENT_DATA 0)', before: 'N(257 EXTENT_DATA 655360)', task: 'A' },
}
export const leavesAfter: TreeLeaf = {
  ...leavesBefore,
  leaves: [
    leaf(
      'N',
      'leaf N, generation 8',
      null,
      ['(257 INODE_ITEM 0)', 'size 1M, transid 8', null],
      ['(257 EXTENT_DATA 655360)', 'E, offset 0, length 124K', '[640K, 764K)'],
      ['(257 EXTENT_DATA 782336)', 'Z, offset 0, length 4K', '[764K, 768K)'],
    ),
  ],
  cursor: { name: 'min_key', key: '(257 EXTENT_DATA 655361)', before: 'N(257 EXTENT_DATA 782336)', task: 'A' },
}
export const logLeaf: TreeLeaf = {
  kind: 'tree-leaf',
  id: 'log',
  title: 'log tree of subvolume 5',
  leaves: [
    leaf(
      'L',
      'leaf 30621696, generation 8',
      null,
      ['(257 INODE_ITEM 0)', 'size 1M, transid 8', null],
      ['(257 INODE_REF 256)', 'name', null],
      ['(257 EXTENT_DATA 655360)', 'E, offset 0, length 128K', '[640K, 768K)', true],
      ['(257 EXTENT_DATA 782336)', 'Z, offset 0, length 4K', '[764K, 768K)', true],
    ),
  ],
  cursor: null,
}
export const cursorAtEnd: TreeLeaf = {
  ...leavesAfter,
  id: 'leaf-end',
  title: 'cursor at the end, two leaves',
  leaves: [...leavesAfter.leaves, leaf('M', 'leaf M, generation 7', 'a', ['(258 INODE_ITEM 0)', 'size 0, transid 7', null])],
  cursor: { name: 'min_key', key: '(258 INODE_REF 0)', before: null, task: 'A' },
}

const iocb = (pos: string, error: string): RecordPicture => ({
  kind: 'record',
  id: 'kiocb',
  title: 'struct kiocb',
  owner: 'A',
  gone: null,
  fields: [
    { name: 'ki_pos', value: pos },
    { name: 'ki_flags', value: 'IOCB_APPEND | IOCB_DIRECT | IOCB_WRITE' },
    { name: 'ret', value: error },
  ],
})
export const recordBefore = iocb('0', '0')
export const recordAfter = iocb('64K', '-EFAULT')
export const recordGone: RecordPicture = { ...iocb('64K', '0'), id: 'dio', title: 'struct iomap_dio', gone: 'freed by A' }

export const gaugeBefore: Gauge = {
  kind: 'gauge',
  id: 'ref',
  title: 'dio->ref',
  value: 1,
  max: 3,
  holders: [{ id: 's', who: 'A', what: 'submitter' }],
}
export const gaugeAfter: Gauge = {
  ...gaugeBefore,
  value: 2,
  holders: [...gaugeBefore.holders, { id: 'b1', who: 'a', what: 'bio [0, 64K)' }],
}
export const gaugeSick: Gauge = { ...gaugeBefore, id: 'ref-sick', title: 'dio->ref below zero', value: -1, holders: [], damaged: true }

const buffer = (runs: UserBuffer['runs'], iter: number | null): UserBuffer => ({
  kind: 'user-buffer',
  id: 'buf',
  title: 'user buffer, 16 pages',
  owner: 'A',
  pages: 16,
  runs,
  iter,
})
export const bufferBefore = buffer(
  [
    { id: 'r0', firstPage: 0, pages: 4, content: 'A', present: true, pinned: false },
    { id: 'r1', firstPage: 4, pages: 12, content: null, present: false, pinned: false },
  ],
  0,
)
export const bufferAfter = buffer(
  [
    { id: 'r0', firstPage: 0, pages: 4, content: 'A', present: true, pinned: true },
    { id: 'r1', firstPage: 4, pages: 8, content: '0', present: true, pinned: false },
    { id: 'r2', firstPage: 12, pages: 4, content: 'A', present: false, pinned: false },
  ],
  16 * K,
)

export const locksBefore: Locks = {
  kind: 'locks',
  id: 'locks',
  title: 'locks',
  rows: [
    { id: 'i', name: 'inode lock', mode: 'exclusive', holders: ['A'], range: null },
    { id: 'm', name: 'i_mmap_lock', mode: 'free', holders: [], range: null },
    { id: 'x', name: 'io_tree', mode: 'exclusive', holders: ['B'], range: '[764K, 768K)' },
  ],
}
export const locksAfter: Locks = {
  ...locksBefore,
  rows: [
    { id: 'i', name: 'inode lock', mode: 'shared', holders: ['A', 'C'], range: null },
    { id: 'm', name: 'i_mmap_lock', mode: 'exclusive', holders: ['A'], range: null },
  ],
}

const logLine = (id: string, text: string, level: 'info' | 'warning' | 'error' = 'info', stream: 'dmesg' | 'shell' = 'dmesg') => ({
  id,
  text,
  level,
  stream,
})
export const consoleBefore: Console = {
  kind: 'console',
  id: 'console',
  title: 'console',
  lines: [logLine('1', '$ ./store-and-fsync', 'info', 'shell')],
}
export const consoleAfter: Console = {
  ...consoleBefore,
  lines: [
    ...consoleBefore.lines,
    logLine(
      '2',
      'BTRFS critical (device sdb): corrupt leaf: root=18446744073709551610 block=30621696 slot=2 ino=257 file_offset=655360, file extent end range (786432) goes beyond start offset (782336) of the next file extent',
      'error',
    ),
    logLine('3', 'BTRFS info (device sdb): leaf 30621696 gen 8 total ptrs 4 free space 15799 owner 18446744073709551610', 'info'),
    logLine('4', 'BTRFS: error (device sdb) in btrfs_sync_log:3136: errno=-5 IO failure', 'error'),
    logLine('5', 'fsync: Input/output error', 'info', 'shell'),
  ],
}

export const note: Note = {
  kind: 'note',
  id: 'note',
  title: 'A note',
  text: 'The log describes a file that never existed: the store is in it, the state before the store is not.',
}

/** Pairs to show: a heading, the picture, the one before. */
export const pairs: readonly { readonly says: string; readonly now: Picture; readonly before: Picture | null }[] = [
  { says: 'tree leaf: cursor between items, changed', now: leavesAfter, before: leavesBefore },
  { says: 'tree leaf: damaged items', now: logLeaf, before: null },
  { says: 'tree leaf: cursor at the end', now: cursorAtEnd, before: null },
  { says: 'record: changed', now: recordAfter, before: recordBefore },
  { says: 'record: freed', now: recordGone, before: { ...recordGone, gone: null } },
  { says: 'gauge: raised', now: gaugeAfter, before: gaugeBefore },
  { says: 'gauge: dropped', now: gaugeBefore, before: gaugeAfter },
  { says: 'gauge: damaged', now: gaugeSick, before: gaugeBefore },
  { says: 'user buffer: at first', now: bufferBefore, before: null },
  { says: 'user buffer: faulted in', now: bufferAfter, before: bufferBefore },
  { says: 'locks: changed, with waiters', now: locksAfter, before: locksBefore },
  { says: 'console: new lines', now: consoleAfter, before: consoleBefore },
  { says: 'console: empty', now: { ...consoleBefore, id: 'empty', lines: [] }, before: null },
  { says: 'note', now: note, before: null },
]
