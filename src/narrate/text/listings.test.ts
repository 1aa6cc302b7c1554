// A printed listing says where every byte is: read back, it is the layout that was printed.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Listing, MappedExtent } from '../../engine/listing.ts'
import { scenarioIds } from '../../scenarios/catalog.ts'
import { loadScenario } from '../../scenarios/registry.ts'
import { run, stage } from '../../scenarios/run.ts'
import { linesOf } from './filefrag.ts'
import { rowsOf } from './fiemap.ts'

/** What a listing contradicts itself in is no listing. */
function must(holds: boolean, line: string): void {
  if (!holds) throw new Error(`contradicts itself or the rows before it: ${line}`)
}

/** The mapped rows of `fiemap -v`, in bytes; rows follow one another without a gap, and count what they span. */
function readFiemap(lines: readonly string[]): { extents: MappedExtent[]; end: number } {
  const extents: MappedExtent[] = []
  let end = 0
  lines.slice(1).forEach((line, n) => {
    const [, number, first, last, blocks = '', total, flags] =
      /^ *(\d+): \[(\d+)\.\.(\d+)\]: +(hole|\d+\.\.\d+) +(\d+)(?: +0x([0-9a-f]+))?$/.exec(line) ?? []
    must(Number(number) === n && Number(first) * 512 === end && Number(last) - Number(first) + 1 === Number(total), line)
    must((blocks === 'hole') === (flags === undefined), line)
    end = (Number(last) + 1) * 512
    if (flags === undefined) return
    const [from = 0, to = 0] = blocks.split('..').map(Number)
    must(to - from + 1 === Number(total), line)
    extents.push({ logical: Number(first) * 512, physical: from * 512, length: Number(total) * 512, flags: parseInt(flags, 16) })
  })
  return { extents, end }
}

const bits: Readonly<Record<string, number>> = {
  last: 1,
  unknown_loc: 2,
  delalloc: 4,
  encoded: 8,
  inline: 0x200,
  not_aligned: 0x100,
  unwritten: 0x800,
  shared: 0x2000,
}

/** The rows of `filefrag -v`, in bytes, with the size from its head. */
function readFilefrag(lines: readonly string[]): { extents: MappedExtent[]; size: number; eof: boolean[] } {
  const size = Number(/ is (\d+) \(/.exec(lines[1] ?? '')?.[1])
  const eof: boolean[] = []
  const extents = lines.flatMap((line): MappedExtent[] => {
    const found = /^ *\d+: +(\d+)\.\. *(\d+): +(\d+)\.\. *(\d+): +(\d+):(.*)$/.exec(line)
    if (!found) return []
    const [from = 0, to = 0, disk = 0, diskEnd = 0, count = 0] = found.slice(1, 6).map(Number)
    const words = (found[6]?.trim().split(' ').at(-1) ?? '').split(',').filter((word) => /^[a-z_]+$/.test(word))
    const unit = words.includes('inline') ? 1 : 4096
    must(to - from + 1 === count && diskEnd - disk + 1 === count, line)
    eof.push(words.includes('eof'))
    const flags = words.filter((word) => word !== 'eof').reduce((sum, word) => sum | (bits[word] ?? NaN), 0)
    return [{ logical: from * unit, physical: disk * unit, length: count * unit, flags }]
  })
  return { extents, size, eof }
}

type File = Pick<Listing, 'size' | 'extents'>

/** Inline data and files that end inside a block of 512 bytes have no exact form in `fiemap -v`. */
const fitsBlocks = ({ extents }: File): boolean => extents.every(({ length }) => length % 512 === 0)

/** To the end of the file, or of what is allocated behind it. */
const endOf = ({ size, extents }: File): number => {
  const last = extents.at(-1)
  return Math.max(size - (size % 512), last ? last.logical + last.length : 0)
}

/** Of inline data filefrag prints bytes, of all others whole blocks. */
const inWhole = ({ extents }: File): MappedExtent[] =>
  extents.map((one) => ({ ...one, length: (one.flags & 0x200) !== 0 ? one.length : Math.ceil(one.length / 4096) * 4096 }))

/** Printed and read back, each beside what it should be. */
function readBack(files: readonly File[]): { readonly found: unknown; readonly wanted: unknown } {
  const exact = files.filter(fitsBlocks)
  return {
    found: [exact.map((file) => readFiemap(rowsOf(file))), files.map((file) => readFilefrag(linesOf({ magic: '9123683e', ...file })))],
    wanted: [
      exact.map((file) => ({ extents: file.extents, end: endOf(file) })),
      files.map((file) => ({
        extents: inWhole(file),
        size: file.size,
        eof: file.extents.map(({ logical, length }) => logical + length >= file.size),
      })),
    ],
  }
}

describe.each(scenarioIds)('%s', (id) => {
  it('prints its extents so that they are read back, after every step', async () => {
    const scenario = await loadScenario(id)
    const { trace } = run(stage(scenario), { named: scenario.card.schedules[0]?.name ?? '' })
    const { listing } = stage(scenario).system
    const { found, wanted } = readBack(trace.states.flatMap((state) => listing?.(trace.machine.world(state)) ?? []))
    expect(found).toEqual(wanted)
  })
})

interface RecordedStep {
  readonly size: number
  readonly fiemap?: readonly (readonly [number, number, number, number])[]
}

it.each(['btrfs-ops', 'btrfs-ops-6.12', 'btrfs-ops-variants', 'btrfs-fsync-crash'])('every FIEMAP recorded in %s is read back', (name) => {
  const records = gunzipSync(readFileSync(new URL(`../../kernel/btrfs/recordings/${name}.jsonl.gz`, import.meta.url)))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { readonly steps: readonly RecordedStep[] })
  const files = records
    .flatMap(({ steps }) => steps)
    .flatMap(({ size, fiemap }) =>
      fiemap ? [{ size, extents: fiemap.map(([logical, physical, length, flags]) => ({ logical, physical, length, flags })) }] : [],
    )
  expect(files.length).toBeGreaterThan(100)
  const { found, wanted } = readBack(files)
  expect(found).toEqual(wanted)
})

it('is read back whatever the extents are', () => {
  const piece = fc.record({
    gap: fc.integer({ min: 0, max: 64 }),
    blocks: fc.integer({ min: 1, max: 1 << 20 }),
    disk: fc.integer({ min: 1, max: 1 << 28 }),
    flags: fc.constantFrom(0, 6, 0x800, 0x2000, 8),
  })
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.integer({ min: 0, max: 4096 }), (all, more) => {
      let at = 0
      const extents = all.map(({ gap, blocks, disk, flags }) => {
        const logical = at + gap * 4096
        at = logical + blocks * 4096
        return { logical, physical: (flags & 2) !== 0 ? 0 : disk * 4096, length: blocks * 4096, flags }
      })
      const { found, wanted } = readBack([{ size: at + more, extents }])
      expect(found).toEqual(wanted)
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
