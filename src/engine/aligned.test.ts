import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sideBySide, type Pair } from './aligned.ts'

const runs = fc.record({
  left: fc.nat(12),
  right: fc.nat(12),
  seeds: fc.array(fc.record({ left: fc.nat(11), right: fc.nat(11), weight: fc.integer({ min: 1, max: 9 }) }), { maxLength: 12 }),
})
const pairsOf = ({ left, right, seeds }: { left: number; right: number; seeds: Pair[] }): Pair[] =>
  seeds.filter((pair) => pair.left < left && pair.right < right).map((pair) => ({ ...pair, left: pair.left + 1, right: pair.right + 1 }))

it('keeps the order of both sides, loses no step, and has two steps in a row only where they are a pair', () => {
  fc.assert(
    fc.property(runs, (given) => {
      const pairs = pairsOf(given)
      const rows = sideBySide(given.left, given.right, pairs)
      expect(rows[0]).toEqual({ left: 0, right: 0 })
      expect(rows.at(-1)).toEqual({ left: given.left, right: given.right })
      rows.slice(1).forEach((row, i) => {
        const [l, r] = [row.left - (rows[i]?.left ?? 0), row.right - (rows[i]?.right ?? 0)]
        expect(['0 1', '1 0', '1 1']).toContain(`${l} ${r}`)
        expect(l + r < 2 || pairs.some((pair) => pair.left === row.left && pair.right === row.right)).toBe(true)
      })
    }),
  )
})

it('gives the row to the pair that is worth more where two cannot both be had', () => {
  // B came late on the right: its steps and those of A cross.
  const rows = sideBySide(2, 2, [
    { left: 1, right: 2, weight: 1 },
    { left: 2, right: 1, weight: 10 },
  ])
  expect(rows).toEqual([
    { left: 0, right: 0 },
    { left: 1, right: 0 },
    { left: 2, right: 1 },
    { left: 2, right: 2 },
  ])
})

it('has two runs that are the same in as many rows as they have states', () => {
  const pairs = [1, 2, 3].map((n) => ({ left: n, right: n, weight: 1 }))
  expect(sideBySide(3, 3, pairs)).toEqual([0, 1, 2, 3].map((n) => ({ left: n, right: n })))
})
