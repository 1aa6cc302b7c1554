import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Memo, Read, readOf, type Found } from './memo.ts'
import type { State } from './state.ts'

const width = 4
const state = fc.array(fc.nat(5), { minLength: width, maxLength: width }).map((values) => Int32Array.from(values))

/** A computation that reads a few slots of both states; which one comes next depends on what it read so far. */
function compute(before: State, after: State): Found<string> {
  const reads: number[] = []
  const seen: number[] = []
  for (let read = 0, all: number[] = []; all.length < 3 && !all.includes(read);) {
    const slot = Math.floor(read / 2)
    const value = (read % 2 === 0 ? before : after)[slot] ?? 0
    all = [...all, read]
    reads.push(readOf(slot, read % 2 === 0 ? Read.before : Read.after))
    seen.push(value)
    read = (3 * read + value + 1) % (2 * width)
  }
  return { reads, value: seen.join() }
}

/** The memo, and how often it had to compute. */
function counted<T>(of: (before: State, after: State) => Found<T>): { readonly memo: Memo<T>; readonly computed: () => number } {
  let times = 0
  const memo = new Memo((before, after) => {
    times++
    return of(before, after)
  })
  return { memo, computed: () => times }
}

describe('what is remembered of a computation', () => {
  it('is found again for every pair of states that it cannot tell apart, and for no other', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(state, state), { minLength: 1, maxLength: 200 }), (pairs) => {
        const { memo, computed } = counted(compute)
        const known = new Set<string>()
        return pairs.every(([before, after]) => {
          const { value } = compute(before, after)
          known.add(value)
          return memo.of(before, after) === value && computed() === known.size
        })
      }),
    )
  })

  it('is one value for all states if nothing was read', () => {
    const { memo, computed } = counted(() => ({ value: 'always', reads: [] }))
    const [one, two] = [Int32Array.of(1, 2), Int32Array.of(3, 4)]
    expect([memo.of(one, one), memo.of(two, two), computed()]).toEqual(['always', 'always', 1])
  })

  it('does not tell a state from the same one with empty slots at its end', () => {
    const { memo, computed } = counted((before) => ({ value: before[3] ?? 0, reads: [readOf(3, Read.before)] }))
    const [short, long] = [Int32Array.of(1, 2), Int32Array.of(1, 2, 0, 0)]
    expect([memo.of(long, long), memo.of(short, short), computed()]).toEqual([0, 0, 1])
  })

  it('survives many entries', () => {
    const { memo, computed } = counted((before) => ({
      value: (before[1] ?? 0) * 2,
      reads: [readOf(0, Read.before), readOf(1, Read.before)],
    }))
    const of = (i: number): number => memo.of(Int32Array.of(i % 71, i), Int32Array.of(0, 0))
    for (let i = 0; i < 5000; i++) of(i)
    for (let i = 0; i < 5000; i += 7) expect(of(i)).toBe(2 * i)
    expect(computed()).toBe(5000)
  })
})
