/** btrfs: fsync. Source: facts fsync-log-tree 3.1 (A0..A20), 6.1 and 6.2 for the variants. */
import { call, flow, goto, has, procedure, ret, step } from '../../engine/procedure.ts'
import { cannotLock, cannotLockRange, dropLock, takeLock, withoutRange } from '../locks.ts'
import { waitForWriteback } from '../mm/cache.ts'
import { EIO } from '../vfs/world.ts'
import { ioLockName } from './ordered.ts'
import { commit } from './transaction.ts'
import type { BtrfsWorld } from './world.ts'
import { LLONG_MAX, pages } from './writeback.ts'

/** btrfs_log_inode() was not needed. */
const nothingNew = 2

/** skip_inode_logging() */
function hasNothingNew(s: BtrfsWorld): boolean {
  const quiet = s.ordered.length === 0
  const logged = s.bi.loggedTrans === s.fs.generation && s.bi.inLog && !s.maps.some((map) => map.modified)
  const committed = s.bi.lastTrans < s.fs.generation && (s.bi.needsFullSync || quiet)
  return (logged && quiet) || committed
}

interface SyncFile {
  /** 0: the log is ready to be written; 1: commit the transaction instead; 2: there was nothing to log. */
  logged: number
  /** ctx.ordered_extents: offsets of those that a fast fsync found when it had waited for the pages. */
  ordered: readonly number[]
  result: number
}

export const syncFile = (): SyncFile => ({ logged: 0, ordered: [], result: 0 })

const source = { file: 'fs/btrfs/file.c', at: '8d9b4a162a37' }
const everything = { from: 0, to: LLONG_MAX }

export const btrfsSyncFile = procedure<BtrfsWorld, SyncFile>('btrfs_sync_file', source, [
  step(
    'start_ordered_ops',
    'fsync widens the range to the whole file and starts writeback of what is dirty, without any lock',
    { row: 'fsync-log-tree 3.1 A0, A1', fn: 'start_ordered_ops', code: 'start_ordered_ops(inode, 0, LLONG_MAX)' },
    (s, _f, t) => {
      const own = s.calls[t.letter]
      if (own) own.entered = true
      return call('btrfs_fdatawrite_range', pages(0, LLONG_MAX))
    },
  ),
  step(
    'lock_inode',
    'takes the inode lock',
    {
      row: 'fsync-log-tree 3.1 A2, A3',
      fn: 'btrfs_inode_lock',
      code: 'btrfs_inode_lock(inode, 0)',
      when: (s) => cannotLock(s.locks.i_rwsem, 'exclusive', 'inode lock'),
    },
    (s, _f, t) => takeLock(s.locks.i_rwsem, 'exclusive', t.letter),
  ),
  step(
    'lock_mmap',
    'takes i_mmap_lock for writing: page faults that would dirty the file now wait',
    {
      row: 'fsync-log-tree 6.1 A2',
      code: 'down_write(&BTRFS_I(inode)->i_mmap_lock)',
      onlyWith: '885f46d87f29',
      when: (s) => cannotLock(s.locks.i_mmap_lock, 'exclusive', 'i_mmap_lock'),
    },
    (s, _f, t) => takeLock(s.locks.i_mmap_lock, 'exclusive', t.letter),
  ),
  step(
    'start_ordered_ops_again',
    'starts writeback once more, for what was dirtied before the lock was taken',
    { row: 'fsync-log-tree 3.1 A4', fn: 'start_ordered_ops', code: 'start_ordered_ops(inode, 0, LLONG_MAX)' },
    () => call('btrfs_fdatawrite_range', pages(0, LLONG_MAX)),
  ),
  step(
    'wait_ordered_range',
    (s) =>
      s.bi.needsFullSync
        ? 'every ordered extent is finished: the subvolume tree has all data written so far'
        : 'every page is written; ordered extents may go on, a fast fsync logs from the extent maps',
    {
      row: 'fsync-log-tree 3.1 A5f, A5q',
      fn: 'btrfs_wait_ordered_range',
      code: 'full_sync ? btrfs_wait_ordered_range(inode, 0, LLONG_MAX) : filemap_fdatawait_range()',
      when: (s) =>
        waitForWriteback(s.mapping, 0, LLONG_MAX) ??
        (s.bi.needsFullSync && s.ordered.length > 0 ? { on: 'ordered extents', heldBy: [] } : null),
    },
    (s, f) => {
      f.ordered = s.ordered.map((oe) => oe.from)
    },
  ),
  step(
    'lock_whole_range',
    'locks the whole file in the io_tree: ordered extents cannot finish, and readers of uncached data wait',
    {
      row: 'fsync-log-tree 6.2',
      code: 'lock_extent(io_tree, 0, (u64)-1)',
      onlyWith: 'lock-whole-range',
      when: (s, _f, t) => cannotLockRange(s.io_tree.locked, everything, t.letter, ioLockName),
    },
    (s, _f, t) => {
      s.io_tree.locked = [...s.io_tree.locked, { ...everything, by: t.letter }]
    },
  ),
  step(
    'start_transaction',
    (_s, f) =>
      f.logged === nothingNew
        ? 'nothing changed since the inode was logged or committed'
        : 'joins the running transaction and starts logging the inode',
    { row: 'fsync-log-tree 3.1 A6, A7, A8', code: 'if (skip_inode_logging()) out; btrfs_start_transaction(); btrfs_log_dentry_safe()' },
    (s, f) => {
      if (hasNothingNew(s)) {
        s.bi.needsFullSync = false
        f.logged = nothingNew
        return undefined
      }
      s.fs.started = true
      return call('btrfs_log_inode', { ordered: f.ordered, fast: false, noHoles: false }, 'logged')
    },
  ),
  step(
    'unlock_inode',
    (s) => `unlocks the inode${has(s, '885f46d87f29') ? ' and i_mmap_lock' : ''}; the log is still in memory`,
    { row: 'fsync-log-tree 3.1 A18; 6.1 A18', fn: 'btrfs_inode_unlock', code: 'btrfs_inode_unlock(inode, ...)' },
    (s, _f, t) => {
      s.io_tree.locked = withoutRange(s.io_tree.locked, everything, t.letter)
      if (s.locks.i_mmap_lock.holders.includes(t.letter)) dropLock(s.locks.i_mmap_lock, t.letter)
      dropLock(s.locks.i_rwsem, t.letter)
    },
  ),
  flow<SyncFile>((f) => (f.logged === nothingNew ? ret(0) : undefined)),
  flow<SyncFile>((f) => (f.logged === 0 ? call('btrfs_sync_log', {}, 'result') : goto('commit_flow'))),
  flow<SyncFile>((f) => (f.result === 0 ? ret(0) : undefined)),
  flow<SyncFile>(() => call('btrfs_commit_transaction', {}, 'result'), 'commit_flow'),
  flow<SyncFile>((f) => ret(f.result)),
])

export const btrfsCommitTransaction = procedure<BtrfsWorld, object>(
  'btrfs_commit_transaction',
  { file: 'fs/btrfs/transaction.c', at: 'v5.12' },
  [
    step(
      'commit',
      (s) =>
        s.fs.aborted !== 0
          ? 'the transaction was aborted: the commit returns its error'
          : `commits transaction ${s.durable.generation}: the whole subvolume tree is on disk, log trees are dropped`,
      { row: 'fsync-log-tree 3.1 A20; 12.5', code: 'btrfs_commit_transaction(trans)' },
      (s) => {
        if (s.fs.aborted !== 0) return ret(EIO)
        commit(s)
        return ret(0)
      },
    ),
  ],
)

/** sync_filesystem(): writes the file back, waits for its ordered extents, then commits what has been started. */
export const btrfsSyncFs = procedure<BtrfsWorld, { result: number }>('btrfs_sync_fs', { file: 'fs/btrfs/super.c', at: 'v6.1' }, [
  flow(() => call('btrfs_fdatawrite_range', pages(0, LLONG_MAX))),
  step(
    'wait_ordered_roots',
    'every page is written and every ordered extent finished',
    {
      row: 'v6.1 btrfs_sync_fs()',
      code: 'sync_inodes_sb(); btrfs_wait_ordered_roots()',
      when: (s) => waitForWriteback(s.mapping, 0, LLONG_MAX) ?? (s.ordered.length > 0 ? { on: 'ordered extents', heldBy: [] } : null),
    },
    (s) => (s.fs.started ? call('btrfs_commit_transaction', {}, 'result') : ret(0)),
  ),
  flow<{ result: number }>((f) => ret(f.result)),
])

export const syncProcedures = [btrfsSyncFile, btrfsCommitTransaction, btrfsSyncFs]
