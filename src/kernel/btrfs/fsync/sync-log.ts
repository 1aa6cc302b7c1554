/** btrfs: writing the log, once for everybody who has joined it. Source: facts fsync-log-tree 3.4 (S1..S10), 3.5, 3.10. */
import { size } from '../../../base/range.ts'
import { procedure, ret, step, type Control, type Wait } from '../../../engine/procedure.ts'
import type { Letter } from '../../../engine/view.ts'
import { EIO } from '../../lib/errno.ts'
import { must } from '../../lib/must.ts'
import { variables } from '../../lib/variables.ts'
import { abortLines, corruptLeaf, overlapIn } from '../dmesg.ts'
import { allItems } from '../tree/tree.ts'
import { INO, type BtrfsWorld } from '../world.ts'
import { endLogCommit, forceCommit } from './log-root.ts'
import { endTransaction } from './transaction.ts'

interface SyncLog {
  /** A block could not be written. */
  failed: boolean
  /** Another task has committed the log transaction that this one joined. */
  joined: boolean
}

/** What somebody who comes to commit the log waits for: a log commit that goes on, be it the one that he joined, then whoever is logging. */
function cannotCommitLog({ root }: BtrfsWorld, who: Letter): Wait | null {
  if (must(root.log_ctxs[who]).ret !== null) return null
  if (root.log_commit) return { on: 'a commit of the log', heldBy: [root.log_commit.by] }
  return root.log_writers.length > 0 ? { on: 'another task that is logging', heldBy: [...root.log_writers] } : null
}

/** The task is done with the log; `result`: 0, or anything else for "commit the transaction". */
function leave(s: BtrfsWorld, who: Letter, result: number): Control {
  delete s.root.log_ctxs[who]
  endTransaction(s, who)
  return ret(result)
}

/** This task commits the log transaction, and it is over. */
function over(s: BtrfsWorld, who: Letter, result: number): Control {
  endLogCommit(s, who, result)
  return leave(s, who, result)
}

/** Writes the log tree and points the super block at it; returns 0, or what asks for a commit of the transaction. */
export const btrfsSyncLog = procedure<BtrfsWorld, SyncLog>('btrfs_sync_log', { file: 'fs/btrfs/tree-log.c', at: 'e75f9fd19409' }, [
  variables<SyncLog>({ failed: false, joined: false }),
  step(
    'write_log_tree',
    (s, f) => {
      if (f.joined) return 'another fsync has committed the log, and what this one logged with it'
      if (s.fs.fullCommit) return 'the log cannot be used: the transaction has to be committed'
      const bad = must(s.log)
        .leaves.map((leaf) => overlapIn(leaf))
        .find((found) => found !== null)
      if (!bad) return 'writes the blocks of the log tree; the tree checker finds nothing wrong'
      const what = `the tree checker finds the item at ${size(bad.offset)} reaching to ${size(bad.end)}, past the next one at ${size(bad.next)}`
      return s.fs.aborted !== 0
        ? `${what}: the write fails, the transaction is aborted, the file system goes read-only`
        : `${what}: a worker reports the failed write later`
    },
    {
      row: 'fsync-log-tree 3.4 S1, S2, S3, S4, S5; 3.5; 3.10 J5, J6, J7',
      fn: 'btrfs_write_marked_extents',
      code: 'btrfs_write_marked_extents(log->dirty_log_pages): check each leaf, then write it',
      when: (s, _f, t) => cannotCommitLog(s, t.letter),
    },
    (s, f, t) => {
      const { root } = s
      const { ret: told } = must(root.log_ctxs[t.letter])
      f.joined = told !== null
      if (told !== null) return leave(s, t.letter, told)
      if (s.fs.fullCommit) return over(s, t.letter, forceCommit)
      for (const leaf of must(s.log).leaves) {
        const bad = overlapIn(leaf)
        const block = s.fs.nextBlock
        s.fs.nextBlock += 16384
        if (!bad) continue
        s.dmesg = [...s.dmesg, ...corruptLeaf(s.fs.device, block, leaf, INO, bad)]
        f.failed = true
      }
      if (f.failed && s.fs.csum === 'inline') {
        s.dmesg = [...s.dmesg, ...abortLines(s.fs.device)]
        s.fs.aborted = EIO
        s.fs.readonly = true
        return over(s, t.letter, EIO)
      }
      root.log_transid++
      root.log_commit = { by: t.letter, items: allItems(must(s.log).leaves) }
      return undefined
    },
  ),
  step(
    'write_log_root',
    'puts the log tree into the log root tree and writes that too',
    { row: 'fsync-log-tree 3.4 S6, S7', fn: 'btrfs_insert_root', code: 'update_log_root(); btrfs_write_marked_extents(log_root_tree)' },
    () => undefined,
  ),
  step(
    'wait_log',
    (_s, f) =>
      f.failed
        ? 'a block of the log was not written: the log is given up, the transaction has to be committed'
        : 'the blocks of both trees are on disk',
    { row: 'fsync-log-tree 3.4 S8', fn: 'btrfs_wait_tree_log_extents', code: 'btrfs_wait_tree_log_extents()' },
    (s, f, t) => {
      if (!f.failed) return undefined
      s.fs.fullCommit = true
      return over(s, t.letter, EIO)
    },
  ),
  step(
    'write_super',
    'writes the super block: log_root points to this log, a crash from here on replays it',
    { row: 'fsync-log-tree 3.4 S9, S10; 3.10 J8', code: 'btrfs_set_super_log_root(); write_all_supers()' },
    (s, _f, t) => {
      s.durable.log = must(s.root.log_commit).items
      return over(s, t.letter, 0)
    },
  ),
])

export const syncLogProcedures = [btrfsSyncLog]
