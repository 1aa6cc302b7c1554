/** Log lines in the kernel's own formats. Source: facts fsync-log-tree 7.1; print_leaf's layout from a recorded log. */
import { compareKeys, endOf, isExtent } from './tree.ts'
import { keyType, type ConsoleEntry, type Item, type Leaf } from './world.ts'

/** 16 KiB nodes less the 101-byte header. */
const leafDataSize = 16384 - 101
const itemHeader = 25

function itemSize(item: Item): number {
  switch (item.type) {
    case 'INODE_ITEM':
      return 160
    case 'EXTENT_DATA':
      return 53
    case 'EXTENT_CSUM':
      return item.length / 1024 // 4 bytes a 4096-byte sector
    default:
      return 10 + item.name.length
  }
}

/** What the tree checker objects to in a leaf: the first item that reaches past the start of the next. */
export function overlapIn(
  leaf: Leaf,
): { readonly slot: number; readonly offset: number; readonly end: number; readonly next: number } | null {
  for (let slot = 0; slot + 1 < leaf.items.length; slot++) {
    const [item, next] = [leaf.items[slot], leaf.items[slot + 1]]
    if (!item || !next || !isExtent(item) || !isExtent(next) || item.oid !== next.oid) continue
    if (compareKeys(item, next) < 0 && endOf(item) > next.offset) return { slot, offset: item.offset, end: endOf(item), next: next.offset }
  }
  return null
}

const error = (text: string): ConsoleEntry => ({ text, level: 'error' })
const info = (text: string): ConsoleEntry => ({ text, level: 'info' })

/** The tree checker's report of a log tree leaf, with the dump of the leaf. */
export function corruptLeaf(
  device: string,
  block: number,
  leaf: Leaf,
  ino: number,
  found: NonNullable<ReturnType<typeof overlapIn>>,
): ConsoleEntry[] {
  const used = leaf.items.reduce((sum, item) => sum + itemHeader + itemSize(item), 0)
  let offset = leafDataSize
  const dump = leaf.items.flatMap((item, slot) => {
    offset -= itemSize(item)
    return [
      info(`\titem ${slot} key (${item.oid} ${keyType[item.type]} ${item.offset}) itemoff ${offset} itemsize ${itemSize(item)}`),
      ...details(item).map((text) => info(`\t\t${text}`)),
    ]
  })
  return [
    error(
      `BTRFS critical (device ${device}): corrupt leaf: root=18446744073709551610 block=${block} slot=${found.slot} ino=${ino} file_offset=${found.offset}, file extent end range (${found.end}) goes beyond start offset (${found.next}) of the next file extent`,
    ),
    info(
      `BTRFS info (device ${device}): leaf ${block} gen ${leaf.generation} total ptrs ${leaf.items.length} free space ${leafDataSize - used} owner 18446744073709551610`,
    ),
    ...dump,
    error(`BTRFS error (device ${device}): block=${block} write time tree block corruption detected`),
  ]
}

function details(item: Item): string[] {
  if (item.type === 'INODE_ITEM') return [`inode generation ${item.generation} size ${item.size} mode 100600`]
  if (item.type === 'EXTENT_DATA')
    return [
      `extent data disk bytenr ${item.disk} nr ${item.diskLength}`,
      `extent data offset ${item.at} nr ${item.length} ram ${item.diskLength}`,
    ]
  return []
}

/** Printed by a mount that finds a log. */
export const logReplayed = (device: string): ConsoleEntry => info(`BTRFS info (device ${device}): start tree-log replay`)

/** The first line of lockdep's report of a lock that is released by a task that does not hold it. */
export const badUnlockBalance: ConsoleEntry = { text: 'WARNING: bad unlock balance detected!', level: 'warning' }

/** A failed ASSERT() of btrfs, which is a BUG(). The line number is the one reported for 6.10.5. */
export const notLockedForLogging: readonly ConsoleEntry[] = [
  error('assertion failed: inode_is_locked(&inode->vfs_inode), in fs/btrfs/ordered-data.c:983'),
  error('kernel BUG at fs/btrfs/ordered-data.c:983!'),
]

/** A transaction abort and what follows it. The line number is the one seen on 5.12.2. */
export const abortLines = (device: string): ConsoleEntry[] => [
  error(`BTRFS: error (device ${device}) in btrfs_sync_log:3136: errno=-5 IO failure`),
  info(`BTRFS info (device ${device}): forced readonly`),
]
