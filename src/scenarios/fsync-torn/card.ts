import { cardPatches, defineCard, modelledFrom } from '../cards.ts'

export const card = defineCard({
  id: 'fsync-torn',
  rev: 1,
  follows: 'fsync-overlap',
  harm: 'stale data',
  title: 'After a crash, data that were punched out are back',
  summary:
    'A store through a mapping during a full fsync on btrfs with NO_HOLES: the log describes a file that never existed, and only a power failure shows it.',
  origin: 'commit 885f46d87f29, scenario 2; posted to linux-btrfs on 2021-02-23',
  defaultKernel: '5.12',
  since: modelledFrom('5.12', 'fsync and its log are modelled'),
  patches: cardPatches(['885f46d87f29', '8318ba79eeeb', '64708539cd23', '8c99516a8cdd', '8d9b4a162a37', 'lock-whole-range']),
  settings: [
    {
      name: 'case',
      label: 'what is stored where',
      values: ['hole', 'grow', 'mixed', 'early'],
      default: 'hole',
      says: 'hole: a store into the middle of a punched hole; grow: a store over the last extent and on into the hole behind it; mixed: two stores, the first into a leaf that is copied early, the second into a later one; early: a fast fsync, without a punch',
    },
    {
      name: 'no-holes',
      label: 'NO_HOLES feature',
      values: ['on', 'off'],
      default: 'on',
      says: 'the NO_HOLES feature: on, a hole is the absence of an item; off, the punch leaves an item for it',
    },
    {
      name: 'flusher',
      label: 'who starts writeback',
      values: ['sync_range', 'reclaim', 'memory-pressure'],
      default: 'sync_range',
      says: 'who starts writeback of the dirtied page: the storing program itself, the async space reclaim worker, or the VM',
    },
    {
      name: 'power',
      label: 'power',
      values: ['fails', 'stays'],
      default: 'fails',
      says: 'whether the power may fail, at any step; after it the file system is mounted and the log replayed',
    },
  ],
  schedules: [
    { name: 'bug', says: 'the store is written back between the copy of the extents and the scan for holes; then the power fails' },
    { name: 'running', says: 'the same without a power failure: nobody notices' },
    { name: 'late', says: 'the store is written back after the fsync: the log has the hole whole' },
  ],
  scene: ({ case: which, power }) =>
    `${which === 'hole' || which === 'grow' ? 'A part of a file on btrfs has just been punched out: one task' : 'One task'} calls fsync() on ${which === 'hole' || which === 'grow' ? 'the file' : 'a file on btrfs'}, another changes it through a memory mapping${power === 'fails' ? ', and the power may fail at any step' : ''}.`,
  should: 'After fsync() has returned 0 and the power has failed, the punched range reads as zeros, or as zeros with the new store in it.',
  gist: 'While fsync writes down first the data and then the holes of a file, a store through a mapping turns a piece of a hole into data, and that piece is written down as neither. When the power fails after that, the piece has again what had been punched out of it.',
  story:
    'With NO_HOLES a hole has no item: in the subvolume tree no item means a hole, but in the log no item means "as in the last commit". So a full fsync first copies the extent items and then scans the tree once more to log each hole as an item of its own. Between the two nothing keeps a mapped store out. If its ordered extent finishes there, the scan meets an item that was not there when the extents were copied: it logs the hole before it and the hole behind it, and the block in the middle is in the log neither as an extent nor as a hole. fsync returns 0. After a power failure the replay leaves that block as the last commit has it: the data that had been punched out are back.',
  seen: 'Which extents there are was decided at one moment, which holes there are at a later one, and nothing checks that together they cover the file. While the machine runs everything reads right, and the next commit makes it so for good; the log is wrong only for whoever loses power in between, and neither the tree checker nor btrfs check can see it. The fix keeps stores out from the second flush until logging has ended.',
  leads: ['strip:257', 'tree:log', 'tree:subvol'],
  fix: '885f46d87f29',
  commits: [
    { id: '885f46d87f29', subject: 'btrfs: fix race between memory mapped writes and fsync', role: 'fixes it (v5.13-rc1)' },
    { id: '8318ba79eeeb', subject: 'btrfs: add a i_mmap_lock to our inode', role: 'needed by the fix' },
    {
      id: '0e56315ca147',
      subject: 'Btrfs: fix missing hole after hole punching and fsync when using NO_HOLES',
      role: 'made the scan for holes a pass of its own',
    },
    {
      id: '0c713cbab620',
      subject: 'Btrfs: fix race between ranged fsync and writeback of adjacent ranges',
      role: 'the same type of problem by another way (v5.2)',
    },
  ],
  affected:
    'In this form since 0e56315ca147 (5.5 or 5.6) up to 5.12, on file systems made with NO_HOLES, which is the default of mkfs since btrfs-progs 5.15. No stable backport was found.',
  reproducer: [
    'mkfs.btrfs -f -O no-holes /dev/sdb; mount /dev/sdb /mnt',
    'xfs_io -f -c "pwrite -S 0x11 0 512K" -c fsync -c "pwrite -S 0x22 512K 512K" -c fsync \\',
    '          -c "pwrite -S 0x33 1M 4K" -c fsync /mnt/f; sync',
    'xfs_io -c "truncate 1M" /mnt/f             # sets NEEDS_FULL_SYNC; punching does not',
    'xfs_io -c "fpunch 512K 512K" /mnt/f        # no item for the hole (NO_HOLES)',
    'task A: xfs_io -c fsync /mnt/f',
    'task B: xfs_io -c "mmap -w 0 1M" -c "mwrite -S 0x44 640K 4K" -c "sync_range -w -a 640K 4K" /mnt/f',
    '# cut the power after fsync returned 0, mount again, read 640K: 0x22 instead of zeros or 0x44',
  ],
  leavesOut: [
    'Upper levels of the trees, extent buffers and their writeback: a leaf is checked and written in one step.',
    'One fsync at a time: log_writers, batching and waiting for an earlier log are left out.',
    'xattrs, whose copying widens the window on a real kernel; parent directories.',
    'The power fails between two steps: no write is torn, and what was sent to the disk is on it.',
  ],
})
