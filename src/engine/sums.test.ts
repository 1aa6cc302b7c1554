import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Bits, type Footprint } from './footprint.ts'
import { Sums } from './sums.ts'

const numbers = fc.array(fc.integer({ min: 0, max: 70 }), { maxLength: 4 })
const feet = fc.array(fc.record({ reads: numbers, writes: numbers, stores: numbers, replaces: numbers }), { minLength: 1, maxLength: 8 })

const bitsOf = (all: readonly number[]): Bits => {
  const bits = new Bits()
  for (const one of all) bits.add(one)
  return bits
}

const share = (a: readonly number[], b: readonly number[]): boolean => a.some((one) => b.includes(one))

it('two steps meet if one writes what the other reads or replaces, or if both store the same; whichever was known first', () => {
  fc.assert(
    fc.property(feet, (all) => {
      const sums = new Sums()
      const known = all.map(({ reads, writes, stores, replaces }) =>
        sums.of([{ reads: bitsOf(reads), writes: bitsOf(writes), stores: bitsOf(stores), replaces: bitsOf(replaces) } as Footprint]),
      )
      all.forEach((a, i) =>
        all.forEach((b, j) => {
          const meet =
            share(a.writes, [...b.reads, ...b.replaces]) || share(b.writes, [...a.reads, ...a.replaces]) || share(a.stores, b.stores)
          expect(known[i]?.meets.has(known[j]?.number ?? -1)).toBe(meet)
        }),
      )
    }),
  )
})

it('equal sums are one, of however many looks they are made', () => {
  const sums = new Sums()
  const foot = (reads: readonly number[]): Footprint =>
    ({ reads: bitsOf(reads), writes: new Bits(), stores: new Bits(), replaces: new Bits() }) as Footprint
  const one = sums.of([foot([1, 40]), foot([70])])
  expect(sums.of([foot([70, 1, 40])])).toBe(one)
  expect(sums.mapped(one.number, (element) => element + 1)).toBe(sums.of([foot([2, 41, 71])]).number)
})
