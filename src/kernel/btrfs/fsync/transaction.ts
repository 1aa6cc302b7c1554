/** btrfs: joining the running transaction and making it durable. Source: fs/btrfs/transaction.c v6.1. */
import type { Wait } from '../../../engine/procedure.ts'
import type { Letter } from '../../../engine/view.ts'
import { cutOut } from '../../lib/runs.ts'
import { unpinAll } from '../space/space.ts'
import type { BtrfsWorld } from '../world.ts'

/** fs_info->generation: the transaction that runs, or the last one if none does. */
export const currentGeneration = (s: BtrfsWorld): number => (s.fs.started ? s.fs.generation : s.fs.generation - 1)

/** btrfs_set_inode_last_trans(): the inode is changed in the running transaction, which is started if need be, and has to be logged again. */
export function touchInode(s: BtrfsWorld): void {
  s.fs.started = true
  s.bi.lastTrans = s.fs.generation
  s.bi.lastSubTrans = s.root.log_transid
  s.bi.lastLogCommit = s.bi.lastSubTrans - 1
}

/** btrfs_set_inode_last_sub_trans(), as every write does at its end. */
export function endWrite(s: BtrfsWorld): void {
  s.bi.lastSubTrans = s.root.log_transid
}

/** btrfs_set_inode_full_sync(): extents of this transaction may have come from elsewhere, so the next fsync logs all. */
export function setFullSync(s: BtrfsWorld): void {
  s.bi.needsFullSync = true
  s.bi.lastReflinkTrans = Math.max(s.bi.lastReflinkTrans, s.bi.lastTrans)
}

/** btrfs_start_transaction() for longer than a step. */
export function startTransaction(s: BtrfsWorld, who: Letter): void {
  s.fs.started = true
  s.fs.handles = [...s.fs.handles, who].sort()
}

/** btrfs_end_transaction(), also by whoever goes on to a commit, for which nobody has to wait then. */
export function endTransaction(s: BtrfsWorld, who: Letter): void {
  s.fs.handles = s.fs.handles.filter((letter) => letter !== who)
}

/**
 * What a commit waits for: everybody who has a handle, and what a fast fsync has logged before it was finished, since the log goes with the
 * commit and the items are not in the tree yet (BTRFS_ORDERED_PENDING).
 */
export function cannotCommit(s: BtrfsWorld): Wait | null {
  if (s.fs.handles.length > 0) return { on: 'handles of the transaction', heldBy: [...s.fs.handles] }
  return s.ordered.some((oe) => oe.logged) ? { on: 'ordered extents that were logged', heldBy: [] } : null
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
