/**
 * What mail does to a listing does not change what it says: a random layout is printed as each tool prints it, damaged, and read back.
 * The printers here know nothing of the parsers; the formats are those of e2fsprogs, xfsprogs and btrfs-progs.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../base/assert.ts'
import { readPaste } from './document.ts'
import { flagNames } from './flags.ts'

const long = process.env['LONG'] === '1'
const BLOCK = 4096

/** Blocks of a file; `bits` are FIEMAP's. */
interface Extent {
  readonly from: number
  readonly to: number
  readonly disk: number
  readonly bits: number
}

const [LAST, UNKNOWN, DELALLOC, INLINE, UNWRITTEN, SHARED] = [0x1, 0x2, 0x4, 0x200, 0x800, 0x2000]

/** A layout: extents in order, some with a gap before them, the last one marked so. */
const layouts = fc
  .array(
    fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 300 }), fc.nat(9_000_000), fc.constantFrom(0, DELALLOC | UNKNOWN, UNWRITTEN, SHARED)),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((parts) => {
    let at = 0
    return parts.map(([gap, length, disk, bits], i): Extent => {
      const from = at + (gap > 20 ? gap : 0)
      at = from + length
      return { from, to: at, disk: bits & DELALLOC ? 0 : disk, bits: bits | (i === parts.length - 1 ? LAST : 0) }
    })
  })

const pad = (value: number | string, width: number): string => String(value).padStart(width)

/** misc/filefrag.c: the widths are those of ext_fmt. */
function filefrag(extents: readonly Extent[], blocks: number): string[] {
  const rows = extents.map(({ from, to, disk, bits }, i) => {
    const words = [...flagNames(bits), ...(bits & LAST ? ['eof'] : [])].join(',')
    return `${pad(i, 4)}: ${pad(from, 8)}..${pad(to - 1, 8)}: ${pad(disk, 10)}..${pad(disk + to - from - 1, 10)}: ${pad(to - from, 6)}: ${pad('', 10)}  ${words}`
  })
  return [
    'Filesystem type is: 9123683e',
    `File size of /mnt/f is ${blocks * BLOCK} (${blocks} blocks of ${BLOCK} bytes)`,
    ' ext:     logical_offset:        physical_offset: length:   expected: flags:',
    ...rows,
    `/mnt/f: ${rows.length} extents found`,
  ]
}

/** io/fiemap.c: gaps are rows of their own; blocks have 512 bytes. */
function fiemap(extents: readonly Extent[]): string[] {
  const rows: string[] = []
  let at = 0
  const row = (from: number, to: number, where: string, flags: string): void => {
    const total = (to - from) * 8
    rows.push(
      `${pad(rows.length, 4)}: ${`[${from * 8}..${to * 8 - 1}]:`.padEnd(16)} ${where.padEnd(16)} ${pad(total, 5)} ${flags && pad(flags, 5)}`.trimEnd(),
    )
  }
  for (const { from, to, disk, bits } of extents) {
    if (from > at) row(at, from, 'hole', '')
    row(from, to, `${disk * 8}..${(disk + to - from) * 8 - 1}`, `0x${bits.toString(16)}`)
    at = to
  }
  return ['/mnt/f:', ' EXT: FILE-OFFSET      BLOCK-RANGE      TOTAL FLAGS', ...rows]
}

/** io/bmap.c: no flag says which row is the last, delayed allocation has no flags. */
function bmap(extents: readonly Extent[]): string[] {
  const rows: string[] = []
  let at = 0
  for (const { from, to, disk, bits } of extents) {
    const head = (a: number, b: number): string => `${pad(rows.length, 4)}: ${`[${a * 8}..${b * 8 - 1}]:`.padEnd(19)}`
    if (from > at) rows.push(`${head(at, from)} ${'hole'.padEnd(40)}${(from - at) * 8}`)
    const range = `${disk * 8}..${(disk + to - from) * 8 - 1}`
    const octal = (bits & SHARED ? 0o100000 : 0) | (bits & UNWRITTEN ? 0o10000 : 0)
    if (bits & DELALLOC) rows.push(`${head(from, to)} ${'delalloc'.padEnd(40)}${(to - from) * 8}`)
    else rows.push(`${head(from, to)} ${range.padEnd(20)} 0 (${range})${pad((to - from) * 8, 8)} ${octal.toString(8).padStart(6, '0')}`)
    at = to
  }
  return ['/mnt/f:', ' EXT: FILE-OFFSET         BLOCK-RANGE           AG AG-OFFSET            TOTAL FLAGS', ...rows]
}

/** print-tree.c of btrfs-progs; what is not allocated yet is in no tree. */
function dumpTree(extents: readonly Extent[], blocks: number): string[] {
  const inode = [`\titem 0 key (257 INODE_ITEM 0) itemoff 16123 itemsize 160`, `\t\tgeneration 7 transid 9 size ${blocks * BLOCK} nbytes 0`]
  const items = extents.flatMap(({ from, to, disk, bits }, i) => {
    const [nr, name] = [(to - from) * BLOCK, bits & UNWRITTEN ? 'prealloc' : 'extent']
    return [
      `\titem ${i + 1} key (257 EXTENT_DATA ${from * BLOCK}) itemoff ${16070 - 53 * i} itemsize 53`,
      `\t\tgeneration 9 type ${bits & UNWRITTEN ? '2 (prealloc)' : '1 (regular)'}`,
      `\t\t${name} data disk byte ${disk * BLOCK} nr ${nr}`,
      `\t\t${name} data offset 0 nr ${nr}${bits & UNWRITTEN ? '' : ` ram ${nr}`}`,
      ...(bits & UNWRITTEN ? [] : ['\t\textent compression 0 (none)']),
    ]
  })
  return ['leaf 30408704 items 9 free space 15000 generation 9 owner FS_TREE', ...inode, ...items]
}

/** What a layout is, whatever the format: ranges, kinds and places. */
function plainLayout(text: string): unknown {
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

/** The same worked out from the extents. */
function expected(extents: readonly Extent[], blocks: number | null): unknown {
  const runs: (readonly [number, number, string, number | null])[] = []
  let at = 0
  const gap = (to: number): void => {
    if (to > at) runs.push([at * BLOCK, to * BLOCK, 'hole', null])
  }
  for (const { from, to, disk, bits } of extents) {
    gap(from)
    const kind = bits & DELALLOC ? 'delalloc' : bits & UNWRITTEN ? 'unwritten' : 'data'
    runs.push([from * BLOCK, to * BLOCK, kind, bits & DELALLOC ? null : disk * BLOCK])
    at = to
  }
  if (blocks !== null) gap(blocks)
  const holes = runs.flatMap(([from, to, kind]) => (kind === 'hole' ? [[from, to]] : []))
  return [{ runs, holes, overlaps: [], partial: false, problems: [] }]
}

/** Breaks long lines at the last blank that fits, as mailers do: the rest begins in the first column. */
const wrapped = (width: number) => (lines: string[]) =>
  lines.flatMap((line) => {
    const at = line.trimEnd().lastIndexOf(' ', width)
    return line.trimEnd().length <= width || line.slice(0, at).trim() === '' ? [line] : [line.slice(0, at), line.slice(at + 1).trimStart()]
  })
const quoted = (mark: string) => (lines: string[]) => lines.map((line) => `${mark}${line}`)
const noBreak = (lines: string[]) => lines.map((line) => line.replace(/ /g, '\u00a0'))
const unindented = (lines: string[]) => lines.map((line) => line.trimStart())
const remarked = (lines: string[]) => lines.map((line, i) => (i === 3 ? `${line}   <<< this one` : line))
/** RFC 2045: at most 76 characters a line, `=` escaped, and blanks at a line's end. */
const printable = (lines: string[]) =>
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

const damages: readonly ((lines: string[]) => string[])[] = [
  quoted('> '),
  quoted('>'),
  quoted('> > > '),
  quoted(' >> '),
  quoted('>>> '),
  noBreak,
  unindented,
  (lines) => ['So this is what I see, once = and twice == :', '', ...lines, '', 'Is that meant?'],
]
/** Some of these, then perhaps the encoding, which is always the last that is done. */
const damage = fc
  .tuple(fc.subarray([...damages], { maxLength: 3 }), fc.constantFrom(null, 64, 72, 78), fc.boolean(), fc.boolean())
  .map(([some, width, encoded, crlf]) => (lines: string[]): string => {
    const steps = [...(width === null ? [] : [wrapped(width)]), ...some, ...(encoded ? [printable] : [])]
    return steps.reduce((text, step) => step(text), lines).join(crlf ? '\r\n' : '\n')
  })

describe('a layout that a tool printed', () => {
  const blocksOf = (extents: readonly Extent[]): number => (extents.at(-1)?.to ?? 0) + 5
  const formats: readonly (readonly [string, (extents: readonly Extent[]) => string[], (extents: readonly Extent[]) => unknown])[] = [
    ['filefrag -v', (e) => filefrag(e, blocksOf(e)), (e) => expected(e, blocksOf(e))],
    ['fiemap -v', fiemap, (e) => expected(e, null)],
    ['xfs_bmap -vvp', bmap, (e) => expected(e, null)],
    ['dump-tree', (e) => dumpTree(placed(e), blocksOf(e)), (e) => expected(placed(e), blocksOf(e))],
  ]
  /** A tree knows neither delayed allocation nor an extent at byte 0. */
  const placed = (extents: readonly Extent[]): Extent[] => extents.map((e) => ({ ...e, disk: e.disk + 1, bits: e.bits & UNWRITTEN }))

  it.each(formats)('%s is read as it is after what mail does to it', (_, print, says) => {
    fc.assert(
      fc.property(layouts, damage, (extents, damaged) => {
        expect(plainLayout(damaged(print(extents)))).toEqual(says(extents))
      }),
      { numRuns: long ? 5_000 : 300, seed: 5 },
    )
  })

  it.each(formats)('%s is the same with a remark of a reader behind a row', (_, print, says) => {
    fc.assert(
      fc.property(layouts, (extents) => {
        expect(plainLayout(remarked(print(extents)).join('\n'))).toEqual(says(extents))
      }),
      { numRuns: 100, seed: 6 },
    )
  })
})

describe('a layout with rows left out', () => {
  const text = (extents: readonly Extent[], drop: number): string =>
    filefrag(extents, 100)
      .filter((_, i) => i !== 3 + drop)
      .join('\n')
  const extents: Extent[] = [
    { from: 0, to: 10, disk: 100, bits: 0 },
    { from: 10, to: 20, disk: 500, bits: 0 },
    { from: 20, to: 100, disk: 900, bits: LAST },
  ]
  it.each([
    ['the first', 0, [0, 10]],
    ['one in between', 1, [10, 20]],
    ['the last', 2, [20, 100]],
  ])('is unknown there and has no hole: %s', (_, drop, [from, to]) => {
    const document = readPaste(text(extents, drop as number))
    const [file] = 'files' in document ? document.files : []
    expect(file?.runs.filter(({ kind }) => kind === 'unknown')).toMatchObject([{ from: from! * BLOCK, to: to! * BLOCK }])
    expect([file?.holes, file?.partial]).toEqual([[], true])
  })
})

describe('every layout that real btrfs told', () => {
  interface Told {
    readonly steps: readonly { readonly size: number; readonly fiemap?: readonly (readonly [number, number, number, number])[] }[]
  }
  const folder = join(import.meta.dirname, '../kernel/btrfs/recordings')
  const told = ['btrfs-ops', 'btrfs-ops-variants', 'btrfs-ops-6.12', 'btrfs-fsync-crash'].flatMap((name) =>
    gunzipSync(readFileSync(join(folder, `${name}.jsonl.gz`)))
      .toString()
      .trimEnd()
      .split('\n')
      .flatMap((line) => (JSON.parse(line) as Told).steps.flatMap(({ fiemap: rows = [] }) => (rows.length > 0 ? [rows] : []))),
  )
  /** Inline extents are no whole blocks; both tools round them in their own way. */
  const whole = told.filter((rows) =>
    rows.every(([from, disk, length]) => from % BLOCK === 0 && length % BLOCK === 0 && disk % BLOCK === 0),
  )
  const extentsOf = (rows: Told['steps'][number]['fiemap'] & object): Extent[] =>
    rows.map(([from, disk, length, bits]) => ({ from: from / BLOCK, to: (from + length) / BLOCK, disk: disk / BLOCK, bits }))

  it('is read back from fiemap -v and filefrag -v', () => {
    expect(whole.length).toBeGreaterThan(1_000)
    for (const rows of whole.filter((_, i) => long || i % 5 === 0)) {
      const extents = extentsOf(rows)
      const blocks = extents.at(-1)?.to ?? 0
      const layout = rows.map(([from, disk, length, bits]) => [from, from + length, bits & (DELALLOC | INLINE) ? null : disk])
      for (const text of [filefrag(extents, blocks), fiemap(extents)]) {
        const [file] = plainLayout(text.join('\n')) as {
          runs: [number, number, string, number | null][]
          partial: boolean
          problems: string[]
        }[]
        expect(file?.runs.filter(([, , kind]) => kind !== 'hole').map(([from, to, , disk]) => [from, to, disk])).toEqual(layout)
        expect([file?.partial, file?.problems]).toEqual([!((rows.at(-1)?.[3] ?? 0) & LAST), []])
      }
    }
  })
})

describe('a paste with letters changed, lines lost, repeated or cut', () => {
  const folder = join(import.meta.dirname, 'samples')
  const samples = ['01', '03', '05', '07', '09', '11', '13', '15', '17', '19'].map((id) => readFileSync(join(folder, `${id}.txt`), 'utf8'))
  const mutations: readonly ((text: string, at: number, letter: string) => string)[] = [
    (text, at, letter) => text.slice(0, at) + letter + text.slice(at + 1),
    (text, at, letter) => text.slice(0, at) + letter + text.slice(at),
    (text, at) => text.slice(0, at) + text.slice(at + 1),
    (text, at) => text.slice(at),
    (text, at) => text.slice(0, at),
    (text, at, letter) => text.slice(0, at) + letter.repeat(3_000) + text.slice(at),
    (text, at) => text.slice(0, at) + text + text.slice(at),
    (text, at) => text.replaceAll('\n', (line, i: number) => (i % 7 === at % 7 ? '' : line)),
  ]
  const letters = [
    ...'0123456789 >\t\n\r=.,:()[]|-xaTCH\u00a0\u2026\u0000<',
    '18446744073709518848',
    '=0',
    '\ud800',
    'item 3 key (1 EXTENT_DATA 0) ',
  ]

  it('is read or refused in a sentence that names a line, and what is read is a layout', { timeout: 600_000 }, () => {
    const change = fc.tuple(fc.constantFrom(...mutations), fc.nat(1_500), fc.constantFrom(...letters))
    const slow: string[] = []
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 5 }), (sample, changes) => {
        const text = changes.reduce((now, [mutate, at, letter]) => mutate(now, at % (now.length + 1), letter), sample)
        if (millisecondsOf(text) > 50) slow.push(text)
      }),
      { numRuns: long ? 100_000 : 2_000, seed: 9 },
    )
    // A pause of the machine is not the text's fault: what was slow once is asked again.
    expect(slow.filter((text) => Math.min(...[1, 2, 3].map(() => millisecondsOf(text))) > 50)).toEqual([])
  })

  it('is answered in time where it is as long as a paste can be, and all of it repeats', () => {
    for (const part of [...samples, 'of is 1 (', '0: 0..', '[0..1]: ', '> '.repeat(500), '=0A', 'item 1 key (', '1) [0, ', '\t', 'CPU1  '])
      expect(millisecondsOf(part.repeat(Math.floor(100_000 / part.length)))).toBeLessThan(1_000)
  })

  /** Processor time of the answer. */
  function millisecondsOf(text: string): number {
    const began = process.cpuUsage()
    try {
      holds(text)
    } catch (error) {
      if (!(error instanceof InputError) || !/^(line \d+: |the text has \d+ characters)/.test(error.message)) throw error
    }
    const { user, system } = process.cpuUsage(began)
    return (user + system) / 1000
  }

  function holds(text: string): void {
    const document = readPaste(text)
    if (!('files' in document)) return
    for (const { runs, problems = [] } of document.files) {
      runs.forEach(({ from, to, disk }, i) => {
        const exact = [from, to, disk ?? 0].every((value) => Number.isSafeInteger(value) && value >= 0)
        if (!exact || from >= to || from < (runs[i - 1]?.from ?? 0)) throw new Error(`${from}..${to} at ${disk} is no run`)
      })
      for (const problem of problems) if (!/^(line|item) \d+: /.test(problem)) throw new Error(problem)
    }
  }
})
