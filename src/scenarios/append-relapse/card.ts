import { cardPatches, defineCard, modelledFrom } from '../cards.ts'

export const card = defineCard({
  id: 'append-relapse',
  rev: 1,
  follows: 'append-hole',
  harm: 'hole',
  title: 'The hole comes back: an error code that hides another',
  summary:
    'On 6.15 an append to a file without checksums leaves a hole as large as itself again: -ENOTBLK hides -EFAULT, and the page cache path looks at i_size.',
  origin: 'commits 66ff4d366e7e, ff66fe666233 and acf9ed3a6c00; fstests generic/362 with -o nodatasum',
  defaultKernel: '6.15',
  since: modelledFrom('5.16', 'the direct write path is modelled'),
  patches: cardPatches(['939b656bc8ab', '968f19c5b1b7', 'bc264fea0f6f', '66ff4d366e7e', 'ff66fe666233', 'acf9ed3a6c00']),
  settings: [
    {
      name: 'data',
      label: 'data checksums',
      values: ['nodatasum', 'datasum'],
      default: 'nodatasum',
      says: 'nodatasum: the mount option or chattr +C; datasum: data have checksums, as they do by default',
    },
    {
      name: 'resident',
      label: 'pages present at first',
      values: Array.from({ length: 17 }, (_, i) => String(i)),
      default: '0',
      says: 'how many leading pages of the buffer are in the page table when the write begins',
    },
    {
      name: 'open',
      label: 'how the file is opened',
      values: ['append', 'plain'],
      default: 'append',
      says: 'plain: pwrite(fd, buf, 64K, 0)',
    },
  ],
  schedules: [
    { name: 'bug', says: 'the write gives up direct I/O after i_size was raised, appends through the page cache, and the file is synced' },
    { name: 'late', says: 'the same, with the cleanup of the cancelled ordered extent left to the end' },
  ],
  scene: ({ open, data }) =>
    `A program ${open === 'append' ? 'appends 64K to' : 'writes 64K at the start of'} an empty file ${data === 'nodatasum' ? 'without data checksums ' : ''}on btrfs, from its memory straight to the disk (O_DIRECT).`,
  should: 'write() appends 64K to an empty file: the file is 64K long and all of it is data.',
  gist: 'A write gives up the direct way, goes on through the page cache, and there asks again where the file ends: behind the space that its own first attempt had added. Its data land 64K too far, and the program is told that all went well.',
  story:
    'The lock is kept now, and a retry keeps its position. But the retry depends on -EFAULT coming out of iomap. Since v6.15 an error of iomap_end counts whenever nothing was advanced, and btrfs answers -ENOTBLK there for an ordered extent of which nothing was submitted. -ENOTBLK means "use the page cache": iomap completes the dio with 0 bytes, btrfs does not retry, unlocks, and writes through the page cache, where generic_write_checks() moves the O_APPEND position to i_size. That is the i_size which the direct attempt had raised and nobody took back. The data land 64K too far. ki_pos and the flush use the position from before.',
  seen: 'The size that is raised before there are data was still there, and the page cache path of the same write checks its position once more, as the retry once did. A fix in the retry could not help where there is no retry. The set of 2026 takes the size back when a direct write ends short, keeps what was never submitted from counting as an error, and retries when nothing was written.',
  leads: ['strip:257', 'kiocb:A', 'buffer:A'],
  fix: 'acf9ed3a6c00',
  commits: [
    { id: 'bc264fea0f6f', subject: 'iomap: support incremental iomap_iter advances', role: 'brought it back (v6.15)' },
    {
      id: '66ff4d366e7e',
      subject: 'btrfs: fix false IO failure after falling back to buffered write',
      role: 'first of the set that fixes it (2026)',
    },
    { id: 'ff66fe666233', subject: 'btrfs: fix incorrect buffered IO fallback for append direct writes', role: 'takes i_size back' },
    {
      id: 'acf9ed3a6c00',
      subject: 'btrfs: retry faulting in the pages after a zero sized short direct write',
      role: 'tries again when the result is 0',
    },
  ],
  affected: '6.15 until mid 2026, files without data checksums only; fstests generic/362 with -o nodatasum.',
  reproducer: [
    'mount -o nodatasum /dev/sdb /mnt',
    'fd  = open("/mnt/f", O_CREAT|O_TRUNC|O_WRONLY|O_DIRECT|O_APPEND, 0644);',
    'buf = mmap(NULL, 65536, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);',
    'r   = write(fd, buf, 65536);       /* the buffer was never touched */',
    'fstat(fd, &st);                    /* st_size: 131072, should be 65536 */',
  ],
  leavesOut: [
    'Kernels in which a failed ordered extent also marks the mapping with -EIO: there the write returns -EIO although the data are fine.',
    'A bio that was submitted and failed: its size is not taken back by the fixes either.',
  ],
})
