import type { Card } from '../scenarios/card.ts'

/** A card with everything a link can name; not of the catalogue, so that tests of links do not change with it. */
export const appendCard: Card = {
  id: 'append-hole',
  rev: 1,
  harm: 'hole',
  title: 'An appending direct write leaves a hole',
  summary: 'O_APPEND and O_DIRECT from a buffer that is not in the page tables: the file grows twice.',
  origin: 'linux-btrfs, 2024',
  defaultKernel: '6.1',
  kernels: ['5.16', '6.0', '6.0.8', '6.1', '6.10.5', '6.11', '6.1.192-rk'],
  patches: [
    {
      id: '8184620ae212',
      name: '8184620ae212',
      subject: 'btrfs: fix lost file sync on direct IO write with nowait and dsync iocb',
      kind: 'regression',
      needs: [],
      excludes: [],
    },
    {
      id: 'skip-checks-on-retry',
      name: 'skip-checks-on-retry',
      subject: 'skip the checks when coming from a retry',
      kind: 'proposal',
      needs: [],
      excludes: ['939b656bc8ab'],
    },
    {
      id: '939b656bc8ab',
      name: '939b656bc8ab',
      subject: 'btrfs: fix corruption after buffer fault in during direct IO append write',
      kind: 'fix',
      needs: [],
      excludes: ['skip-checks-on-retry'],
    },
    {
      id: 'cd9253c23aed',
      name: 'cd9253c23aed',
      subject: 'btrfs: fix race between direct IO write and fsync when using same fd',
      kind: 'fix',
      needs: ['939b656bc8ab'],
      excludes: [],
    },
  ],
  settings: [
    {
      name: 'resident',
      label: 'pages present at first',
      values: ['0', '4', '16'],
      default: '0',
      says: 'pages of the buffer that are in the page table',
    },
    { name: 'other', label: 'who else', values: ['none', 'appender', 'truncate-1'], default: 'none', says: 'a second task' },
  ],
  schedules: [
    { name: 'bug', says: 'as reported' },
    { name: 'resident', says: 'the buffer is resident' },
  ],
  scene: () => 'A program appends 64K to an empty file on btrfs.',
  should: 'The file is 64K long and holds 64K of data.',
  gist: 'A write is tried again at the wrong place. Its data land too far.',
  story: 'A write with O_APPEND and O_DIRECT takes the inode lock, finds its buffer not in the page table and starts again.',
  seen: 'The second attempt moved the position to an i_size that the first had already raised.',
  leads: ['strip:257', 'record:kiocb'],
  fix: '939b656bc8ab',
  commits: [{ id: '939b656bc8ab', subject: 'btrfs: fix corruption after buffer fault in during direct IO append write', role: 'fixes it' }],
  affected: 'v6.1 to v6.10',
  reproducer: ['fd = open(f, O_CREAT | O_WRONLY | O_DIRECT | O_APPEND, 0644)', 'write(fd, buf, 65536)'],
  leavesOut: ['compression'],
}

/** Two patches that share seven digits, and no named schedules. */
export const twinCard: Card = {
  ...appendCard,
  id: 'twin',
  rev: 3,
  title: 'Twins',
  kernels: ['6.1', '6.9'],
  defaultKernel: '6.9',
  patches: [
    { id: 'abcdef012345', name: 'abcdef012345', subject: 'the first', kind: 'fix', needs: [], excludes: [] },
    { id: 'abcdef067890', name: 'abcdef067890', subject: 'the second', kind: 'fix', needs: [], excludes: [] },
    { id: 'IOMAP_DIO_BOUNCE', name: 'IOMAP_DIO_BOUNCE', subject: 'bounce', kind: 'proposal', needs: [], excludes: [] },
  ],
  settings: [],
  schedules: [],
  fix: 'abcdef012345',
}

export const cards: readonly Card[] = [appendCard, twinCard]
