import { holds, can, every } from '../claim.ts'
import type { Notes } from '../notes.ts'

/** Functions of the model that the function graphs of 6.1.192 do not show where the model has them. */
const leftOut: Readonly<Record<string, string>> = {
  fsync: 'the system call itself; the trace begins below it',
  start_ordered_ops: 'static, inlined into btrfs_sync_file()',
  btrfs_fdatawrite_range: 'inlined where fsync starts writeback; the call in the trace is one that btrfs_wait_ordered_range() makes',
  btrfs_release_path: 'too small and too frequent: not among the traced functions',
  copy_items: 'static, inlined into copy_inode_items_to_log()',
  btrfs_log_holes: 'static, inlined into btrfs_log_inode(); its calls of btrfs_insert_hole_extent() show',
  mmap_writer: 'the program, not the kernel',
  store: 'the instruction, not the kernel; the trace has handle_mm_fault()',
  sync_file_range: 'the system call itself',
  end_bio_extent_writepage: 'has another name in 6.1, end_bio_extent_writepage() being static',
  add_pending_csums: 'static, inlined into btrfs_finish_ordered_io()',
  power_failure: 'no function',
  btrfs_recover_log_trees: 'runs at the next mount, after the trace',
}

const hole = ['H', 524288, 1048576] as const

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
    { id: 'generic/325', says: 'mapped writes, ranged msync, power failure: the nearest relative; none reproduces this race for certain' },
    { id: 'generic/547', says: 'fsstress, fsync of everything, power failure, comparison' },
    { id: 'btrfs/159', says: 'NO_HOLES, a special leaf layout, punch and fsync' },
    { id: 'btrfs/201', says: 'NO_HOLES, punch and fsync' },
  ],
  history: [
    {
      date: '2019-11',
      who: 'btrfs developer',
      says: 'The scan for holes becomes a pass of its own behind the copying of extents, because holes punched at leaf boundaries had been missed.',
      ref: '0e56315ca147',
    },
    {
      date: '2021-02-23',
      who: 'Filipe Manana, btrfs developer',
      says: 'Posts the fix with both ways in which it goes wrong; this is the second, which neither btrfs check nor the tree checker can see.',
      ref: '885f46d87f29, cover letter',
    },
    {
      date: '2021-02-23',
      who: 'Filipe Manana, btrfs developer',
      says: 'Weighs two remedies: fsync could lock the whole file range in the io_tree, which blocks every read of uncached data meanwhile, or take the i_mmap_lock of a series by Josef Bacik; chooses the lock.',
      ref: '885f46d87f29',
    },
    {
      date: '2021-04-19',
      who: 'David Sterba, btrfs maintainer',
      says: 'Applies it; it is in v5.13-rc1. No stable tree got it.',
      ref: '885f46d87f29',
    },
  ],
  variants: [
    {
      id: 'mixed',
      says: 'Two stores: after a crash the file shows the second without the first',
      row: 'fsync-log-tree 5.3',
      asked: { settings: { case: 'mixed' } },
      claims: [can('O3'), { in: 'no', violates: 'O2' }],
    },
    {
      id: 'grow',
      says: 'One store over the end of the last extent: old data come back right behind it',
      row: "fsync-log-tree 5.2, variant 2'",
      asked: { settings: { case: 'grow' } },
      claims: [can('O2')],
    },
    {
      id: 'early',
      says: 'A fast fsync logs an extent before its data are on the disk',
      row: 'fsync-log-tree 5.4, 9.9',
      asked: { settings: { case: 'early' } },
      claims: [can('O2'), { in: 'no', violates: 'O4' }],
    },
    {
      id: 'items-for-holes',
      says: 'Without NO_HOLES the gap cannot form; the same timing gives the overlap of the first scenario',
      row: 'fsync-log-tree 9.8',
      asked: { settings: { 'no-holes': 'off' } },
      claims: [can('O1'), { in: 'no', violates: 'O4' }],
    },
    {
      id: 'store-before',
      says: 'The store comes before the second flush: fsync writes it and waits for it',
      row: 'fsync-log-tree 9.1',
      asked: {},
      schedule: { choices: 'B8A7ad2adv5A18B3P2' },
      claims: [holds],
    },
    {
      id: 'late',
      says: 'The store is written back only after the fsync: the log has the hole whole',
      row: 'fsync-log-tree 9.2',
      asked: {},
      schedule: { named: 'late' },
      claims: [holds],
    },
    {
      id: 'before-copy',
      says: 'The ordered extent is finished before the leaf is copied: the log has Z and both holes',
      row: 'fsync-log-tree 9.3',
      asked: {},
      schedule: { choices: 'A6B11bd2bdv5A17B2P2' },
      claims: [holds],
    },
    {
      id: 'after-scan',
      says: 'It is finished after the scan for holes: the log has the hole whole',
      row: 'fsync-log-tree 9.4',
      asked: {},
      schedule: { choices: 'A6B11A8bd2bdv5A7B2P2' },
      claims: [holds],
    },
    {
      id: 'power-stays',
      says: 'No power failure: nobody notices, and only the log is known to be incomplete',
      row: 'fsync-log-tree 7.2, 9.13',
      asked: { settings: { power: 'stays' } },
      claims: [can('O4'), { in: 'no', violates: 'O2' }, every('fsync() returns 0', ({ returns }) => returns['A'] === 0)],
    },
    {
      id: 'fixed',
      says: 'With i_mmap_lock taken: the store waits in its page fault until the log is complete in memory',
      row: 'fsync-log-tree 6.1',
      asked: { on: ['885f46d87f29'] },
      claims: [holds],
    },
    {
      id: 'whole-range',
      says: 'With the whole range locked instead: right too, but readers of uncached data wait',
      row: 'fsync-log-tree 6.2',
      asked: { on: ['lock-whole-range'] },
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
  programs: [
    {
      file: 'fsync-torn.sh',
      says: 'makes the state and runs both tasks in a loop; the window is narrow, so it mostly shows a file that is right',
    },
  ],
  corrections: [
    {
      said: 'The inode has the full sync flag set (after a hole was punched).',
      is: 'Punching does not set NEEDS_FULL_SYNC in the code of that time; the message only says that it is set. Here a truncate sets it, as in our reproducer.',
    },
    {
      said: 'The store comes before the items are copied (steps 4 and 5).',
      is: 'It may as well come after: only the completion of its ordered extent has to fall between the copy and the scan.',
    },
    {
      said: 'A store that came during the fsync should be durable after it.',
      is: 'Nothing promises that: both layouts are allowed, with the store and without. What is not allowed is a mixture.',
    },
  ],
  recordings: [
    {
      id: 'rk-torn',
      kernel: '6.1.192-rk',
      says: 'a store 300 ms into an fsync whose log code sleeps 200 ms at each leaf and before it logs holes; then a power cut',
      asked: { kernel: '6.1.192-rk' },
      saw: {
        returns: { A: 0 },
        size: 1048576,
        map: [
          ['D', 0, 524288],
          ['H', 524288, 655360],
          ['D', 655360, 659456],
          ['H', 659456, 1048576],
        ],
        content: [
          [0, 524288, 'X'],
          [524288, 655360, '0'],
          [655360, 659456, 'Y'],
          [659456, 1048576, '0'],
        ],
        text: [
          'log tree of the disk, before the next mount:',
          '  item 2 key (257 EXTENT_DATA 0)       disk byte 13631488 nr 524288  offset 0 nr 524288',
          '  item 3 key (257 EXTENT_DATA 524288)  disk byte 0        nr 0       offset 0 nr 131072',
          '  item 4 key (257 EXTENT_DATA 659456)  disk byte 0        nr 0       offset 0 nr 389120',
        ],
      },
      why: {},
    },
    {
      id: 'rk-log',
      kernel: '6.1.192-rk',
      says: 'the same, traced: functions of the fsync (A), of the store and sync_file_range (B), and of the workers',
      asked: { kernel: '6.1.192-rk' },
      schedule: { choices: 'A12B12bd2bdv5A11B2' },
      saw: {
        returns: { A: 0, B: 0 },
        log: [
          [0, 'data', 'X', 0, 524288],
          [524288, 'hole', null, 0, 131072],
          [659456, 'hole', null, 0, 389120],
        ],
      },
      why: {},
      trace: {
        file: 'buggy-graph-race-mmap-fsync.txt',
        kind: 'function graph',
        says: 'two calls of btrfs_search_forward(), then all of the store, then btrfs_insert_hole_extent() twice',
        tasks: { A: 'traceop-111', B: 'traceop-112' },
        leftOut,
      },
    },
    {
      id: 'rk-before-copy',
      kernel: '6.1.192-rk',
      says: 'a store 50 ms into the slowed fsync, finished before the leaf is copied',
      asked: { kernel: '6.1.192-rk' },
      schedule: { choices: 'A6B12bd2bdv5A17B2P2' },
      saw: {
        returns: { A: 0 },
        size: 1048576,
        map: [
          ['D', 0, 524288],
          ['H', 524288, 655360],
          ['D', 655360, 659456],
          ['H', 659456, 1048576],
        ],
        content: [
          [0, 524288, 'X'],
          [524288, 655360, '0'],
          [655360, 659456, 'Z'],
          [659456, 1048576, '0'],
        ],
      },
      why: {},
    },
    {
      id: 'fixed',
      kernel: '6.1.192',
      says: 'the build of Debian, which has the fix: the store waits until the inode is unlocked; then a power cut',
      asked: { kernel: '6.1.192' },
      schedule: { choices: 'A18B10A1B2bd2bdv5A3B2P2' },
      saw: {
        returns: { A: 0 },
        size: 1048576,
        map: [['D', 0, 524288], hole],
        content: [
          [0, 524288, 'X'],
          [524288, 1048576, '0'],
        ],
      },
      why: {},
      trace: {
        file: 'graph-race-mmap-fsync.txt',
        kind: 'function graph',
        says: 'the page fault of B gets on only when A has unlocked the inode and is writing the log',
        tasks: { A: 'traceop-189', B: 'traceop-190' },
        leftOut,
      },
    },
  ],
}
