import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alignDown, alignUp, overlaps, range, size } from './range.ts'

describe('two half-open ranges', () => {
  it('do not overlap where one ends and the other begins', () => {
    expect(overlaps({ from: 0, to: 4096 }, { from: 4096, to: 8192 })).toBe(false)
    expect(overlaps({ from: 0, to: 4097 }, { from: 4096, to: 8192 })).toBe(true)
  })

  it('overlap exactly if they share a byte', () => {
    const part = fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 9 })).map(([from, length]) => ({ from, to: from + length }))
    fc.assert(
      fc.property(part, part, (a, b) => {
        let shared = false
        for (let byte = 0; byte < 30; byte++) shared ||= a.from <= byte && byte < a.to && b.from <= byte && byte < b.to
        return overlaps(a, b) === shared
      }),
    )
  })
})

describe('a size', () => {
  // The numbers of facts fsync-log-tree 0.
  it.each([
    [655360, '640K'],
    [659456, '644K'],
    [1048576, '1M'],
    [389120, '380K'],
    [4100, '4100'],
    [0, '0'],
    [1536, '1536'],
    [3145728, '3M'],
  ])('%d is written %s', (bytes, text) => {
    expect(size(bytes)).toBe(text)
  })

  it('is written with its unit on both ends of a range', () => {
    expect(range(655360, 659456)).toBe('[640K, 644K)')
  })
})

describe('alignment', () => {
  it('goes down or up to the next multiple, and nowhere from a multiple', () => {
    expect([alignDown(4095, 4096), alignDown(4096, 4096), alignDown(8191, 4096)]).toEqual([0, 4096, 4096])
    expect([alignUp(1, 4096), alignUp(4096, 4096), alignUp(4097, 4096), alignUp(0, 4096)]).toEqual([4096, 4096, 8192, 0])
  })
})
