import { holds, canViolate, every } from '../claim.ts'
import type { Notes } from '../notes.ts'

export const notes: Notes = {
  threads: [
    {
      id: '000000000000dfd631061eaeb4bc@google.com',
      says: 'linux-btrfs, 2 August 2024: syzbot reports "WARNING: bad unlock balance in btrfs_direct_write" on mainline, two days before v6.11-rc2',
    },
    {
      id: '7aa71067c2946ea3a7165f26899324e0df7d772e.1722588255.git.fdmanana@suse.com',
      says: 'linux-btrfs, 2 August 2024: the patch',
    },
    {
      id: '20240802115426.1122610-2-eadavis@qq.com',
      says: 'linux-btrfs, 2 August 2024: the same three lines from another developer, tested by syzbot',
    },
  ],
  tests: [],
  history: [
    {
      date: '2024-07-26',
      who: 'btrfs developer (Filipe Manana)',
      says: 'The fix for the append: fsync leaves the inode lock to a direct write that holds it.',
      ref: '939b656bc8ab',
    },
    {
      date: '2024-08-02',
      who: 'syzbot',
      says: 'Finds the unlock that nobody had a lock for, on mainline.',
      ref: '000000000000dfd631061eaeb4bc@google.com',
    },
    {
      date: '2024-08-02',
      who: 'btrfs developer',
      says: 'Posts the fix within two hours; a second developer posts the same.',
      ref: 'e0391e92f9ab',
    },
    { date: '2024-08-11', who: 'mainline', says: 'v6.11-rc3 has it. v6.11-rc2 is the only tagged kernel with the bug.', ref: 'v6.11-rc3' },
  ],
  variants: [
    {
      id: 'no-dsync',
      says: 'A write without O_DSYNC: it runs no fsync',
      row: 'direct-io A.8, A-2 not triggered by',
      asked: { settings: { dsync: 'off' } },
      claims: [holds],
    },
    {
      id: 'normal-path',
      says: 'Nobody commits: the fsync logs the inode, and that way out looks at the flag',
      row: 'direct-io A.8, A-2 not triggered by',
      asked: { settings: { commit: 'off' } },
      claims: [holds],
    },
    {
      id: 'appender',
      says: 'It is an appender that takes the lock in between',
      row: 'direct-io A.8 U5',
      asked: { settings: { other: 'append' } },
      claims: [canViolate],
    },
    {
      id: 'no-lockdep',
      says: 'Without lockdep: no line on the console, the lock is as wrong',
      row: 'direct-io A.8, outcome',
      asked: { settings: { lockdep: 'off' } },
      claims: [canViolate, every('the console stays empty', ({ console }) => console.length === 0)],
    },
    {
      id: 'stable',
      says: 'A stable release that got both commits at once',
      row: 'direct-io A.8',
      asked: { kernel: '6.10.5' },
      claims: [holds],
    },
    { id: 'before', says: 'Before the fix of the append', row: 'direct-io section 0', asked: { kernel: '6.9' }, claims: [holds] },
  ],
  reasons: [
    { patch: '939b656bc8ab', says: 'An append from memory that is not present left a hole as large as itself.', scenario: 'append-hole' },
    { patch: '8184620ae212', says: 'An asynchronous O_DSYNC write was reported before it was durable.', scenario: 'lost-fsync' },
    { patch: 'cd9253c23aed', says: 'The flag was visible to other threads with the same descriptor.', scenario: 'append-same-fd' },
  ],
  programs: [
    { file: 'append-unlock.c', says: 'O_DSYNC direct writes beside syncfs() and ftruncate(), until the log complains or nothing moves' },
  ],
  corrections: [
    {
      said: 'The write unlocks the inode twice',
      is: 'The second unlock may also hit the lock of a task that took it in between. And btrfs_do_write_iter() syncs once more after the direct write: if the lock was free, the write itself is the next one to want it and waits for ever. That is derived from the source; the reports stop at the warning.',
    },
  ],
  recordings: [],
}
