/** What dropping a range does to items, and what items mean: facts fsync-log-tree 3.8, 12.4. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { K } from '../../../base/range.ts'
import type { Run } from '../../lib/runs.ts'
import { contentOf, dropExtents, layoutOf, replaceRange } from './extents.ts'
import { allItems, compareKeys, endOf, extentsOf, insertItem } from './tree.ts'
import { INO, type ExtentData, type Item, type Leaf, type Tree } from '../world.ts'

const T = 8
const E = 13631488
const inode: Item = { oid: INO, type: 'INODE_ITEM', offset: 0, size: 1024 * K, generation: T - 1 }
const extent = (offset: number, length: number, disk = E, more: Partial<ExtentData> = {}): ExtentData => ({
  oid: INO,
  type: 'EXTENT_DATA',
  offset,
  kind: 'reg',
  disk,
  diskLength: disk === 0 ? 0 : length,
  at: 0,
  length,
  ram: length,
  generation: T - 1,
  ...more,
})
const leaf = (id: string, items: Item[], room = 10): Leaf => ({ id, generation: T - 1, items, room })
/** Drops [from, to) of a tree with this one item [k, end) in its second leaf. */
function drop(item: ExtentData, from: number, to: number): { left: ExtentData[]; tree: Tree } {
  const tree = [leaf('N', [inode, extent(0, 4 * K, E + 512 * K)]), leaf('M', [item])]
  dropExtents(tree, from, to, T, 10)
  return { left: extentsOf(allItems(tree)).slice(1), tree }
}

describe('btrfs_drop_extents() of [s, e) with an old item [k, end) (3.8)', () => {
  const old = extent(64 * K, 128 * K)

  it('inside: the item is cut in two; the right part has key e and begins e - k into the disk extent', () => {
    expect(drop(old, 96 * K, 100 * K).left).toEqual([
      { ...old, length: 32 * K },
      { ...old, offset: 100 * K, at: 36 * K, length: 92 * K },
    ])
  })

  it('cut head: the key becomes e, the offset grows by e - k', () => {
    expect(drop(old, 32 * K, 96 * K).left).toEqual([{ ...old, offset: 96 * K, at: 32 * K, length: 96 * K }])
    expect(drop(old, 64 * K, 68 * K).left).toEqual([{ ...old, offset: 68 * K, at: 4 * K, length: 124 * K }])
  })

  it('cut tail: 128K become 124K when the last page is written (5.1 row 6)', () => {
    const last = extent(655360, 131072)
    expect(drop(last, 782336, 786432).left).toEqual([{ ...last, length: 126976 }])
  })

  it('whole: the item is gone', () => {
    expect(drop(old, 64 * K, 192 * K).left).toEqual([])
    expect(drop(old, 32 * K, 256 * K).left).toEqual([])
  })

  it('not touched by a range that ends where the item begins, or begins where it ends', () => {
    expect(drop(old, 32 * K, 64 * K).left).toEqual([old])
    expect(drop(old, 192 * K, 256 * K).left).toEqual([old])
  })

  it('leaves the generation of a trimmed item alone; its leaf becomes one of this transaction, others do not', () => {
    const { left, tree } = drop(old, 96 * K, 100 * K)
    expect(left.map(({ generation }) => generation)).toEqual([T - 1, T - 1])
    expect(tree.map(({ generation }) => generation)).toEqual([T - 1, T])
  })

  it('changes a cut head in its own leaf: no other leaf is touched', () => {
    const { tree } = drop(old, 32 * K, 96 * K)
    expect(tree.map(({ id, generation, items }) => [id, generation, items.map(({ offset }) => offset / K)])).toEqual([
      ['N', T - 1, [0, 0]],
      ['M', T, [96]],
    ])
  })

  it('keeps a hole a hole; its second part remembers how far into it it begins, as recorded', () => {
    const hole = extent(64 * K, 128 * K, 0)
    expect(drop(hole, 96 * K, 100 * K).left.map(({ at, disk }) => [disk, at])).toEqual([
      [0, 0],
      [0, 36 * K],
    ])
  })
})

const blocks = 24
/** Which disk byte each block of the file is in; 0 = an explicit hole, '.' = no item. Says so if two items share a block. */
function map(items: readonly Item[]): string[] {
  const out = Array.from({ length: blocks }, () => '.')
  for (const item of extentsOf(items))
    for (let at = item.offset; at < endOf(item); at += 4 * K) {
      if (out[at / 4 / K] !== '.') return [`two items at ${at}`]
      out[at / 4 / K] = item.disk === 0 ? 'hole' : String(item.disk + item.at + at - item.offset)
    }
  return out
}

/** Disjoint items over the blocks, some of them showing the middle of a larger disk extent, some explicit holes. */
const items = fc
  .array(fc.record({ gap: fc.nat(2), length: fc.integer({ min: 1, max: 5 }), before: fc.nat(3), hole: fc.boolean() }), { maxLength: 8 })
  .map((parts) => {
    let at = 0
    const out: ExtentData[] = []
    for (const [i, { gap, length, before, hole }] of parts.entries()) {
      const [offset, size, skipped] = [(at + gap) * 4 * K, length * 4 * K, before * 4 * K]
      at += gap + length
      if (at > blocks) break
      out.push(hole ? extent(offset, size, 0) : extent(offset, size, E + i * 1024 * K, { at: skipped, diskLength: skipped + size + 8 * K }))
    }
    return out
  })
const window = fc
  .tuple(fc.nat(blocks - 1), fc.integer({ min: 1, max: 8 }))
  .map(([from, length]) => ({ from: from * 4 * K, to: Math.min(blocks, from + length) * 4 * K }))

describe('dropping a range and inserting a new item there, against a map of blocks', () => {
  it('leaves no two items over one block and every block outside as it was', () => {
    fc.assert(
      fc.property(items, window, fc.integer({ min: 1, max: 4 }), (old, { from, to }, perLeaf) => {
        const tree: Tree = []
        for (let i = 0; i === 0 || i < old.length; i += perLeaf) {
          const own: Item[] = old.slice(i, i + perLeaf)
          tree.push(leaf(`L${i}`, i === 0 ? [inode, ...own] : own, perLeaf - Math.min(perLeaf, old.length - i)))
        }
        const fresh = extent(from, to - from, E + 512 * 1024 * K, { generation: T })
        const before = map(old)
        dropExtents(tree, from, to, T, perLeaf + 1)
        if (!insertItem(tree, fresh, T, perLeaf + 1)) return false
        const after = allItems(tree)
        const expected = before.map((block, i) => (from <= i * 4 * K && i * 4 * K < to ? String(fresh.disk + i * 4 * K - from) : block))
        const sorted = [...after].sort(compareKeys)
        const flat = replaceRange([inode, ...old], from, to, [fresh])
        return (
          map(after).join() === expected.join() &&
          after.every((item, i) => item === sorted[i]) &&
          map(flat).join() === expected.join() &&
          tree.every(({ room }) => room >= 0)
        )
      }),
    )
  })
})

describe('what items say of a file', () => {
  const disk: Run[] = [
    { from: E, to: E + 64 * K, stamp: 'X' },
    { from: E + 64 * K, to: E + 128 * K, stamp: 'Y' },
  ]

  it('no item is a hole with the NO_HOLES feature, an item at disk 0 is one without (12.4)', () => {
    const layout = [{ from: 0, to: 8 * K, kind: 'hole', stamp: null }]
    expect(layoutOf([inode], disk, 8 * K)).toEqual(layout)
    expect(layoutOf([inode, extent(0, 8 * K, 0)], disk, 8 * K)).toEqual(layout)
  })

  it('an item shows its part of the disk extent, up to the size of the file', () => {
    const item = extent(8 * K, 16 * K, E, { at: 56 * K, diskLength: 128 * K })
    expect(layoutOf([item], disk, 20 * K)).toEqual([
      { from: 0, to: 8 * K, kind: 'hole', stamp: null },
      { from: 8 * K, to: 16 * K, kind: 'data', stamp: 'X' },
      { from: 16 * K, to: 20 * K, kind: 'data', stamp: 'Y' },
    ])
  })

  it('blocks that no write ever reached are unknown, preallocated ones unwritten', () => {
    expect(layoutOf([extent(0, 4 * K, E + 256 * K), extent(4 * K, 4 * K, E, { kind: 'prealloc' })], disk, 8 * K)).toEqual([
      { from: 0, to: 4 * K, kind: 'data', stamp: '?' },
      { from: 4 * K, to: 8 * K, kind: 'unwritten', stamp: null },
    ])
  })

  it('where two items overlap the one with the greater key is shown', () => {
    const layout = layoutOf([extent(0, 8 * K, E), extent(4 * K, 4 * K, E + 64 * K)], disk, 8 * K)
    expect(layout.map(({ from, stamp }) => [from, stamp])).toEqual([
      [0, 'X'],
      [4 * K, 'Y'],
    ])
  })

  it('a read prefers the page cache, sees zeros in holes and unwritten space, and zeros of any origin as zeros', () => {
    const layout = layoutOf([extent(0, 8 * K, E), extent(8 * K, 4 * K, E, { kind: 'prealloc' })], disk, 20 * K)
    const cache: Run[] = [
      { from: 4 * K, to: 8 * K, stamp: '0A' },
      { from: 16 * K, to: 24 * K, stamp: 'B' },
    ]
    expect(contentOf(layout, cache, 20 * K)).toEqual([
      { from: 0, to: 4 * K, stamp: 'X' },
      { from: 4 * K, to: 16 * K, stamp: '0' },
      { from: 16 * K, to: 20 * K, stamp: 'B' },
    ])
  })

  it('an empty file has no layout and no content', () => {
    expect(layoutOf([inode], disk, 0)).toEqual([])
    expect(contentOf([], [], 0)).toEqual([])
  })

  it('agrees with a map of blocks', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: blocks }), (all, sizeInBlocks) => {
        const stamps = all
          .map((item, i) => ({ from: item.disk, to: item.disk + item.diskLength, stamp: `S${i}` }))
          .filter(({ from }) => from !== 0)
        const layout = layoutOf(all, stamps, sizeInBlocks * 4 * K)
        // Item i lies in the i-th MiB from E on.
        const stampAt = (block: string): string => (/^\d+$/.test(block) ? `S${Math.floor((Number(block) - E) / 1024 / K)}` : 'hole')
        const expected = map(all).slice(0, sizeInBlocks).map(stampAt)
        const found = expected.map((_, i) => layout.find(({ from, to }) => from <= i * 4 * K && i * 4 * K < to)?.stamp ?? 'hole')
        return found.join() === expected.join()
      }),
    )
  })
})
