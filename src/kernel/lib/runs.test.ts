import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clip, cutOut, gaps, join, paint, splice, transfer, valueOf, type Run } from './runs.ts'

const length = 24

/** Runs as one character a byte, `.` where there is none. Says so if they are not sorted, not disjoint or empty. */
function bytes(runs: readonly Run[]): string {
  const out = Array.from({ length }, () => '.')
  let last = 0
  for (const run of runs) {
    if (run.from >= run.to || run.from < last) return `not runs: ${JSON.stringify(runs)}`
    last = run.to
    out.fill(run.stamp, run.from, run.to)
  }
  return out.join('')
}
/** The runs of such a text. */
const runsOf = (text: string): Run[] =>
  [...text.matchAll(/([A-Z])\1*/g)].map((match) => ({ from: match.index, to: match.index + match[0].length, stamp: match[1] ?? '' }))

const text = fc.array(fc.constantFrom('.', '.', 'A', 'A', 'B', 'C'), { minLength: length, maxLength: length }).map((list) => list.join(''))
/** Any window, an empty one too. */
const window = fc.tuple(fc.nat(length), fc.nat(length)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }))
const stamp = fc.constantFrom('A', 'B', 'Z')
const overwrite = (all: string, from: number, part: string): string => all.slice(0, from) + part + all.slice(from + part.length)

describe('runs of stamps, against an array of bytes', () => {
  it('paint writes a stamp over a range, whatever was there; equal neighbours become one run', () => {
    fc.assert(
      fc.property(text, window, stamp, (before, { from, to }, ink) => {
        const painted = paint(runsOf(before), from, to, ink)
        const after = overwrite(before, from, ink.repeat(to - from))
        return bytes(painted) === after && painted.length === runsOf(after).length
      }),
    )
  })

  it('clip keeps what is inside a window, cutOut what is outside; together they are all', () => {
    fc.assert(
      fc.property(text, window, (before, { from, to }) => {
        const inside = bytes(clip(runsOf(before), from, to))
        const outside = bytes(cutOut(runsOf(before), from, to))
        const hollow = '.'.repeat(to - from)
        return (
          inside === overwrite('.'.repeat(length), from, before.slice(from, to)) &&
          outside === overwrite(before, from, hollow) &&
          bytes(runsOf(before)) === before
        )
      }),
    )
  })

  it('clip finds nothing in an empty window, not a run without bytes', () => {
    expect(clip([{ from: 0, to: 10, stamp: 'A' }], 5, 5)).toEqual([])
  })

  it('transfer copies bytes to another place, gaps included', () => {
    fc.assert(
      fc.property(text, text, window, fc.nat(length), (target, source, { from, to }, place) => {
        const part = source.slice(from, Math.min(to, from + length - place))
        return bytes(transfer(runsOf(target), place, runsOf(source), from, part.length)) === overwrite(target, place, part)
      }),
    )
  })

  it('gaps are exactly the bytes that no run covers', () => {
    fc.assert(
      fc.property(text, window, (before, { from, to }) => {
        const filled = gaps(runsOf(before), from, to).reduce((runs, gap) => paint(runs, gap.from, gap.to, 'Z'), [] as Run[])
        const expected = [...before].map((byte, at) => (from <= at && at < to && byte === '.' ? 'Z' : '.')).join('')
        return bytes(filled) === expected
      }),
    )
  })

  it("splice replaces a window by pieces of one's own", () => {
    const dirty = [{ from: 0, to: 8, stamp: 'A' }]
    const pieces = [
      { from: 2, to: 3, stamp: 'B' },
      { from: 3, to: 5, stamp: 'A' },
    ]
    expect(bytes(splice(dirty, 2, 5, pieces, (a, b) => a.stamp === b.stamp))).toBe(`AABAAAAA${'.'.repeat(16)}`)
  })

  it('join does not join across a gap, nor what is not alike', () => {
    const runs = runsOf('AA.AAB')
    expect(join(runs, (a, b) => a.stamp === b.stamp)).toEqual(runs)
    expect(join(runs, () => true)).toEqual([
      { from: 0, to: 2, stamp: 'A' },
      { from: 3, to: 6, stamp: 'A' },
    ])
  })
})

describe('what a reader sees of a stamp', () => {
  it('is zero for zeros of any origin, and the stamp otherwise', () => {
    expect([valueOf('0'), valueOf('0A'), valueOf('A'), valueOf('?')]).toEqual(['0', '0', 'A', '?'])
  })
})
