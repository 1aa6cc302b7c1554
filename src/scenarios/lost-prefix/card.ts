import { cardPatches, defineCard, modelledFrom } from '../cards.ts'

export const card = defineCard({
  id: 'lost-prefix',
  rev: 1,
  follows: 'append-hole',
  harm: 'lost data',
  title: 'A direct write loses the part that it had already written',
  summary:
    'A buffer that is in the page table only in its first part: that part is written, then dropped with the failed rest of its ordered extent.',
  origin: 'commit b73a6fd1b1ef; fstests generic/708; recorded on a 6.1.170 of a distribution',
  defaultKernel: '6.1.170',
  since: modelledFrom('5.16', 'the direct write path is modelled'),
  patches: cardPatches(['51bd9563b678', '8184620ae212', '939b656bc8ab', 'b73a6fd1b1ef', '66ff4d366e7e']),
  settings: [
    {
      name: 'resident',
      label: 'pages present at first',
      values: Array.from({ length: 17 }, (_, i) => String(i)),
      default: '4',
      says: 'how many leading pages of the buffer are in the page table when the write begins',
    },
    {
      name: 'open',
      label: 'how the file is opened',
      values: ['plain', 'append', 'dsync'],
      default: 'plain',
      says: 'plain: pwrite(fd, buf, 64K, 0); append: O_APPEND; dsync: pwrite with O_DSYNC',
    },
    {
      name: 'size',
      label: 'file before the write',
      values: ['0', '64K'],
      default: '0',
      says: 'how long the file is before: there may be older data under the write',
    },
    {
      name: 'nocow',
      label: 'writes over data in place',
      values: ['off', 'on'],
      default: 'off',
      says: 'on: chattr +C, so that a write over old data happens in place',
    },
  ],
  schedules: [
    { name: 'bug', says: 'the first part is on disk when the rest fails; both share one ordered extent' },
    { name: 'early', says: 'the rest is cancelled before the device has written the first part' },
  ],
  scene: ({ open, size, resident }) => {
    const there = resident === '0' ? 'none' : resident === '16' ? 'all' : `only the first ${4 * Number(resident)}K`
    const file = size === '0' ? 'an empty file' : `a file of ${size}`
    return `A program ${open === 'append' ? 'appends 64K to' : 'writes 64K at the start of'} ${file} on btrfs with O_DIRECT; ${there} of the buffer is in its page table.`
  },
  should: 'pwrite() of 64K at 0 returns 64K, and the file reads as what was written.',
  gist: 'The first 16K of a write are on the disk when the rest of it fails, and both belong to one record, which is then dropped as a whole. The rest is written again and the first part is not: the file has a hole where it should be, and the program is told that all 64K were written.',
  story:
    'A program writes 64K with O_DIRECT from a buffer of which only the first 16K are in its page table. btrfs makes one ordered extent for all 64K. A bio with the first 16K goes out; the next page cannot be pinned, and the rest of the ordered extent is finished as failed. When the bio ends, the last bytes of the ordered extent are accounted for, and the whole of it counts as failed: no file extent item is made, the space of the 16K that are on disk is freed. The write faults the other 48K in, writes them with an ordered extent of their own and returns 65536. The first 16K read as zeros, or as what was there before.',
  seen: 'One flag of one ordered extent stood for two things: data that are on disk and data that were never sent. A short submission is no error of the device, and what it had submitted counted in the result of write(). The fix splits the ordered extent before each bio is submitted, so that a bio owns exactly one, and what fails is what was never sent.',
  leads: ['strip:257', 'buffer:A'],
  fix: 'b73a6fd1b1ef',
  commits: [
    {
      id: '51bd9563b678',
      subject: 'btrfs: fix deadlock due to page faults during direct IO reads and writes',
      role: 'introduced it (v5.16): a write may go on after a part of it',
    },
    {
      id: 'b73a6fd1b1ef',
      subject: 'btrfs: split partial dio bios before submit',
      role: 'fixes it (v6.4-rc1): a bio owns its ordered extent',
    },
    {
      id: '66ff4d366e7e',
      subject: 'btrfs: fix false IO failure after falling back to buffered write',
      role: 'fixes it on 6.1, which does not split (6.1.180)',
    },
  ],
  affected: '5.16 to 6.3, 6.1 long after that: recorded on 6.1.170, not on 6.1.192; fstests generic/708.',
  reproducer: [
    'buf = mmap(NULL, 65536, PROT_READ, MAP_SHARED, memfd, 0);    /* another mapping has filled it */',
    'touch(buf, 16384);                                            /* the first four pages only */',
    'fd  = open("f", O_CREAT|O_TRUNC|O_RDWR|O_DIRECT, 0644);',
    'pwrite(fd, buf, 65536, 0);                                    /* 65536 */',
    'pread(fd, other, 65536, 0);                                   /* the first 16K are zeros */',
  ],
  leavesOut: [
    'Space of the failed ordered extent stays pinned until the next commit, which the real kernel frees at once: no address of it is shown.',
    'The allocator gives one extent for a request.',
  ],
})
