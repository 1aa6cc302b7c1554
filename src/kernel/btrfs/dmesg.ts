/** Log lines in the kernel's own formats. Source: facts fsync-log-tree 7.1, direct-io B.5; print_leaf's layout from a recorded log. */
import { printCsum } from '../../base/crc32c.ts'
import { compareKeys, endOf, isExtent } from './tree/tree.ts'
import type { ConsoleEntry } from '../vfs/world.ts'
import { keyType, type BtrfsWorld, type Item, type Leaf } from './world.ts'

/** What a line about data is made of. */
type Reports = Pick<BtrfsWorld, 'fs' | 'inode'>

/** 16 KiB nodes less the 101-byte header. */
const leafDataSize = 16384 - 101
const itemHeader = 25

export function itemSize(item: Item): number {
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

/** Where in a leaf the data of each item are, and how much room is left. */
export function leafUse(items: readonly Item[]): { readonly offsets: readonly number[]; readonly free: number } {
  let end = leafDataSize
  const offsets = items.map((item) => (end -= itemSize(item)))
  return { offsets, free: end - items.length * itemHeader }
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
  const { free, offsets } = leafUse(leaf.items)
  const dump = leaf.items.flatMap((item, slot) => [
    info(`\titem ${slot} key (${item.oid} ${keyType[item.type]} ${item.offset}) itemoff ${offsets[slot]} itemsize ${itemSize(item)}`),
    ...details(item).map((text) => info(`\t\t${text}`)),
  ])
  return [
    error(
      `BTRFS critical (device ${device}): corrupt leaf: root=18446744073709551610 block=${block} slot=${found.slot} ino=${ino} file_offset=${found.offset}, file extent end range (${found.end}) goes beyond start offset (${found.next}) of the next file extent`,
    ),
    info(
      `BTRFS info (device ${device}): leaf ${block} gen ${leaf.generation} total ptrs ${leaf.items.length} free space ${free} owner 18446744073709551610`,
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

const warning = (text: string): ConsoleEntry => ({ text, level: 'warning' })

/** The device that holds a mirror: the second one is the next letter of the alphabet. */
export const deviceOf = (device: string, mirror: number): string =>
  device.slice(0, -1) + String.fromCharCode((device.at(-1) ?? 'a').charCodeAt(0) + mirror)

/** A sector that was read does not have its checksum; then the counters of its device. `mirror` counts from 0, the line from 1. */
export function csumFailed(s: Reports, offset: number, found: number, expected: number, mirror: number): ConsoleEntry[] {
  const { device, corrupt } = s.fs
  const sums = `csum ${printCsum(found)} expected csum ${printCsum(expected)}`
  return [
    warning(`BTRFS warning (device ${device}): csum failed root 5 ino ${s.inode.ino} off ${offset} ${sums} mirror ${mirror + 1}`),
    error(
      `BTRFS error (device ${device}): bdev /dev/${deviceOf(device, mirror)} errs: wr 0, rd 0, flush 0, corrupt ${corrupt[mirror]}, gen 0`,
    ),
  ]
}

/** The csum tree has nothing for a sector of an inode that has checksums. */
export const csumHole = (s: Reports, disk: number): ConsoleEntry =>
  warning(`BTRFS warning (device ${s.fs.device}): csum hole found for disk bytenr range [${disk}, ${disk + 4096})`)

/** A bad copy on the first mirror was overwritten with a good one. */
export const corrected = (s: Reports, disk: number, offset: number): ConsoleEntry =>
  info(
    `BTRFS info (device ${s.fs.device}): read error corrected: ino ${s.inode.ino} off ${offset} (dev /dev/${s.fs.device} sector ${disk / 512})`,
  )

/** A direct read ends in error; 10 is BLK_STS_IOERR. */
export const directReadFailed = (s: Reports, offset: number, length: number): ConsoleEntry =>
  warning(
    `BTRFS warning (device ${s.fs.device}): direct IO failed ino ${s.inode.ino} op 0x0 offset 0x${offset.toString(16)} len ${length} err no 10`,
  )
