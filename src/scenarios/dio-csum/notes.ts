import type { Outcome } from '../../engine/view.ts'
import { holds, canViolate, alwaysViolates, can, some, every } from '../claim.ts'
import type { Notes } from '../notes.ts'

/** The later read: it succeeds, or it does not. */
const reads = ({ returns }: Pick<Outcome, 'returns'>): boolean => (returns['R'] ?? 0) > 0
const fails = ({ returns }: Pick<Outcome, 'returns'>): boolean => returns['R'] === -5

export const notes: Notes = {
  threads: [
    {
      id: '54c7002136a047b7140c36478200a89e39d6bd04.1746666535.git.wqu@suse.com',
      says: 'linux-btrfs and stable, 8 May 2025: submission of 968f19c5b1b7 for 6.6; one for 6.12 was asked about its 1094 lines',
    },
    {
      id: 'cover.1742834133.git.dsterba@suse.com',
      says: 'linux-btrfs, 24 March 2025: the pull request for 6.15 that contains the fix, and from 28 March on the objections to it',
    },
    {
      id: '20260114074145.3396036-14-hch@lst.de',
      says: 'linux-fsdevel, 14 January 2026: "iomap: add a flag to bounce buffer direct I/O"',
    },
  ],
  tests: [
    {
      id: 'generic/761',
      says: 'dio-writeback-race writes 64M in blocks of 4K with O_DIRECT while a second thread changes the buffer, then reads all of it with a cold cache',
    },
  ],
  history: [
    {
      date: '2025',
      who: 'btrfs developers',
      says: 'With written pages stable, checksums can be computed while the I/O is already running: an experimental option of btrfs does so, and it needs the fallback.',
      ref: 'async csum series; facts direct-io B.4',
    },
    {
      date: '2025',
      who: 'btrfs developer',
      says: 'The mirror image is posted as well: a direct read whose buffer the reader changes while its checksum is verified fails for no reason. It was not found in later sources.',
      ref: 'direct read fallback; facts direct-io B.4',
    },
    {
      date: '2025-03-27',
      who: 'author of the fix (Qu Wenruo)',
      says: 'The pull request for 6.15 is merged with 968f19c5b1b7: a direct write to an inode with checksums falls back to the page cache. Christoph Hellwig had suggested it, Filipe Manana and David Sterba reviewed it.',
      ref: '968f19c5b1b7',
    },
    {
      date: '2025-03-27',
      who: 'users and other developers',
      says: 'After the pull it is objected that correct programs, which leave their buffer alone, silently lose zero copy.',
      ref: 'facts direct-io B.1',
    },
    {
      date: '2025-05-08',
      who: 'author of the fix',
      says: 'Submits the commit to stable for 6.6 and 6.12, with a conflict fixed because the function had moved. One of the mails adds a whole file, fs/btrfs/direct-io.c, of 1094 lines: 6.6 has no such file.',
      ref: 'stable list, 8 May 2025',
    },
    {
      date: '2025-05-08',
      who: 'stable maintainer (Greg Kroah-Hartman)',
      says: 'Answers that mail: was all of this file meant to be in it? Of the two versions sent, the first looks right and this one odd. Neither was applied then.',
      ref: 'stable list, answer to the mail of 8 May 2025',
    },
    {
      date: '2026',
      who: 'btrfs developer',
      says: 'Data without checksums on mirrored profiles have a silent form of the bug: the copies diverge. 7c2830f00c3e sends those writes through the page cache, before the inode lock is taken; it still races with a balance.',
      ref: '7c2830f00c3e',
    },
    {
      date: '2026',
      who: 'btrfs developers',
      says: 'A sibling is fixed in 7.2.x: folios under data writeback were not write-protected, so stores through a mapping reached pages whose checksum was computed.',
      ref: 'facts direct-io B.4',
    },
    {
      date: '2026-01',
      who: 'block and iomap developers',
      says: 'IOMAP_DIO_BOUNCE is applied: a direct write can copy the data to private pages, and checksum and write those. XFS uses it on devices that want stable pages.',
      ref: 'c9d114846b38, 3373503df025',
    },
    {
      date: '2026-02',
      who: 'developer',
      says: 'Notes at the end of the month that 6.12.y still lacks the fix.',
      ref: 'facts direct-io B.1',
    },
    {
      date: '2026-03-25',
      who: 'stable maintainers',
      says: '6.6.130 is released with the fix, as 16 lines in fs/btrfs/file.c.',
      ref: '6.6.130',
    },
    {
      date: '2026-07',
      who: 'author of the fix',
      says: 'A patch that bounces instead of falling back is in the for-next branch of btrfs. Whether it was merged is not known to us.',
      ref: 'btrfs: use IOMAP_DIO_BOUNCE flag instead of falling back to buffered IO',
    },
  ],
  variants: [
    {
      id: 'early',
      says: 'the page changes before its checksum is computed: checksum and data are of the new bytes',
      row: 'direct-io B.7; B.3, m < c < d',
      asked: {},
      schedule: { named: 'early' },
      claims: [holds],
    },
    {
      id: 'late',
      says: 'the page changes after the device has read it: checksum and data are of the old bytes',
      row: 'direct-io B.7; B.3, c < d < m',
      asked: {},
      schedule: { named: 'late' },
      claims: [holds],
    },
    {
      id: 'after',
      says: 'the page changes after write() has returned: the device has long read it',
      row: 'direct-io B.7',
      asked: {},
      schedule: { named: 'after' },
      claims: [holds],
    },
    {
      id: 'aba',
      says: 'the page changes and changes back before the device reads it: nobody can tell',
      row: 'direct-io B.7; B.3, ABA',
      asked: { settings: { store: 'back' } },
      schedule: { choices: 'A14G2A2a3A5R2av5R6' },
      claims: [holds],
    },
    {
      id: 'aba-all',
      says: 'the same stores whenever they may fall: between the two of them the device sees what has no checksum',
      row: 'direct-io B.3',
      asked: { settings: { store: 'back' } },
      claims: [canViolate],
    },
    {
      id: 'same',
      says: 'the bytes stored are those that are there',
      row: 'direct-io B.7',
      asked: { settings: { store: 'same' } },
      claims: [holds],
    },
    {
      id: 'other',
      says: 'another sector of the same memory changes, one that is not written',
      row: 'direct-io B.7',
      asked: { settings: { store: 'other' } },
      claims: [holds],
    },
    {
      id: 'stable',
      says: 'the guest has stable writes: its own store waits until the request is complete',
      row: 'direct-io B.2; B.8',
      asked: { settings: { guest: 'stable' } },
      claims: [holds],
    },
    {
      id: 'cached',
      says: 'QEMU writes through the page cache',
      row: 'direct-io B.7',
      asked: { settings: { cache: 'writeback' } },
      claims: [holds],
    },
    {
      id: 'nocow',
      says: 'the image has chattr +C: the content may be old or new, and no read ever fails',
      row: 'direct-io B.7; B.4 V2',
      asked: { settings: { data: 'nocow' } },
      claims: [holds, some('the file has the new bytes', ({ content }) => content?.[0]?.[2] === 'v1'), every('the read succeeds', reads)],
    },
    {
      id: 'mount',
      says: 'the file system is mounted with nodatasum',
      row: 'direct-io B.4, rejected ideas (b)',
      asked: { settings: { data: 'nodatasum' } },
      claims: [holds, every('the read succeeds', reads)],
    },
    {
      id: 'fixed',
      says: 'with the fix the data are copied into the page cache, and those pages do not change',
      row: 'direct-io B.4 V1',
      asked: { on: ['968f19c5b1b7'] },
      claims: [holds],
    },
    {
      id: 'nocow-fixed',
      says: 'with the fix, chattr +C keeps the direct write without a copy',
      row: 'direct-io B.4 V2',
      asked: { kernel: '6.15', settings: { data: 'nocow' } },
      claims: [holds],
    },
    {
      id: 'bounce',
      says: 'a private copy is checksummed and written: direct I/O, one copy, no page cache',
      row: 'direct-io B.4, bounce variant',
      asked: { on: ['bounce'] },
      claims: [holds],
    },
    {
      id: 'threads',
      says: 'no virtual machine: two threads of one program, as generic/761',
      row: 'direct-io B.1',
      asked: { settings: { guest: 'threads' } },
      claims: [canViolate, some('the read fails with EIO', fails)],
    },
    {
      id: 'torn',
      says: 'the store is not one piece: half a page is new when the checksum is computed, or when the device reads',
      row: 'direct-io B.3, m inside c or d',
      asked: { settings: { store: 'halves' } },
      claims: [{ in: 'some', violates: 'B-O1', outcome: ({ layout }) => layout?.length === 2, says: 'the disk has half a page of each' }],
    },
    {
      id: 'sectors',
      says: 'two sectors, each with an order of its own: a read returns the good one and fails at the bad one',
      row: 'direct-io B.3',
      asked: { settings: { sectors: '2' } },
      claims: [canViolate, some('the read returns 4096 of 8192', ({ returns }) => returns['R'] === 4096)],
    },
    {
      id: 'direct-read',
      says: 'the reader uses O_DIRECT: the same mismatch, and one more line in the log',
      row: 'direct-io B.5',
      asked: { settings: { reader: 'direct' } },
      claims: [
        canViolate,
        some(
          'the console tells of a failed direct read',
          ({ console, returns }) => fails({ returns }) && console.some((line) => line.includes('direct IO failed')),
        ),
      ],
    },
    {
      id: 'reader',
      says: 'the mirror image: the buffer of a direct read changes before its checksum is verified; nothing is damaged, and still the read fails',
      row: 'direct-io B.4, later developments: direct read fallback',
      asked: { settings: { store: 'reader', reader: 'direct' } },
      claims: [holds, some('the read fails with EIO', fails)],
    },
    {
      id: 'again',
      says: 'the guest writes the page that became dirty once more: a read in between may fail, in the end checksum and data agree',
      row: 'direct-io B.8, third item',
      asked: { settings: { again: 'on' } },
      claims: [
        holds,
        some(
          'the read fails with EIO, and the file is good in the end',
          ({ returns, content }) => fails({ returns }) && content?.[0]?.[2] === 'v1',
        ),
      ],
    },
    {
      id: 'mirrors',
      says: 'two mirrors: if the store falls between their transfers, a read repairs the bad copy; before both, neither is good',
      row: 'direct-io B.3',
      asked: { settings: { mirrors: '2' } },
      claims: [
        some(
          'a bad copy is repaired by the read',
          ({ returns, console }) => reads({ returns }) && console.some((line) => line.includes('read error corrected')),
        ),
        canViolate,
        some('the read fails with EIO', fails),
      ],
    },
    {
      id: 'mirrors-nocow',
      says: 'two mirrors without checksums: the copies differ and nothing will ever notice',
      row: 'direct-io B.6 B-O4',
      asked: { settings: { mirrors: '2', data: 'nocow' } },
      claims: [can('B-O4'), every('the read succeeds', reads)],
    },
    {
      id: 'mirrors-fixed',
      says: 'the same with 7c2830f00c3e: the write goes through the page cache, the copies are equal',
      row: 'direct-io B.4',
      asked: { on: ['7c2830f00c3e'], settings: { mirrors: '2', data: 'nocow' } },
      claims: [holds],
    },
    {
      id: 'skip',
      says: 'direct I/O that always skips checksums: the inode is still one that has them, so every read fails',
      row: 'direct-io B.4, rejected ideas (a)',
      asked: { on: ['never-checksum'] },
      claims: [alwaysViolates, every('the read fails with EIO', fails)],
    },
    {
      id: 'recorded',
      says: 'the 6.12 that was recorded has the fix',
      row: 'direct-io section 0',
      asked: { kernel: '6.12.117', settings: { guest: 'threads' } },
      claims: [holds],
    },
  ],
  reasons: [],
  programs: [
    {
      file: 'dio-csum-race.c',
      says: 'one thread writes with O_DIRECT while another changes the buffer, then every block is read back with a cold cache',
    },
  ],
  corrections: [
    {
      said: 'fs/btrfs/direct-io.c | 1094 ++++',
      is: 'The diffstat of that submission is an accident: it adds a file that 6.6 does not have. The change is one condition, about 16 lines with its comment, and reached 6.6.y only in 6.6.130.',
    },
    { said: 'EXT4/XFS/NTRFS', is: 'NTFS.' },
    {
      said: 'btrfs has no sane way to detect such cases',
      is: 'At the time of the write. A later read does detect it, but cannot tell it from a disk that went bad.',
    },
  ],
  recordings: [
    {
      id: 'eio-6.1.192',
      kernel: '6.1.192',
      says: '60 direct writes of 64K while another thread changed the buffer, each read back with O_DIRECT and through the page cache',
      asked: { kernel: '6.1.192', settings: { guest: 'threads', reader: 'direct' } },
      saw: {
        returns: { A: 65536, R: -5 },
        console: [
          'BTRFS warning (device vdb): csum failed root 5 ino 257 off 131072 csum 0xcef15162 expected csum 0x624b2a42 mirror 1',
          'BTRFS error (device vdb): bdev /dev/vdb errs: wr 0, rd 0, flush 0, corrupt 1, gen 0',
        ],
        text: ['44 of 60 writes could not be read back, 20 of 20 of 1M each', 'with chattr +C: 0 of 60'],
      },
      why: {
        returns: 'the recorded write is 64K long, the one here 4K',
        console: 'another device and another offset; other bytes in the buffer; the lines after the first two are left out',
      },
      trace: {
        file: 'events-csum-race.txt',
        kind: 'events',
        says: 'a direct write of 64K beside another thread that stores to its buffer, then a direct read, which this time found nothing: the checksum is computed between btrfs_ordered_extent_lookup and block_bio_queue, the device reads after block_rq_issue',
      },
    },
    {
      id: 'ok-6.12.117',
      kernel: '6.12.117',
      says: 'the same on a kernel that sends such writes through the page cache',
      asked: { kernel: '6.12.117', settings: { guest: 'threads' } },
      saw: { returns: { A: 65536, R: 65536 }, text: ['0 of 60 writes could not be read back, 0 of 20 of 1M each'] },
      why: { returns: 'the recorded write is 64K long, the one here 4K' },
    },
  ],
}
