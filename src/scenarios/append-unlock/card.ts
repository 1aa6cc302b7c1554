import { cardPatches, defineCard, modelledFrom } from '../cards.ts'

export const card = defineCard({
  id: 'append-unlock',
  rev: 1,
  follows: 'append-hole',
  harm: 'lock',
  title: 'An O_DSYNC write unlocks its inode twice',
  summary:
    'fsync is told that its caller has the inode lock, and forgets it on the way out: the caller then unlocks what is free, or what another task holds.',
  origin: 'commit e0391e92f9ab; syzbot: "WARNING: bad unlock balance in btrfs_direct_write"',
  defaultKernel: '6.11-rc2',
  since: modelledFrom('5.16', 'the direct write path is modelled'),
  patches: cardPatches(['8184620ae212', '939b656bc8ab', 'e0391e92f9ab', 'cd9253c23aed']),
  settings: [
    {
      name: 'other',
      label: 'who else wants the lock',
      values: ['truncate', 'append'],
      default: 'truncate',
      says: 'who else wants the inode lock: ftruncate() or an O_APPEND write',
    },
    {
      name: 'commit',
      label: 'another process syncs',
      values: ['on', 'off'],
      default: 'on',
      says: 'whether another process calls syncfs(), which commits the transaction at some time',
    },
    { name: 'dsync', label: 'file opened O_DSYNC', values: ['on', 'off'], default: 'on', says: 'whether the write is O_DSYNC' },
    {
      name: 'lockdep',
      label: 'lock debugging compiled in',
      values: ['on', 'off'],
      default: 'on',
      says: 'CONFIG_PROVE_LOCKING: whether the kernel knows who has locked what',
    },
  ],
  schedules: [
    { name: 'bug', says: "the write's fsync unlocks the inode, truncate locks it, and the write unlocks it once more" },
    { name: 'free', says: 'nobody comes in between: the second unlock finds the lock free, and truncate waits for ever' },
  ],
  scene: ({ other, dsync }) =>
    `A program writes 4K to a file on btrfs with O_DIRECT${dsync === 'on' ? ' and O_DSYNC, so that the call returns when the data are durable' : ''}; another wants to ${other === 'truncate' ? 'truncate the file' : 'append to it'} at the same time.`,
  should: 'An O_DSYNC write has the inode lock from beginning to end and releases it once; truncate waits until then.',
  gist: 'A write that syncs the file before it returns loses the inode lock to that sync, which unlocks what it never locked, and does not know it. At its end the write unlocks once more, and takes the lock away from another task that has it by then.',
  story:
    'An O_DSYNC direct write runs fsync while it holds the inode lock, and since 939b656bc8ab fsync is told to leave that lock alone. It does, on the paths that log the inode. But if there is nothing to log any more, because somebody committed the transaction in the meantime, fsync leaves through a label that unlocks both of its locks unconditionally. The write goes on without the lock and does not know; another task takes it. Then the write unlocks: it takes the lock away from that task, or, if the lock is free, leaves a count that nobody can ever lock again.',
  seen: 'A flag that says "the caller has the lock" was looked at where the lock is taken and on two of three ways out. The third is rare: it needs a commit between the end of the I/O and the look at what is left to log, or an error. A rwsem does not know who owns it, so the second unlock hits whoever is there. The fix looks at the flag on that way out too.',
  leads: ['locks', 'strip:257', 'console'],
  fix: 'e0391e92f9ab',
  commits: [
    {
      id: '939b656bc8ab',
      subject: 'btrfs: fix corruption after buffer fault in during direct IO append write',
      role: 'introduced it (v6.11-rc2)',
    },
    { id: 'e0391e92f9ab', subject: 'btrfs: fix double inode unlock for direct IO sync writes', role: 'fixes it (v6.11-rc3)' },
  ],
  affected: 'v6.11-rc2, and mainline of the days before it. The stable releases got both commits at once.',
  reproducer: [
    'fd = open("f", O_CREAT|O_TRUNC|O_WRONLY|O_DIRECT|O_DSYNC, 0666);',
    'process 1: while (1) pwrite(fd, buf, 4096, 0);',
    'process 2: while (1) sync();',
    'process 3: while (1) truncate("f", 0);',
  ],
  leavesOut: [
    'Flushing and starting a transaction never fail here, so of the ways to the label only the commit in between is shown.',
    'A schedule in which a task waits for ever ends there, and counts among those that violate.',
    'What the console shows is the first line of what lockdep prints.',
    'An optimistic spinner or a waiter in the queue is a task that waits; who is first among them is left open.',
  ],
})
