import { cardPatches, defineCard, ext4Releases } from '../cards.ts'

export const card = defineCard({
  id: 'ext4-osync-size',
  rev: 1,
  follows: 'ext4-position',
  harm: 'lost data',
  title: 'An O_SYNC write that grows the file loses its size',
  summary: 'What 91562895f803 was for: ext4 synced a growing direct write first and set the size of the file after that.',
  origin: 'linux-ext4, October 2023; commit 91562895f803; fstests generic/737',
  defaultKernel: '6.1.63',
  ...ext4Releases,
  patches: cardPatches(['91562895f803', '936e114a245b', '619f75dae2cf']),
  settings: [
    { name: 'sync', label: 'file opened O_SYNC', values: ['on', 'off'], default: 'on', says: 'whether the file was opened with O_SYNC' },
    {
      name: 'before',
      label: 'file before the write',
      values: ['0', '1M'],
      default: '0',
      says: 'how long the file is before: the write grows it, or goes over old data',
    },
    {
      name: 'via',
      label: 'how the write is made',
      values: ['pwrite', 'aio'],
      default: 'pwrite',
      says: 'aio: io_submit() and io_getevents(), as the other half of the test does',
    },
    {
      name: 'fsync',
      label: 'fsync after the write',
      values: ['off', 'after'],
      default: 'off',
      says: 'after: the program calls fsync() when the write is done',
    },
    { name: 'power', label: 'power', values: ['fails', 'on'], default: 'fails', says: 'whether the power may fail' },
  ],
  schedules: [
    { name: 'bug', says: 'the write is synced and acknowledged; the power fails before the next commit' },
    { name: 'ok', says: 'the same, and the power fails after the next commit' },
  ],
  scene: ({ sync, before, via, power }) =>
    `A program writes 1M to ${before === '0' ? 'an empty file' : 'a file of 1M'} on ext4 with O_DIRECT${sync === 'on' ? ' and O_SYNC' : ''}${via === 'aio' ? ', as an asynchronous request (libaio)' : ''}${power === 'fails' ? '; the power may fail at any step' : ''}.`,
  should: 'An O_SYNC write of 1M to an empty file that has returned is on the disk: after a power failure the file is 1M long.',
  gist: 'A write that makes the file longer first sees to it that its data are durable, and sets the new length after that, in memory alone. When the power fails then, the mount cuts the file back to its old length: it is empty again.',
  story:
    'An O_SYNC direct write to the end of a file allocates blocks, puts the inode on the orphan list so that a crash will take the blocks back, writes the data and, as the last thing that iomap does, syncs the file. The sync commits a transaction that has the blocks, the orphan mark and the old size: the new size is in memory alone. Only when iomap has returned does ext4 set the size on the inode, in the next transaction, and take it off the orphan list. write() returns, and until that transaction is committed, up to five seconds later, a power failure leaves an inode on the orphan list with the old size: the mount cuts the file back to it.',
  seen: 'The data were on the disk and so were the blocks that lead to them; what was synced too early was the size. 91562895f803 moves the size into end_io, before the sync. For that end_io answers with the number of bytes, and where iomap did not yet know what to do with such an answer, write() did not move the file position any more: another bug, and a worse one.',
  leads: ['strip:12', 'inode', 'journal'],
  fix: '91562895f803',
  commits: [
    { id: '378f32bab371', subject: 'ext4: introduce direct I/O write using iomap infrastructure', role: 'introduced it (v5.5)' },
    {
      id: '91562895f803',
      subject: 'ext4: properly sync file size update after O_SYNC direct IO',
      role: 'fixes it (v6.7; 6.6.3, 6.5.13, 6.1.64, 5.15.168, 5.10.227)',
    },
    { id: '936e114a245b', subject: 'iomap: update ki_pos a little later', role: 'has to be there with it, for write()' },
  ],
  affected: '5.5 to 6.6 and their stable releases until they got 91562895f803; fstests generic/737.',
  reproducer: [
    "xfs_io -fds -c 'pwrite 0 1M' /mnt/f     # O_DIRECT and O_SYNC",
    'echo b > /proc/sysrq-trigger            # or cut the power, within five seconds',
    'mount /dev/sdb /mnt; stat -c %s /mnt/f  # 0, should be 1048576',
  ],
  leavesOut: [
    'The commit thread may commit at any time instead of five seconds after a transaction began; which transaction has what does not depend on it.',
    'A disk that can write through its cache (FUA): iomap may then leave the sync of an O_DSYNC write out, not that of an O_SYNC one.',
    'Derived, not reported: that a write inside the file, one without O_SYNC, and one followed by fsync() keep what was promised.',
    'From memory: 5.10 is taken to have the code of 5.15 here, and kernels before 5.5 to be free of it.',
  ],
})
