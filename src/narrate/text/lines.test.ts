import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ascii, beside, fill, printed } from './lines.ts'

const words = fc.array(
  fc.oneof(fc.stringMatching(/^[!-~]{1,12}$/), fc.constantFrom('[640K, 644K)', '(257 EXTENT_DATA 655361)', 'ref = 1')),
  {
    maxLength: 30,
  },
)

describe('filling lines', () => {
  it('loses, adds and reorders nothing, stays within the width and leaves no blank at an end', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 8, max: 80 }), fc.integer({ min: 0, max: 4 }), (text, width, indent) => {
        const lines = fill(text.join(' '), width, '', ' '.repeat(indent))
        expect(lines.join('').replaceAll(' ', '')).toBe(text.join('').replaceAll(' ', ''))
        expect(lines.filter((line) => line.length > width || line !== line.trimEnd())).toEqual([])
      }),
    )
  })

  it('keeps a range and a key on one line where it has room for them', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 30, max: 80 }), (text, width) => {
        const lines = fill(text.join(' '), width)
        for (const whole of ['[640K, 644K)', '(257 EXTENT_DATA 655361)'])
          expect(lines.filter((line) => line.includes(whole)).length > 0).toBe(text.includes(whole))
      }),
    )
  })

  it('begins the first line and the others as it is told', () => {
    expect(fill('Task A locks the inode', 16, '1) ', '   ')).toEqual(['1) Task A locks', '   the inode'])
  })

  it('cuts a word that is wider than a line', () => {
    expect(fill('root=18446744073709551610', 10)).toEqual(['root=18446', '7440737095', '51610'])
  })
})

describe('what a tool printed', () => {
  it('stays as it is where it fits', () => {
    expect(printed('   1: [2..3]:          hole                 2', 72)).toEqual(['   1: [2..3]:          hole                 2'])
  })

  it('goes on four columns further in where it does not', () => {
    expect(printed('BTRFS critical (device sdb): corrupt leaf', 30)).toEqual(['BTRFS critical (device sdb):', '    corrupt leaf'])
  })
})

it('is ASCII whatever it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(ascii(text.replaceAll('\n', ' '))).toMatch(/^[ -~]*$/)
    }),
  )
  expect(ascii('“no hole” – 2 × 3 …')).toBe('"no hole" - 2 x 3 ...')
  expect(ascii('\titem 0\tkey')).toBe('        item 0  key')
})

it('columns stand where they were put, as long as each keeps to its own', () => {
  expect(
    beside([
      { at: 0, lines: ['left', 'more'] },
      { at: 8, lines: ['right'] },
    ]),
  ).toEqual(['left    right', 'more'])
  expect(
    beside([
      { at: 0, lines: ['left'] },
      { at: 8, lines: ['right', 'more'] },
    ]),
  ).toEqual(['left    right', '        more'])
})
