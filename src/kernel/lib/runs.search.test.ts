/** Working near the place that changes gives what working on the whole list gives. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutOut, firstAfter, join, overlay, paint, splice, within, type Run } from './runs.ts'

const alike = (a: Run, b: Run): boolean => a.stamp === b.stamp

/** Runs in order, no two equal neighbours, as a list of lengths and stamps; `.` is a gap. */
const runs = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('.', 'a', 'b', 'c')), { maxLength: 12 }).map((parts) => {
  let at = 0
  const out: Run[] = []
  for (const [length, stamp] of parts) {
    if (stamp !== '.') out.push({ from: at, to: at + length, stamp })
    at += length
  }
  return join(out, alike)
})
const span = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 12 }))
  .map(([from, length]) => ({ from, to: from + length }))

describe('a list of runs', () => {
  it('spliced is what is left of it, the pieces, and what follows, joined', () => {
    fc.assert(
      fc.property(runs, runs, span, (list, source, { from, to }) => {
        const pieces = cutOut(cutOut(source, -1, from), to, 1000)
        const whole = [...cutOut(list, from, to), ...pieces].sort((a, b) => a.from - b.from)
        expect(splice(list, from, to, pieces, alike)).toEqual(join(whole, alike))
      }),
    )
  })

  it('with another laid over it is what painting that one on it, run by run, gives', () => {
    fc.assert(
      fc.property(runs, runs, (list, over) => {
        const painted = over.reduce<readonly Run[]>((under, run) => paint(under, run.from, run.to, run.stamp), list)
        expect(join(overlay(list, over), alike)).toEqual(painted)
      }),
    )
  })

  it('is searched for a range with the result of looking at every run', () => {
    fc.assert(
      fc.property(runs, span, (list, { from, to }) => {
        expect(within(list, from, to)).toEqual(list.filter((run) => from < to && run.from < to && from < run.to))
        const after = list.findIndex((run) => run.to > from)
        expect(firstAfter(list, from)).toBe(after < 0 ? list.length : after)
      }),
    )
  })
})
