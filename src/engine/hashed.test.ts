import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Hashed } from './hashed.ts'

/** All numbers that are found under a hash. */
function under(hashed: Hashed, hash: number): number[] {
  const found: number[] = []
  for (let number = hashed.first(hash); number >= 0; number = hashed.next(hash)) found.push(number)
  return found
}

it('finds everything again under its hash, however many share one', () => {
  // Few hashes, so that many things share one; and some that differ in the upper or the lower bits alone.
  const hashes = fc.array(
    fc.oneof(
      fc.nat(3),
      fc.integer(),
      fc.nat(3).map((n) => n << 29),
    ),
    { maxLength: 300 },
  )
  fc.assert(
    fc.property(hashes, (all) => {
      const hashed = new Hashed()
      all.forEach((hash, number) => expect(hashed.add(hash)).toBe(number))
      expect(hashed.size).toBe(all.length)
      for (const [number, hash] of all.entries()) {
        expect(hashed.hashAt(number)).toBe(hash)
        expect(under(hashed, hash)).toContain(number)
      }
    }),
  )
})

it('passes by nearly all that has another hash', () => {
  const hashed = new Hashed()
  const mixed = (i: number): number => Math.imul(i ^ (i >>> 7), 0x9e3779b1)
  for (let i = 0; i < 10_000; i++) hashed.add(mixed(i))
  let others = 0
  for (let i = 10_000; i < 20_000; i++) others += under(hashed, mixed(i)).length
  // 32,768 places leave 17 bits of the hash, and a search passes a place or two: less than one in ten thousand.
  expect(others).toBeLessThan(10)
})
