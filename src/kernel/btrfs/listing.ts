/** What filefrag, xfs_io and dump-tree print of the file. Formats: btrfs-progs 6.2, kernel-shared/print-tree.c, as recorded. */
import type { Listing } from '../../engine/listing.ts'
import { itemSize, leafUse } from './dmesg.ts'
import { fiemap } from './ops/observe.ts'
import { CSUM_OBJECTID, type BtrfsWorld, type Item, type Leaf } from './world.ts'

/** BTRFS_SUPER_MAGIC */
const magic = '9123683e'

/** Special object ids are printed by name. */
export const oidName = (oid: Item['oid']): string => (oid === CSUM_OBJECTID ? 'EXTENT_CSUM' : String(oid))

function details(item: Item): string[] {
  switch (item.type) {
    case 'INODE_ITEM':
      return [`generation ${item.generation} (...) size ${item.size} (...)`]
    case 'INODE_REF':
      return [`(...) namelen ${item.name.length} name: ${item.name}`]
    case 'XATTR_ITEM':
      return ['(...)']
    case 'EXTENT_CSUM':
      return [`range start ${item.offset} end ${item.offset + item.length} length ${item.length}`]
    case 'EXTENT_DATA': {
      const { generation, kind, disk, diskLength, at, length, ram, compressed } = item
      if (kind === 'inline')
        return [`generation ${generation} type 0 (inline)`, `inline extent data size ${ram} ram_bytes ${ram} compression 0 (none)`]
      if (kind === 'prealloc')
        return [
          `generation ${generation} type 2 (prealloc)`,
          `prealloc data disk byte ${disk} nr ${diskLength}`,
          `prealloc data offset ${at} nr ${length}`,
        ]
      return [
        `generation ${generation} type 1 (regular)`,
        `extent data disk byte ${disk} nr ${diskLength}`,
        `extent data offset ${at} nr ${length} ram ${ram}`,
        `extent compression ${compressed ? '(...)' : '0 (none)'}`,
      ]
    }
  }
}

/** A leaf that has no block yet is called by its name. */
function dumped({ id, generation, items }: Leaf): string[] {
  const { free, offsets } = leafUse(items)
  return [
    `leaf ${id} items ${items.length} free space ${free} generation ${generation} owner TREE_LOG`,
    ...items.flatMap((item, slot) => [
      `\titem ${slot} key (${oidName(item.oid)} ${item.type} ${item.offset}) itemoff ${offsets[slot]} itemsize ${itemSize(item)}`,
      ...details(item).map((text) => `\t\t${text}`),
    ]),
  ]
}

/** In memory: what the kernel has now, whether it is on disk already or not. */
export const listingOf = (s: BtrfsWorld): Listing => ({
  magic,
  size: s.inode.i_size,
  extents: fiemap(s).map(([logical, physical, length, flags]) => ({ logical, physical, length, flags })),
  log: s.log && ['log tree key (TREE_LOG ROOT_ITEM 5)', ...s.log.leaves.flatMap(dumped)],
})
