import { cardPatches, defineCard, modelledFrom } from '../cards.ts'

export const card = defineCard({
  id: 'fsync-overlap',
  rev: 1,
  title: 'fsync logs two extents over the same bytes',
  summary:
    'A store through a mapping during a full fsync on btrfs: the log tree gets overlapping file extent items, the transaction is aborted.',
  origin: 'commit 885f46d87f29, scenario 1; posted to linux-btrfs on 2021-02-23',
  defaultKernel: '5.12',
  since: modelledFrom('5.12', 'fsync and its log are modelled'),
  patches: cardPatches(['885f46d87f29', '8318ba79eeeb', '64708539cd23', '8c99516a8cdd', '8d9b4a162a37', 'lock-whole-range']),
  settings: [
    {
      name: 'store',
      label: 'where the store lands',
      values: ['tail', 'middle', 'head', 'whole', 'earlier'],
      default: 'tail',
      says: 'which part of the last item of the leaf the mapped store hits; whole: the item is one page and is replaced exactly; earlier: an item further left in the leaf',
    },
    {
      name: 'flusher',
      label: 'who starts writeback',
      values: ['sync_range', 'reclaim', 'memory-pressure'],
      default: 'sync_range',
      says: 'who starts writeback of the dirtied page: the storing program itself, the async space reclaim worker, or the VM',
    },
    {
      name: 'leaf',
      label: 'where the new item lands',
      values: ['same', 'neighbour'],
      default: 'same',
      says: 'where the new item lands: in the leaf just copied, or in its right neighbour because that leaf is full',
    },
    {
      name: 'logleaf',
      label: 'leaves of the log tree',
      values: ['one', 'two'],
      default: 'one',
      says: 'whether the overlapping items share a leaf of the log tree; the tree checker compares neighbours within a leaf only',
    },
    {
      name: 'csum',
      label: 'who checks metadata blocks',
      values: ['inline', 'offloaded'],
      default: 'inline',
      says: 'whether a metadata block is checked and checksummed at submission or by a worker',
    },
    {
      name: 'reader',
      label: 'another task reads',
      values: ['off', 'on'],
      default: 'off',
      says: 'on: another task reads a page that is not cached',
    },
  ],
  schedules: [
    { name: 'bug', says: 'the store and its writeback fall between the copy of the leaf and the next search' },
    { name: 'early', says: 'the ordered extent is finished before the leaf is copied: both items are logged as they are' },
    { name: 'late', says: 'the page is dirtied but written back only after the inode is unlocked: the log holds the old state' },
  ],
  scene: () => 'One task calls fsync() on a file on btrfs; another changes a part of the file through a memory mapping at the same time.',
  should: 'fsync() returns 0, and after a power failure the file is as it was at one moment during the fsync.',
  gist: "While fsync copies the list of the file's extents into the log, a store through a mapping cuts one of them that has been copied already, and fsync copies the new piece as well. The log then has two extents for the same bytes: it is refused, fsync fails, and the file system becomes read-only.",
  story:
    'fsync flushes dirty pages, takes the inode lock, waits for ordered extents and copies the file extent items of the inode into the log tree, one leaf at a time, assuming that nobody changes them meanwhile. Writes through a mapping do not take the inode lock. If a page of the last item copied is dirtied and its ordered extent finishes before the next search, the item in the subvolume tree is trimmed and a new item appears to its right. The search goes on from just above the old key and finds the new item: the log has both the old, long item and the new one. The tree checker refuses to write such a leaf; the transaction is aborted and the file system goes read-only.',
  seen: 'Copying is atomic for one leaf only, and the search goes on by key: it cannot see that an item it has already copied has become shorter. Nobody held a lock that stops a mapped store. The fix takes i_mmap_lock for writing before the second flush: that flush write-protects every dirty page, so from then on any store has to fault, and the fault waits.',
  leads: ['strip:257', 'tree:subvol', 'tree:log'],
  fix: '885f46d87f29',
  commits: [
    { id: '885f46d87f29', subject: 'btrfs: fix race between memory mapped writes and fsync', role: 'fixes it (v5.13-rc1)' },
    { id: '8318ba79eeeb', subject: 'btrfs: add a i_mmap_lock to our inode', role: 'needed by the fix' },
    {
      id: '4e9845eff5a8',
      subject: 'Btrfs: tree-checker: detect file extent items with overlapping ranges',
      role: 'made it visible (v5.2)',
    },
    {
      id: '0c713cbab620',
      subject: 'Btrfs: fix race between ranged fsync and writeback of adjacent ranges',
      role: 'the same overlap by another way (v5.2)',
    },
  ],
  affected: 'From the first log tree to 5.12; the overlap is detected since 5.2. No stable backport was found.',
  reproducer: [
    'mkfs.btrfs -f /dev/sdb; mount /dev/sdb /mnt',
    'xfs_io -f -c "pwrite -S 0xaa 0 640K" -c fsync -c "pwrite -S 0xbb 640K 132K" -c fsync /mnt/f; sync',
    'xfs_io -c "truncate 768K" /mnt/f             # sets NEEDS_FULL_SYNC, trims the last item',
    'task A: xfs_io -c fsync /mnt/f',
    'task B: xfs_io -c "mmap -w 0 768K" -c "mwrite -S 0xcc 764K 4K" -c "sync_range -w -a 764K 4K" /mnt/f',
    '# the window is microseconds wide; without a delay in the copy loop it was not hit in 20 tries',
  ],
  leavesOut: [
    'Upper levels of the trees, extent buffers and their writeback: a leaf is checked and written in one step.',
    'One fsync at a time: log_writers, batching and waiting for an earlier log are left out.',
    'The test whether the inode is already logged (it is not), xattrs (there are none), parent directories (the inode is older than the transaction).',
    'Block numbers and generations in the log lines are those of a small fresh file system.',
  ],
})
