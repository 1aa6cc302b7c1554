import { cardPatches, defineCard, modelledFrom } from '../cards.ts'

export const card = defineCard({
  id: 'append-same-fd',
  rev: 1,
  follows: 'append-hole',
  harm: 'lock',
  title: 'fsync on the same descriptor skips a lock that it does not hold',
  summary:
    'A direct write tells its own fsync to skip the inode lock, through struct file: another thread that fsyncs the same descriptor believes it too.',
  origin: 'commit cd9253c23aed, with a report by QEMU users on 6.10.5; fstests generic/364',
  defaultKernel: '6.10.5',
  since: modelledFrom('5.16', 'the direct write path is modelled'),
  patches: cardPatches(['8184620ae212', '939b656bc8ab', 'e0391e92f9ab', 'cd9253c23aed']),
  settings: [
    {
      name: 'open',
      label: 'descriptor of the fsync',
      values: ['same', 'other'],
      default: 'same',
      says: 'same: fsync through the descriptor of the write; other: through another open of the file',
    },
    {
      name: 'assert',
      label: 'assertions compiled in',
      values: ['on', 'off'],
      default: 'on',
      says: 'CONFIG_BTRFS_ASSERT: whether fsync checks that somebody has the inode lock',
    },
    {
      name: 'private',
      label: 'private data of the file',
      values: ['none', 'seek'],
      default: 'none',
      says: "seek: an lseek(SEEK_DATA) has allocated file->private_data before, so nobody's stack is used",
    },
    {
      name: 'dsync',
      label: 'descriptor opened O_DSYNC',
      values: ['off', 'on'],
      default: 'off',
      says: 'whether the descriptor is O_DSYNC, so that the write runs an fsync of its own',
    },
    {
      name: 'size',
      label: 'file before the write',
      values: ['0', '4K'],
      default: '0',
      says: 'how long the file is: a write that does not extend it has the inode lock shared',
    },
    { name: 'writers', label: 'writing threads', values: ['1', '2'], default: '1', says: 'how many threads write through the descriptor' },
  ],
  schedules: [
    { name: 'bug', says: 'fsync reads the flag while the write completes, and looks for the lock when the write has given it up' },
    { name: 'late', says: "fsync has loaded the pointer when the write returns, and reads the flag from the writer's dead stack" },
    { name: 'held', says: 'fsync goes on while the write still holds the lock: the assertion holds, the lock is not its own' },
  ],
  scene: ({ open, writers }) =>
    `${writers === '2' ? 'Two threads write' : 'A thread writes'} 4K to a file on btrfs with O_DIRECT, while another calls fsync() on ${open === 'same' ? 'the same descriptor' : 'another descriptor of the file'}.`,
  should: 'pwrite(fd) and fsync(fd) by two threads on one descriptor: each takes the inode lock for itself, and both succeed.',
  gist: "A write leaves word for its own fsync that the inode lock is held, in a place that every thread with the same descriptor reads. Another thread's fsync believes it too, and goes on without the lock when the write has long let go of it.",
  story:
    "A direct write keeps the inode lock while its dio is completed, and completing an O_DSYNC write runs an fsync, which would take the lock again. 939b656bc8ab tells that fsync to skip the lock through file->private_data, which points to a struct on the writer's stack for as long, O_DSYNC or not. struct file belongs to all who have the descriptor: a second thread that calls fsync() in that moment finds the flag as well, and goes on without the inode lock. With assertions it stops the machine; without them it logs an inode that others may be changing.",
  seen: 'The flag was meant for one task and stored where every user of the descriptor looks. fsync read it in the short time between two stores of the write, decided not to lock, and the write then unlocked and returned. It is as bad to load the pointer and to use it later: by then it points into the stack of a function that has returned. The fix stores the mark in current->journal_info, which no other task can see.',
  leads: ['file:fd', 'private:A', 'locks'],
  fix: 'cd9253c23aed',
  commits: [
    {
      id: '939b656bc8ab',
      subject: 'btrfs: fix corruption after buffer fault in during direct IO append write',
      role: 'introduced it (v6.11-rc2; 6.10.5 and the stable releases of that week)',
    },
    {
      id: 'cd9253c23aed',
      subject: 'btrfs: fix race between direct IO write and fsync when using same fd',
      role: 'fixes it (v6.11; 6.10.10)',
    },
  ],
  affected: '6.10.5 to 6.10.9, 5.15.165 and 5.15.166, the 6.1 and 6.6 releases of the same weeks, v6.11-rc2 to rc6; fstests generic/364.',
  reproducer: [
    'fd = open("f", O_CREAT|O_TRUNC|O_WRONLY|O_DIRECT, 0666);',
    'thread 1: while (1) pwrite(fd, buf, 4096, 0);',
    'thread 2: while (1) fsync(fd);     /* the same fd */',
  ],
  leavesOut: [
    'Memory that is used after its function has returned keeps what was stored in it last; on a real stack it may be anything.',
    'A task that runs into BUG() ends there; panic_on_oops is off.',
    'The state of lseek() that allocates private_data is staged, not run.',
  ],
})
