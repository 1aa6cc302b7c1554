import { bcachefsReleases, cardPatches, defineCard } from '../cards.ts'

export const card = defineCard({
  id: 'bcachefs-lockless',
  rev: 1,
  harm: 'lost data',
  title: "A successful append is dropped by another write's retry",
  summary:
    'bcachefs 6.9: a large write that goes without the inode lock gives up, cleans up behind an old end of file, and removes dirty folios of an append. Our hypothesis: upstream never found the cause.',
  origin:
    'commit e3e694094091, "bcachefs: Revert lockless buffered IO path", 2024-08-31; the report is in NixOS/nixpkgs pull request 321055',
  defaultKernel: '6.9',
  ...bcachefsReleases,
  patches: cardPatches(['7e64c86cdc6c', 'reduced', 'e3e694094091', 'no-stale-truncate', 'no-size-recheck']),
  settings: [
    {
      name: 'write',
      label: "length of A's write",
      values: ['64K', '1M', '1.25M', '2M'],
      default: '1.25M',
      says: "the length of A's write; folios are created within the first MiB of a write only",
    },
    {
      name: 'cached',
      label: "A's range is cached",
      values: ['no', 'yes'],
      default: 'no',
      says: "whether A's range is in the page cache before",
    },
    {
      name: 'first',
      label: 'where A writes',
      values: ['inside', 'extends'],
      default: 'inside',
      says: 'inside: A writes inside i_size; extends: it writes at 10M, behind it',
    },
    {
      name: 'second',
      label: 'what B does',
      values: ['append', 'inside', 'beside', 'truncate'],
      default: 'append',
      says: "what B does: writes 64K at i_size; writes 64K inside i_size; writes 2K in the folio that A's write begins in; or truncates the file to 1M",
    },
    {
      name: 'third',
      label: 'who else acts',
      values: ['off', 'append', 'read', 'writeback'],
      default: 'off',
      says: "who else acts: C writes the 64K after B's; C reads what B writes; or writeback takes what is dirty",
    },
    {
      name: 'size',
      label: 'where the file ends',
      values: ['even', 'odd'],
      default: 'even',
      says: 'odd: i_size is 8M and 1000 bytes, so a folio straddles the end',
    },
    {
      name: 'alloc',
      label: "memory for A's folios",
      values: ['ok', 'first', 'later'],
      default: 'ok',
      says: "whether there is memory for A's folios; first: once, not even for the first one; later: once, not for the second half",
    },
  ],
  schedules: [
    { name: 'bug', says: 'A truncates with the old i_size while B has its new folios locked, and waits for them' },
    { name: 'up', says: 'B raises i_size before A compares: nothing is truncated' },
    { name: 'end', says: 'B begins after A has cleaned up: there is nothing to remove' },
  ],
  scene: ({ write, first, second }) => {
    const other = {
      append: 'appends 64K',
      inside: 'writes 64K inside it',
      beside: 'writes 2K in the same page',
      truncate: 'truncates it to 1M',
    }[second]
    return `A program writes ${write} ${first === 'inside' ? 'inside' : 'behind the end of'} a file on bcachefs, through the page cache; another ${other} at the same time.`
  },
  should: 'Both pwrite() calls succeed, and [8M, 8256K) reads as the 64K that B wrote.',
  gist: 'A write cannot get all that it needs, gives up, and cleans up behind what it takes for the end of the file: it throws away what another write has appended there in the meantime. Both writes report success, and the appended 64K read as zeros.',
  story:
    'A overwrites 1.25 MiB of preallocated space, B appends 64K. Since 7e64c86cdc6c a write inside i_size goes without the inode lock and locks all of its folios instead. Folios are created for the first MiB of a write only, so A cannot have all of them: it gives up with need_inode_lock, to start over under the inode lock. The way out leads past a clean-up of 2023 that removes folios left behind i_size by a short extending write. It compares last_folio_pos with i_size, but A never got as far as setting last_folio_pos: it still has its first value, i_size, so the test is true. A calls truncate_pagecache() with the i_size that it has just read. B is in the middle of raising it: its folios lie behind the old end, locked. A waits for each, then removes it, dirty as it is. Both writes report success, and B reads back zeros. This is our hypothesis: it is real in the code as shipped, but upstream never found what corrupted the files of the report.',
  seen: 'The clean-up is older than the regression and was right: whoever ran it had the inode lock, so i_size stood still and no other writer could be behind it. The lockless path kept the pagecache lock, which keeps truncate out, but admits anybody who adds folios: an extending writer too. Because the second pass of truncate_pagecache() waits for locked folios, the window is as long as B works on them. The revert takes the inode lock for every write again.',
  leads: ['strip:f', 'locks', 'writer:A'],
  fix: 'e3e694094091',
  commits: [
    {
      id: '7e64c86cdc6c',
      subject: 'bcachefs: Buffered write path now can avoid the inode lock',
      role: 'introduced it (v6.9-rc1)',
    },
    {
      id: 'e3e694094091',
      subject: 'bcachefs: Revert lockless buffered IO path',
      role: 'reverts it (v6.11-rc6; stable 6.10.11 as d1baf4eecbfd)',
    },
  ],
  affected: '6.9 to the end of 6.9.y, 6.10 to 6.10.10, 6.11-rc1 to 6.11-rc5.',
  reproducer: [
    'xfs_io -f -c "falloc 0 8M" -c fsync f; echo 3 > /proc/sys/vm/drop_caches',
    'thread A: pwrite(fd, a, 1310720, k)     # 1.25 MiB inside [0, 8M), not in the page cache',
    'thread B: pwrite(fd, b, 65536, size); size += 65536',
    'check: every 64K that B was told is written must read back as b',
    '# of the report: a NixOS installer test in QEMU, the disk a temporary qcow2 overlay on bcachefs; not every run fails',
  ],
  leavesOut: [
    'That this is what happened to the users: the symptom fits, nobody has shown it. See what was known.',
    'Sectors of a folio, disk and quota reservations, the btree and its locks: looking them up is one step.',
    'Large folios of 6.11-rc can always be had; in a real kernel a smaller one may have to do.',
    'Crashes: the zeros are there at run time, and nothing is said of a power failure.',
    'Which kernel configuration makes it likely: time is not modelled.',
  ],
})
