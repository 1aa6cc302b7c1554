/** What a read of several pages finds while others change or drop them. The rows: facts page-cache 1 R2, R4. */
import { expect, test } from 'vitest'
import { must } from '../lib/must.ts'
import { beginCopy, cleanRun, heldAt, heldContent, hold, removePages, setCache } from './cache.ts'
import { emptyMapping, type Mapping } from './world.ts'

const K = 1024
const cached = (to: number, stamp: string): Mapping => ({ ...emptyMapping(), runs: [cleanRun({ from: 0, to, stamp })] })
const write = (mapping: Mapping, from: number, to: number, stamp: string): void =>
  setCache(mapping, from, to, [cleanRun({ from, to, stamp })])
const begin = (mapping: Mapping, end: number): unknown => beginCopy(mapping, must(heldAt(mapping, 'B', 0)), end)
const copied = (mapping: Mapping, to: number): string =>
  heldContent(mapping, must(heldAt(mapping, 'B', 0)), 0, to)
    .map((run) => `${run.from / K}..${run.to / K} ${run.stamp}`)
    .join(', ')

test('pages that are written while a read copies them may be found old or new, those that are not have their only value', () => {
  const mapping = cached(16 * K, 'a')
  hold(mapping, 'B', { from: 0, to: 16 * K })
  expect(begin(mapping, 16 * K)).toEqual([])
  write(mapping, 4 * K, 12 * K, 'A')
  expect(copied(mapping, 16 * K)).toBe('0..4 a, 4..12 A|a, 12..16 a')
  write(mapping, 4 * K, 8 * K, 'Z')
  expect(copied(mapping, 16 * K)).toBe('0..4 a, 4..8 A|Z|a, 8..12 A|a, 12..16 a')
})

test('before the copy begins only the last value of a page counts', () => {
  const mapping = cached(16 * K, 'a')
  hold(mapping, 'B', { from: 0, to: 16 * K })
  write(mapping, 0, 16 * K, 'A')
  begin(mapping, 16 * K)
  expect(copied(mapping, 16 * K)).toBe('0..16 A')
})

test('a page alone is copied at one moment', () => {
  const mapping = cached(4 * K, 'a')
  hold(mapping, 'B', { from: 0, to: 4 * K })
  begin(mapping, 4 * K)
  write(mapping, 0, 4 * K, 'A')
  expect(copied(mapping, 4 * K)).toBe('0..4 A')
})

test('of pages that are dropped while they are looked for the first was found, any of the others may have been', () => {
  const mapping = cached(16 * K, 'a')
  hold(mapping, 'B', { from: 0, to: 16 * K })
  removePages(mapping, 0, 16 * K)
  expect(begin(mapping, 16 * K)).toEqual([{ from: 4 * K, to: 16 * K, stamp: 'a' }])
  expect(heldAt(mapping, 'B', 0)).toMatchObject({ from: 0, to: 4 * K })
  expect(copied(mapping, 4 * K)).toBe('0..4 a')
})

test('pages that are dropped while they are copied are copied with what they held', () => {
  const mapping = cached(16 * K, 'a')
  hold(mapping, 'B', { from: 0, to: 16 * K })
  begin(mapping, 16 * K)
  removePages(mapping, 0, 16 * K)
  write(mapping, 0, 16 * K, 'A')
  expect(copied(mapping, 16 * K)).toBe('0..16 a')
})
