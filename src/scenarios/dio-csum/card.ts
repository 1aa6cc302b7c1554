import { cardPatches, defineCard, modelledFrom } from '../cards.ts'

export const card = defineCard({
  id: 'dio-csum',
  rev: 1,
  harm: 'checksum',
  title: 'A buffer changes between its checksum and the disk',
  summary: 'O_DIRECT on btrfs: the checksum is computed, then the memory changes, then the device reads it. Later the file cannot be read.',
  origin: 'linux-btrfs and stable: "btrfs: always fallback to buffered write if the inode requires checksum", 968f19c5b1b7',
  defaultKernel: '6.1',
  since: modelledFrom('5.16', 'the direct write path is modelled'),
  patches: cardPatches(['968f19c5b1b7', 'never-checksum', 'bounce', '7c2830f00c3e']),
  settings: [
    {
      name: 'guest',
      label: 'who owns the memory',
      values: ['no-stable', 'stable', 'threads'],
      default: 'no-stable',
      says: "no-stable: the page of a guest's ext4, XFS or NTFS, which may be changed under writeback; stable: the guest has stable writes and waits; threads: no virtual machine, two threads of one program",
    },
    {
      name: 'store',
      label: 'what the other task stores',
      values: ['v1', 'same', 'back', 'halves', 'other', 'reader', 'off'],
      default: 'v1',
      says: 'what the other task stores to the buffer: v1; the bytes that are there already; v1 and then the old bytes again; v1 in two halves of a page; v1 to a sector that is not written; v1 to the buffer of the later read; nothing',
    },
    {
      name: 'data',
      label: 'data checksums',
      values: ['csum', 'nocow', 'nodatasum'],
      default: 'csum',
      says: 'csum: the default; nocow: chattr +C on the empty file; nodatasum: the mount option',
    },
    { name: 'mirrors', label: 'copies on disk', values: ['1', '2'], default: '1', says: 'copies of the data on disk: SINGLE, or RAID1' },
    { name: 'sectors', label: 'sectors written', values: ['1', '2'], default: '1', says: 'sectors of 4K that the write covers' },
    {
      name: 'cache',
      label: 'past the page cache',
      values: ['none', 'writeback'],
      default: 'none',
      says: 'none: O_DIRECT; writeback: write() through the page cache',
    },
    {
      name: 'again',
      label: 'page is written again',
      values: ['off', 'on'],
      default: 'off',
      says: 'on: a guest writes a page that became dirty during the request once more; off: it never comes to that (a crash, a deleted file)',
    },
    {
      name: 'reader',
      label: 'how the file is read',
      values: ['cat', 'direct'],
      default: 'cat',
      says: 'how the file is read afterwards: through the page cache, or O_DIRECT',
    },
  ],
  schedules: [
    { name: 'bug', says: 'the page changes after its checksum was computed and before the device reads it' },
    { name: 'early', says: 'it changes before the checksum: the new data are written, with their checksum' },
    { name: 'late', says: 'it changes after the device has read it: the old data are on disk, with their checksum' },
    { name: 'after', says: 'it changes when write() has returned' },
  ],
  scene: ({ guest, store, sectors, cache }) => {
    const own = guest === 'threads'
    const length = sectors === '2' ? '8K' : '4K'
    const stores =
      store === 'off'
        ? ''
        : store === 'reader'
          ? '; a thread may store to the buffer of the later read'
          : `; ${own ? 'another thread' : 'the guest'} may store to that memory meanwhile`
    return `${own ? 'A program writes' : 'QEMU writes'} ${length} of ${own ? 'its' : "its guest's"} memory to a file on btrfs${cache === 'none' ? ' with O_DIRECT' : ' through the page cache'}${stores}.`
  },
  should: 'write() puts 4K on disk with a checksum; a read later returns them, whatever else happens to the memory they came from.',
  gist: "The checksum is computed from the program's memory, and the disk reads the same memory a moment later. If somebody changes it in between, data and checksum do not belong together, and every later read of the file fails.",
  story:
    'A guest writes a page back, and QEMU passes it on with O_DIRECT. btrfs pins the page and computes the checksum of what it holds; the device reads the same page some time later. Nothing stops the guest in between: to the host its page is ordinary user memory, and a guest file system without checksums of its own lets a page be changed under writeback. The disk gets the new bytes, the csum tree the checksum of the old ones. write() reports success. The next read finds a mismatch on a healthy disk and returns EIO, and goes on doing so until the block is rewritten.',
  seen: 'Three events of one sector matter: checksum, store, transfer. Only the order checksum, store, transfer does harm, in each of the others checksum and data are of the same bytes. Direct I/O never promised a snapshot, and without checksums nobody would have noticed. What was read wrong once stays so: only rewriting the block, or mounting with rescue=ignoredatacsums, gets past the mismatch. The fix gives the zero copy up: the data are copied into the page cache, whose pages do not change while they are written.',
  leads: ['sums:257', 'guest:A', 'price:A'],
  fix: '968f19c5b1b7',
  commits: [
    {
      id: '968f19c5b1b7',
      subject: 'btrfs: always fallback to buffered write if the inode requires checksum',
      role: 'fixes it (v6.15; 6.6.130, and the recorded 6.12.117)',
    },
    {
      id: '7c2830f00c3e',
      subject: 'btrfs: fallback to buffered IO if the data profile has duplication',
      role: 'the same for mirrors of data without checksums (2026)',
    },
    { id: 'c9d114846b38', subject: 'iomap: add a flag to bounce buffer direct I/O', role: 'copies to private pages instead (2026)' },
    { id: '3373503df025', subject: 'xfs: use bounce buffering direct I/O when the device requires stable pages', role: 'its first user' },
    {
      id: 'ecde48a1a6b3',
      subject: 'btrfs: expose per-inode stable writes flag',
      role: 'keeps pages of the page cache stable',
    },
  ],
  affected:
    'Every release with checksums and direct I/O up to 6.14; 6.6.y until 6.6.129; 6.12.y at least until February 2026, not 6.12.117. Files that are NODATASUM are not affected. fstests generic/761.',
  reproducer: [
    'fd = open("f", O_CREAT|O_TRUNC|O_WRONLY|O_DIRECT, 0644);',
    'memset(buf, 0xff, 4096);    /* aligned to 4096 */',
    'write(fd, buf, 4096);       /* thread 1 */',
    'memset(buf, 0x00, 4096);    /* thread 2, meanwhile */',
    '/* ... for each block; then, with a cold cache: */',
    'cat f > /dev/null           /* Input/output error */',
  ],
  leavesOut: [
    'A checksum and the transfer of a sector are one step each: a store falls before or after them; the setting halves cuts the store instead.',
    'Asynchronous writes: there the buffer is in use until the completion event, not until the call returns.',
    'A sector is read once; readahead and its repetition may log it twice, and log lines are rate-limited.',
    'RAID1 stands for every profile with copies; a read begins with mirror 1.',
  ],
})
