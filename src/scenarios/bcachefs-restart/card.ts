import { bcachefsReleases, cardPatches, defineCard } from '../cards.ts'

export const card = defineCard({
  id: 'bcachefs-restart',
  rev: 1,
  follows: 'bcachefs-lockless',
  harm: 'stale data',
  title: 'A restarted write comes back over a later one',
  summary:
    'bcachefs 6.9: a write without the inode lock is cut short, seen by another thread, overwritten by it, and then done again from its start. Found by reading the code.',
  origin: 'the code that commit e3e694094091, "bcachefs: Revert lockless buffered IO path", took out; found by reading, reported by nobody',
  defaultKernel: '6.9',
  ...bcachefsReleases,
  patches: cardPatches(['7e64c86cdc6c', 'reduced', 'e3e694094091', 'no-stale-truncate']),
  settings: [
    {
      name: 'second',
      label: 'what B writes',
      values: ['page', 'whole', 'beside'],
      default: 'page',
      says: "what B writes: the first page of A's range; all of it; or 2K beside it, in the same folio",
    },
    {
      name: 'looks',
      label: 'B reads before and after',
      values: ['yes', 'no'],
      default: 'yes',
      says: 'yes: B reads those bytes before and after its write; no: it only writes',
    },
    {
      name: 'buffer',
      label: "A's memory moves",
      values: ['moves', 'stays'],
      default: 'moves',
      says: "moves: at some time the second half of A's buffer is not mapped for a moment; stays: it always is",
    },
    {
      name: 'cached',
      label: 'file is in the cache',
      values: ['yes', 'no'],
      default: 'yes',
      says: 'whether the file is in the page cache when it begins',
    },
    {
      name: 'copy',
      label: 'how user memory is copied',
      values: ['whole', 'halves'],
      default: 'whole',
      says: 'halves: copies from user space go in pieces of 64K, so that a reader can come in between',
    },
  ],
  schedules: [
    { name: 'bug', says: 'B reads and writes while half of A is in the page cache, before A starts over' },
    { name: 'end', says: 'A is cut short too, but B comes when A is done' },
  ],
  scene: ({ second, looks, buffer }) => {
    const what = { page: 'the first 4K', whole: 'all of it', beside: 'the 2K in front of it' }[second]
    const does = looks === 'yes' ? `reads ${what}, writes over that and reads it again` : `writes over ${what}`
    return `A program writes to a file on bcachefs through the page cache; another ${does}${buffer === 'moves' ? ", and the kernel may move the pages of the first one's buffer" : ''}.`
  },
  should: 'Once B has read A and written B over it, these bytes are B: what was read as done is not done again.',
  gist: 'A write is cut short half way; another program reads what is there and writes over it, and then the first write is done again from its start. What the other program had written, and was told to be written, is gone.',
  story:
    'Without the inode lock, a write that cannot be finished in one go is started over under it. The copy from user space is done with page faults disabled, so it comes back short if a page of the buffer is not mapped just then. What it has copied by then is uptodate and dirty, and its folios are unlocked: other threads can read it, and write over it. Then the whole write is done again, with the bytes that had been written already. A thread that reads A, writes B over it and gets its success finds A again. As a final state alone this is one the two writes may leave, for they overlap in time; together with the read it is not. Found by reading the code: nobody has reported it.',
  seen: 'Starting over was meant to keep writes whole: no other write may end up in the middle of one. It does, but it lets one write take effect twice, and what comes in between is lost. The path before and after has no restart: it holds the inode lock from the first byte to the last, and a short copy simply goes on where it stopped.',
  leads: ['strip:f', 'buffer:A', 'writer:A'],
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
    'a file of 128K on bcachefs, in the page cache; a is a shared mapping of a file on tmpfs',
    'thread M loop: madvise(a + 65536, 65536, MADV_DONTNEED)    # unmapped until the next access',
    'thread A:      pwrite(fd, a, 131072, 0)',
    'thread B:      pread(fd, b, 4096, 0); if it is what A writes: pwrite(fd, other, 4096, 0)',
    'check, when both are done: the page must be what B wrote if B has written',
  ],
  leavesOut: [
    'It leaves no zeros, so it is not what the users of the report saw: see bcachefs-lockless.',
    'How often a page is unmapped at the wrong moment: QEMU writes from guest memory, which the kernel moves and collapses often.',
    'A copy is short at one place, and a buffer is moved once.',
  ],
})
