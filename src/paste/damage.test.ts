/**
 * What mail does to a listing does not change what it says: a random layout is printed as each tool prints it, damaged, and read back; where
 * rows were left out, nothing is claimed.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../base/assert.ts'
import {
  bmap,
  damage,
  dumpTree,
  fiemap,
  filefrag,
  layouts,
  linesOf,
  placed,
  plainLayout,
  remarked,
  said,
  type Extent,
  type PrintedListing,
} from '../testing/listings.ts'
import { readPaste } from './document.ts'

const long = process.env['LONG'] === '1'

const blocksOf = (extents: readonly Extent[]): number => (extents.at(-1)?.to ?? 0) + 5
const formats: readonly (readonly [string, (extents: readonly Extent[]) => PrintedListing])[] = [
  ['filefrag -v', (e) => filefrag(e, blocksOf(e))],
  ['filefrag -v -k', (e) => filefrag(e, blocksOf(e), 1024)],
  ['filefrag -v -b512', (e) => filefrag(e, blocksOf(e), 512)],
  ['fiemap -v', fiemap],
  ['xfs_bmap -vvp', bmap],
  ['dump-tree', (e) => dumpTree(placed(e), blocksOf(e))],
]

describe.each(formats)('a layout that %s printed', (name, print) => {
  it('is read as it is after what mail does to it', () => {
    fc.assert(
      fc.property(layouts, damage, (extents, damaged) => {
        const listing = print(extents)
        expect(plainLayout(damaged(linesOf(listing)))).toEqual(said(listing))
      }),
      { numRuns: long ? 2_000 : 120, seed: 5 },
    )
  })

  it('is the same with a remark of a reader behind a row', () => {
    fc.assert(
      fc.property(layouts, (extents) => {
        const listing = print(extents)
        expect(plainLayout(remarked(linesOf(listing)).join('\n'))).toEqual(said(listing))
      }),
      { numRuns: 50, seed: 6 },
    )
  })

  it('is unknown where rows were left out, has no hole there, and says that it is a part', () => {
    const marks = fc.constantFrom(null, '...', '[...]', '(...)', ' ...', '[snip]', '[... 20 more rows ...]', '\u2026')
    fc.assert(
      fc.property(layouts, fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }), marks, damage, (extents, keeps, mark, damaged) => {
        const listing = print(extents)
        const isKept = (_: unknown, i: number): boolean => keeps[i] ?? true
        fc.pre(listing.rows.some(isKept))
        const lines = [
          ...listing.head,
          ...listing.rows.flatMap((row, i) =>
            isKept(row, i) ? row.lines : mark !== null && (i === 0 || isKept(row, i - 1)) ? [mark] : [],
          ),
          ...listing.tail,
        ]
        // xfs_bmap marks no row as the last one.
        const showsEnd = mark !== null || name !== 'xfs_bmap -vvp'
        expect(plainLayout(damaged(lines))).toEqual(said(listing, isKept, showsEnd))
      }),
      { numRuns: long ? 2_000 : 120, seed: 7 },
    )
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

  it('takes no longer by the square of its length, where it is as long as a paste can be and all of it repeats', () => {
    for (const part of [
      ...samples,
      'of is 1 (',
      '0: 0..',
      '[0..1]: ',
      '> '.repeat(500),
      '=0A',
      'item 1 key (',
      '1) [0, ',
      '\t',
      '\r',
      '=',
      'CPU1  ',
      `0: 0.. 7: 8.. 15: 8: ${' '.repeat(1_900)}$\n`,
    ])
      expect(millisecondsOf(part.repeat(Math.floor(100_000 / part.length)))).toBeLessThan(10_000)
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
