/**
 * Listings as tools print them, row by row, and what mail does to them. The printers know nothing of the parsers; the formats are those of
 * e2fsprogs, xfsprogs and btrfs-progs.
 */
import fc from 'fast-check'
import { readPaste } from '../paste/document.ts'
import { flagNames } from '../paste/flags.ts'
import type { Kind } from '../paste/layout.ts'

const BLOCK = 4096

/** Blocks of a file; `bits` are FIEMAP's. */
export interface Extent {
  readonly from: number
  readonly to: number
  readonly disk: number
  readonly bits: number
}

/** What one row of a listing says, in bytes. */
export interface PrintedRow {
  readonly lines: readonly string[]
  readonly from: number
  readonly to: number
  readonly kind: Kind
  readonly disk: number | null
}

export interface PrintedListing {
  readonly head: readonly string[]
  readonly rows: readonly PrintedRow[]
  readonly tail: readonly string[]
  /** The size that the head tells. */
  readonly size: number | null
}

export const linesOf = ({ head, rows, tail }: PrintedListing): string[] => [...head, ...rows.flatMap(({ lines }) => lines), ...tail]

const LAST = 0x1
const DELALLOC = 0x4
const UNKNOWN = 0x2
const UNWRITTEN = 0x800
const SHARED = 0x2000

/** A layout: extents in order, some with a gap before them, the last one marked so. */
export const layouts = fc
  .array(
    fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 300 }), fc.nat(9_000_000), fc.constantFrom(0, DELALLOC | UNKNOWN, UNWRITTEN, SHARED)),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => {
    let at = 0
    return parts.map(([gap, length, disk, bits], i): Extent => {
      const from = at + (gap > 20 ? gap : 0)
      at = from + length
      return { from, to: at, disk: bits & DELALLOC ? 0 : disk, bits: bits | (i === parts.length - 1 ? LAST : 0) }
    })
  })

/** A tree knows neither delayed allocation nor an extent at byte 0. */
export const placed = (extents: readonly Extent[]): Extent[] => extents.map((e) => ({ ...e, disk: e.disk + 1, bits: e.bits & UNWRITTEN }))

const pad = (value: number | string, width: number): string => String(value).padStart(width)

const rowOf = ({ from, to, disk, bits }: Extent, lines: readonly string[]): PrintedRow => {
  const kind = bits & DELALLOC ? 'delalloc' : bits & UNWRITTEN ? 'unwritten' : 'data'
  return { lines, from: from * BLOCK, to: to * BLOCK, kind, disk: bits & DELALLOC ? null : disk * BLOCK }
}

/** The extents with the holes between them, which some tools print as rows. */
function withHoles(extents: readonly Extent[], row: (extent: Extent, isHole: boolean, index: number) => string): PrintedRow[] {
  const rows: PrintedRow[] = []
  let at = 0
  for (const extent of extents) {
    const hole: Extent = { from: at, to: extent.from, disk: 0, bits: 0 }
    if (hole.from < hole.to) rows.push({ ...rowOf(hole, [row(hole, true, rows.length)]), kind: 'hole', disk: null })
    rows.push(rowOf(extent, [row(extent, false, rows.length)]))
    at = extent.to
  }
  return rows
}

/** misc/filefrag.c: the widths are those of ext_fmt. `unit`: 4096, or what -b and -k ask for. */
export function filefrag(extents: readonly Extent[], blocks: number, unit = BLOCK): PrintedListing {
  const per = BLOCK / unit
  const rows = extents.map((extent, i) => {
    const { from, to, disk, bits } = extent
    const words = [...flagNames(bits), ...(bits & LAST ? ['eof'] : [])].join(',')
    const range = (a: number, b: number, width: number): string => `${pad(a * per, width)}..${pad(b * per - 1, width)}`
    const line = `${pad(i, 4)}: ${range(from, to, 8)}: ${range(disk, disk + to - from, 10)}: ${pad((to - from) * per, 6)}: ${pad('', 10)}  ${words}`
    return rowOf(extent, [line])
  })
  const head = [
    'Filesystem type is: 9123683e',
    `File size of /mnt/f is ${blocks * BLOCK} (${blocks * per} blocks of ${unit} bytes)`,
    ' ext:     logical_offset:        physical_offset: length:   expected: flags:',
  ]
  return { head, rows, tail: [`/mnt/f: ${rows.length} extents found`], size: blocks * BLOCK }
}

/** io/fiemap.c: gaps are rows of their own; blocks have 512 bytes. */
export function fiemap(extents: readonly Extent[]): PrintedListing {
  const rows = withHoles(extents, ({ from, to, disk, bits }, isHole, i) => {
    const where = isHole ? 'hole' : `${disk * 8}..${(disk + to - from) * 8 - 1}`
    const flags = isHole ? '' : `0x${bits.toString(16)}`
    const range = `[${from * 8}..${to * 8 - 1}]:`.padEnd(16)
    return `${pad(i, 4)}: ${range} ${where.padEnd(16)} ${pad((to - from) * 8, 5)} ${flags && pad(flags, 5)}`.trimEnd()
  })
  return { head: ['/mnt/f:', ' EXT: FILE-OFFSET      BLOCK-RANGE      TOTAL FLAGS'], rows, tail: [], size: null }
}

/** io/bmap.c: no flag says which row is the last, delayed allocation has no flags. */
export function bmap(extents: readonly Extent[]): PrintedListing {
  const rows = withHoles(extents, ({ from, to, disk, bits }, isHole, i) => {
    const head = `${pad(i, 4)}: ${`[${from * 8}..${to * 8 - 1}]:`.padEnd(19)}`
    if (isHole || bits & DELALLOC) return `${head} ${(isHole ? 'hole' : 'delalloc').padEnd(40)}${(to - from) * 8}`
    const range = `${disk * 8}..${(disk + to - from) * 8 - 1}`
    const octal = (bits & SHARED ? 0o100000 : 0) | (bits & UNWRITTEN ? 0o10000 : 0)
    return `${head} ${range.padEnd(20)} 0 (${range})${pad((to - from) * 8, 8)} ${octal.toString(8).padStart(6, '0')}`
  })
  const head = ['/mnt/f:', ' EXT: FILE-OFFSET         BLOCK-RANGE           AG AG-OFFSET            TOTAL FLAGS']
  return { head, rows, tail: [], size: null }
}

/** print-tree.c of btrfs-progs; what is not allocated yet is in no tree. */
export function dumpTree(extents: readonly Extent[], blocks: number): PrintedListing {
  const rows = extents.map((extent, i) => {
    const { from, to, disk, bits } = extent
    const [nr, name] = [(to - from) * BLOCK, bits & UNWRITTEN ? 'prealloc' : 'extent']
    return rowOf(extent, [
      `\titem ${i + 1} key (257 EXTENT_DATA ${from * BLOCK}) itemoff ${16070 - 53 * i} itemsize 53`,
      `\t\tgeneration 9 type ${bits & UNWRITTEN ? '2 (prealloc)' : '1 (regular)'}`,
      `\t\t${name} data disk byte ${disk * BLOCK} nr ${nr}`,
      `\t\t${name} data offset 0 nr ${nr}${bits & UNWRITTEN ? '' : ` ram ${nr}`}`,
      ...(bits & UNWRITTEN ? [] : ['\t\textent compression 0 (none)']),
    ])
  })
  const head = [
    `leaf 30408704 items ${rows.length + 1} free space 15000 generation 9 owner FS_TREE`,
    '\titem 0 key (257 INODE_ITEM 0) itemoff 16123 itemsize 160',
    `\t\tgeneration 7 transid 9 size ${blocks * BLOCK} nbytes 0`,
  ]
  return { head, rows, tail: [], size: blocks * BLOCK }
}

/** What a layout is, whatever the format: ranges, kinds and places. */
export function plainLayout(text: string): unknown {
  const document = readPaste(text)
  if (!('files' in document)) return document.format
  return document.files.map(({ runs, holes, overlaps, partial, problems = [] }) => ({
    runs: runs.map(({ from, to, kind, disk }) => [from, to, kind, disk]),
    holes,
    overlaps,
    partial,
    problems,
  }))
}

/** The same worked out from the rows that are there: what lies between two of them is a hole, and unknown where rows were left out. */
export function said(
  { rows, size }: PrintedListing,
  isKept: (row: PrintedRow, i: number) => boolean = () => true,
  showsEnd = true,
): unknown {
  const runs: (readonly [from: number, to: number, kind: Kind, disk: number | null])[] = []
  let at = 0
  let leftOut = false
  const gap = (to: number): void => {
    if (to > at) runs.push([at, to, leftOut ? 'unknown' : 'hole', null])
  }
  rows.forEach((row, i) => {
    if (!isKept(row, i)) return void (leftOut = true)
    gap(row.from)
    runs.push([row.from, row.to, row.kind, row.disk])
    at = row.to
    leftOut = false
  })
  leftOut &&= showsEnd
  if (size !== null) gap(size)
  const holes = runs.flatMap(([from, to, kind]) => (kind === 'hole' ? [[from, to]] : []))
  const partial = leftOut || rows.some((row, i) => !isKept(row, i) && rows.slice(i).some((later, j) => isKept(later, i + j)))
  return [{ runs, holes, overlaps: [], partial, problems: [] }]
}

type Damaging = (lines: string[]) => string[]

/** Breaks long lines at the last blank that fits, as mailers do: the rest begins in the first column. */
const wrapped =
  (width: number): Damaging =>
  (lines) =>
    lines.flatMap((line) => {
      const at = line.trimEnd().lastIndexOf(' ', width)
      return line.trimEnd().length <= width || line.slice(0, Math.max(0, at)).replace(/[>\s]/g, '') === ''
        ? [line]
        : [line.slice(0, at), line.slice(at + 1).trimStart()]
    })
const quoted =
  (mark: string): Damaging =>
  (lines) =>
    lines.map((line) => `${mark}${line}`)
/** RFC 2045: at most 76 characters a line, `=` escaped, and blanks at a line's end. */
const printable: Damaging = (lines) =>
  lines.flatMap((line) => {
    const escaped = [...line.replace(/\s$/, '~')].map((letter) =>
      letter === '=' ? '=3D' : letter === '~' ? '=20' : letter === '\u00a0' ? '=C2=A0' : letter,
    )
    const out = ['']
    for (const letter of escaped) {
      if ((out.at(-1) ?? '').length + letter.length > 75) {
        out[out.length - 1] += '='
        out.push('')
      }
      out[out.length - 1] += letter
    }
    return out
  })

export const remarked: Damaging = (lines) => lines.map((line, i) => (i === 3 ? `${line}   <<< this one` : line))

const damages: readonly Damaging[] = [
  quoted('> '),
  quoted('>'),
  quoted('> > > '),
  quoted(' >> '),
  quoted('>>> '),
  quoted('    '),
  (lines) => lines.map((line) => line.replace(/ /g, '\u00a0')),
  (lines) => lines.map((line) => line.trimStart()),
  (lines) => lines.map((line) => line.trimEnd()),
  // Copied from a terminal or a page: each run of blanks is one blank, or a tab.
  (lines) => lines.map((line) => line.replace(/ {2,}/g, ' ')),
  (lines) => lines.map((line) => line.replace(/ {2,}/g, '\t')),
  (lines) => lines.map((line) => `${line}  `),
  (lines) => ['So this is what I see, once = and twice == :', '', ...lines, '', 'Is that meant?'],
  (lines) => ['root@box:~# cat listing', ...lines, 'root@box:~#'],
]

/** Some of these in some order, the lines broken before or after them, then perhaps the encoding, which is always the last that is done. */
export const damage = fc
  .tuple(
    fc.shuffledSubarray([...damages], { maxLength: 3 }),
    fc.constantFrom(null, 60, 64, 72, 78),
    fc.boolean(),
    fc.boolean(),
    fc.constantFrom('\n', '\r\n', '\r\r\n'),
  )
  .map(([some, width, wrapsLast, encoded, end]) => (lines: string[]): string => {
    const wraps = width === null ? [] : [wrapped(width)]
    const steps = [...(wrapsLast ? [] : wraps), ...some, ...(wrapsLast ? wraps : []), ...(encoded ? [printable] : [])]
    return steps.reduce((text, step) => step(text), lines).join(end)
  })
