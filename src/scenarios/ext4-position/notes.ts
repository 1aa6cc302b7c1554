import type { Outcome } from '../../engine/view.ts'
import { every, holds, some } from '../claim.ts'
import type { Notes } from '../notes.ts'

/** What the file reads as, block by block. */
const reads =
  (stamps: string) =>
  ({ content }: Outcome): boolean =>
    content?.map(([, , stamp]) => stamp).join('') === stamps

export const notes: Notes = {
  threads: [
    {
      id: '20231205122122.dfhhoaswsfscuhc3@quack3',
      says: 'stable and linux-ext4, 5 December 2023: "ext4 data corruption in 6.1 stable tree", with the explanation',
    },
    {
      id: '20230519093521.133226-2-hch@lst.de',
      says: 'linux-fsdevel, 19 May 2023: "[PATCH 01/13] iomap: update ki_pos a little later", a preparation',
    },
  ],
  tests: [
    {
      id: 'preadv03',
      says: 'LTP: two direct writes of 512 bytes through one descriptor, then preadv() of both: "Buffer wrong at 0 have 62 expected 61"',
    },
  ],
  history: [
    {
      date: '2023-05-19',
      who: 'iomap developer (Christoph Hellwig)',
      says: 'The position is to be updated behind the end of the I/O, in preparation of a helper. The message names no bug, and nothing that depends on it.',
      ref: '936e114a245b',
    },
    {
      date: '2023-10',
      who: 'ext4 developer (Jan Kara)',
      says: 'The size of a growing direct write is set in end_io, for stable too.',
      ref: '91562895f803',
    },
    {
      date: '2023-11-24',
      who: 'tester (LKFT)',
      says: 'LTP preadv03 fails on three stable candidates and not on mainline.',
      ref: '6.1.64-rc1, 5.15.140-rc1, 5.10.202-rc1',
    },
    {
      date: '2023-11-28',
      who: 'stable maintainer',
      says: '5.10.202 and 5.15.140 are released without the commit, 6.1.64 with it.',
      ref: 'announcements of the releases',
    },
    {
      date: '2023-12-05',
      who: 'ext4 developer (Jan Kara)',
      says: 'Explains it and asks for the removal of the commit; another tester reports what it breaks.',
      ref: '20231205122122.dfhhoaswsfscuhc3@quack3',
    },
    { date: '2023-12-08', who: 'stable maintainer', says: '6.1.66 and 5.15.142 get 936e114a245b instead.', ref: '936e114a245b' },
    {
      date: '2023-12-10',
      who: 'distribution (Debian)',
      says: '12.3, with 6.1.64, is followed by 12.4 the day after; its images had been stopped.',
      ref: 'Debian bug 1057843',
    },
    {
      date: '2024-10-21',
      who: 'tester (M. Adam)',
      says: '5.10.227 has the first commit again, without the second: the same test fails. 5.10.229 adds it on 8 November.',
      ref: '91562895f803',
    },
  ],
  variants: [
    {
      id: 'before',
      says: 'Before either commit: the position moves',
      row: 'ext4 1.1',
      asked: { kernel: '6.1.63' },
      claims: [holds],
    },
    {
      id: 'fixed',
      says: 'With both: the position moves',
      row: 'ext4 1.1',
      asked: { kernel: '6.1.66' },
      claims: [holds],
    },
    {
      id: 'later-alone',
      says: 'The other commit alone: the position moves',
      row: 'ext4 1.1',
      asked: { kernel: '6.5' },
      claims: [holds],
    },
    {
      id: 'relapse',
      says: '5.10.227: the same again, ten months later',
      row: 'ext4 1.1',
      asked: { kernel: '5.10.227' },
      claims: [{ in: 'every', violates: 'O3', outcome: reads('B'), says: 'the file has the second write alone' }],
    },
    {
      id: 'pwrite',
      says: 'pwrite() brings its own position: nothing is lost',
      row: 'ext4 1.6',
      asked: { settings: { call: 'pwrite' } },
      claims: [holds, every('the file reads A, B', reads('AB'))],
    },
    {
      id: 'append',
      says: 'O_APPEND: the data are where they belong; the position of the descriptor is not (derived)',
      row: 'ext4 1.7',
      asked: { settings: { call: 'append' } },
      claims: [{ in: 'every', violates: 'O1', outcome: reads('AB'), says: 'the file reads A, B' }],
    },
    {
      id: 'sync',
      says: 'O_SYNC plays no part in it',
      row: 'ext4 1.6',
      asked: { settings: { call: 'sync' } },
      claims: [{ in: 'every', violates: 'O1' }],
    },
    {
      id: 'overwrite',
      says: 'Over old data: the file is 64K long as before, and only its first block is new (derived)',
      row: 'ext4 1.7',
      asked: { settings: { before: '64K', writes: '16' } },
      claims: [
        {
          in: 'every',
          violates: 'O1',
          outcome: ({ size, content }) => size === 65536 && content?.[0]?.[2] === 'P',
          says: 'the file is 64K long and begins with the last write',
        },
      ],
    },
    {
      id: 'many',
      says: 'Sixteen writes: 4K of 64K are left (derived)',
      row: 'ext4 1.7',
      asked: { settings: { writes: '16' } },
      claims: [{ in: 'every', violates: 'O3', outcome: ({ size }) => size === 4096, says: 'the file is 4K long' }],
    },
    {
      id: 'preallocated',
      says: 'Into preallocated space, unwritten until then',
      row: 'ext4 1.6',
      asked: { settings: { before: 'unwritten' } },
      claims: [{ in: 'every', violates: 'O1' }],
    },
    {
      id: 'hole',
      says: 'Into a hole',
      row: 'ext4 1.6',
      asked: { settings: { before: 'hole' } },
      claims: [{ in: 'every', violates: 'O1' }],
    },
    {
      id: 'read',
      says: 'read() after the writes: it finds the last one once more instead of the end of the file (derived)',
      row: 'ext4 1.7',
      asked: { settings: { read: 'after' } },
      claims: [{ in: 'every', violates: 'O1', outcome: ({ returns }) => returns['R'] === 4096, says: 'read() returns 4096' }],
    },
    {
      id: 'threads',
      says: 'Two threads with one descriptor: the later one is left (derived)',
      row: 'ext4 1.7',
      asked: { settings: { writes: 'threads' } },
      claims: [
        { in: 'every', violates: 'O1', outcome: ({ size }) => size === 4096, says: 'the file is 4K long' },
        some('A is left', reads('A')),
        some('B is left', reads('B')),
      ],
    },
  ],
  reasons: [
    {
      patch: '91562895f803',
      says: 'The size of an O_SYNC direct write that grows the file was lost in a power failure.',
      scenario: 'ext4-osync-size',
    },
    {
      patch: '936e114a245b',
      says: 'A preparation for a helper that was to take code from the file systems; no bug is known that it was for.',
      scenario: null,
    },
    {
      patch: '619f75dae2cf',
      says: 'An extending truncate sets i_disksize before i_size; an asynchronous overwrite that was done in between warned. Truncating is not modelled.',
      scenario: null,
    },
  ],
  programs: [{ file: 'ext4-position.c', says: 'two write() calls on an O_DIRECT descriptor, then what the file has' }],
  corrections: [
    {
      said: 'It takes O_SYNC: the commit is about O_SYNC direct I/O',
      is: 'Every direct write through the position of the descriptor is hit, with O_SYNC or without; end_io answers with the bytes in both cases.',
    },
  ],
  recordings: [],
}
