import { holds, canViolate, can, every } from '../claim.ts'
import type { Notes } from '../notes.ts'

export const notes: Notes = {
  threads: [
    {
      id: '00000000000044ff540620d7dee2@google.com',
      says: 'linux-btrfs, 29 August 2024: syzbot reports "kernel BUG in btrfs_get_ordered_extents_for_logging" on 6.11-rc5',
    },
    {
      id: '717029440fe379747b9548a9c91eb7801bc5a813.1724972507.git.fdmanana@suse.com',
      says: 'linux-btrfs, 30 August 2024: the patch, with the steps of both tasks and the trace of a 6.10.5 of openSUSE',
    },
    {
      id: 'fa20c58b1a711d9da9899b895a5237f8737163af.1724972803.git.fdmanana@suse.com',
      says: 'fstests, 30 August to 3 September 2024: the test, posted as generic/363 and merged as generic/364',
    },
  ],
  tests: [
    {
      id: 'generic/364',
      says: 'dio-write-fsync-same-fd: one thread writes 4096 bytes at 0 with O_DIRECT, one calls fsync() on the same descriptor; on a bad kernel it takes less than a second as a rule',
    },
  ],
  history: [
    {
      date: '2024-07-26',
      who: 'btrfs developer (Filipe Manana)',
      says: 'The fix for the append keeps the inode lock while the dio is completed, and tells the fsync inside through file->private_data.',
      ref: '939b656bc8ab',
    },
    {
      date: '2024-08-14',
      who: 'stable maintainers',
      says: '6.10.5 and the other stable releases of that week have it.',
      ref: '6.10.5, 6.6.46, 6.1.105',
    },
    {
      date: '2024-08-21',
      who: 'user of a distribution',
      says: 'An assertion of fsync fails on 6.10.5-1-default; virtual machines of QEMU are enough.',
      ref: 'cd9253c23aed',
    },
    {
      date: '2024-08-30',
      who: 'btrfs developer',
      says: 'The mark moves to current->journal_info, which is per task. A test for fstests is posted.',
      ref: 'cd9253c23aed',
    },
    { date: '2024-09-12', who: 'stable maintainers', says: '6.10.10 and 6.6.51 have the fix.', ref: '6.10.10, 6.6.51' },
  ],
  variants: [
    {
      id: 'other-open',
      says: 'fsync through another open of the file: another struct file, another private_data',
      row: 'direct-io A.8, A-3 not triggered by',
      asked: { settings: { open: 'other' } },
      claims: [holds],
    },
    {
      id: 'before-pointer',
      says: 'fsync looks before the write has set the pointer',
      row: 'direct-io A.8, A-3 not triggered by',
      asked: {},
      schedule: { choices: 'A3B1A13B2a3A8B15av5' },
      claims: [holds],
    },
    {
      id: 'allocated',
      says: 'private_data is allocated already: the assertion may fail, but no stack is used',
      row: 'direct-io A.8, A-3 not triggered by',
      asked: { settings: { private: 'seek' } },
      claims: [can('A-O11'), { in: 'no', violates: 'A-O10' }],
    },
    {
      id: 'no-assert',
      says: 'Without assertions fsync logs the inode with no lock, and says nothing',
      row: 'direct-io A.8 R7',
      asked: { settings: { assert: 'off' } },
      claims: [canViolate, every('the console stays empty', ({ console }) => console.length === 0)],
    },
    {
      id: 'overwrite',
      says: 'A write inside the file, which has the lock shared',
      row: 'direct-io A.8 R1',
      asked: { settings: { size: '4K' } },
      claims: [canViolate],
    },
    {
      id: 'two-writers',
      says: "Two writers that share the lock: one stores to the other one's stack",
      row: 'direct-io A.8, A-3 also possible',
      asked: { settings: { size: '4K', writers: '2' } },
      claims: [can('A-O10')],
    },
    { id: 'before', says: 'Before the fix of the append', row: 'direct-io section 0', asked: { kernel: '6.9' }, claims: [holds] },
    { id: 'fixed', says: 'With the mark in the task', row: 'direct-io A.4 A23', asked: { kernel: '6.11' }, claims: [holds] },
  ],
  reasons: [
    { patch: '939b656bc8ab', says: 'An append from memory that is not present left a hole as large as itself.', scenario: 'append-hole' },
    { patch: '8184620ae212', says: 'An asynchronous O_DSYNC write was reported before it was durable.', scenario: 'lost-fsync' },
    { patch: 'e0391e92f9ab', says: 'An O_DSYNC write unlocked its inode twice.', scenario: 'append-unlock' },
  ],
  programs: [
    { file: 'append-same-fd.c', says: 'Writes and fsyncs through one descriptor for some seconds, and says whether both threads got on' },
  ],
  corrections: [],
  recordings: [],
}
