import { holds, alwaysViolates } from '../claim.ts'
import type { Notes } from '../notes.ts'

export const notes: Notes = {
  threads: [
    {
      id: '20250902150755.289469-2-bfoster@redhat.com',
      says: 'linux-fsdevel, 2 September 2025: a patch that would restore the old priority of the two errors; not in the later sources that were read',
    },
    { id: 'cover.1780528155.git.wqu@suse.com', says: 'linux-btrfs, 4 June 2026: the set of three, third version, for stable from 5.15 on' },
  ],
  tests: [
    {
      id: 'generic/362',
      says: 'With -o nodatasum; without it the direct path is not reached on 6.15 and the test passes for the wrong reason',
    },
  ],
  history: [
    { date: '2024-08', who: 'btrfs developers', says: 'The append keeps its lock and its position.', ref: '939b656bc8ab' },
    {
      date: '2025',
      who: 'iomap developers',
      says: 'iomap_iter() advances in steps. When nothing was advanced, an error of iomap_end is what it returns.',
      ref: 'bc264fea0f6f',
    },
    {
      date: '2025-03-27',
      who: 'btrfs developers',
      says: 'Direct writes to files with checksums go through the page cache from the start: most files never see what follows.',
      ref: '968f19c5b1b7',
    },
    { date: '2025-09', who: 'developer', says: 'A patch to restore the priority is posted.', ref: 'linux-fsdevel' },
    {
      date: '2026-06',
      who: 'btrfs developers',
      says: 'i_size is taken back after a short direct write. The message says that this was missing before the conversion to iomap: whenever a direct append fell back after its size was raised.',
      ref: '66ff4d366e7e, ff66fe666233, acf9ed3a6c00',
    },
  ],
  variants: [
    {
      id: 'checksums',
      says: 'A file with checksums never gets that far',
      row: 'direct-io A.9 A7b',
      asked: { settings: { data: 'datasum' } },
      claims: [holds],
    },
    {
      id: 'no-append',
      says: 'Without O_APPEND the page cache path writes where it was told to',
      row: 'direct-io A.7',
      asked: { settings: { open: 'plain' } },
      claims: [holds],
    },
    {
      id: 'one-page',
      says: 'One page is present: something is advanced, so -EFAULT is what comes out',
      row: 'direct-io 6.1, iomap_iter error priority',
      asked: { settings: { resident: '1' } },
      claims: [holds],
    },
    {
      id: 'present',
      says: 'All of the buffer is present',
      row: 'direct-io A.7',
      asked: { settings: { resident: '16' } },
      claims: [holds],
    },
    {
      id: 'old-priority',
      says: '6.15 with the old priority of errors',
      row: 'direct-io A.9',
      asked: { off: ['bc264fea0f6f'] },
      claims: [holds],
    },
    {
      id: 'size-only',
      says: 'Only i_size is taken back: the page cache path is taken, at the right place',
      row: 'direct-io A.9, fixes',
      asked: { on: ['ff66fe666233'] },
      claims: [holds],
    },
    {
      id: 'tail-only',
      says: 'Only the tail is truncated instead of failed: that does not help',
      row: 'direct-io A.9, fixes',
      asked: { on: ['66ff4d366e7e'] },
      claims: [alwaysViolates],
    },
    {
      id: 'first-bug',
      says: 'The first bug, on 6.1: the same layout by a retry',
      row: 'direct-io A.3',
      asked: { kernel: '6.1' },
      claims: [alwaysViolates],
    },
  ],
  reasons: [
    {
      patch: 'bc264fea0f6f',
      says: 'A rework: iomap advances in pieces. The facts at hand do not carry what made it necessary.',
      scenario: null,
    },
    { patch: '939b656bc8ab', says: 'The hole by a retry.', scenario: 'append-hole' },
    { patch: '968f19c5b1b7', says: 'A buffer that changes while it is written: data and checksum differ.', scenario: 'dio-csum' },
  ],
  programs: [
    { file: 'append-hole.c', says: 'The same test as for the first bug; the file has to be on a mount with nodatasum, or have chattr +C' },
  ],
  corrections: [
    {
      said: 'Fixed in 6.11',
      is: 'That is the retry. The size that is raised before there are data was taken back by nobody until 2026, and any way from the direct path to the page cache after it meets that size.',
    },
  ],
  recordings: [],
}
