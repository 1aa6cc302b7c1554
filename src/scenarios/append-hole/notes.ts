import { isHole } from '../layouts.ts'
import { EFAULT, ENOSPC } from '../../kernel/lib/errno.ts'
import { K } from '../../base/range.ts'
import type { Outcome } from '../../engine/view.ts'
import { holds, canViolate, alwaysViolates, can, every } from '../claim.ts'
import type { Notes } from '../notes.ts'

const report = '0b841d46-12fe-4e64-9abb-871d8d0de271@redhat.com'

/** Functions of the model's 6.1 that the traces do not show under that name. */
const leftOut: Readonly<Record<string, string>> = {
  write: 'the system call itself, which was not traced',
  btrfs_direct_write: 'static, inlined into btrfs_do_write_iter()',
  btrfs_get_blocks_direct_write: 'static, inlined into btrfs_dio_iomap_begin()',
  lock_extent_direct: 'static, inlined into btrfs_dio_iomap_begin()',
  fault_in_iov_iter_readable: 'the trace has fault_in_readable(), which it calls',
  btrfs_dio_submit_io: 'in 6.1 it is called btrfs_submit_direct()',
  btrfs_dio_end_io: 'in 6.1 it is called btrfs_end_dio_bio()',
  btrfs_csum_one_bio: 'not traced; btrfs_add_ordered_sum() at its end is',
  add_pending_csums: 'static, inlined into btrfs_finish_ordered_io()',
}

export const notes: Notes = {
  threads: [
    {
      id: report,
      says: 'linux-btrfs, 25 July 2024: the report, "Appending from unpopulated page creates hole", and the discussion of what to do',
    },
    {
      id: 'CAEmTpZGRKbzc16fWPvxbr6AfFsQoLmz-Lcg-7OgJOZDboJ+SGQ@mail.gmail.com',
      says: 'linux-btrfs, 2022: the report that led to 8184620ae212',
    },
    {
      id: '000000000000dfd631061eaeb4bc@google.com',
      says: 'linux-btrfs, August 2024: syzbot on the first fix, "bad unlock balance in btrfs_direct_write"',
    },
  ],
  tests: [
    {
      id: 'generic/362',
      says: 'dio-append-buf-fault appends 4096 bytes twice from a buffer that was never touched; a bad kernel has 8192 bytes after the first write and 12288 after the second',
    },
    { id: 'generic/364', says: 'direct writes and fsync on one descriptor: the second bug of the fix (posted as 363)' },
    { id: 'generic/703', says: 'O_DSYNC through io_uring: what the commit that introduced this bug had fixed' },
    { id: 'generic/708', says: 'a write from a buffer of which the first page is present: the neighbour that loses data' },
  ],
  history: [
    {
      date: '2021-11',
      who: 'btrfs developer',
      says: 'A write whose buffer is a mapping of the same file deadlocked. The retry loop comes in: page faults are off during direct I/O, -EFAULT makes the caller fault the pages in and go on.',
      ref: '51bd9563b678',
    },
    {
      date: '2022-11-08',
      who: 'btrfs developer',
      says: 'To give the sync of O_DSYNC back to iomap, the inode is unlocked before the dio is completed, and the retry starts at the top. Queued for 6.0.y and 5.15.y on this day.',
      ref: '8184620ae212',
    },
    {
      date: '2023-05',
      who: 'btrfs developer',
      says: 'Ordered extents are split for each bio: for a buffer that is partly present the part already written is no longer lost, and the hole comes behind it.',
      ref: 'b73a6fd1b1ef',
    },
    {
      date: '2024-07-25',
      who: 'reporter (Hanna Czenczek)',
      says: 'virtiofsd appends guest memory that it has not touched itself: a hole as large as the write comes first. Suspects 8184620ae212 and has tried to skip generic_write_checks() on the retry.',
      ref: report,
    },
    {
      date: '2024-07-25',
      who: 'tester (Stefano Garzarella)',
      says: 'Fedora 6.0.7-301.fc37 does not have the bug, 6.0.9-300.fc37 has it: tested for the report.',
      ref: report,
    },
    {
      date: '2024-07-26',
      who: 'btrfs developer (Filipe Manana)',
      says: 'Confirms the suspect. Skipping the checks is not enough: the lock was dropped, so anything may have changed. Posts a fix that keeps the lock and tells the fsync inside.',
      ref: '939b656bc8ab',
    },
    {
      date: '2024-08-02',
      who: 'syzbot, btrfs developer',
      says: 'One path of fsync unlocks what it was told not to touch. Fixed on the same day; both commits go to stable together.',
      ref: 'e0391e92f9ab',
    },
    {
      date: '2024-08-14',
      who: 'stable maintainers',
      says: '6.10.5, 6.6.46 and 6.1.105 have the fix; 5.15.165 follows.',
      ref: '6.10.5, 6.6.46, 6.1.105',
    },
    {
      date: '2024-08-21',
      who: 'users of virtual machines on 6.10.5',
      says: 'An assertion in fsync: the mark that says "the lock is held" was visible to other threads with the same descriptor.',
      ref: 'cd9253c23aed',
    },
    {
      date: '2025',
      who: 'iomap developers',
      says: 'A rework of iomap_iter() changes which of two errors wins; for files without data checksums the hole is back on 6.15.',
      ref: 'bc264fea0f6f',
    },
    {
      date: '2026-06',
      who: 'btrfs developers',
      says: 'i_size is taken back after a short direct write. The missing step was older than the conversion to iomap.',
      ref: '66ff4d366e7e, ff66fe666233, acf9ed3a6c00',
    },
  ],
  variants: [
    {
      id: 'experiment',
      says: "The reporter's experiment: skip generic_write_checks() on the retry, and the reproducer passes",
      row: 'direct-io A.4 V1',
      asked: { on: ['skip-checks-on-retry'] },
      claims: [holds],
    },
    {
      id: 'experiment-fails',
      says: 'Why that was not merged: with a truncate and another appender in the window, one append overwrites the other',
      row: 'direct-io A.4 V1',
      asked: { on: ['skip-checks-on-retry'], settings: { appenders: '2', resident: '4', truncate: '16K' } },
      claims: [can('A-O9')],
    },
    {
      id: 'generic-362',
      says: 'The sizes of generic/362: 4096 bytes make a file of 8192',
      row: 'direct-io A.5 row 8',
      asked: { settings: { length: '4K', buffer: 'anon' } },
      claims: [alwaysViolates, every('the file is 8192 bytes long', ({ size }) => size === 8192)],
    },
    {
      id: 'second-append',
      says: 'A second append of 64K to a file of 64K: the hole lies at the old end',
      row: 'direct-io A.5 row 9',
      asked: { settings: { before: '64K' } },
      claims: [alwaysViolates, every('[64K, 128K) is a hole', ({ layout }) => isHole(layout, 64 * K, 128 * K))],
    },
    {
      id: 'partly-present',
      says: 'Four pages are present, on 6.4: 16K of data, a hole of 48K, the other 48K of data',
      row: 'direct-io A.5 row 2',
      asked: { kernel: '6.4', settings: { resident: '4' } },
      claims: [
        alwaysViolates,
        every('[16K, 64K) is a hole between data', ({ layout, size }) => isHole(layout, 16 * K, 64 * K) && size === 112 * K),
      ],
    },
    {
      id: 'both-unpresent',
      says: 'Two appenders, neither buffer present: 256K of file for 128K of data',
      row: 'direct-io A.5 row 6',
      asked: { settings: { appenders: '2' } },
      claims: [alwaysViolates, every('the file is 256K long', ({ size }) => size === 256 * K)],
    },
    {
      id: 'dsync',
      says: 'With O_DSYNC the hole is durable as well',
      row: 'direct-io A.3 A23',
      asked: { settings: { open: 'dsync' } },
      claims: [
        alwaysViolates,
        every('a power failure would leave the hole', ({ after }) => isHole((after as Partial<Outcome> | null)?.layout ?? null, 0, 64 * K)),
      ],
    },
    {
      id: 'present',
      says: 'All of the buffer is present: memset() it first',
      row: 'direct-io A.7',
      asked: { settings: { resident: '16' } },
      claims: [holds],
    },
    {
      id: 'registered',
      says: 'The buffer is registered with io_uring: nothing can fault',
      row: 'direct-io A.7',
      asked: { settings: { buffer: 'fixed' } },
      claims: [holds],
    },
    {
      id: 'bad-address',
      says: 'Nothing is mapped at the address: write() fails with EFAULT, and the file has grown by twice its length all the same',
      row: 'direct-io A.5, last paragraph',
      asked: { settings: { buffer: 'bad' } },
      claims: [
        holds,
        every('write() fails with EFAULT and the file is 128K long', ({ returns, size }) => returns['A'] === EFAULT && size === 128 * K),
      ],
    },
    {
      id: 'no-append',
      says: 'Without O_APPEND the position stays, and the retry writes the same range',
      row: 'direct-io A.7',
      asked: { settings: { open: 'plain' } },
      claims: [holds],
    },
    {
      id: 'no-space',
      says: 'No room for the data: the write fails before i_size is raised',
      row: 'direct-io A.7',
      asked: { settings: { space: 'none' } },
      claims: [
        holds,
        every('write() fails with ENOSPC and the file is empty', ({ returns, size }) => returns['A'] === ENOSPC && size === 0),
      ],
    },
    {
      id: 'misaligned',
      says: 'A buffer that is not aligned: the write goes through the page cache before i_size is touched',
      row: 'direct-io A.7; A.3 A7',
      asked: { settings: { align: 'off' } },
      claims: [holds],
    },
    {
      id: 'cached',
      says: 'Without O_DIRECT nothing is allocated before the data are copied',
      row: 'direct-io A.7',
      asked: { settings: { open: 'cached' } },
      claims: [holds],
    },
    {
      id: 'checksums-6.15',
      says: 'On 6.15 a file with checksums never gets to the direct path',
      row: 'direct-io A.7',
      asked: { kernel: '6.15' },
      claims: [holds],
    },
    {
      id: 'touched-in-time',
      says: 'Another thread reads the buffer before the pages are pinned',
      row: 'direct-io A.7',
      asked: { settings: { touch: 'on' } },
      schedule: { choices: 'A8M1A7a3A4av5' },
      claims: [holds],
    },
    {
      id: 'touched',
      says: 'Another thread reads the buffer at some time: it depends on when',
      row: 'direct-io A.7',
      asked: { settings: { touch: 'on' } },
      claims: [canViolate],
    },
    { id: 'before', says: 'Before the regression', row: 'direct-io section 0', asked: { kernel: '6.0' }, claims: [holds] },
    { id: 'fixed', says: 'With the fix', row: 'direct-io A.4 V2', asked: { kernel: '6.11' }, claims: [holds] },
  ],
  reasons: [
    {
      patch: '8184620ae212',
      says: 'An asynchronous O_DSYNC write was reported as done before it was durable: btrfs synced in the caller, and the caller had only -EIOCBQUEUED.',
      scenario: 'lost-fsync',
    },
    {
      patch: '939b656bc8ab',
      says: 'This hole. What it brought with it: an fsync that unlocks too much, and a flag that other threads can see.',
      scenario: 'append-unlock',
    },
    {
      patch: 'e0391e92f9ab',
      says: 'An O_DSYNC write unlocked its inode twice when there was nothing to log.',
      scenario: 'append-unlock',
    },
    {
      patch: 'cd9253c23aed',
      says: 'fsync by another thread on the same descriptor skipped the inode lock.',
      scenario: 'append-same-fd',
    },
  ],
  programs: [
    {
      file: 'append-hole.c',
      says: 'Appends from memory that is not in the page table, prints size, data and holes, compares what is read back; sizes and how much is present are arguments',
    },
  ],
  corrections: [
    {
      said: 'The hole has the size of the data being written, at least up to some size',
      is: 'The hole is as long as the first mapping less what was already submitted of it: as long as the write only if no leading page is present and one extent was allocated for all of it. Recorded up to 4 MiB.',
    },
    {
      said: 'Skipping generic_write_checks() on the retry makes the bug disappear',
      is: 'It makes the reproducer pass. The lock was dropped, so the checks are needed: an append of another task may be overwritten. The fix keeps the lock and the position.',
    },
    {
      said: 'The fix is in 6.11',
      is: 'For files without data checksums the same hole is back from 6.15 until mid 2026, by another way.',
    },
  ],
  recordings: [
    {
      id: 'hole-4k',
      kernel: '6.1.192-rk',
      says: '64 KiB appended to a file of 4 KiB, nothing of the buffer present',
      asked: { kernel: '6.1.192-rk', settings: { before: '4K' } },
      schedule: { choices: 'A16ab2A15a3av2' },
      saw: {
        returns: { A: 65536 },
        size: 135168,
        map: [
          ['D', 0, 4096],
          ['H', 4096, 69632],
          ['D', 69632, 135168],
        ],
        text: ['filefrag shows the data behind a hole of 65536 bytes'],
      },
      why: {},
      trace: {
        file: 'buggy-graph-append-unpopulated.txt',
        kind: 'function graph',
        tasks: { A: 'traceop-107', c: 'kworker-8', e: 'kworker-8' },
        leftOut,
        says: 'generic_write_checks() twice in one write, with the raised i_size in between',
      },
    },
    {
      id: 'hole-events',
      kernel: '6.1.192-rk',
      says: 'The same as events: the extent of the first try, the page fault, the extent of the second one 64K further on',
      asked: { kernel: '6.1.192-rk', settings: { before: '4K' } },
      saw: { returns: { A: 65536 }, size: 135168 },
      why: {},
      trace: { file: 'buggy-events-append-unpopulated.txt', kind: 'events', says: 'btrfs, iomap and page fault events of the write' },
    },
    {
      id: 'fixed-4k',
      kernel: '6.1.192',
      says: 'The same on the kernel with its fixes: the retry keeps the position',
      asked: { kernel: '6.1.192', settings: { before: '4K' } },
      schedule: { choices: 'A20ab2A8a3' },
      saw: { returns: { A: 65536 }, size: 69632, map: [['D', 0, 69632]] },
      why: {},
      trace: {
        file: 'graph-append-unpopulated.txt',
        kind: 'function graph',
        tasks: { A: 'traceop-185' },
        leftOut: {
          ...leftOut,
          btrfs_finish_ordered_io: 'begins while btrfs_dio_iomap_begin() waits for it; a step that waits is taken when the wait is over',
          btrfs_drop_extents: 'called by it',
        },
        says: 'one generic_write_checks(), two tries',
      },
    },
    {
      id: 'first-16k',
      kernel: '6.1.192-rk',
      says: '64 KiB appended to an empty file, the first 16 KiB of the buffer present: the part already written is lost as well',
      asked: { kernel: '6.1.192-rk', settings: { resident: '4' } },
      saw: {
        returns: { A: 65536 },
        size: 114688,
        map: [
          ['H', 0, 65536],
          ['D', 65536, 114688],
        ],
        content: [
          [0, 65536, '0'],
          [65536, 114688, 'A'],
        ],
      },
      why: {},
    },
  ],
}
