/** btrfs_cont_expand(): a write or truncate beyond i_size leaves a hole, which needs an item unless the NO_HOLES feature is on. */
import { alignDown, alignUp } from '../../base/range.ts'
import { dropExtents } from './extents.ts'
import { insertItem } from './tree.ts'
import { INO, SECTOR, type BtrfsWorld } from './world.ts'

/** Makes [i_size, to) a hole. Source: facts direct-io A.3 A4; fsync-log-tree 12.4. */
export function contExpand(s: BtrfsWorld, to: number): void {
  const from = alignUp(s.inode.i_size, SECTOR)
  const end = alignDown(to, SECTOR)
  if (from >= end || s.fs.noHoles) return
  dropExtents(s.subvol, from, end, s.fs.generation, s.fs.leafRoom)
  insertItem(
    s.subvol,
    {
      oid: INO,
      type: 'EXTENT_DATA',
      offset: from,
      kind: 'reg',
      disk: 0,
      diskLength: 0,
      at: 0,
      length: end - from,
      generation: s.fs.generation,
    },
    s.fs.generation,
    s.fs.leafRoom,
  )
}
