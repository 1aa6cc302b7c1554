/** btrfs: logging an inode. Source: facts fsync-log-tree 3.1 (A9..A17), 3.2 (L1..L9). */
import { range } from '../../../base/range.ts'
import { call, flow, goto, has, procedure, ret, step } from '../../../engine/procedure.ts'
import { cannotLock, dropLock, takeLock } from '../../lib/locks.ts'
import { must } from '../../lib/must.ts'
import { variables } from '../../lib/variables.ts'
import { btrfsLogChangedExtents } from './log-changed.ts'
import { btrfsLogHoles } from './log-holes.ts'
import { dropLoggedInode, isOldExtent, logItem, logPrealloc } from './log-items.ts'
import { endLogTrans, forceCommit, sealInode } from './log-root.ts'
import { clearModified } from '../tree/maps.ts'
import { endOf, isExtent, nextKey, printKey, searchForward } from '../tree/tree.ts'
import { INO, type BtrfsWorld, type Key } from '../world.ts'

const source = { file: 'fs/btrfs/tree-log.c', at: 'e75f9fd19409' }

interface LogInode {
  /** Offsets of the ordered extents that fsync knows of. */
  readonly ordered: readonly number[]
  /** Logs from the list of modified extent maps; the inode's other items are in the log or in the last commit. */
  fast: boolean
  noHoles: boolean
  /** Somebody had asked for a commit in place of the log before. */
  asked: boolean
}

/** Copies the inode into the log tree; returns 0, or 1 for "commit the transaction instead". */
export const btrfsLogInode = procedure<BtrfsWorld, LogInode>('btrfs_log_inode', source, [
  variables<LogInode>({ fast: false, noHoles: false, asked: false }),
  step(
    'drop_old_items',
    (_s, f) =>
      f.fast
        ? 'takes log_mutex; a fast fsync keeps what the log has of the inode'
        : 'takes log_mutex; a full fsync drops every old item of the inode from the log tree',
    {
      row: 'fsync-log-tree 3.1 A9, A10',
      code: 'mutex_lock(&inode->log_mutex); btrfs_truncate_inode_items(log, ...)',
      when: (s) => cannotLock(s.locks.log_mutex, 'exclusive', 'log_mutex'),
    },
    (s, f, t) => {
      takeLock(s.locks.log_mutex, 'exclusive', t.letter)
      f.fast = !s.bi.needsFullSync
      f.noHoles = s.fs.noHoles
      f.asked = s.fs.fullCommit
      if (f.fast) return call('btrfs_log_changed_extents', { ordered: f.ordered })
      dropLoggedInode(s)
      commitInodeItem(s)
      s.bi.needsFullSync = false
      const min: Key = { oid: INO, type: 'INODE_ITEM', offset: 0 }
      s.cursor = { name: 'min_key', key: min, task: t.letter }
      return call('copy_inode_items_to_log', { leaf: null })
    },
  ),
  flow<LogInode>((f) => (!f.fast && f.noHoles ? call('btrfs_log_holes', { end: 0, at: null }) : undefined)),
  step(
    'finish_log_inode',
    (s, f) =>
      s.fs.fullCommit && !f.asked
        ? 'the inode could not be logged: asks for a commit of the whole transaction'
        : `all items are copied; logged_trans = ${s.fs.generation}, log_mutex is dropped`,
    {
      row: 'fsync-log-tree 3.1 A14, A15, A17; 3.10 J4',
      code: 'inode->logged_trans = trans->transid; inode->last_log_commit = inode->last_sub_trans; btrfs_end_log_trans(root)',
    },
    (s, f, t) => {
      const failed = s.fs.fullCommit && !f.asked
      if (!failed) sealInode(s)
      s.bi.lastReflinkTrans = 0
      s.cursor = null
      if (!f.fast) clearModified(s, () => false)
      dropLock(s.locks.log_mutex, t.letter)
      endLogTrans(s, t.letter, !failed)
      return ret(failed ? forceCommit : 0)
    },
  ),
])

interface Copy {
  /** The leaf found by the last search, read-locked. */
  leaf: string | null
}

/** btrfs_commit_inode_delayed_inode(): the delayed inode item goes into its leaf, which becomes one of this transaction. */
function commitInodeItem(s: BtrfsWorld): void {
  const leaf = s.subvol.find(({ items }) => items.some((item) => item.oid === INO && item.type === 'INODE_ITEM'))
  if (leaf && s.bi.lastTrans === s.fs.generation) leaf.generation = s.fs.generation
}

export const copyInodeItemsToLog = procedure<BtrfsWorld, Copy>('copy_inode_items_to_log', source, [
  step(
    'search_forward',
    (s, f) => {
      const min = printKey(must(s.cursor).key)
      return f.leaf === null
        ? `btrfs_search_forward() from ${min} finds no more items of inode ${INO} in leaves of transaction ${s.fs.generation}`
        : `btrfs_search_forward() finds ${min} in leaf ${f.leaf} and read-locks the leaf`
    },
    {
      row: 'fsync-log-tree 3.2 L1, L2, L3',
      fn: 'btrfs_search_forward',
      code: 'btrfs_search_forward(root, &min_key, path, trans->transid)',
    },
    (s, f, t) => {
      const cursor = must(s.cursor)
      const found = searchForward(s.subvol, cursor.key, s.fs.generation)
      const item = found?.leaf.items[found.slot]
      if (!found || !item || item.oid !== INO) {
        f.leaf = null
        if (has(s, 'd99478874355')) logPrealloc(s)
        return ret()
      }
      f.leaf = found.leaf.id
      s.leafLocks[found.leaf.id] = t.letter
      s.cursor = { ...cursor, key: { oid: item.oid, type: item.type, offset: item.offset } }
      return undefined
    },
  ),
  step(
    'copy_items',
    (s, f) => {
      const last = must(s.subvol.find((leaf) => leaf.id === f.leaf))
        .items.filter((item) => item.oid === INO)
        .at(-1)
      const reach = last && isExtent(last) ? `; the last one covers ${range(last.offset, endOf(last))}` : ''
      return `copies the items of leaf ${f.leaf} into the log${reach}`
    },
    { row: 'fsync-log-tree 3.2 L4, L5, L6', fn: 'copy_items', code: 'copy_items(trans, inode, dst_path, path, ins_start_slot, ins_nr)' },
    (s, f) => {
      const cursor = must(s.cursor)
      const leaf = must(s.subvol.find((candidate) => candidate.id === f.leaf))
      const from = searchForward([leaf], cursor.key, 0)?.slot ?? 0
      const batch = leaf.items.slice(from).filter((item) => item.oid === INO)
      for (const item of batch) if (!isOldExtent(s, item)) logItem(s, item)
      const last = batch.at(-1)
      if (last) s.cursor = { ...cursor, key: { oid: last.oid, type: last.type, offset: last.offset } }
    },
  ),
  step(
    'release_path',
    (s, f) => `releases leaf ${f.leaf}; min_key becomes ${printKey(must(s.cursor).key)}: nothing of the subvolume tree is locked now`,
    { row: 'fsync-log-tree 3.2 L7', fn: 'btrfs_release_path', code: 'btrfs_release_path(path); min_key.offset++' },
    (s, f) => {
      delete s.leafLocks[must(f.leaf)]
      const cursor = must(s.cursor)
      s.cursor = { ...cursor, key: nextKey(cursor.key) }
      return goto('search_forward')
    },
  ),
])

export const logProcedures = [btrfsLogInode, copyInodeItemsToLog, btrfsLogHoles, btrfsLogChangedExtents]
