/** The page's words and pictures of what was pasted, and the address that it fits into. */
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readPaste } from '../../paste/document.ts'
import type { PastedFile } from '../../paste/layout.ts'
import { changed } from './changed.ts'
import { LINK_MAX, packed, unpacked } from './link.ts'
import { namesOf, saysOf, stripOf } from './strips.ts'

const K = 1024
const sample = (id: string): string => readFileSync(new URL(`../../paste/samples/${id}.txt`, import.meta.url), 'utf8')

function files(text: string): readonly PastedFile[] {
  const document = readPaste(text)
  return 'files' in document ? document.files : []
}
const fiemap = (...rows: string[]): string => ['/mnt/f:', ' EXT: FILE-OFFSET BLOCK-RANGE TOTAL FLAGS', ...rows].join('\n')
const pair = (before: string, after: string): string[] => {
  const [one, two] = files(`=== before ===\n${before}\n=== after ===\n${after}`)
  if (!one || !two) throw new Error('two listings are not read')
  return changed(one, two)
}

describe('a layout', () => {
  it('has a strip with its holes, and with what is unknown where rows were left out', () => {
    const [file] = files(sample('03'))
    const strip = stripOf([file as PastedFile], 'chunk', ['chunk'])
    expect(strip.lanes[0]?.spans.map(({ fill, from, to }) => [fill, from, to])).toContainEqual(['unknown', 49_152, 733_593_600])
    expect(saysOf(file as PastedFile)).toEqual([
      'It is 716804K long; 4 extents are listed.',
      'Rows were left out, so nothing is known of [48K, 716400K).',
    ])
  })

  it('keeps the letter of a place on disk between two listings, and has one axis for both', () => {
    const both = files(sample('01'))
    const { lanes, markers } = stripOf(both, 'both', namesOf(both))
    expect(lanes.map(({ title, spans }) => [title, ...spans.map(({ label, fill }) => label ?? fill)])).toEqual([
      ['/srv/v1', 'A', 'B'],
      ['/srv/v2', 'A', 'hole', 'C'],
    ])
    expect(markers.map(({ name, at }) => [name, at])).toEqual([['i_size', 786_432]])
  })

  it('in which two rows claim the same bytes is damaged there alone', () => {
    const [file] = files(fiemap('0: [0..15]: 100..115 16 0x0', '1: [8..23]: 200..215 16 0x0', '2: [24..31]: 300..307 8 0x1'))
    const { lanes } = stripOf([file as PastedFile], 'f', ['f'])
    expect(lanes[0]?.spans.map(({ damaged = false }) => damaged)).toEqual([true, true, false])
    expect(saysOf(file as PastedFile)).toContain('Two rows claim the same bytes: [4K, 8K).')
  })

  it('has a name that no other of the text has', () => {
    const [file] = files(fiemap('0: [0..7]: 8..15 8 0x1'))
    expect(namesOf([file as PastedFile, file as PastedFile])).toEqual(['/mnt/f, first', '/mnt/f, second'])
  })
})

describe('a before and an after', () => {
  it('differ by what was moved, made a hole, written and shared', () => {
    expect(
      pair(
        fiemap(
          '0: [0..127]: 1000..1127 128 0x0',
          '1: [128..255]: 2000..2127 128 0x0',
          '2: [256..383]: hole 128',
          '3: [384..511]: 4000..4127 128 0x1',
        ),
        fiemap(
          '0: [0..127]: 9000..9127 128 0x0',
          '1: [128..255]: hole 128',
          '2: [256..383]: 3000..3127 128 0x800',
          '3: [384..511]: 4000..4127 128 0x2001',
        ),
      ),
    ).toEqual([
      '[0, 64K) is at another place on disk.',
      '[64K, 128K) was data and is a hole.',
      '[128K, 192K) was a hole and is unwritten.',
      '[192K, 256K) is shared now.',
    ])
  })

  it('that are cut otherwise and lie where they lay do not differ', () => {
    const parts = fiemap('0: [0..127]: 1000..1127 128 0x0', '1: [128..255]: 1128..1255 128 0x1')
    expect(pair(fiemap('0: [0..255]: 1000..1255 256 0x1'), parts)).toEqual(['Nothing differs between the two in what both tell.'])
  })

  it('of which one has rows left out say nothing of these bytes', () => {
    const says = pair(
      fiemap('0: [0..127]: 1000..1127 128 0x0', '...', '9: [384..511]: 4000..4127 128 0x1'),
      fiemap('0: [0..511]: 1000..1511 512 0x1'),
    )
    expect(says).toEqual([
      '[192K, 256K) is at another place on disk.',
      'Where rows were left out of one of them, nothing is said of what changed.',
    ])
  })

  it('are the same as themselves, whatever they are', () => {
    for (const id of ['01', '03', '05', '07', '09', '11', '13', '15'])
      for (const file of files(sample(id))) expect(changed(file, file)[0]).toBe('Nothing differs between the two in what both tell.')
  })
})

describe('a text in a link', () => {
  it('comes back as it was, from the alphabet of links, and ends in a letter', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 600 }), async (text) => {
        const segment = await packed(text)
        expect(segment).toMatch(/^z[A-Za-z0-9_-]*z$/)
        expect(await unpacked(segment ?? '')).toBe(text)
      }),
      { numRuns: 60, seed: 2 },
    )
    for (const id of ['01', '03', '05', '07', '09', '11', '13', '15', '17', '19']) {
      const segment = await packed(sample(id))
      expect(segment?.length).toBeLessThan(LINK_MAX)
      expect(await unpacked(segment ?? '')).toBe(sample(id))
    }
  })

  it('survives what mail does to an address, and is refused where a letter of it was lost or changed', async () => {
    const segment = (await packed(sample('01'))) ?? ''
    const middle = Math.floor(segment.length / 2)
    for (const damaged of [
      `${segment}>`,
      `${segment}).`,
      `${segment.slice(0, middle)}\n${segment.slice(middle)}`,
      `${segment.slice(0, middle)}%0A${segment.slice(middle)}`,
    ])
      expect(await unpacked(damaged)).toBe(sample('01'))
    for (const damaged of [
      segment.slice(0, middle),
      segment.slice(0, middle) + segment.slice(middle + 1),
      'z',
      '',
      'zz',
      `z${'A'.repeat(40)}z`,
    ])
      expect(await unpacked(damaged)).toBeNull()
  })

  it('that is too long is none', async () => {
    let state = 1
    const noise = Array.from({ length: 4 * K }, () => {
      state = (state * 48_271) % 2_147_483_647
      return String.fromCharCode(33 + (state % 90))
    }).join('')
    expect(await packed(noise)).toBeNull()
  })
})
