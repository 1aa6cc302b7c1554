import { cardPatches, defineCard, ext4Releases } from '../cards.ts'

export const card = defineCard({
  id: 'ext4-position',
  rev: 1,
  harm: 'lost data',
  title: 'Two fixes, each of them right: the second write lands on the first',
  summary: 'ext4 6.1.64: after a direct write the file position stays where it was, so that the next write() goes over it.',
  origin: 'stable, December 2023: "ext4 data corruption in 6.1 stable tree" (20231205122122.dfhhoaswsfscuhc3@quack3)',
  defaultKernel: '6.1.64',
  ...ext4Releases,
  patches: cardPatches(['91562895f803', '936e114a245b', '619f75dae2cf']),
  settings: [
    {
      name: 'writes',
      label: 'how many writes',
      values: ['2', '4', '16', 'threads'],
      default: '2',
      says: 'how many writes of 4K one after the other; threads: two threads, one write each, in any order, through one descriptor',
    },
    {
      name: 'before',
      label: 'file before the writes',
      values: ['0', '64K', 'hole', 'unwritten'],
      default: '0',
      says: 'what the file is before: empty, or 64K long and full of old data, one hole, or preallocated',
    },
    {
      name: 'call',
      label: 'how the writes are made',
      values: ['write', 'pwrite', 'append', 'sync'],
      default: 'write',
      says: 'write: write() on an O_DIRECT descriptor; pwrite: with a position of its own; append, sync: write() with O_APPEND or O_SYNC too',
    },
    {
      name: 'read',
      label: 'read afterwards',
      values: ['off', 'after'],
      default: 'off',
      says: 'after: read() of 4K through the same descriptor when the writes are done',
    },
    {
      name: 'memory',
      label: 'memory of the last write',
      values: ['good', 'bad'],
      default: 'good',
      says: 'bad: nothing is mapped at the address of the last buffer',
    },
  ],
  schedules: [
    { name: 'bug', says: 'one write(), then another' },
    { name: 'late', says: 'the same, and the bio of each write is done only when its writer already waits' },
  ],
  scene: ({ writes, before, call }) => {
    const how = { write: 'write()', pwrite: 'pwrite()', append: 'write() and O_APPEND', sync: 'write() and O_SYNC' }[call]
    const what = {
      '0': 'an empty file',
      '64K': 'a file of 64K',
      hole: 'a file of 64K that is one hole',
      unwritten: 'a file of 64K that is preallocated',
    }[before]
    const who =
      writes === 'threads'
        ? 'Two threads write 4K each'
        : `A program writes 4K ${{ '2': 'twice', '4': 'four times', '16': 'sixteen times' }[writes]}`
    return `${who} to ${what} on ext4 through one descriptor, with O_DIRECT, by ${how}.`
  },
  should:
    'Two write() calls of 4K each on a new file: the file is 8K long, and has what was written first in front of what was written second.',
  gist: 'Two fixes, each of them right, together leave the file position where it was after a direct write that makes the file longer. The next write goes to the same place, over the data of the first, and both report success.',
  story:
    'ext4 is told by iomap that a direct write is done, in end_io, and may answer with an error, with 0, or with a count. Until 91562895f803 it answered 0, and iomap took the bytes of the dio as the result and moved the file position by them. 91562895f803 lets end_io set the size of the file, in a transaction, so that an O_SYNC write makes it durable, and answer with the bytes written. On mainline that was right: since 936e114a245b iomap moves the position by any positive result. The stable kernel 6.1.64 got the one without the other. There iomap takes the count for the result and leaves the position alone. write() says 4K, the position of the descriptor is still 0, and the next write() lands on the first.',
  seen: 'Each of the two changes is right alone, and so is the older code without either; only one of the four combinations loses data, and it is the one that was shipped. Nothing is wrong with any metadata, no error is returned, no line is logged. pwrite() and whatever else brings its own position never notices. The same combination was shipped again ten months later, in 5.10.227.',
  leads: ['strip:12', 'file:fd', 'kiocb:B'],
  fix: '936e114a245b',
  commits: [
    {
      id: '91562895f803',
      subject: 'ext4: properly sync file size update after O_SYNC direct IO',
      role: 'introduced it where 936e114a245b was missing (6.1.64, 5.10.227; not in v6.7): end_io sets the size and answers with the bytes',
    },
    {
      id: '936e114a245b',
      subject: 'iomap: update ki_pos a little later',
      role: 'makes it right (v6.5; 6.1.66, 5.15.142, 5.10.229): a positive answer moves the position too',
    },
    {
      id: '619f75dae2cf',
      subject: 'ext4: fix warning in ext4_dio_write_end_io()',
      role: 'follow-up (v6.7; 5.15.168, 5.10.227): a write that ended inside i_disksize alone',
    },
  ],
  affected: '6.1.64, 6.1.65; 5.10.227, 5.10.228. Debian stopped the images of 12.3, which had 6.1.64. LTP preadv03 finds it every time.',
  reproducer: ['dd if=/dev/urandom of=f bs=4k count=4 oflag=direct', 'stat -c %s f            # 4096, should be 16384'],
  leavesOut: [
    'Derived, not reported: what the variants with O_APPEND, with a reader, with two threads and with old data show follows from the source.',
    'From memory: 5.10 is taken to have the code of 5.15 here. Derived: iomap of 6.1.64 and 6.1.65 is that of 6.1.55.',
    'io_uring with the offset -1 uses the position of the descriptor too, and is hit the same way.',
    'A direct write that cannot be finished and goes on through the page cache: the page cache of ext4 is not modelled.',
    'Blocks are whole: the 512-byte writes of LTP are 4K here.',
    'Nothing commits a transaction unless the file is opened with O_SYNC; no power fails here.',
  ],
})
