// A printed listing says where every byte is: read back, it is the layout that was printed.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MappedExtent } from '../../engine/listing.ts'
import { scenarioIds } from '../../scenarios/catalog.ts'
import { loadScenario } from '../../scenarios/registry.ts'
import { run, stage } from '../../scenarios/run.ts'
import { linesOf } from './filefrag.ts'
import { rowsOf } from './fiemap.ts'

/** The mapped rows of `fiemap -v`, in bytes; holes are checked to fill what is between them. */
function readFiemap(lines: readonly string[]): { extents: MappedExtent[]; end: number } {
  const extents: MappedExtent[] = []
  let end = 0
  lines.slice(1).forEach((line, n) => {
    const [, number, first, last, blocks, total, flags] =
      /^ *(\d+): \[(\d+)\.\.(\d+)\]: +(hole|\d+\.\.\d+) +(\d+)(?: +0x([0-9a-f]+))?$/.exec(line) ?? []
    expect(Number(number), line).toBe(n)
    // Rows follow one another without a gap, and count what they span.
    expect(Number(first) * 512, line).toBe(end)
    expect(Number(last) - Number(first) + 1, line).toBe(Number(total))
    end = (Number(last) + 1) * 512
    if (blocks === 'hole') return expect(flags, line).toBeUndefined()
    const [from = 0, to = 0] = (blocks ?? '').split('..').map(Number)
    expect(to - from + 1, line).toBe(Number(total))
    extents.push({ logical: Number(first) * 512, physical: from * 512, length: Number(total) * 512, flags: parseInt(flags ?? '', 16) })
  })
  return { extents, end }
}

const bits: Readonly<Record<string, number>> = {
  last: 1,
  unknown_loc: 2,
  delalloc: 4,
  encoded: 8,
  not_aligned: 0x100,
  inline: 0x200,
  unwritten: 0x800,
  merged: 0x1000,
  shared: 0x2000,
}

/** The rows of `filefrag -v`, in bytes, with the size from its head. */
function readFilefrag(lines: readonly string[]): { extents: MappedExtent[]; size: number; eof: boolean[] } {
  const size = Number(/ is (\d+) \(/.exec(lines[1] ?? '')?.[1])
  const rows = lines.flatMap(
    (line) => /^ *(\d+): +(\d+)\.\. *(\d+): +(\d+)\.\. *(\d+): +(\d+): (?: *\d+: | {12})?(\S*)$/.exec(line) ?? [],
  ).length
  expect(rows % 8).toBe(0)
  const eof: boolean[] = []
  const extents = lines.flatMap((line): MappedExtent[] => {
    const found = /^ *\d+: +(\d+)\.\. *(\d+): +(\d+)\.\. *(\d+): +(\d+):(.*)$/.exec(line)
    if (!found) return []
    const [from = 0, to = 0, disk = 0, diskEnd = 0, count = 0] = found.slice(1, 6).map(Number)
    const words = (found[6]?.trim().split(' ').at(-1) ?? '').split(',').filter((word) => /^[a-z_]+$/.test(word))
    const inline = words.includes('inline')
    const unit = inline ? 1 : 4096
    expect([to - from + 1, diskEnd - disk + 1], line).toEqual([count, count])
    eof.push(words.includes('eof'))
    return [
      {
        logical: from * unit,
        physical: disk * unit,
        length: count * unit,
        flags: words.filter((word) => word !== 'eof').reduce((sum, word) => sum | (bits[word] ?? 0x1000000), 0),
      },
    ]
  })
  return { extents, size, eof }
}

/** FIEMAP counts what a row of 512-byte blocks can show: whole ones. */
const inBlocks = (extents: readonly MappedExtent[], unit: number): MappedExtent[] =>
  extents.map((one) => ({ ...one, length: one.length - (one.length % unit) })).filter(({ length }) => length > 0)

function readBack(size: number, extents: readonly MappedExtent[]): void {
  const blocks = inBlocks(extents, 512)
  if (blocks.length === extents.length && (extents.length > 0 || size >= 512)) {
    const { extents: found, end } = readFiemap(rowsOf({ size, extents }))
    expect(found).toEqual(blocks)
    // To the end of the file, or of what is allocated behind it.
    const last = blocks.at(-1)
    expect(end).toBe(Math.max(size - (size % 512), last ? last.logical + last.length : 0))
  }
  const { extents: found, size: said, eof } = readFilefrag(linesOf({ magic: '9123683e', size, extents }))
  expect(found).toEqual(
    extents.map((one) => ({ ...one, length: (one.flags & 0x200) !== 0 ? one.length : Math.ceil(one.length / 4096) * 4096 })),
  )
  expect(said).toBe(size)
  expect(eof).toEqual(extents.map(({ logical, length }) => logical + length >= size))
}

describe.each(scenarioIds)('%s', (id) => {
  it('prints its extents so that they are read back, after every step', async () => {
    const scenario = await loadScenario(id)
    const { trace } = run(stage(scenario), { named: scenario.card.schedules[0]?.name ?? '' })
    const { listing } = stage(scenario).system
    for (const state of listing ? trace.states : []) {
      const { size, extents } = listing?.(trace.machine.world(state)) ?? { size: 0, extents: [] }
      readBack(size, extents)
    }
  })
})

interface RecordedStep {
  readonly size: number
  readonly fiemap?: readonly (readonly [number, number, number, number])[]
}

it.each(['btrfs-ops', 'btrfs-ops-6.12', 'btrfs-ops-variants', 'btrfs-fsync-crash'])('every FIEMAP recorded in %s is read back', (name) => {
  const file = new URL(`../../kernel/btrfs/recordings/${name}.jsonl.gz`, import.meta.url)
  const records = gunzipSync(readFileSync(file))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { readonly steps: readonly RecordedStep[] })
  const maps = records.flatMap(({ steps }) => steps).filter((step) => step.fiemap !== undefined)
  expect(maps.length).toBeGreaterThan(100)
  for (const { size, fiemap = [] } of maps)
    readBack(
      size,
      fiemap.map(([logical, physical, length, flags]) => ({ logical, physical, length, flags })),
    )
})

it('is read back whatever the extents are', () => {
  const pieces = fc.array(
    fc.record({
      gap: fc.integer({ min: 0, max: 64 }),
      blocks: fc.integer({ min: 1, max: 1 << 20 }),
      disk: fc.integer({ min: 1, max: 1 << 28 }),
      flags: fc.constantFrom(0, 6, 0x800, 0x2000, 8),
    }),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(pieces, fc.integer({ min: 0, max: 4096 }), (all, more) => {
      let at = 0
      const extents = all.map(({ gap, blocks, disk, flags }) => {
        const logical = at + gap * 4096
        at = logical + blocks * 4096
        return { logical, physical: (flags & 2) !== 0 ? 0 : disk * 4096, length: blocks * 4096, flags }
      })
      readBack(at + more, extents)
    }),
  )
})

describe('as the tools print it', () => {
  // The rows of the facts on mail formats: xfs_io prints 512-byte blocks, the last one included, widths 16, 16 and 5.
  it('fiemap -v of a hole of 64K and 64K of data', () => {
    expect(rowsOf({ size: 131072, extents: [{ logical: 65536, physical: 13697024, length: 65536, flags: 1 }] })).toEqual([
      ' EXT: FILE-OFFSET      BLOCK-RANGE      TOTAL FLAGS',
      '   0: [0..127]:        hole               128',
      '   1: [128..255]:      26752..26879       128   0x1',
    ])
  })

  // A file of two extents, of which the second is not where the first ends: filefrag says where it had been expected.
  it('filefrag -v of two extents apart', () => {
    expect(
      linesOf({
        magic: '9123683e',
        size: 786432,
        extents: [
          { logical: 0, physical: 9216 * 4096, length: 128 * 4096, flags: 0x2000 },
          { logical: 128 * 4096, physical: 20480 * 4096, length: 64 * 4096, flags: 1 },
        ],
      }),
    ).toEqual([
      'Filesystem type is: 9123683e',
      'File size of f is 786432 (192 blocks of 4096 bytes)',
      ' ext:     logical_offset:        physical_offset: length:   expected: flags:',
      '   0:        0..     127:       9216..      9343:    128:             shared',
      '   1:      128..     191:      20480..     20543:     64:       9344: last,eof',
      'f: 2 extents found',
    ])
  })
})
