/** btrfs: joining the running transaction and making it durable. Source: fs/btrfs/transaction.c v6.1. */
import { unpinAll } from '../space/space.ts'
import type { BtrfsWorld } from '../world.ts'
import { cutOut } from '../../lib/runs.ts'

/** fs_info->generation: the transaction that runs, or the last one if none does. */
export const currentGeneration = (s: BtrfsWorld): number => (s.fs.started ? s.fs.generation : s.fs.generation - 1)

/**
 * btrfs_set_inode_last_trans(): the inode belongs to the running transaction, which is started if need be. Enough where
 * a modified extent map will tell the next fsync what there is to log.
 */
export function joinTransaction(s: BtrfsWorld): void {
  s.fs.started = true
  s.bi.lastTrans = s.fs.generation
}

/** btrfs_update_inode() in the running transaction: the inode has to be logged again. */
export function touchInode(s: BtrfsWorld): void {
  joinTransaction(s)
  s.bi.inLog = false
}

/** btrfs_set_inode_full_sync(): extents of this transaction may have come from elsewhere, so the next fsync logs all. */
export function setFullSync(s: BtrfsWorld): void {
  s.bi.needsFullSync = true
  s.bi.lastReflinkTrans = Math.max(s.bi.lastReflinkTrans, s.bi.lastTrans)
}

/** Makes the running trees durable, frees what they no longer need, and begins the next transaction. */
export function commit(s: BtrfsWorld): void {
  const freed = unpinAll(s.space)
  if (freed.length > 0) s.csums = freed.reduce((csums, part) => cutOut(csums, part.from, part.to), s.csums)
  const items = s.subvol.flatMap((leaf) =>
    leaf.items.map((item) => (item.type === 'INODE_ITEM' ? { ...item, size: s.bi.disk_i_size } : item)),
  )
  s.durable = { generation: s.fs.generation, items, csums: s.csums, log: null }
  s.log = null
  s.fs.generation++
  s.fs.started = false
  s.fs.fullCommit = false
}
