import type { Outcome } from '../../engine/view.ts'
import { holds, some } from '../claim.ts'
import type { Notes } from '../notes.ts'

export const notes: Notes = {
  threads: [
    {
      id: 'CAEmTpZGRKbzc16fWPvxbr6AfFsQoLmz-Lcg-7OgJOZDboJ+SGQ@mail.gmail.com',
      says: 'linux-btrfs, 2022: the report',
    },
    {
      id: '20220522125157.GA24032@lst.de',
      says: 'linux-fsdevel, May 2022: what to do with a file system that takes IOCB_DSYNC away; the flag IOMAP_DIO_NOSYNC comes of it',
    },
  ],
  tests: [
    {
      id: 'generic/703',
      says: 'fio writes with io_uring, O_DIRECT and O_DSYNC; after a power failure, simulated, all of the file has to be there',
    },
  ],
  history: [
    {
      date: '2021-11',
      who: 'btrfs developer',
      says: 'A direct write may go on after a part of it. iomap is not to sync each part under the inode lock, so IOCB_DSYNC is taken away meanwhile.',
      ref: '51bd9563b678',
    },
    { date: '2022-06', who: 'vfs developers', says: 'The flag stays, and IOMAP_DIO_NOSYNC says the same.', ref: 'eacdf4eaca63' },
    {
      date: '2022-11',
      who: 'reporter',
      says: 'The report that the fix names; stable asks for it from 6.0 on.',
      ref: 'CAEmTpZGRKbzc16fWPvxbr6AfFsQoLmz-Lcg-7OgJOZDboJ+SGQ@mail.gmail.com',
    },
    {
      date: '2022-11-08',
      who: 'btrfs developer (Filipe Manana)',
      says: 'The sync is left to iomap; the inode is unlocked before a synchronous dio is completed. Queued for 6.0.y and 5.15.y on this day.',
      ref: '8184620ae212',
    },
    {
      date: '2024-07-25',
      who: 'another reporter',
      says: 'That unlocking moves appends behind themselves.',
      ref: '0b841d46-12fe-4e64-9abb-871d8d0de271@redhat.com',
    },
  ],
  variants: [
    {
      id: 'synchronous',
      says: 'A write that waits for its I/O: btrfs syncs what it returned',
      row: 'direct-io 6.2 item 11',
      asked: { settings: { via: 'write' } },
      claims: [holds],
    },
    {
      id: 'no-dsync',
      says: 'Without O_DSYNC nothing was promised',
      row: 'direct-io 6.1 D12',
      asked: { settings: { dsync: 'off' } },
      claims: [holds],
    },
    {
      id: 'power',
      says: 'Without a power failure nobody notices',
      row: 'direct-io 6.1 D13',
      asked: { settings: { power: 'on' } },
      claims: [holds, some('a power failure would take the data', ({ after }) => (after as Partial<Outcome> | null)?.size === 0)],
    },
    {
      id: 'old-data',
      says: 'Over old data, the file is as it was',
      row: 'direct-io A.3 F2',
      asked: { settings: { size: '64K' } },
      claims: [{ in: 'some', violates: 'W2', outcome: ({ content }) => content?.[0]?.[2] === 'X', says: 'the file reads as X' }],
    },
    { id: 'fixed', says: 'With the fix that brought the append bug', row: 'direct-io A.1', asked: { kernel: '6.1' }, claims: [holds] },
    {
      id: 'later',
      says: 'With the lock kept and the mark in the task',
      row: 'direct-io A.4 A23',
      asked: { kernel: '6.11' },
      claims: [holds],
    },
  ],
  reasons: [
    {
      patch: '51bd9563b678',
      says: 'A write whose buffer is a mapping of the file itself deadlocked on its own page.',
      scenario: 'dio-mmap-deadlock',
    },
    {
      patch: '939b656bc8ab',
      says: 'This fix unlocked the inode in the middle of a write: an append left a hole as large as itself.',
      scenario: 'append-hole',
    },
    { patch: 'e0391e92f9ab', says: 'An O_DSYNC write unlocked its inode twice.', scenario: 'append-unlock' },
    { patch: 'cd9253c23aed', says: 'The flag was visible to other threads with the same descriptor.', scenario: 'append-same-fd' },
  ],
  programs: [{ file: 'lost-fsync.c', says: 'one asynchronous O_DSYNC direct write, then it waits for you to cut the power' }],
  corrections: [
    {
      said: 'It takes a kiocb with nowait and dsync',
      is: 'What it takes is a kiocb with a completion callback, so that the write returns -EIOCBQUEUED: libaio without NOWAIT has one, and an io_uring request that was refused under NOWAIT has it still when a worker issues it.',
    },
  ],
  recordings: [],
}
