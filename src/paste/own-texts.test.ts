/**
 * A listing that Lockstep itself prints is read back to the layout that it was printed from: of every scenario at its end and at the step at
 * which something goes wrong, and every FIEMAP that was recorded on a real kernel.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Listing, MappedExtent } from '../engine/listing.ts'
import { rowsOf } from '../narrate/text/fiemap.ts'
import { linesOf as filefragOf } from '../narrate/text/filefrag.ts'
import { textOf, type TextSource } from '../narrate/text/text.ts'
import { scenarioIds } from '../scenarios/catalog.ts'
import { sourceOf } from '../testing/texts.ts'
import { readPaste } from './document.ts'
import type { PastedFile } from './layout.ts'

const long = process.env['LONG'] === '1'

type Told = Pick<Listing, 'size' | 'extents'>

const [INLINE, NO_PLACE] = [0x200, 0x206]

const filesOf = (text: string): readonly PastedFile[] => {
  const document = readPaste(text)
  return 'files' in document ? document.files : []
}

/** Where the bytes are and what they are, without the holes between them. */
const mapped = ({ runs }: PastedFile): unknown[] =>
  runs.filter(({ kind }) => kind !== 'hole').map(({ from, to, kind, disk }) => [from, to, kind, disk])

/** The same of what FIEMAP told, where `unit` is what the tool rounds lengths up to. */
const told = (extents: readonly MappedExtent[], unit: number): unknown[] =>
  extents.map(({ logical, physical, length, flags }) => {
    const kind = flags & 0x4 ? 'delalloc' : flags & 0x800 ? 'unwritten' : flags & INLINE ? 'inline' : 'data'
    const whole = flags & INLINE ? length : Math.ceil(length / unit) * unit
    return [logical, logical + whole, kind, flags & NO_PLACE ? null : physical]
  })

/** Both listings of a file, read back, beside what they should be. Inline data end within a block and have no exact form in `fiemap -v`. */
function readBack(file: Told): { readonly found: unknown; readonly wanted: unknown } {
  const isWhole = file.extents.length > 0 && file.extents.every(({ length, flags }) => (flags & INLINE) === 0 && length % 512 === 0)
  const partial = file.extents.length > 0 && ((file.extents.at(-1)?.flags ?? 0) & 1) === 0
  const filefrag = filesOf(filefragOf({ magic: '9123683e', ...file }).join('\n'))[0]
  const fiemap = isWhole ? filesOf(['f:', ...rowsOf(file)].join('\n'))[0] : undefined
  const all = [...(filefrag ? [filefrag] : []), ...(fiemap ? [fiemap] : [])]
  return {
    found: all.map((one) => [mapped(one), one.partial, one.problems ?? [], one.overlaps]),
    wanted: all.map((_, i) => [told(file.extents, i === 0 ? 4096 : 512), partial, [], []]),
  }
}

/** Which steps of a run are asked: its end, and where something is first wrong. */
function worthReading({ left: { view } }: TextSource): number[] {
  const last = view.steps.length
  const wrong = view.violations[0]?.step
  return [...new Set([last, ...(wrong === undefined ? [] : [wrong])])].filter((step) => step > 0)
}

describe.each(scenarioIds.filter((_, i) => long || i % 4 === 0))('%s', (id) => {
  it('prints listings that are read back to its layout', async () => {
    const source = await sourceOf(id)
    for (const step of worthReading(source)) {
      const listing = source.left.listing(step)
      if (listing === null) continue
      const { found, wanted } = readBack(listing)
      expect(found, `step ${step}`).toEqual(wanted)
      const print = (genre: 'filefrag' | 'log' | 'before-after', width: 64 | 72 | 79): string =>
        textOf(source, { genre, width, level: 'beats', from: step, to: step })
      // Lines that were too long for the width are broken as a mailer breaks them.
      expect(filesOf(print('filefrag', 79)).map(mapped)).toEqual([told(listing.extents, 4096)])
      if (listing.log === null) continue
      const items = listing.log.filter((line) => / EXTENT_DATA /.test(line)).length
      if (items === 0) continue
      for (const width of [64, 72, 79] as const) {
        const [file, ...others] = filesOf(print('log', width))
        expect(others).toEqual([])
        expect(file?.runs.filter(({ disk, kind }) => disk !== null || kind === 'inline' || kind === 'hole').length).toBeGreaterThanOrEqual(
          items,
        )
        expect(file).toMatchObject({ name: 'inode 257', partial: false, unit: 1 })
        expect(file?.problems ?? []).toEqual([])
      }
    }
  })

  it('prints a before and an after that are read back as the two', async () => {
    const source = await sourceOf(id)
    const last = source.left.view.steps.length
    const [before, after] = [source.left.listing(0), source.left.listing(last)]
    if (!before?.extents.length || !after?.extents.length) return
    const files = filesOf(textOf(source, { genre: 'before-after', width: 79, level: 'beats', from: 1, to: last }))
    const fits = ({ extents }: Listing): boolean => extents.every(({ length, flags }) => (flags & INLINE) === 0 && length % 512 === 0)
    if (!fits(before) || !fits(after)) return
    expect(files.map((file) => [file.title, mapped(file)])).toEqual([
      ['before', told(before.extents, 512)],
      ['after', told(after.extents, 512)],
    ])
  })
})

describe('every FIEMAP that was recorded', () => {
  interface Recorded {
    readonly steps: readonly { readonly size: number; readonly fiemap?: readonly (readonly [number, number, number, number])[] }[]
  }
  const files = (name: string): Told[] =>
    gunzipSync(readFileSync(new URL(`../kernel/btrfs/recordings/${name}.jsonl.gz`, import.meta.url)))
      .toString()
      .trimEnd()
      .split('\n')
      .flatMap((line) => (JSON.parse(line) as Recorded).steps)
      .flatMap(({ size, fiemap = [] }) =>
        fiemap.length > 0
          ? [{ size, extents: fiemap.map(([logical, physical, length, flags]) => ({ logical, physical, length, flags })) }]
          : [],
      )

  it.each(['btrfs-ops', 'btrfs-ops-variants', 'btrfs-ops-6.12', 'btrfs-fsync-crash'])('in %s is read back', (name) => {
    const all = files(name)
    expect(all.length).toBeGreaterThan(100)
    const wrong = all
      .filter((_, i) => long || i % 5 === 0)
      .map(readBack)
      .find(({ found, wanted }) => JSON.stringify(found) !== JSON.stringify(wanted))
    expect(wrong?.found).toEqual(wrong?.wanted)
  })
})
