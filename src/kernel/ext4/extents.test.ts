/** Expectations are the rows of the facts, ext4 1.4 (D4, D11b) and 3.9 (X3, X4). */
import { describe, expect, it } from 'vitest'
import { K } from '../../base/range.ts'
import { choose, resolveRelease } from '../releases.ts'
import { allocate, cleanedUp, convert, isOverwrite, layoutOf, mappingAt } from './extents.ts'
import { stageWorld, type Staging } from './stage.ts'
import type { Ext4World } from './world.ts'

const file = (extents: Staging['extents'], size: number, version = '6.1.63'): Ext4World => {
  const { kernel } = choose(resolveRelease(version).release, [], [])
  return stageWorld({ kernel, setting: {}, size, ...(extents ? { extents } : {}) })
}
const shape = (extents: readonly { from: number; to: number; unwritten: boolean }[]): string[] =>
  extents.map(({ from, to, unwritten }) => `${from / K}-${to / K}${unwritten ? ' unwritten' : ''}`)

describe('allocating blocks', () => {
  it('fills a hole, written or unwritten as asked, and joins what continues on the disk', () => {
    const s = file([{ from: 0, to: 8 * K, stamp: 'X' }], 8 * K)
    expect(shape(allocate(s, { from: 8 * K, to: 12 * K }, false).extents)).toEqual(['0-12'])
    expect(shape(allocate(s, { from: 16 * K, to: 20 * K }, true).extents)).toEqual(['0-8', '16-20 unwritten'])
  })

  it('never gives one disk address to two blocks', () => {
    const s = file(undefined, 0)
    s.ei.raw = allocate(s, { from: 4 * K, to: 8 * K }, false)
    s.ei.raw = allocate(s, { from: 0, to: 4 * K }, false)
    const [a, b] = s.ei.raw.extents
    expect(shape(s.ei.raw.extents)).toEqual(['0-4', '4-8'])
    expect(a?.disk).toBe((b?.disk ?? 0) + 4 * K)
  })

  it('keeps the place of preallocated blocks, and splits what is converted from the rest', () => {
    const s = file([{ from: 0, to: 12 * K }], 12 * K)
    const [before] = s.ei.raw.extents
    const { extents } = convert(s, { from: 4 * K, to: 8 * K })
    expect(shape(extents)).toEqual(['0-4 unwritten', '4-8', '8-12 unwritten'])
    expect(extents.map(({ disk }) => disk - (before?.disk ?? 0))).toEqual([0, 4 * K, 8 * K])
  })
})

describe('looking blocks up', () => {
  const s = file(
    [
      { from: 0, to: 8 * K, stamp: 'X' },
      { from: 12 * K, to: 16 * K },
    ],
    16 * K,
  )

  it('finds an extent from there on, or how far the hole goes', () => {
    expect(mappingAt(s.ei.raw.extents, 4 * K, 64 * K)).toMatchObject({ extent: { from: 4 * K, to: 8 * K }, to: 8 * K })
    expect(mappingAt(s.ei.raw.extents, 8 * K, 64 * K)).toEqual({ extent: null, to: 12 * K })
  })

  it('calls a write an overwrite if one written mapping covers it; from 6.5 on an unwritten one does as well (D4)', () => {
    const newer = file([{ from: 0, to: 8 * K }], 8 * K, '6.5')
    expect([isOverwrite(s, 0, 8 * K), isOverwrite(s, 4 * K, 8 * K), isOverwrite(s, 12 * K, 4 * K)]).toEqual([true, false, false])
    expect(isOverwrite(newer, 0, 8 * K)).toBe(true)
  })
})

describe('orphan cleanup (X3)', () => {
  const { raw } = file([{ from: 0, to: 12 * K, stamp: 'X' }], 12 * K).ei

  it('cuts an inode on the list to the blocks of its size', () => {
    expect(cleanedUp({ ...raw, size: 4 * K, orphan: true })).toMatchObject({
      size: 4 * K,
      orphan: false,
      extents: [{ from: 0, to: 4 * K }],
    })
    expect(cleanedUp({ ...raw, size: 0, orphan: true }).extents).toEqual([])
  })

  it('leaves any other as it is', () => {
    expect(cleanedUp({ ...raw, size: 4 * K })).toEqual({ ...raw, size: 4 * K })
  })
})

it('a layout tells data, holes and preallocated space apart, and blocks that no write has reached (X4)', () => {
  const s = file([{ from: 4 * K, to: 8 * K }], 16 * K)
  s.ei.raw = allocate(s, { from: 12 * K, to: 16 * K }, false)
  s.ei.raw = allocate(s, { from: 0, to: 4 * K }, false)
  s.disk.data = [{ from: s.ei.raw.extents[0]?.disk ?? 0, to: (s.ei.raw.extents[0]?.disk ?? 0) + 4 * K, stamp: 'A' }]
  expect(layoutOf({ ...s.ei.raw, size: 16 * K }, s.disk.data).map(({ kind, stamp }) => [kind, stamp])).toEqual([
    ['data', 'A'],
    ['unwritten', null],
    ['hole', null],
    ['data', '?'],
  ])
})
