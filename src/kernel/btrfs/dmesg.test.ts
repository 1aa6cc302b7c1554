/** Log lines against lines that a kernel printed: 6.1.192 with the fixes taken out, an overlap in the log tree. */
import { describe, expect, it } from 'vitest'
import { abortLines, corruptLeaf, overlapIn } from './dmesg.ts'
import { CSUM_OBJECTID, INO, type ExtentData, type Item, type Leaf } from './world.ts'

const recorded = `
BTRFS critical (device vdh): corrupt leaf: root=18446744073709551610 block=30752768 slot=185 ino=257 file_offset=1499136, file extent end range (1507328) goes beyond start offset (1503232) of the next file extent
BTRFS info (device vdh): leaf 30752768 gen 7 total ptrs 189 free space 1474 owner 18446744073709551610
	item 0 key (257 1 0) itemoff 16123 itemsize 160
		inode generation 7 size 4915200 mode 100644
	item 1 key (257 12 256) itemoff 16110 itemsize 13
	item 2 key (257 108 0) itemoff 16057 itemsize 53
		extent data disk bytenr 18538496 nr 8192
		extent data offset 0 nr 8192 ram 8192
	item 3 key (257 108 8192) itemoff 16004 itemsize 53
		extent data disk bytenr 18530304 nr 8192
		extent data offset 0 nr 8192 ram 8192
	item 4 key (257 108 16384) itemoff 15951 itemsize 53
		extent data disk bytenr 18522112 nr 8192
		extent data offset 0 nr 8192 ram 8192`
  .trim()
  .split('\n')
const lastRecorded = 'BTRFS error (device vdh): block=30752768 write time tree block corruption detected'

const extent = (offset: number, length: number, disk: number): ExtentData => ({
  oid: INO,
  type: 'EXTENT_DATA',
  offset,
  kind: 'reg',
  disk,
  diskLength: length,
  at: 0,
  length,
  ram: length,
  generation: 7,
})
const leaf = (items: Item[], generation = 7): Leaf => ({ id: 'L', generation, items, room: 0 })

/** That leaf: the file `foo`, extents of 8K in reverse order on the disk; a store to the second half of one at slot 185. */
const items: Item[] = [
  { oid: INO, type: 'INODE_ITEM', offset: 0, size: 4915200, generation: 7 },
  { oid: INO, type: 'INODE_REF', offset: 256, name: 'foo' },
  ...Array.from({ length: 184 }, (_, i) => extent(i * 8192, 8192, 18538496 - i * 8192)),
  extent(1503232, 4096, 20000000),
  extent(1507328, 8192, 17022976),
  extent(1515520, 8192, 17014784),
]

describe('the report of a corrupt leaf', () => {
  const found = overlapIn(leaf(items))
  // A file made by this model's callers has mode 600, the recorded one had 644.
  const lines = found
    ? corruptLeaf('vdh', 30752768, leaf(items), INO, found).map(({ text }) => text.replace('mode 100600', 'mode 100644'))
    : []

  it('is what the kernel printed, free space and item offsets too', () => {
    expect(lines.slice(0, recorded.length)).toEqual(recorded)
  })

  it('ends with the line of the failed write', () => {
    expect(lines.at(-1)).toBe(lastRecorded)
  })

  it('dumps every item', () => {
    expect(lines.filter((line) => line.startsWith('\titem '))).toHaveLength(189)
  })
})

describe('the tree checker (fsync-log-tree 3.5)', () => {
  it('names the first of the two items: its slot, offset, end, and where the next one begins', () => {
    const two = leaf([items[0] as Item, extent(655360, 131072, 13631488), extent(782336, 4096, 13766656)])
    expect(overlapIn(two)).toEqual({ slot: 1, offset: 655360, end: 786432, next: 782336 })
  })

  it('finds nothing wrong with items that touch, or with gaps', () => {
    expect(overlapIn(leaf([extent(0, 4096, 1), extent(4096, 4096, 1), extent(65536, 4096, 1)]))).toBeNull()
  })

  it('does not compare extents with what is no extent', () => {
    const csum: Item = { oid: CSUM_OBJECTID, type: 'EXTENT_CSUM', offset: 0, length: 4096, sums: [] }
    expect(overlapIn(leaf([extent(0, 8192, 1), csum]))).toBeNull()
  })

  it('sees one leaf at a time: the same two items in two leaves are not noticed', () => {
    expect([leaf([extent(655360, 131072, 1)]), leaf([extent(782336, 4096, 1)])].map(overlapIn)).toEqual([null, null])
  })
})

describe('an abort in btrfs_sync_log()', () => {
  it('has errno -5 and not -117, and makes the file system read-only (fsync-log-tree 3.5, 7.1)', () => {
    expect(abortLines('sdb').map(({ text }) => text)).toEqual([
      'BTRFS: error (device sdb) in btrfs_sync_log:3136: errno=-5 IO failure',
      'BTRFS info (device sdb): forced readonly',
    ])
  })
})
