/** Keys and leaves: facts fsync-log-tree 0 and 3.2. */
import { describe, expect, it } from 'vitest'
import { K } from '../../../base/range.ts'
import { allItems, compareKeys, insertItem, leafFor, nextKey, printKey, replaceItem, searchForward } from './tree.ts'
import { CSUM_OBJECTID, INO, type ExtentData, type Item, type Key, type Leaf, type Tree } from '../world.ts'

const T = 8
const inode: Item = { oid: INO, type: 'INODE_ITEM', offset: 0, size: 1024 * K, generation: T }
const ref: Item = { oid: INO, type: 'INODE_REF', offset: 256, name: 'f' }
const csum: Item = { oid: CSUM_OBJECTID, type: 'EXTENT_CSUM', offset: 13631488, length: 4 * K, sums: [] }
const extent = (offset: number, length = 4 * K): ExtentData => ({
  oid: INO,
  type: 'EXTENT_DATA',
  offset,
  kind: 'reg',
  disk: 13631488 + offset,
  diskLength: length,
  at: 0,
  length,
  ram: length,
  generation: T,
})
const leaf = (id: string, items: Item[], room: number, generation = T): Leaf => ({ id, generation, items, room })
/** `N: 0K 4K (1 free)` */
const shape = (tree: Tree): string[] =>
  tree.map(({ id, items, room }) => `${id}: ${items.map((item) => `${item.offset / K}K`).join(' ')} (${room} free)`)

describe('keys', () => {
  it('are ordered by object, then type, then offset', () => {
    const keys: Key[] = [extent(0), inode, extent(644 * K), { oid: 256, type: 'INODE_ITEM', offset: 9 }, ref, extent(640 * K)]
    expect(keys.sort(compareKeys).map(printKey)).toEqual([
      '(256 INODE_ITEM 9)',
      '(257 INODE_ITEM 0)',
      '(257 INODE_REF 256)',
      '(257 EXTENT_DATA 0)',
      '(257 EXTENT_DATA 655360)',
      '(257 EXTENT_DATA 659456)',
    ])
  })

  it('put checksums last: their object id is -10 as an unsigned number', () => {
    const bigInode: Key = { oid: 2 ** 40, type: 'INODE_ITEM', offset: 0 }
    expect([csum, bigInode, inode].sort(compareKeys)).toEqual([inode, bigInode, csum])
  })

  it('follow each other by offset in the copy loop: after an item min_key is one byte further (3.2 L7)', () => {
    expect(printKey(nextKey(extent(640 * K)))).toBe('(257 EXTENT_DATA 655361)')
  })
})

describe('an insertion', () => {
  it('keeps the leaf sorted and makes it one of this transaction', () => {
    const tree = [leaf('N', [inode, ref, extent(8 * K)], 2, T - 1)]
    expect(insertItem(tree, extent(4 * K), T, 10)).toBe(true)
    expect(shape(tree)).toEqual(['N: 0K 0.25K 4K 8K (1 free)'])
    expect(tree[0]?.generation).toBe(T)
  })

  it('of a key that is there is refused and changes nothing: -EEXIST (3.2 atomicity 5)', () => {
    const tree = [leaf('N', [inode, extent(4 * K)], 2)]
    expect(insertItem(tree, extent(4 * K, 8 * K), T, 10)).toBe(false)
    expect(shape(tree)).toEqual(['N: 0K 4K (2 free)'])
  })

  it('at the end of a full leaf goes to the right neighbour if that has room', () => {
    const tree = [leaf('N', [inode, extent(0)], 0), leaf('M', [extent(64 * K)], 1)]
    expect(leafFor(tree, extent(8 * K)).id).toBe('M')
    insertItem(tree, extent(8 * K), T, 10)
    expect(shape(tree)).toEqual(['N: 0K 0K (0 free)', 'M: 8K 64K (0 free)'])
  })

  it('in the middle of a full leaf splits it: what follows moves to a new leaf behind the new item', () => {
    const tree = [leaf('N', [inode, extent(0), extent(64 * K)], 0), leaf('M', [extent(128 * K)], 5)]
    insertItem(tree, extent(8 * K), T, 3)
    expect(shape(tree)).toEqual(['N: 0K 0K (1 free)', "N': 8K 64K (1 free)", 'M: 128K (5 free)'])
  })

  it('at the end of the last full leaf makes a new leaf', () => {
    const tree = [leaf('N', [inode, extent(0)], 0)]
    insertItem(tree, extent(8 * K), T, 3)
    expect(shape(tree)).toEqual(['N: 0K 0K (0 free)', "N': 8K (2 free)"])
  })
})

describe('replacing an item', () => {
  it('happens in its own leaf, whose free room follows', () => {
    const tree = [leaf('N', [inode], 0), leaf('M', [extent(4 * K)], 3, T - 1)]
    replaceItem(tree, extent(4 * K), [extent(4 * K), extent(8 * K)], T)
    expect(shape(tree)).toEqual(['N: 0K (0 free)', 'M: 4K 8K (2 free)'])
    expect(tree.map(({ generation }) => generation)).toEqual([T, T])
  })

  it('that is not there is a mistake of the model', () => {
    expect(() => replaceItem([leaf('N', [inode], 1)], extent(0), [], T)).toThrow('(257 EXTENT_DATA 0) is not in the tree')
  })
})

describe('btrfs_search_forward()', () => {
  const tree: Tree = [
    leaf('O', [inode, ref, extent(0)], 0, T - 1),
    leaf('N', [extent(64 * K), extent(128 * K)], 0),
    leaf('P', [extent(256 * K)], 0, T - 1),
    leaf('Q', [extent(512 * K), csum], 0),
  ]
  const find = (key: Key, generation = T): string => {
    const found = searchForward(tree, key, generation)
    return found ? `${found.leaf.id}${found.slot}` : 'nothing'
  }

  it('passes over leaves of older transactions: their items are never visited (3.2 L1, atomicity 4)', () => {
    expect(find(inode)).toBe('N0')
    expect(find(extent(132 * K))).toBe('Q0')
    expect(find(inode, T - 1)).toBe('O0')
  })

  it('finds the key itself or the next one', () => {
    expect(find(extent(128 * K))).toBe('N1')
    expect(find(nextKey(extent(64 * K)))).toBe('N1')
  })

  it('sees only keys after the last one: what became of the range that it covers is not looked at (atomicity 3)', () => {
    // The last item copied was [128K, 132K); a new key inside it would be found, a new key below 128K would not.
    const grown = tree.map((old) => (old.id === 'N' ? { ...old, items: [...old.items, extent(130 * K)] } : old))
    const after = nextKey(extent(128 * K))
    expect(searchForward(grown, after, T)?.leaf.id).toBe('N')
    expect(searchForward(tree, after, T)?.leaf.id).toBe('Q')
  })

  it('finds nothing behind the last key', () => {
    expect(find(nextKey(csum))).toBe('nothing')
  })

  it('reads the items of all leaves in key order', () => {
    const items = allItems(tree)
    expect([...items].sort(compareKeys)).toEqual(items)
  })
})
