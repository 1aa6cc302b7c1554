import { bcachefsReleases, cardPatches, defineCard } from '../cards.ts'

export const card = defineCard({
  id: 'bcachefs-offset',
  rev: 1,
  follows: 'bcachefs-lockless',
  harm: 'wrong result',
  title: 'write() reports 64K and leaves the file position where it was',
  summary:
    'bcachefs 6.9: a write without the inode lock is cut short, started over, and fails at once; the count is of the first attempt, the position of the second. Found by reading the code.',
  origin: 'the code that commit e3e694094091, "bcachefs: Revert lockless buffered IO path", took out; found by reading, reported by nobody',
  defaultKernel: '6.9',
  ...bcachefsReleases,
  patches: cardPatches(['7e64c86cdc6c', 'reduced', 'e3e694094091', 'no-stale-truncate']),
  settings: [
    {
      name: 'call',
      label: 'which call A makes',
      values: ['write', 'pwrite'],
      default: 'write',
      says: 'pwrite brings its own position and moves none',
    },
    {
      name: 'next',
      label: 'another thread writes next',
      values: ['no', 'yes'],
      default: 'no',
      says: 'yes: another thread writes 64K to the same descriptor; with pwrite, at 64K, where it believes that A has ended',
    },
  ],
  schedules: [
    { name: 'bug', says: 'cut short, started over, and then the buffer is gone' },
    { name: 'end', says: 'cut short and started over; the buffer is gone only when the write is done' },
  ],
  scene: ({ call, next }) =>
    `A program calls ${call}() with 128K on a file on bcachefs, from memory that another thread may unmap in the middle of it${next === 'yes' ? '; one more thread writes 64K' : ''}.`,
  should: 'write() moves the file position by as many bytes as it reports.',
  gist: 'A write is cut short, is started over, and fails at once. It reports the 64K of its first attempt, but the file position moves by the nothing of the second.',
  story:
    'A program writes 128K with write(2) while other threads use and unmap its memory. Without the inode lock the copy comes back short, after 64K, because a page of the buffer is not mapped just then. Those bytes are in the page cache and cannot be taken back. The write is started over under the inode lock: written goes back to 0, and written2 remembers the 64K, in case the second attempt fails. It does, at its first step: another thread has unmapped the buffer for good. The call returns the larger of the two counts, 64K, but the position moves by written, which is 0. The next write(2) lands on top of the first 64K. Found by reading the code: nobody has reported it.',
  seen: 'Two counters were needed since a write could start over: one for where it stands, one for what cannot be denied. The return value was taken from one and the position from the other. The path before and after has a single counter, so the two always move together. Programs that use pwrite(2), such as QEMU, are immune: their position is their own.',
  leads: ['strip:f', 'writer:A', 'file:fd'],
  fix: 'e3e694094091',
  commits: [
    { id: '7e64c86cdc6c', subject: 'bcachefs: Buffered write path now can avoid the inode lock', role: 'introduced it (v6.9-rc1)' },
    {
      id: 'e3e694094091',
      subject: 'bcachefs: Revert lockless buffered IO path',
      role: 'takes it away (v6.11-rc6; stable 6.10.11 as d1baf4eecbfd)',
    },
  ],
  affected: '6.9 to the end of 6.9.y, 6.10 to 6.10.10, 6.11-rc1 to 6.11-rc5.',
  reproducer: [
    'a file of 256K on bcachefs, in the page cache; a is an anonymous mapping of 128K',
    'thread A: n = write(fd, a, 131072)',
    'thread U: munmap(a + 65536, 65536); munmap(a, 65536)',
    'check:    lseek(fd, 0, SEEK_CUR) must be n',
  ],
  leavesOut: [
    'Other errors that end the second attempt the same way: a fatal signal, no space, an I/O error.',
    'O_SYNC: the flush after the write would use the wrong range too.',
    'A copy is short at one place, and a buffer is moved once.',
  ],
})
