import { holds, canViolate, every } from '../claim.ts'
import type { Notes } from '../notes.ts'

export const notes: Notes = {
  threads: [
    {
      id: '882730e60b58b8d970bd8bc3a670e598184eefef.1660924379.git.josef@toxicpanda.com',
      says: 'the fix, with the cause and what it leaves open',
    },
  ],
  tests: [{ id: 'generic/678', says: 'the short read over several extents; with one extent for all it would have caught this too' }],
  history: [
    {
      date: '2022-03-02',
      who: 'btrfs developer',
      says: 'A NOWAIT read gets -EAGAIN if its first mapping does not cover it. Mappings of reads are one sector, so that is every read of more than 4K.',
      ref: 'ca93e44bfb5f',
    },
    {
      date: '2022-08-14',
      who: 'btrfs maintainer',
      says: '6.0-rc1 lets one mapping of a read cover up to 256 sectors.',
      ref: 'ee5b46a353af',
    },
    {
      date: '2022-08-19',
      who: 'io_uring developers',
      says: 'Report an io_uring test that gets short reads, bisected to that.',
      ref: '882730e60b58b8d970bd8bc3a670e598184eefef.1660924379.git.josef@toxicpanda.com',
    },
    {
      date: '2022-08-19',
      who: 'btrfs developer',
      says: 'Posts the fix, and notes that completing an iocb in parts would be the proper cure, and a lot of work.',
      ref: '79d3d1d12e6f',
    },
    {
      date: '2022-08-28',
      who: 'btrfs maintainer',
      says: 'It is in 6.0-rc3: no release has the one without the other.',
      ref: '79d3d1d12e6f',
    },
  ],
  variants: [
    {
      id: 'before',
      says: '5.17: a mapping is one sector, so the check refuses the read and a worker does it',
      row: 'direct-io C.4 P2',
      asked: { kernel: '5.17' },
      claims: [holds],
    },
    {
      id: 'extents',
      says: 'several extents on 6.0-rc1: the first mapping is too short, and the old check still holds',
      row: 'direct-io C.4 P2',
      asked: { settings: { file: 'extents' } },
      claims: [holds],
    },
    {
      id: 'large',
      says: '16K in one extent: the result is 4096 all the same, for that is what was present of the buffer',
      row: 'direct-io C.4 P3',
      asked: { settings: { length: '16K' } },
      claims: [{ in: 'some', violates: 'any', outcome: ({ returns }) => returns['U'] === 4096, says: 'the program gets 4096' }],
    },
    {
      id: 'full',
      says: 'the bio ends before the submitter drops its reference: the rest is read',
      row: 'direct-io C.5 row 2',
      asked: {},
      schedule: { named: 'full' },
      claims: [holds],
    },
    {
      id: 'resident',
      says: 'the whole buffer is in the page table: one bio covers the request',
      row: 'direct-io C.7',
      asked: { settings: { buffer: 'all' } },
      claims: [holds],
    },
    {
      id: 'first-absent',
      says: 'nothing of the buffer is there: nothing is submitted before the fault',
      row: 'direct-io C.7',
      asked: { settings: { buffer: 'none' } },
      claims: [holds],
    },
    {
      id: 'blocking',
      says: 'a blocking preadv2() waits and goes on: a short result of iomap is then nothing but progress',
      row: 'direct-io C.7',
      asked: { settings: { call: 'preadv2' } },
      claims: [holds, every('preadv2() returns 8192', ({ returns }) => returns['S'] === 8192)],
    },
    {
      id: 'one-page',
      says: 'one page under NOWAIT is still read at once with the fix',
      row: 'direct-io C.4 P3',
      asked: { kernel: '6.0', settings: { length: '4K' } },
      claims: [holds],
    },
    {
      id: 'no-check',
      says: 'without either check, 1M mappings and all: as on the build of the recordings',
      row: 'direct-io C.4 P3',
      asked: { kernel: '6.1.192-rk' },
      claims: [canViolate],
    },
  ],
  reasons: [
    {
      patch: '51bd9563b678',
      says: 'Direct I/O from or to a mapping of the same file deadlocked: a page fault in the middle of it waited for a lock that it held itself.',
      scenario: 'dio-mmap-deadlock',
    },
  ],
  programs: [
    {
      file: 'uring-short-read.c',
      says: 'with -1: writes a file of one extent and reads it with io_uring into memory of which only the first byte was touched',
    },
  ],
  corrections: [],
  recordings: [],
}
