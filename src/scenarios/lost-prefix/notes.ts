import { isHole } from '../layouts.ts'
import { K } from '../../base/range.ts'
import { holds, alwaysViolates, every } from '../claim.ts'
import type { Notes } from '../notes.ts'

export const notes: Notes = {
  threads: [
    {
      id: 'ae81e48b0e954bae1c3451c0da1a24ae7146606c.1676684984.git.boris@bur.io',
      says: 'linux-btrfs, 17 February 2023: the first of several versions, "fix dio continue after short write due to source fault"',
    },
  ],
  tests: [
    {
      id: 'generic/708',
      says: 'dio-buf-fault maps a file of 2 MiB, touches the first page, and writes the mapping to another file with O_DIRECT; the two have to be equal',
    },
  ],
  history: [
    {
      date: '2021-11',
      who: 'btrfs developer',
      says: 'A direct write may go on after -EFAULT: what is present is submitted, then the rest is faulted in.',
      ref: '51bd9563b678',
    },
    {
      date: '2023-02-17',
      who: 'btrfs developer (Boris Burkov)',
      says: 'Posts a fix for data that are lost when the fault comes in the middle of a buffer. Several versions follow, with a set of cleanups.',
      ref: 'ae81e48b0e954bae1c3451c0da1a24ae7146606c.1676684984.git.boris@bur.io',
    },
    {
      date: '2023-05',
      who: 'mainline',
      says: '6.4-rc1: the ordered extent is split before each bio is submitted.',
      ref: 'b73a6fd1b1ef',
    },
    {
      date: '2026',
      who: 'stable maintainers',
      says: '6.1.180 loses nothing any more, with the set that takes i_size back: it truncates an ordered extent where it used to fail it. A 6.1.192 without that set loses data as 6.1.170 does.',
      ref: '66ff4d366e7e, ff66fe666233, acf9ed3a6c00',
    },
  ],
  variants: [
    {
      id: 'append',
      says: 'With O_APPEND it is the same on 6.1.170',
      row: 'direct-io A.5 row 3',
      asked: { settings: { open: 'append' } },
      claims: [alwaysViolates],
    },
    {
      id: 'dsync',
      says: 'O_DSYNC does not help: nothing tells that there is something to sync',
      row: 'direct-io A.3 F1',
      asked: { settings: { open: 'dsync' } },
      claims: [alwaysViolates],
    },
    {
      id: 'old-data',
      says: 'Over old data, the first 16K read as they were',
      row: 'direct-io A.3 F1',
      asked: { settings: { size: '64K' } },
      claims: [alwaysViolates, every('the first 16K read as X', ({ content }) => content?.[0]?.[1] === 16 * K && content[0][2] === 'X')],
    },
    {
      id: 'in-place',
      says: 'In place (chattr +C, old data): the item is there, and the data reach it',
      row: 'direct-io 6.2 item 5',
      asked: { settings: { size: '64K', nocow: 'on' } },
      claims: [holds],
    },
    {
      id: 'nothing-present',
      says: 'Nothing of the buffer is present: nothing is lost',
      row: 'direct-io A.5',
      asked: { settings: { resident: '0' } },
      claims: [holds],
    },
    { id: 'all-present', says: 'All of it is present', row: 'direct-io A.7', asked: { settings: { resident: '16' } }, claims: [holds] },
    {
      id: 'with-the-hole',
      says: 'On 6.1, an append: hole and loss together',
      row: 'direct-io A.5 row 3',
      asked: { kernel: '6.1', settings: { open: 'append' } },
      claims: [
        alwaysViolates,
        every('[0, 64K) is a hole and the file 112K long', ({ layout, size }) => isHole(layout, 0, 64 * K) && size === 112 * K),
      ],
    },
    {
      id: 'truncated-tail',
      says: 'The other cure: the tail is truncated, not failed',
      row: 'direct-io A.9, fixes',
      asked: { on: ['66ff4d366e7e'] },
      claims: [holds],
    },
  ],
  reasons: [
    {
      patch: '51bd9563b678',
      says: 'A write whose buffer is a mapping of the file itself deadlocked on its own page.',
      scenario: 'dio-mmap-deadlock',
    },
    { patch: '8184620ae212', says: 'An asynchronous O_DSYNC write was reported before it was durable.', scenario: 'lost-fsync' },
    { patch: '939b656bc8ab', says: 'An append from memory that is not present left a hole as large as itself.', scenario: 'append-hole' },
    { patch: '66ff4d366e7e', says: 'First of the set against the hole that came back.', scenario: 'append-relapse' },
  ],
  programs: [
    {
      file: 'lost-prefix.c',
      says: 'Writes once from a buffer that is partly present and compares what is read back; the sizes are arguments',
    },
  ],
  corrections: [
    {
      said: 'b73a6fd1b1ef came to 6.1 with 6.1.180',
      is: '6.1 does not split ordered extents: a 6.1.192 from which only the set of 2026 was taken loses the first part again. That set is what cures 6.1.180.',
    },
  ],
  recordings: [
    {
      id: 'lost',
      kernel: '6.1.170',
      says: 'pwrite() of 64 KiB at 0, the first 16 KiB of the buffer present (64k-first16k-populated-plain)',
      asked: {},
      saw: {
        returns: { A: 65536 },
        size: 65536,
        map: [
          ['H', 0, 16384],
          ['D', 16384, 65536],
        ],
        content: [
          [0, 16384, '0'],
          [16384, 65536, 'A'],
        ],
      },
      why: {},
    },
    {
      id: 'lost-append',
      kernel: '6.1.170',
      says: 'The same with O_APPEND (64k-first16k-populated)',
      asked: { settings: { open: 'append' } },
      saw: {
        returns: { A: 65536 },
        size: 65536,
        map: [
          ['H', 0, 16384],
          ['D', 16384, 65536],
        ],
        content: [
          [0, 16384, '0'],
          [16384, 65536, 'A'],
        ],
      },
      why: {},
    },
    {
      id: 'lost-60k',
      kernel: '6.1.170',
      says: 'The first 60 KiB present (64k-first60k-populated)',
      asked: { settings: { open: 'append', resident: '15' } },
      saw: {
        returns: { A: 65536 },
        size: 65536,
        map: [
          ['H', 0, 61440],
          ['D', 61440, 65536],
        ],
      },
      why: {},
    },
    {
      id: 'kept',
      kernel: '6.1.192',
      says: 'The first one on 6.1.192',
      asked: { kernel: '6.1.192' },
      saw: { returns: { A: 65536 }, size: 65536, map: [['D', 0, 65536]], content: [[0, 65536, 'A']] },
      why: {},
    },
  ],
}
