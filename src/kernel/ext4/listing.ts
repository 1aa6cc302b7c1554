/** What filefrag and xfs_io print of the file: its extents as the inode in memory has them. */
import type { Listing } from '../../engine/listing.ts'
import type { Ext4World } from './world.ts'

/** EXT4_SUPER_MAGIC */
const magic = 'ef53'
/** FIEMAP_EXTENT_LAST and FIEMAP_EXTENT_UNWRITTEN. */
const flag = { last: 1, unwritten: 0x800 } as const

export const listingOf = ({ inode, ei: { raw } }: Ext4World): Listing => ({
  magic,
  size: inode.i_size,
  extents: raw.extents.map(({ from, to, disk, unwritten }, i) => ({
    logical: from,
    physical: disk,
    length: to - from,
    flags: (unwritten ? flag.unwritten : 0) | (i === raw.extents.length - 1 ? flag.last : 0),
  })),
  log: null,
})
