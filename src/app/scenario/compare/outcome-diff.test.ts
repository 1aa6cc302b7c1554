import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Outcome } from '../../../engine/view.ts'
import { outcomeDiff, type DiffRow } from './outcome-diff.ts'
import { outcomeRows } from './outcome-rows.ts'

const nothing: Outcome = {
  returns: {},
  reads: null,
  size: null,
  pos: null,
  layout: null,
  content: null,
  log: null,
  console: [],
  after: null,
  stuck: null,
}

const line = fc.constantFrom('a', 'b', 'c', 'd')
const some: fc.Arbitrary<Outcome> = fc
  .record({
    returns: fc.dictionary(fc.constantFrom('A', 'B'), fc.integer({ min: -5, max: 5 })),
    size: fc.option(fc.constantFrom(0, 65536, 131072)),
    console: fc.array(line, { maxLength: 6 }),
    after: fc.option(fc.record({ i_size: fc.constantFrom(0, 4096), csum: fc.boolean() })),
  })
  .map((part) => ({ ...nothing, ...part }))

const shared = (row: DiffRow, side: 'left' | 'right'): string[] => row[side].filter(({ differs }) => !differs).map(({ text }) => text)

it('says all of both outcomes, and leaves unmarked only what stands in both in the same order', () => {
  fc.assert(
    fc.property(some, some, (left, right) => {
      const words = new Map(outcomeRows(left))
      for (const row of outcomeDiff(left, right)) {
        expect(row.left.map(({ text }) => text)).toEqual(words.get(row.name) ?? ['none'])
        expect(shared(row, 'left')).toEqual(shared(row, 'right'))
        expect(row.differs).toBe([...row.left, ...row.right].some(({ differs }) => differs))
      }
    }),
  )
})

it('marks nothing between equal outcomes', () => {
  fc.assert(fc.property(some, (outcome) => outcomeDiff(outcome, outcome).every(({ differs }) => !differs)))
})

it('marks the hole and the place of the data, not the return value that both have', () => {
  const extent = (from: number, to: number, kind: string, source: string | null) => ({ from, to, kind, source })
  const wrong: Outcome = {
    ...nothing,
    returns: { A: 65536 },
    size: 131072,
    layout: [extent(0, 65536, 'hole', null), extent(65536, 131072, 'data', 'A')] as Outcome['layout'],
  }
  const right: Outcome = { ...nothing, returns: { A: 65536 }, size: 65536, layout: [extent(0, 65536, 'data', 'A')] as Outcome['layout'] }
  const marked = outcomeDiff(wrong, right).map(({ name, left, right: other }) => [
    name,
    left.filter(({ differs }) => differs).map(({ text }) => text),
    other.filter(({ differs }) => differs).map(({ text }) => text),
  ])
  expect(marked).toEqual([
    ['returns', [], []],
    ['i_size', ['131072 (128K)'], ['65536 (64K)']],
    ['layout', ['[0, 64K) hole', '[64K, 128K) data A'], ['[0, 64K) data A']],
  ])
})

it('says none where one side has no such thing', () => {
  const [row] = outcomeDiff({ ...nothing, size: 4096 }, nothing)
  expect(row).toMatchObject({ name: 'i_size', differs: true, right: [{ text: 'none', differs: true }] })
})
