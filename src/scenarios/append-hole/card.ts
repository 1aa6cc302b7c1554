import { cardPatches, defineCard, modelledFrom } from '../cards.ts'

const pages = Array.from({ length: 17 }, (_, i) => String(i))

export const card = defineCard({
  id: 'append-hole',
  rev: 1,
  harm: 'hole',
  title: 'An append leaves a hole as large as itself',
  summary: 'O_APPEND and O_DIRECT on btrfs: the write retries after a page fault, and its position moves past its own i_size.',
  origin: 'linux-btrfs, report from virtio-fs: "appending to a file on btrfs will create a hole before the appended data"',
  defaultKernel: '6.1',
  since: modelledFrom('5.16', 'the direct write path is modelled'),
  patches: cardPatches(['8184620ae212', 'skip-checks-on-retry', '939b656bc8ab', 'e0391e92f9ab', 'cd9253c23aed']),
  settings: [
    {
      name: 'buffer',
      label: "A's memory",
      values: ['shared', 'anon', 'fixed', 'bad'],
      default: 'shared',
      says: "shared: a guest has filled the memory, but virtiofsd's page table does not have it; anon: memory nobody ever touched, so its data are zeros; fixed: registered with io_uring; bad: no memory at that address",
    },
    {
      name: 'resident',
      label: 'pages present at first',
      values: pages,
      default: '0',
      says: 'how many leading pages of the buffer are in the page table when the write begins',
    },
    {
      name: 'appenders',
      label: 'appending tasks',
      values: ['1', '2', '3', '4', '5'],
      default: '1',
      says: 'how many tasks append 64K each',
      scale: ['3', '4', '5'],
    },
    {
      name: 'resident2',
      label: 'further buffers: pages present',
      values: pages,
      default: '0',
      says: 'how many leading pages of the buffers of further appenders are in the page table when their writes begin',
    },
    { name: 'before', label: 'file before the write', values: ['0', '4K', '64K'], default: '0', says: 'how long the file is before' },
    { name: 'length', label: 'bytes each task writes', values: ['64K', '4K', '1M'], default: '64K', says: 'how much each task writes' },
    {
      name: 'open',
      label: 'how the file is opened',
      values: ['append', 'plain', 'dsync', 'cached'],
      default: 'append',
      says: 'plain: without O_APPEND, pwrite() at the end of the file; dsync: O_APPEND and O_DSYNC; cached: O_APPEND without O_DIRECT',
    },
    {
      name: 'align',
      label: 'where the buffer begins',
      values: ['page', 'off'],
      default: 'page',
      says: 'off: the buffer begins 512 bytes into a page',
    },
    {
      name: 'touch',
      label: 'another thread reads the buffer',
      values: ['off', 'on'],
      default: 'off',
      says: 'on: another thread of the program reads the buffer at some time',
    },
    {
      name: 'space',
      label: 'free space on the disk',
      values: ['some', 'none'],
      default: 'some',
      says: 'none: the file system has no room for the data',
    },
    {
      name: 'truncate',
      label: 'another task truncates',
      values: ['off', '16K'],
      default: 'off',
      says: '16K: another task truncates the file to 16K at some time',
    },
  ],
  schedules: [
    { name: 'bug', says: 'the write runs into -EFAULT, its cancelled ordered extent is cleaned up, then it retries' },
    { name: 'late', says: 'the same, with the cleanup of the cancelled ordered extent left to the end' },
  ],
  scene: ({ open, appenders, length, before }) => {
    const [who, call] =
      appenders === '2' ? ['Two tasks', open === 'plain' ? 'write' : 'append'] : ['A program', open === 'plain' ? 'writes' : 'appends']
    const where = `${open === 'plain' ? 'at the end of' : 'to'} ${before === '0' ? 'an empty file' : `a file of ${before}`}`
    const how = open === 'cached' ? 'through the page cache' : 'from its memory straight to the disk (O_DIRECT)'
    return `${who} ${call} ${length}${appenders === '2' ? ' each' : ''} ${where} on btrfs, ${how}.`
  },
  should: 'write() appends 64K to an empty file: the file is 64K long and all of it is data.',
  gist: 'A write that has to be tried again starts at the wrong place: behind the space that its own first attempt had added to the file. Its data are all there, but 64K too far, and the program is told that all went well.',
  story:
    'A process appends 64K with O_APPEND and O_DIRECT from memory that is not in its page table. btrfs allocates the extent and raises i_size before it touches the memory. Pinning the pages fails with -EFAULT, so btrfs faults the pages in and tries again. Since 8184620ae212 it drops the inode lock in between and starts over at the top, where generic_write_checks() moves an O_APPEND position to i_size: the i_size that the failed attempt has just raised. The data land 64K too far, behind a hole of the size of the write, and write() reports success.',
  seen: 'One task is enough: the race is between a write and its own first attempt. The size was raised before there was any data, and it was not taken back when the attempt failed; that alone did no harm while the retry kept its position. Dropping the lock made it necessary to check the position again, and checking it again moved it. The fix keeps the lock and the position.',
  leads: ['strip:257', 'buffer:A', 'kiocb:A'],
  fix: '939b656bc8ab',
  commits: [
    {
      id: '8184620ae212',
      subject: 'btrfs: fix lost file sync on direct IO write with nowait and dsync iocb',
      role: 'introduced it (v6.1; also 6.0.8 and 5.15.78)',
    },
    {
      id: '939b656bc8ab',
      subject: 'btrfs: fix corruption after buffer fault in during direct IO append write',
      role: 'fixes it (v6.11; 6.10.5, 6.6.46, 6.1.105)',
    },
    { id: 'e0391e92f9ab', subject: 'btrfs: fix double inode unlock for direct IO sync writes', role: 'fixes the fix' },
    { id: 'cd9253c23aed', subject: 'btrfs: fix race between direct IO write and fsync when using same fd', role: 'fixes the fix' },
    {
      id: 'b73a6fd1b1ef',
      subject: 'btrfs: split partial dio bios before submit',
      role: 'changes what is left when a part of the buffer is present (v6.4)',
    },
  ],
  affected: '6.0.8 to 6.0.19, 5.15.78 to 5.15.164, 6.1 to 6.10.4 (6.1.y until 6.1.104, 6.6.y until 6.6.45); fstests generic/362.',
  reproducer: [
    'fd  = open("f", O_CREAT|O_TRUNC|O_WRONLY|O_DIRECT|O_APPEND, 0644);',
    'buf = mmap(NULL, 65536, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);',
    'r   = write(fd, buf, 65536);       /* the buffer was never touched */',
    'fstat(fd, &st);                    /* st_size: 131072, should be 65536 */',
  ],
  leavesOut: [
    'Space reservation never fails; the allocator gives one extent for a request.',
    'RLIMIT_FSIZE, swap files, privileges and times in the write checks.',
    'What the two fixes of the fix are for has scenarios of its own; here they change nothing that a user sees.',
    'The layouts for a buffer that is partly resident were recorded where ordered extents are not split; from 6.4 on they are derived from the source.',
  ],
})
