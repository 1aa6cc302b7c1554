import { holds, some, type Claim } from '../claim.ts'
import type { Notes } from '../notes.ts'

const lost: Claim = { in: 'some', violates: 'O4', outcome: ({ size }) => size === 0, says: 'the file is empty' }

export const notes: Notes = {
  threads: [
    {
      id: '20231013121350.26872-1-jack@suse.cz',
      says: 'linux-ext4, 13 October 2023: "[PATCH v3] ext4: Properly sync file size update after O_SYNC direct IO", the fix',
    },
  ],
  tests: [
    {
      id: 'generic/737',
      says: 'xfs_io writes with O_DIRECT and O_SYNC, then the file system is shut down: the size has to be there; once with pwrite(), once with AIO',
    },
  ],
  history: [
    {
      date: '2019-10',
      who: 'ext4 developer',
      says: 'Direct writes of ext4 go through iomap: the size is set when iomap has returned.',
      ref: '378f32bab371',
    },
    { date: '2023-10', who: 'reporter (Gao Xiang)', says: 'A size that was synced is gone after a power failure.', ref: '91562895f803' },
    {
      date: '2023-11',
      who: 'ext4 developer (Jan Kara)',
      says: 'The size is set in end_io, before iomap syncs the file. Merged for 6.7-rc1.',
      ref: '91562895f803',
    },
    {
      date: '2023-11-28',
      who: 'stable maintainer',
      says: '6.1.64 has the fix without what it relies on: write() does not move its position any more.',
      ref: 'announcement of 6.1.64',
    },
  ],
  variants: [
    {
      id: 'fixed',
      says: 'With the size set in end_io',
      row: 'ext4 1.5 E2',
      asked: { kernel: '6.1.66' },
      claims: [holds],
    },
    {
      id: 'half',
      says: '6.1.64: the size is safe here, and write() loses its position instead',
      row: 'ext4 1.1',
      asked: { kernel: '6.1.64' },
      claims: [holds],
    },
    {
      id: 'newer-iomap',
      says: '6.5: the other of the two commits does nothing for it',
      row: 'ext4 1.1',
      asked: { kernel: '6.5' },
      claims: [lost],
    },
    {
      id: 'aio',
      says: 'The same through libaio: a growing write is waited for',
      row: 'ext4 1.2',
      asked: { settings: { via: 'aio' } },
      claims: [lost],
    },
    {
      id: 'inside',
      says: 'A write inside the file changes no size (derived)',
      row: 'ext4 1.6',
      asked: { settings: { before: '1M' } },
      claims: [holds],
    },
    {
      id: 'no-sync',
      says: 'Without O_SYNC nothing was promised (derived)',
      row: 'ext4 1.6',
      asked: { settings: { sync: 'off' } },
      claims: [holds, some('the file is empty', ({ returns, size }) => returns['A'] === 1048576 && size === 0)],
    },
    {
      id: 'power',
      says: 'Without a power failure nobody notices',
      row: 'ext4 1.2',
      asked: { settings: { power: 'on' } },
      claims: [holds],
    },
    {
      id: 'fsync',
      says: 'What fsync() returned for is kept, whatever the write before it had promised (derived)',
      row: 'ext4 1.6',
      asked: { settings: { sync: 'off', fsync: 'after' } },
      claims: [holds],
    },
  ],
  reasons: [
    {
      patch: '936e114a245b',
      says: 'Where this one is missing, the fix makes write() leave its position where it was.',
      scenario: 'ext4-position',
    },
  ],
  programs: [{ file: 'ext4-osync-size.sh', says: 'the write of the test, and what to look at after the power was cut' }],
  corrections: [],
  recordings: [],
}
