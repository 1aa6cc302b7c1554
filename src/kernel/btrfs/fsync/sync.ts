/** btrfs: fsync. Source: facts fsync-log-tree 3.1 (A0..A20), 6.1 and 6.2 for the variants. */
import { call, flow, goto, has, procedure, ret, step } from '../../../engine/procedure.ts'
import type { Letter } from '../../../engine/view.ts'
import { must } from '../../lib/must.ts'
import { variables } from '../../lib/variables.ts'
import { waitForWriteback } from '../../mm/cache.ts'
import { EIO, EROFS, KILLED } from '../../lib/errno.ts'
import { notLockedForLogging } from '../dmesg.ts'
import { lockInode, lockMmap, unlockInode, unlockMmap } from '../inode-lock.ts'
import { cannotLockExtent, lockExtent, unlockExtent } from '../io-tree.ts'
import { forceCommit, isInLog, startLogTrans } from './log-root.ts'
import { cannotCommit, commit, endTransaction, startTransaction } from './transaction.ts'
import { isGone, type BtrfsWorld } from '../world.ts'
import { LLONG_MAX } from '../buffered/writeback.ts'

/** btrfs_log_inode() was not needed. */
const nothingNew = 2

/** skip_inode_logging(): `ordered` are those that nobody has logged. An inode whose only change is in one of the others may have the last_trans of a commit. */
function hasNothingNew(s: BtrfsWorld, ordered: readonly number[]): boolean {
  const quiet = ordered.length === 0
  const finished = has(s, 'log-before-skip') ? s.ordered.length === 0 : quiet
  return (isInLog(s) && quiet) || (s.bi.lastTrans <= s.durable.generation && (s.bi.needsFullSync || finished))
}

/** The log that has the inode may be another task's, who has still to write it: nobody asks. */
function unwritten({ root }: BtrfsWorld): string {
  const others = Object.entries(root.log_ctxs).flatMap(([letter, { ret: told }]) => (told === null ? [letter] : []))
  return others.length > 0 ? `; the log that ${others.join(' and ')} ${others.length > 1 ? 'have' : 'has'} joined is not written yet` : ''
}

interface SyncFile {
  /** The open file it was called for. */
  readonly file: string
  /** file->private_data as it was at entry. */
  private: string | null
  /** The caller holds the inode lock, or so it seems. */
  skipLock: boolean
  /** 0: the log is ready to be written; 1: commit the transaction instead; 2: there was nothing to log, or no transaction to do it in. */
  logged: number
  /** full_sync */
  full: boolean
  /** ctx.ordered_extents: offsets of those that a fast fsync found, but for those that another one has logged. */
  ordered: readonly number[]
  /** The transaction that it has joined. */
  transid: number
  result: number
}

const source = { file: 'fs/btrfs/file.c', at: '8d9b4a162a37' }
const everything = { from: 0, to: LLONG_MAX }

/** The label out_release_extents, reached when there is nothing to log, unlocks all there is until e0391e92f9ab. */
const forgets = (s: BtrfsWorld, f: SyncFile): boolean => f.logged === nothingNew && !has(s, 'e0391e92f9ab')

/** Where the flag lives that 939b656bc8ab added, until cd9253c23aed put it into the task. */
const flagInFile = { onlyWith: '939b656bc8ab', onlyWithout: 'cd9253c23aed' } as const

/** From here on what the file holds may be what a crash leaves. */
function enter(s: BtrfsWorld, task: Letter): void {
  const own = s.calls[task]
  if (own) own.entered = true
}

export const btrfsSyncFile = procedure<BtrfsWorld, SyncFile>('btrfs_sync_file', source, [
  variables<SyncFile>({ private: null, skipLock: false, logged: 0, full: false, ordered: [], transid: 0, result: 0 }),
  step(
    'load_private',
    (_s, f) =>
      f.private === null
        ? 'file->private_data is NULL: nobody says that the inode lock is held already'
        : f.private.length === 1
          ? `file->private_data points to ${f.private}'s stack`
          : 'file->private_data points to allocated memory',
    { row: 'direct-io A.8 R3; A.4 row 6', code: 'private = file->private_data', ...flagInFile },
    (s, f, t) => {
      enter(s, t.letter)
      f.private = must(s.files[f.file]).private_data
      return f.private === null ? goto('start_ordered_ops') : undefined
    },
  ),
  step(
    'read_skip_flag',
    (s, f) => {
      const flag = `reads fsync_skip_inode_lock = ${f.skipLock}${f.skipLock ? ': will not take the inode lock' : ''}`
      return isGone(s, must(f.private)) ? `${flag}, from the stack of a function that has returned` : flag
    },
    { row: "direct-io A.8 R3, R3', U1; A.4 row 6", code: 'skip_ilock = private ? private->fsync_skip_inode_lock : false', ...flagInFile },
    (s, f, t) => {
      const found = must(s.privates[must(f.private)])
      f.skipLock = found.fsync_skip_inode_lock
      if (isGone(s, must(f.private))) found.usedAfter = [...found.usedAfter, t.letter]
    },
  ),
  step(
    'start_ordered_ops',
    (_s, f) =>
      `fsync widens the range to the whole file and starts writeback of what is dirty${f.skipLock ? ', told that the caller has the inode lock' : ', without any lock'}`,
    {
      row: 'fsync-log-tree 3.1 A0, A1; direct-io A.4 row 8',
      fn: 'start_ordered_ops',
      code: 'skip_ilock = (current->journal_info == stub); start_ordered_ops(inode, 0, LLONG_MAX)',
    },
    (s, f, t) => {
      enter(s, t.letter)
      if (has(s, 'cd9253c23aed') && s.current[t.letter]) {
        f.skipLock = true
        delete s.current[t.letter]
      }
      return call('btrfs_fdatawrite_range', { from: 0, to: LLONG_MAX })
    },
  ),
  flow<SyncFile>((f) => (f.skipLock ? goto('lock_mmap') : undefined)),
  lockInode('takes the inode lock', {
    row: 'fsync-log-tree 3.1 A2, A3',
    fn: 'btrfs_inode_lock',
    code: 'btrfs_inode_lock(inode, 0)',
  }),
  lockMmap('takes i_mmap_lock for writing: page faults that would dirty the file now wait', {
    row: 'fsync-log-tree 6.1 A2',
    code: 'down_write(&BTRFS_I(inode)->i_mmap_lock)',
    onlyWith: '885f46d87f29',
  }),
  step(
    'start_ordered_ops_again',
    'starts writeback once more, for what was dirtied before the lock was taken',
    { row: 'fsync-log-tree 3.1 A4', fn: 'start_ordered_ops', code: 'start_ordered_ops(inode, 0, LLONG_MAX)' },
    () => call('btrfs_fdatawrite_range', { from: 0, to: LLONG_MAX }),
  ),
  step(
    'wait_ordered_range',
    (s, f) =>
      f.result === KILLED
        ? 'a fast fsync expects the inode to be locked, and nobody has it: the assertion fails, and the task is gone'
        : s.bi.needsFullSync
          ? 'every ordered extent is finished: the subvolume tree has all data written so far'
          : 'every page is written; ordered extents may go on, a fast fsync logs from the extent maps',
    {
      row: 'fsync-log-tree 3.1 A5f, A5q; direct-io A.8 R7',
      fn: 'btrfs_wait_ordered_range',
      code: 'full_sync ? btrfs_wait_ordered_range(inode, 0, LLONG_MAX) : filemap_fdatawait_range()',
      when: (s) =>
        waitForWriteback(s.mapping, 0, LLONG_MAX) ??
        ((s.bi.needsFullSync || s.bi.cowWriteError) && s.ordered.length > 0 ? { on: 'ordered extents', heldBy: [] } : null),
    },
    (s, f) => {
      s.bi.cowWriteError = false
      f.full = s.bi.needsFullSync
      f.ordered = s.ordered.filter((oe) => !oe.logged).map((oe) => oe.from)
      // btrfs_get_ordered_extents_for_logging(): some task has to have the inode lock, not necessarily this one.
      if (s.bi.needsFullSync || s.locks.i_rwsem.mode !== 'free' || !s.fs.assert) return undefined
      s.dmesg.push(...notLockedForLogging)
      f.result = KILLED
      return ret(KILLED)
    },
  ),
  step(
    'lock_whole_range',
    'locks the whole file in the io_tree: ordered extents cannot finish, and readers of uncached data wait',
    {
      row: 'fsync-log-tree 6.2',
      code: 'lock_extent(io_tree, 0, (u64)-1)',
      onlyWith: 'lock-whole-range',
      when: (s, _f, t) => cannotLockExtent(s, everything, t.letter),
    },
    (s, _f, t) => lockExtent(s, everything, t.letter),
  ),
  step(
    'start_transaction',
    (s, f) =>
      f.result < 0
        ? 'the transaction was aborted: no other can be started'
        : f.logged === forceCommit
          ? 'joins the running transaction; the log cannot be used: the transaction has to be committed'
          : f.logged === nothingNew
            ? `nothing changed since the inode was logged or committed${unwritten(s)}`
            : 'joins the running transaction and starts logging the inode',
    {
      row: 'fsync-log-tree 3.1 A6, A7, A8; 3.10 J1, J2, J3',
      fn: 'btrfs_start_transaction',
      code: 'if (skip_inode_logging()) out; btrfs_start_transaction(); start_log_trans()',
    },
    (s, f, t) => {
      if (hasNothingNew(s, f.ordered)) {
        s.bi.needsFullSync = false
        f.logged = nothingNew
        return undefined
      }
      if (s.fs.aborted !== 0) {
        f.logged = nothingNew
        f.result = EROFS
        return undefined
      }
      f.transid = s.fs.generation
      startTransaction(s, t.letter)
      if (!startLogTrans(s, t.letter)) {
        f.logged = forceCommit
        return undefined
      }
      return call('btrfs_log_inode', { ordered: f.ordered }, 'logged')
    },
  ),
  step(
    'unlock_inode',
    (s, f) => {
      const both = `unlocks the inode${has(s, '885f46d87f29') ? ' and i_mmap_lock' : ''}`
      if (!f.skipLock) return `${both}; the log is still in memory`
      return forgets(s, f)
        ? `out_release_extents: ${both}, although the inode lock is the caller's`
        : 'unlocks i_mmap_lock; the inode lock is left to the caller'
    },
    {
      row: 'fsync-log-tree 3.1 A18; 6.1 A18; direct-io A.8 U2, U3, U4, R6; A.4 row 6',
      fn: 'btrfs_inode_unlock',
      code: 'btrfs_inode_unlock(inode, ilock_flags)  /* of what this task has locked */',
    },
    (s, f, t) => {
      unlockExtent(s, everything, t.letter)
      unlockMmap(s, t.letter)
      if (!f.skipLock || forgets(s, f)) unlockInode(s, t.letter)
      if (f.logged === forceCommit) endTransaction(s, t.letter)
    },
  ),
  flow<SyncFile>((f) => (f.logged === nothingNew ? ret(f.result) : undefined)),
  flow<SyncFile>((f) => (f.logged === 0 ? call('btrfs_sync_log', {}, 'result') : goto('give_up_log'))),
  flow<SyncFile>((f) => (f.result === 0 ? ret(0) : undefined)),
  flow<SyncFile>((f) => (f.full ? goto('commit_flow') : call('btrfs_wait_ordered_range', everything)), 'give_up_log'),
  step(
    'attach_transaction',
    (s) =>
      s.fs.started ? 'every ordered extent is finished: the transaction that runs is to be committed' : 'everything is committed already',
    {
      row: 'fsync-log-tree 3.10 J9',
      fn: 'btrfs_attach_transaction_barrier',
      code: 'btrfs_wait_ordered_range(); trans = btrfs_attach_transaction_barrier(root)',
    },
    (s, f) => {
      f.transid = s.fs.generation
      return s.fs.started ? undefined : ret(0)
    },
  ),
  flow<SyncFile>((f) => call('btrfs_commit_transaction', { transid: f.transid }, 'result'), 'commit_flow'),
  flow<SyncFile>((f) => ret(f.result)),
])

interface Commit {
  /** What is to be committed. */
  readonly transid: number
  /** Somebody else has done it. */
  done: boolean
}

export const btrfsCommitTransaction = procedure<BtrfsWorld, Commit>(
  'btrfs_commit_transaction',
  { file: 'fs/btrfs/transaction.c', at: 'v5.12' },
  [
    variables<Commit>({ done: false }),
    step(
      'commit',
      (s, f) =>
        s.fs.aborted !== 0
          ? 'the transaction was aborted: the commit returns its error'
          : f.done
            ? `transaction ${f.transid} was committed by another task`
            : `commits transaction ${s.durable.generation}: the whole subvolume tree is on disk, log trees are dropped`,
      {
        row: 'fsync-log-tree 3.1 A20; 3.10 J10; 12.5',
        code: 'btrfs_commit_transaction(trans)',
        when: (s, f) => (s.fs.aborted !== 0 || s.fs.generation > f.transid ? null : cannotCommit(s)),
      },
      (s, f) => {
        if (s.fs.aborted !== 0) return ret(EIO)
        f.done = s.fs.generation > f.transid
        if (!f.done) commit(s)
        return ret(0)
      },
    ),
  ],
)

/** The thread that commits what has been open for long enough: here at any moment. It writes no data back. */
export const transactionKthread = procedure<BtrfsWorld, { result: number }>(
  'transaction_kthread',
  { file: 'fs/btrfs/disk-io.c', at: 'v6.1' },
  [
    step(
      'wake_up',
      (s) => `the commit interval is over: transaction ${s.fs.generation} is to be committed`,
      {
        row: 'v6.1 transaction_kthread()',
        code: 'trans = btrfs_attach_transaction(root); btrfs_commit_transaction(trans)',
        when: (s) => (s.fs.started ? null : { on: 'a running transaction', heldBy: [] }),
      },
      (s) => call('btrfs_commit_transaction', { transid: s.fs.generation }, 'result'),
    ),
    flow(() => ret()),
  ],
)

/** sync_filesystem(): writes the file back, waits for its ordered extents, then commits what has been started. */
export const btrfsSyncFs = procedure<BtrfsWorld, { result: number }>('btrfs_sync_fs', { file: 'fs/btrfs/super.c', at: 'v6.1' }, [
  flow(() => call('btrfs_fdatawrite_range', { from: 0, to: LLONG_MAX })),
  step(
    'wait_ordered_roots',
    'every page is written and every ordered extent finished',
    {
      row: 'v6.1 btrfs_sync_fs()',
      code: 'sync_inodes_sb(); btrfs_wait_ordered_roots()',
      when: (s) => waitForWriteback(s.mapping, 0, LLONG_MAX) ?? (s.ordered.length > 0 ? { on: 'ordered extents', heldBy: [] } : null),
    },
    (s) => (s.fs.started ? call('btrfs_commit_transaction', { transid: s.fs.generation }, 'result') : ret(0)),
  ),
  flow<{ result: number }>((f) => ret(f.result)),
])

export const syncProcedures = [transactionKthread, btrfsSyncFile, btrfsCommitTransaction, btrfsSyncFs]
