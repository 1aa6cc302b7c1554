import { holds, can, every } from '../claim.ts'
import type { Notes } from '../notes.ts'

export const notes: Notes = {
  threads: [
    {
      id: 'cover.1614081281.git.fdmanana@suse.com',
      says: 'linux-btrfs, 23 February 2021: "[PATCH 0/3] btrfs: fix a couple races between fsync and other code", the cover letter',
    },
    {
      id: 'https://git.kernel.org/linus/885f46d87f29',
      says: 'the commit message, which is the report',
    },
  ],
  tests: [
    { id: 'generic/325', says: 'mapped writes, ranged msync, power failure: the nearest relative' },
    { id: 'generic/311', says: 'fsync and power failure, compared with what was written' },
  ],
  history: [
    {
      date: '2019-05',
      who: 'Filipe Manana, btrfs developer',
      says: 'The tree checker learns to find overlapping extent items, and blocks are checked before they are written (5.2). In the same release a sibling is fixed: a ranged fsync beside writeback of the neighbouring range.',
      ref: '4e9845eff5a8, 8d47a0d8f783, 0c713cbab620',
    },
    {
      date: '2020-01-17',
      who: 'a user, kernel 5.4.8, NO_HOLES',
      says: 'Reports exactly these log lines. Whether a mapped write was the cause was never shown.',
      ref: 'linux-btrfs, January 2020',
    },
    {
      date: '2021-02-23',
      who: 'Filipe Manana, btrfs developer',
      says: 'Posts the fix as part of a series, with both ways in which it goes wrong; of the two remedies he takes the i_mmap_lock, because locking the whole range would make readers wait.',
      ref: '885f46d87f29, cover letter',
    },
    {
      date: '2021-04-19',
      who: 'David Sterba, btrfs maintainer',
      says: 'Applies it for 5.13; it needs the four patches of Josef Bacik that bring the lock.',
      ref: '885f46d87f29, 8318ba79eeeb, 64708539cd23, 8c99516a8cdd, 8d9b4a162a37',
    },
    {
      date: '2021-05-11',
      who: 'Filipe Manana, btrfs developer',
      says: 'Suggests the fix, thinking aloud, to a user of 5.12.2 with overlapping checksum items in a log; it and all it needs would have to be picked by hand.',
      ref: 'linux-btrfs, May 2021',
    },
  ],
  variants: [
    {
      id: 'neighbour',
      says: 'The leaf is full: the new item lands in the next leaf, and overlaps just the same',
      row: 'fsync-log-tree 5.1 row 7',
      asked: { settings: { leaf: 'neighbour' } },
      claims: [can('O6')],
    },
    {
      id: 'middle',
      says: 'A store into the middle splits the item in three',
      row: 'fsync-log-tree 5.1',
      asked: { settings: { store: 'middle' } },
      claims: [can('O6')],
    },
    {
      id: 'head',
      says: 'A store to the head moves the key of the rest',
      row: 'fsync-log-tree 5.1',
      asked: { settings: { store: 'head' } },
      claims: [can('O6')],
    },
    {
      id: 'reclaim',
      says: 'Writeback started by the space reclaim worker',
      row: 'fsync-log-tree 2.1 F',
      asked: { settings: { flusher: 'reclaim' } },
      claims: [can('O6')],
    },
    {
      id: 'memory-pressure',
      says: 'Writeback started by the VM',
      row: 'fsync-log-tree 2.1 F',
      asked: { settings: { flusher: 'memory-pressure' } },
      claims: [can('O6')],
    },
    {
      id: 'offloaded',
      says: 'Checksums by a worker: the error comes late, fsync commits the transaction and succeeds',
      row: 'fsync-log-tree 3.5',
      asked: { settings: { csum: 'offloaded' } },
      claims: [can('O1'), every('fsync() returns 0', ({ returns }) => returns['A'] === 0)],
    },
    {
      id: 'two-leaves',
      says: 'The two items in two leaves of the log: nobody notices, and replay gives the newest layout',
      row: 'fsync-log-tree 7.1, last paragraph',
      asked: { settings: { logleaf: 'two' } },
      claims: [
        can('O1'),
        every('fsync() returns 0 and the console stays empty', ({ returns, console }) => returns['A'] === 0 && console.length === 0),
      ],
    },
    {
      id: 'early',
      says: 'The ordered extent is finished before the leaf is copied: both items are logged as they are',
      row: 'fsync-log-tree 9.3',
      asked: {},
      schedule: { named: 'early' },
      claims: [holds],
    },
    {
      id: 'late',
      says: 'The page is written back only after the unlock: the log has the old state',
      row: 'fsync-log-tree 9.2',
      asked: {},
      schedule: { named: 'late' },
      claims: [holds],
    },
    {
      id: 'whole',
      says: 'The store replaces the last item exactly: its key stays, so it is not copied again',
      row: 'fsync-log-tree 9.6',
      asked: { settings: { store: 'whole' } },
      claims: [holds],
    },
    {
      id: 'earlier',
      says: 'A store to an item that is not the last of its leaf: the new key is behind min_key',
      row: 'fsync-log-tree 9.7',
      asked: { settings: { store: 'earlier' } },
      claims: [holds],
    },
    {
      id: 'fixed',
      says: 'With i_mmap_lock taken the page fault waits until the inode is unlocked',
      row: 'fsync-log-tree 6.1',
      asked: { on: ['885f46d87f29'] },
      claims: [holds],
    },
    {
      id: 'whole-range',
      says: 'With the whole range locked: right, but a reader of uncached data waits for the fsync',
      row: 'fsync-log-tree 6.2',
      asked: { on: ['lock-whole-range'], settings: { reader: 'on' } },
      claims: [holds],
    },
  ],
  reasons: [
    {
      patch: '8318ba79eeeb',
      says: 'the lock was made to keep mapped writes out of clone, dedupe and fallocate; fsync is its second user. No scenario here shows those.',
      scenario: null,
    },
  ],
  programs: [],
  corrections: [
    {
      said: 'The store comes before the items are copied (steps 4 and 5).',
      is: 'It may as well come after: only the completion of its ordered extent has to fall between the copy and the next search.',
    },
    {
      said: 'The tree checker detects the overlap.',
      is: 'Only where both items are neighbours in one leaf. In two leaves nobody notices, and replay happens to end with the newest layout.',
    },
    {
      said: 'The abort is one of a corrupted file system.',
      is: 'The checker answers -EUCLEAN, but on the way through the bio it becomes -EIO: the log says errno=-5 IO failure.',
    },
  ],
  recordings: [
    {
      id: 'rk-overlap',
      kernel: '6.1.192-rk',
      says: 'a file of 600 extents of 8K, a store 20 ms into an fsync whose log code sleeps 200 ms at each leaf',
      asked: { kernel: '6.1.192-rk' },
      saw: {
        returns: { A: -5 },
        console: [
          'BTRFS critical (device vdh): corrupt leaf: root=18446744073709551610 block=30752768 slot=185 ino=257 file_offset=1499136, file extent end range (1507328) goes beyond start offset (1503232) of the next file extent',
          'BTRFS info (device vdh): leaf 30752768 gen 7 total ptrs 189 free space 1474 owner 18446744073709551610',
          '(the items of the leaf)',
          'BTRFS error (device vdh): block=30752768 write time tree block corruption detected',
          'BTRFS: error (device vdh: state AL) in free_log_tree:3272: errno=-5 IO failure',
          'BTRFS info (device vdh: state EAL): forced readonly',
          'BTRFS warning (device vdh: state EAL): Skipping commit of aborted transaction.',
          'BTRFS: error (device vdh: state EAL) in cleanup_transaction:2029: errno=-5 IO failure',
        ],
        after: [],
      },
      why: {
        console:
          'the model has the lines of 5.12; 6.1 names the state of the file system, reports the abort from free_log_tree() and adds two lines; sizes, slot and block are those of its larger file',
        after: 'there the file was made in the transaction that was aborted, so it is gone; here it had been committed before',
      },
    },
  ],
}
