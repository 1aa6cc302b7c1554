/** Items in leaves: keys, search, insert, delete. Pure but for the tree handed in. */
import { invariant } from '../../../base/assert.ts'
import { INO, keyType, type ExtentData, type Item, type Key, type Leaf, type Tree } from '../world.ts'

const oidOrder = (oid: number | string): number => (typeof oid === 'number' ? oid : Number.MAX_SAFE_INTEGER)

/** Lexicographic: objectid, type, offset. */
export function compareKeys(a: Key, b: Key): number {
  return oidOrder(a.oid) - oidOrder(b.oid) || keyType[a.type] - keyType[b.type] || a.offset - b.offset
}

/** `(257 EXTENT_DATA 655360)` */
export const printKey = (key: Key): string => `(${key.oid} ${key.type} ${key.offset})`

/** The name of an item in pictures: its key. */
export const itemId = (item: Item): string => `${item.oid}.${item.type}.${item.offset}`

/** The name of an extent item in the lane of its tree: of the extent, which stays while the item shrinks or moves; of a hole, its place. */
export const spanId = (lane: 'subvol' | 'log', { disk, at, offset }: ExtentData): string =>
  `${lane === 'log' ? 'l' : 's'}${disk}.${disk === 0 ? offset : at}`

export const allItems = (tree: Tree): Item[] => tree.flatMap((leaf) => leaf.items)
export const isExtent = (item: Item): item is ExtentData => item.type === 'EXTENT_DATA'
export const extentsOf = (items: readonly Item[]): ExtentData[] => items.filter(isExtent)
export const endOf = (item: ExtentData): number => item.offset + item.length

/** btrfs_bin_search(): the slot of the first item with this key or a greater one. */
function slotOf(items: readonly Item[], key: Key): number {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareKeys(items[middle] as Item, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Does the leaf have an item with this very key at this slot? */
function hasKey({ items }: Leaf, slot: number, key: Key): boolean {
  const item = items[slot]
  return item !== undefined && compareKeys(item, key) === 0
}

/** The file extent items of a leaf that have a part in [from, to). Of two that overlap, as a log may have, the first may be missed. */
export function extentsInLeaf({ items }: Leaf, from: number, to: number): ExtentData[] {
  const out: ExtentData[] = []
  const slot = slotOf(items, { oid: INO, type: 'EXTENT_DATA', offset: from })
  const before = items[slot - 1]
  if (before && isExtent(before) && from < endOf(before) && before.offset < to) out.push(before)
  for (let at = slot, item = items[at]; item && isExtent(item) && item.offset < to; item = items[++at])
    if (from < endOf(item)) out.push(item)
  return out
}

/** The same of a tree in which no two items overlap. */
export const extentsIn = (tree: Tree, from: number, to: number): ExtentData[] => tree.flatMap((leaf) => extentsInLeaf(leaf, from, to))

/** The file extent item over an offset, of such a tree. */
export const extentAt = (tree: Tree, at: number): ExtentData | undefined => extentsIn(tree, at, at + 1)[0]

/** Where a search descends for this key: the last leaf that begins at or before it. */
function descend(tree: Tree, key: Key): number {
  let found = 0
  tree.forEach((leaf, i) => {
    const first = leaf.items[0]
    if (first && compareKeys(first, key) <= 0) found = i
  })
  return found
}

/** The leaf an insertion of this key would land in, without doing it. */
export function leafFor(tree: Tree, key: Key): Leaf {
  const at = descend(tree, key)
  const leaf = tree[at]
  invariant(leaf, 'a tree has at least one leaf')
  const last = leaf.items.at(-1)
  const right = tree[at + 1]
  return leaf.room === 0 && right && right.room > 0 && last && compareKeys(last, key) < 0 ? right : leaf
}

/**
 * Inserts an item, where no leaf is given into the one a descent ends in; the leaf becomes one of transaction `generation`. A full leaf passes an item at its end to the right
 * neighbour if that has room, otherwise it is split there. @returns false if the key exists (-EEXIST).
 */
export function insertItem(tree: Tree, item: Item, generation: number, roomOfNewLeaf: number, leaf: Leaf = leafFor(tree, item)): boolean {
  const place = slotOf(leaf.items, item)
  if (hasKey(leaf, place, item)) return false
  if (leaf.room > 0) {
    leaf.items.splice(place, 0, item)
    leaf.room--
    leaf.generation = generation
    return true
  }
  // Split: what follows the new item moves to a new right neighbour, with the new item if it comes last.
  const moved = leaf.items.splice(Math.min(place, leaf.items.length), leaf.items.length)
  const right: Leaf = { id: `${leaf.id}'`, generation, items: [item, ...moved], room: roomOfNewLeaf - 1 - moved.length }
  leaf.room += moved.length
  leaf.generation = generation
  tree.splice(tree.indexOf(leaf) + 1, 0, right)
  return true
}

/** Replaces the item with this key by `items` (none = delete) in its own leaf. */
export function replaceItem(tree: Tree, key: Key, items: readonly Item[], generation: number): void {
  const leaf = tree.find((candidate) => hasKey(candidate, slotOf(candidate.items, key), key))
  invariant(leaf, `${printKey(key)} is not in the tree`)
  leaf.items.splice(slotOf(leaf.items, key), 1, ...items)
  leaf.room += 1 - items.length
  leaf.generation = generation
}

/** The first slot with key >= min in a leaf of generation >= minGeneration, as btrfs_search_forward() finds it. */
export function searchForward(tree: Tree, min: Key, minGeneration: number): { readonly leaf: Leaf; readonly slot: number } | null {
  for (const leaf of tree) {
    if (leaf.generation < minGeneration) continue
    const slot = leaf.items.findIndex((item) => compareKeys(item, min) >= 0)
    if (slot >= 0) return { leaf, slot }
  }
  return null
}

/** The key just above, as the copy loop makes it: offset + 1. */
export const nextKey = (key: Key): Key => ({ oid: key.oid, type: key.type, offset: key.offset + 1 })
