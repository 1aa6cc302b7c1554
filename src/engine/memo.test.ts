import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Memo } from './memo.ts'

const width = 4
const state = fc.array(fc.nat(5), { minLength: width, maxLength: width }).map((values) => Int32Array.from(values))

/** A computation that reads a few slots of both states; which one comes next depends on what it read so far. */
function compute(before: Int32Array, after: Int32Array): { reads: number[]; value: string } {
  const reads: number[] = []
  const seen: number[] = []
  for (let slot = 0; reads.length < 3 && !reads.includes(slot);) {
    const value = (slot < width ? before[slot] : after[slot - width]) ?? 0
    reads.push(slot)
    seen.push(value)
    slot = (3 * slot + value + 1) % (2 * width)
  }
  return { reads, value: seen.join() }
}

describe('what is remembered of a computation', () => {
  it('is found again for every pair of states that it cannot tell apart, and for no other', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(state, state), { minLength: 1, maxLength: 200 }), (pairs) => {
        const memo = new Memo<string>()
        const known = new Set<string>()
        return pairs.every(([before, after]) => {
          const { reads, value } = compute(before, after)
          const found = memo.get(before, after)
          if (found !== (known.has(value) ? value : undefined)) return false
          if (found === undefined) memo.put(before, after, reads, value)
          known.add(value)
          return memo.get(before, after) === value
        })
      }),
    )
  })

  it('is one value for all states if nothing was read', () => {
    const memo = new Memo<string>()
    const [one, two] = [Int32Array.of(1, 2), Int32Array.of(3, 4)]
    expect(memo.get(one, one)).toBeUndefined()
    memo.put(one, one, [], 'always')
    expect(memo.get(two, two)).toBe('always')
  })

  it('survives many entries', () => {
    const memo = new Memo<number>()
    for (let i = 0; i < 5000; i++) memo.put(Int32Array.of(i % 71, i), Int32Array.of(0, 0), [0, 1], i)
    for (let i = 0; i < 5000; i += 7) expect(memo.get(Int32Array.of(i % 71, i), Int32Array.of(0, 0))).toBe(i)
    expect(memo.get(Int32Array.of(0, 5000), Int32Array.of(0, 0))).toBeUndefined()
  })
})
