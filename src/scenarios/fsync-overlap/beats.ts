/** The story of a log with two items over the same bytes. Numbers are those of the commit message's first scenario. */
import { range } from '../../base/range.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { beat, number, type Beat, type Moment, type Window } from '../beat.ts'
import { logged, overlapOf } from '../btrfs-moments.ts'
import {
  allocated,
  fsyncIsLogging,
  fsyncSucceeded,
  itemInserted,
  lastIn,
  orderedDone,
  rangeText,
  stampOf,
  stored,
  storeOf,
} from '../fsync-moments.ts'

type At = Moment<BtrfsWorld>

const copied = 'copy_inode_items_to_log.release_path'
const stop = (m: At): boolean => m.after.fs.aborted !== 0 && m.before.fs.aborted === 0
const spoke = (m: At): boolean => m.after.dmesg.length > m.before.dmesg.length
const leafN = (s: BtrfsWorld) => s.subvol.find(({ id }) => id === 'N')

export const beats: readonly Beat<BtrfsWorld>[] = [
  beat('flush', 'btrfs_sync_file.start_ordered_ops', {
    task: 'A',
    when: (m) => m.locals['skipLock'] === false,
    says: 'A flushes all delalloc of the inode, without any lock.',
    stands: ['1'],
  }),
  beat('locked', 'btrfs_sync_file.start_ordered_ops_again', {
    task: 'A',
    when: fsyncIsLogging,
    says: (m) =>
      m.after.locks.i_mmap_lock?.holders.includes('A')
        ? 'A has the inode lock and i_mmap_lock, and flushes again, for what was dirtied before.'
        : 'A has the inode lock and flushes again, for what was dirtied before it had the lock.',
    stands: ['2'],
  }),
  beat('leaf', 'btrfs_sync_file.wait_ordered_range', {
    task: 'A',
    when: ({ after: s }) => s.ordered.length === 0 && lastIn(s, 'N') !== undefined && leafN(s)?.generation === s.fs.generation,
    says: ({ after: s }) => {
      const last = lastIn(s, 'N')
      return `Every ordered extent is finished. The last item of leaf N covers ${last ? rangeText(last) : 'nothing'}; the leaf belongs to the current transaction.`
    },
    stands: ['2', '3'],
  }),
  beat('fault', 'btrfs_page_mkwrite.lock_page', {
    task: 'B',
    when: fsyncIsLogging,
    says: (m) => `B's store to ${range(storeOf(m).from, storeOf(m).to)} has faulted: it locks the page, and no lock of fsync stops it.`,
    stands: ['4'],
  }),
  beat('fault-free', 'btrfs_page_mkwrite.lock_page', {
    task: 'B',
    when: (m) => !fsyncIsLogging(m),
    says: (m) =>
      `B's store to ${range(storeOf(m).from, storeOf(m).to)} has faulted: it locks the page while fsync does not have the inode lock.`,
    instead: 'fault',
  }),
  beat('copied', copied, {
    task: 'A',
    says: (m) => `A has copied the items of leaf ${String(m.locals['leaf'])} into the log; min_key stands just above the last one.`,
    stands: ['5'],
  }),
  beat('stored', ['store.retry_store', 'store.store'], {
    task: 'B',
    when: stored,
    says: (m) => `B's store executes: the page at ${range(storeOf(m).from, storeOf(m).to)} holds ${stampOf(m)}.`,
    stands: ['4'],
  }),
  allocated(['6']),
  itemInserted('trimmed', ['7']),
  orderedDone(['7']),
  beat('second-copy', 'copy_inode_items_to_log.copy_items', {
    task: 'A',
    when: (m) => overlapOf(logged(m.before)) === null && overlapOf(logged(m.after)) !== null,
    says: (m) => {
      const twice = overlapOf(logged(m.after))
      return `The next search finds the new item, and A copies it too: the log has two items over ${range(twice?.from ?? 0, twice?.to ?? 0)}.`
    },
    stands: ['8'],
  }),
  beat('checker', 'btrfs_sync_log.write_log_tree', {
    when: stop,
    says: 'The tree checker refuses the leaf; the transaction is aborted.',
    stands: ['8'],
  }),
  beat('checker-late', 'btrfs_sync_log.write_log_tree', {
    when: (m) => !stop(m) && spoke(m),
    says: 'The tree checker refuses the leaf, but in a worker: fsync learns of it later.',
    instead: 'checker',
  }),
  beat('written', 'btrfs_sync_log.write_log_tree', {
    when: (m) => !stop(m) && !spoke(m),
    says: 'The log tree is written: the tree checker finds nothing wrong.',
    instead: 'checker',
  }),
  beat('returned', 'fsync.return', {
    when: (m) => number(m.was, 'result') < 0 && m.after.fs.readonly,
    says: 'fsync returns an error and the file system is read-only.',
    stands: ['8'],
  }),
  fsyncSucceeded('succeeded', 'returned'),
]

export const windows: readonly Window<BtrfsWorld>[] = [
  {
    id: 'W_copy',
    task: 'A',
    opens: copied,
    closes: 'copy_inode_items_to_log.search_forward',
    says: 'no lock on the subvolume tree',
  },
]
