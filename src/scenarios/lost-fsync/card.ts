import { cardPatches, defineCard, modelledFrom } from '../cards.ts'

export const card = defineCard({
  id: 'lost-fsync',
  rev: 1,
  follows: 'append-hole',
  harm: 'lost data',
  title: 'An asynchronous O_DSYNC write is reported before it is durable',
  summary: 'What 8184620ae212 was for: btrfs syncs an O_DSYNC write once it has returned a count, and an asynchronous write returns none.',
  origin: 'commit 8184620ae212, after a report to linux-btrfs; fstests generic/703',
  defaultKernel: '6.0',
  since: modelledFrom('5.16', 'the direct write path is modelled'),
  patches: cardPatches(['51bd9563b678', '8184620ae212', '939b656bc8ab', 'e0391e92f9ab', 'cd9253c23aed']),
  settings: [
    {
      name: 'via',
      label: 'how the write is made',
      values: ['aio', 'write'],
      default: 'aio',
      says: 'aio: io_submit() and io_getevents(); write: a pwrite() that waits for its I/O',
    },
    { name: 'dsync', label: 'file opened O_DSYNC', values: ['on', 'off'], default: 'on', says: 'whether the file was opened with O_DSYNC' },
    {
      name: 'size',
      label: 'file before the write',
      values: ['0', '64K'],
      default: '0',
      says: 'how long the file is before: the write extends it, or overwrites old data',
    },
    { name: 'power', label: 'power', values: ['fails', 'on'], default: 'fails', says: 'whether the power may fail' },
  ],
  schedules: [
    { name: 'bug', says: 'the program is told that the write is done; then the power fails' },
    { name: 'finished', says: 'the power fails when the file extent item is in the tree, in memory' },
  ],
  scene: ({ via, dsync, size, power }) =>
    `A program writes 64K to ${size === '0' ? 'an empty file' : 'a file of 64K'} on btrfs with O_DIRECT${dsync === 'on' ? ' and O_DSYNC' : ''}, ${via === 'aio' ? 'as an asynchronous request (libaio)' : 'and waits for the call'}${power === 'fails' ? '; the power may fail at any step' : ''}.`,
  should: 'A write with O_DSYNC that was reported as done is on disk: after a power failure the file has it.',
  gist: 'A program asked that its write be durable before it is told so, but where the write is asynchronous nobody syncs the file in time. The write is reported as done, the power fails, and the file is empty.',
  story:
    'A program writes asynchronously to a file that it has opened with O_DSYNC: its kiocb has a completion callback, and nobody waits for the bios. btrfs could not let iomap run the fsync that O_DSYNC asks for, because it called iomap with the inode lock held, which fsync takes too. So it told iomap not to, and ran the fsync itself when the write had returned a count. An asynchronous write returns -EIOCBQUEUED instead. The bio ends, the completion event is posted, and nobody has synced anything: the data are on the disk, the metadata that lead to them only in memory. A power failure, and the file is as it was.',
  seen: 'The sync belonged to the completion and was done by the caller, who was gone by then. 8184620ae212 gave it back to iomap, and unlocked the inode before completing a synchronous write so that the fsync inside could lock it. That is the fix whose unlocking opened the window in which an append moves behind its own size; later fixes keep the lock and tell fsync instead.',
  leads: ['strip:257', 'kiocb:A', 'iomap_dio:A'],
  fix: '8184620ae212',
  commits: [
    {
      id: '51bd9563b678',
      subject: 'btrfs: fix deadlock due to page faults during direct IO reads and writes',
      role: 'introduced it (v5.16): takes IOCB_DSYNC away while iomap works',
    },
    {
      id: '8184620ae212',
      subject: 'btrfs: fix lost file sync on direct IO write with nowait and dsync iocb',
      role: 'fixes it (v6.1; 6.0.8, 5.15.78)',
    },
  ],
  affected: '5.16 to 6.0.7 and the 5.15 releases that had 51bd9563b678, until 5.15.77; fstests generic/703.',
  reproducer: [
    'fio --name=w --filename=/mnt/f --rw=write --bs=64k --size=64k --direct=1 --sync=dsync --ioengine=libaio',
    'echo b > /proc/sysrq-trigger        # or cut the power',
    'mount /dev/sdb /mnt; stat -c %s /mnt/f      # 0, should be 65536',
  ],
  leavesOut: [
    'NOWAIT: a file without NOCOW refuses it with -EAGAIN, and io_uring then issues the same kiocb from a worker, where it is asynchronous still.',
    'The completion runs where the bio ends; the kernel queues it to a workqueue, which only makes it later.',
    'A disk that can write through its cache (FUA): iomap may then leave the fsync out.',
  ],
})
