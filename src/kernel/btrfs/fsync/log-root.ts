/**
 * btrfs: what a subvolume's root keeps of its log, by which several fsyncs share one log commit. Source: facts fsync-log-tree 3.1 (A8, A17),
 * 3.4 (S1..S3, S10), 3.10.
 */
import { has } from '../../../engine/procedure.ts'
import type { Letter } from '../../../engine/view.ts'
import { must } from '../../lib/must.ts'
import type { BtrfsWorld, LogRoot } from '../world.ts'

/** BTRFS_LOG_FORCE_COMMIT: commit the transaction instead. */
export const forceCommit = 1

/** As btrfs_add_log_tree() and the allocation of a root leave it: the first log transaction is 0, and so is the last one said to be on disk. */
export const freshLogRoot = (of: Pick<BtrfsWorld, 'kernel'>): LogRoot => ({
  log_transid: 0,
  last_log_commit: has(of, 'log-before-skip') ? -1 : 0,
  log_writers: [],
  log_commit: null,
  log_ctxs: {},
})

/** start_log_trans(): the task joins the log transaction that runs. @returns false if the log cannot be used. */
export function startLogTrans(s: BtrfsWorld, who: Letter): boolean {
  const { root } = s
  if (s.log === null) {
    s.log = { leaves: [{ id: 'L', generation: s.fs.generation, items: [], room: s.fs.logLeafRoom }] }
    const { log_transid, last_log_commit } = freshLogRoot(s)
    Object.assign(root, { log_transid, last_log_commit })
  } else if (s.fs.fullCommit) return false
  root.log_writers = [...root.log_writers, who].sort()
  root.log_ctxs[who] = { transid: root.log_transid, ret: null }
  return true
}

/** btrfs_end_log_trans(); where the inode could not be logged the task does not wait for the log either. */
export function endLogTrans(s: BtrfsWorld, who: Letter, logged: boolean): void {
  s.root.log_writers = s.root.log_writers.filter((letter) => letter !== who)
  if (!logged) delete s.root.log_ctxs[who]
}

/** btrfs_remove_all_log_ctxs() and the waking: what became of the log transaction is told to all who joined it. */
export function endLogCommit(s: BtrfsWorld, who: Letter, ret: number): void {
  const { root } = s
  const { transid } = must(root.log_ctxs[who])
  for (const context of Object.values(root.log_ctxs)) if (context.transid === transid) context.ret = ret
  if (ret === 0) root.last_log_commit = transid
  root.log_commit = null
}

/** The end of btrfs_log_inode(): the log tree has the inode as it is. */
export function sealInode(s: BtrfsWorld): void {
  s.bi.loggedTrans = s.fs.generation
  if (has(s, 'log-before-skip')) s.bi.lastSubTrans = s.root.log_transid
  s.bi.lastLogCommit = s.bi.lastSubTrans
}

/** btrfs_inode_in_log(): does a log commit that is over have all that the inode has? It asks when the inode was changed, not when it was logged. */
export const isInLog = ({ bi, fs, root }: BtrfsWorld): boolean =>
  bi.loggedTrans === fs.generation && bi.lastSubTrans <= bi.lastLogCommit && bi.lastSubTrans <= root.last_log_commit
