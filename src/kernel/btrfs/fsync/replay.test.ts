/** Log replay by hand: facts fsync-log-tree 7.1, 7.2, 12.4 to 12.6. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical } from '../../../base/plain.ts'
import { K } from '../../../base/range.ts'
import type { Run } from '../../lib/runs.ts'
import { layoutOf } from '../tree/extents.ts'
import { replayLog, sizeIn } from './replay.ts'
import { compareKeys, extentsOf } from '../tree/tree.ts'
import { CSUM_OBJECTID, INO, type ExtentData, type Item } from '../world.ts'

const T = 8
const inode = (size: number, generation = T - 1): Item => ({ oid: INO, type: 'INODE_ITEM', offset: 0, size, generation })
const ref: Item = { oid: INO, type: 'INODE_REF', offset: 256, name: 'f' }
const extent = (offset: number, disk: number, length: number, more: Partial<ExtentData> = {}): ExtentData => ({
  oid: INO,
  type: 'EXTENT_DATA',
  offset,
  kind: 'reg',
  disk,
  diskLength: disk === 0 ? 0 : length,
  at: 0,
  length,
  ram: more.diskLength ?? length,
  generation: T - 1,
  ...more,
})
const hole = (offset: number, length: number): ExtentData => extent(offset, 0, length, { generation: T })

describe('scenario 2 of the facts: the log says X, hole, nothing, hole (7.2)', () => {
  const [X, Y, W, Z] = [13631488, 14155776, 14680064, 14684160]
  const committed = [inode(1052672), ref, extent(0, X, 524288), extent(524288, Y, 524288), extent(1048576, W, 4096)]
  const disk: Run[] = [
    { from: X, to: X + 524288, stamp: 'X' },
    { from: Y, to: Y + 524288, stamp: 'Y' },
    { from: W, to: W + 4096, stamp: 'W' },
    { from: Z, to: Z + 4096, stamp: 'Z' },
  ]
  const logged = [inode(1048576, T), ref, extent(0, X, 524288)]
  const after = (log: Item[]): Item[] => replayLog({ items: committed, log: [...logged, ...log] }, true)
  const layout = (items: Item[]): string[] =>
    layoutOf(items, disk, sizeIn(items)).map(({ from, to, stamp }) => `${from / K}K-${to / K}K ${stamp ?? 'hole'}`)

  it('brings 4K of Y back, from 128K of its disk extent on', () => {
    const items = after([hole(524288, 131072), hole(659456, 389120)])
    expect(extentsOf(items)).toEqual([
      extent(0, X, 524288),
      // key 655360, disk_num_bytes 524288, offset 131072, num_bytes 4096
      extent(655360, Y, 4096, { diskLength: 524288, at: 131072 }),
    ])
    expect(layout(items)).toEqual(['0K-512K X', '512K-640K hole', '640K-644K Y', '644K-1024K hole'])
  })

  it('with the hole in one piece gives the file without the store', () => {
    expect(layout(after([hole(524288, 524288)]))).toEqual(['0K-512K X', '512K-1024K hole'])
  })

  it('with the new extent between the holes gives the file with the store', () => {
    const log = [hole(524288, 131072), extent(655360, Z, 4096, { generation: T }), hole(659456, 389120)]
    expect(layout(after(log))).toEqual(['0K-512K X', '512K-640K hole', '640K-644K Z', '644K-1024K hole'])
  })

  it('drops what lies past the logged size, and takes that size over', () => {
    const items = after([])
    expect(sizeIn(items)).toBe(1048576)
    expect(extentsOf(items).some(({ disk: at }) => at === W)).toBe(false)
  })

  it('without NO_HOLES keeps the holes as items (12.6 item 3)', () => {
    const items = replayLog({ items: committed, log: [...logged, hole(524288, 524288)] }, false)
    expect(extentsOf(items).map(({ offset, disk: at }) => [offset, at])).toEqual([
      [0, X],
      [524288, 0],
    ])
  })
})

describe('scenario 1 of the facts, had the two items landed in different leaves (7.1)', () => {
  it('ends with the newest layout: the later item drops what it overlaps', () => {
    const [E, Z] = [13631488, 13766656]
    const committed = [inode(790528), ref, extent(655360, E, 135168)]
    const log = [
      inode(786432, T),
      ref,
      extent(655360, E, 131072, { diskLength: 135168, generation: T - 1 }),
      extent(782336, Z, 4096, { generation: T }),
    ]
    expect(extentsOf(replayLog({ items: committed, log }, false)).map(({ offset, length, disk }) => [offset, length, disk])).toEqual([
      [655360, 126976, E],
      [782336, 4096, Z],
    ])
  })
})

describe('log replay', () => {
  it('without a log is the last commit', () => {
    const items = [inode(4096), ref, extent(0, 13631488, 4096)]
    expect(replayLog({ items, log: null }, true)).toEqual(items)
  })

  it('makes a file that was never committed', () => {
    const log = [inode(4096, T), ref, extent(0, 13631488, 4096, { generation: T })]
    expect(replayLog({ items: [], log }, true)).toEqual(log)
  })

  it('keeps checksum items out of the subvolume tree', () => {
    const log: Item[] = [inode(4096, T), { oid: CSUM_OBJECTID, type: 'EXTENT_CSUM', offset: 13631488, length: 4096, sums: [] }]
    expect(replayLog({ items: [], log }, true)).toEqual([log[0]])
  })

  const some = fc
    .array(fc.record({ from: fc.nat(15), length: fc.integer({ min: 1, max: 6 }), disk: fc.nat(3) }), { maxLength: 6 })
    .map((parts) => parts.map(({ from, length, disk }) => extent(from * 4096, disk === 0 ? 0 : 13631488 + disk * 1048576, length * 4096)))
  /** Committed items do not overlap; a damaged log's may. */
  const disjoint = some.map((all) => all.reduce<Item[]>((kept, item) => replayLog({ items: kept, log: [item] }, false), []))
  const distinct = some.map((all) => all.filter((item, i) => all.findIndex((other) => other.offset === item.offset) === i))

  it('is idempotent: replaying the same whole log once more changes nothing (O9)', () => {
    fc.assert(
      fc.property(disjoint, disjoint, fc.nat(24), fc.boolean(), (items, log, size, noHoles) => {
        const durable = { items: [inode(98304), ...items], log: [inode(size * 4096, T), ref, ...log] }
        const once = replayLog(durable, noHoles)
        return canonical(replayLog({ ...durable, items: once }, noHoles)) === canonical(once)
      }),
    )
  })

  it('leaves items in key order and no two over one byte, whatever the log says', () => {
    fc.assert(
      fc.property(disjoint, distinct, fc.boolean(), (items, log, noHoles) => {
        const after = replayLog({ items: [inode(98304), ...items], log: [inode(98304, T), ...log] }, noHoles)
        const extents = extentsOf(after)
        return (
          canonical([...after].sort(compareKeys)) === canonical(after) &&
          extents.every((item, i) => i === 0 || (extents[i - 1]?.offset ?? 0) + (extents[i - 1]?.length ?? 0) <= item.offset)
        )
      }),
    )
  })
})
