import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { K, M } from '../base/range.ts'
import { extentOf, offsetScale, ticksOf } from './axis.ts'

const focused = { from: 0, to: M, focus: { from: 640 * K, to: 768 * K } }

describe('offsetScale', () => {
  it('is one straight piece without a focus', () => {
    const scale = offsetScale({ from: 0, to: M }, 0, 1000)
    expect(scale.pieces).toHaveLength(1)
    expect(scale.magnified).toBeNull()
    expect(scale.at(512 * K)).toBe(500)
  })

  it('gives the focus most of the width and says how much wider it is drawn', () => {
    const scale = offsetScale(focused, 0, 1000)
    expect(scale.at(768 * K) - scale.at(640 * K)).toBeCloseTo(700)
    expect(scale.magnified).toBeGreaterThan(4)
  })

  it('changes nothing for a focus that already has most of the width', () => {
    expect(offsetScale({ from: 0, to: M, focus: { from: 0, to: 900 * K } }, 0, 1000).magnified).toBeNull()
  })

  it('works for a focus at either end', () => {
    for (const focus of [
      { from: 0, to: 64 * K },
      { from: M - 64 * K, to: M },
    ]) {
      const scale = offsetScale({ from: 0, to: M, focus }, 0, 1000)
      expect(scale.pieces).toHaveLength(2)
      expect([scale.at(0), scale.at(M)]).toEqual([0, 1000])
    }
  })

  it('keeps offsets in order, never puts one outside, and covers the width from end to end', () => {
    const page = fc.integer({ min: 0, max: 256 }).map((n) => n * 4 * K)
    fc.assert(
      fc.property(page, page, page, page, (a, b, p, q) => {
        const axis = { from: 0, to: M, focus: { from: Math.min(a, b), to: Math.max(a, b) } }
        const scale = offsetScale(axis, 10, 510)
        const [x, y] = [scale.at(Math.min(p, q)), scale.at(Math.max(p, q))]
        return x <= y + 1e-9 && x >= 10 && y <= 510 + 1e-9 && scale.at(0) === 10 && Math.abs(scale.at(M) - 510) < 1e-9
      }),
    )
  })
})

describe('ticksOf', () => {
  it('names the ends of the axis and of the focus', () => {
    const offsets = ticksOf(offsetScale(focused, 0, 1000), 7.2).map((tick) => tick.text)
    expect(offsets).toEqual(expect.arrayContaining(['0', '640K', '768K', '1M']))
  })

  it('never lets two names touch', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 240, max: 1800 }),
        fc.integer({ min: 1, max: 255 }),
        fc.integer({ min: 1, max: 255 }),
        (width, a, b) => {
          const axis = { from: 0, to: M, focus: { from: Math.min(a, b) * 4 * K, to: (Math.max(a, b) + 1) * 4 * K } }
          const ticks = ticksOf(offsetScale(axis, 0, width), 7.2, width)
          const extents = ticks.map((tick) => extentOf(tick, 7.2))
          return extents.every(([from, to], i) => from >= -1e-6 && to <= width + 1e-6 && to < (extents[i + 1]?.[0] ?? Infinity))
        },
      ),
    )
  })

  it('leaves out the name beside the last one of fsync-torn, which is pushed inside the drawing', () => {
    // Lanes from 140 to 744 of 760: the axis ends at 1028K, whose name would go to 762 and is pushed to the left.
    const axis = { from: 0, to: 1028 * K, focus: { from: 512 * K, to: 784 * K } }
    const ticks = ticksOf(offsetScale(axis, 140, 744), 7.2, 760)
    const last = ticks.at(-1)
    const before = ticks.at(-2)
    expect(last).toMatchObject({ text: '1028K', anchor: 'end' })
    expect(before && extentOf(before, 7.2)[1]).toBeLessThan(744 - 5 * 7.2)
  })

  it('survives an axis of no length', () => {
    expect(ticksOf(offsetScale({ from: 0, to: 0 }, 0, 100), 7.2).length).toBeGreaterThan(0)
  })
})
