import { cardPatches, defineCard, modelledFrom } from '../cards.ts'
import { readScene, readSettings } from '../read-settings.ts'

export const card = defineCard({
  id: 'dio-short-read',
  rev: 1,
  harm: 'wrong result',
  title: 'A direct read of 8K ends after 4K',
  summary: 'io_uring and O_DIRECT on btrfs: a NOWAIT read runs into a page fault half way, and nobody comes back for the rest.',
  origin:
    'linux-btrfs, reports of MariaDB users early in 2022, and the patch "iomap: fix incomplete async dio reads when using IOMAP_DIO_PARTIAL"',
  defaultKernel: '5.16',
  since: modelledFrom('5.13', 'direct reads are modelled'),
  patches: cardPatches(['51bd9563b678', 'wait-on-partial-read', 'ca93e44bfb5f', 'ee5b46a353af', '79d3d1d12e6f']),
  settings: readSettings('8K', 'extents'),
  schedules: [
    { name: 'bug', says: 'the submitter drops its reference before the bio has ended: the bio completes the read' },
    { name: 'full', says: 'the bio ends first: the submitter completes the dio and goes on with the rest' },
  ],
  scene: readScene,
  should: 'The file has 8K, so a read of 8K at 0 ends with cqe->res = 8K and both pages of the buffer filled.',
  gist: 'A direct read sends for the first 4K and then finds that the next page of its buffer is not there; it cannot wait, and leaves the rest to be asked for later. Nobody asks: when the first 4K arrive the read is over, with half of what was wanted.',
  story:
    'io_uring issues a read of 8K with IOCB_NOWAIT. Since 51bd9563b678 btrfs disables page faults while iomap works and lets it keep a partial result. The first page of the buffer is in the page table, the second one is not: iomap submits a bio for the first 4K, then runs into -EFAULT. Having submitted something, it takes the error back so that btrfs can fault the rest in and go on; to go on, it has to wait for the bio, and a NOWAIT request may not wait. So it drops its reference and returns -EIOCBQUEUED, which means that everything is on its way. It is not: when the bio ends it drops the last reference, completes the dio with 4K, and io_uring posts a short result as final.',
  seen: 'Two rules met: a partial result has to be waited for, and a NOWAIT request must not wait. Each is right alone. What broke is the promise of -EIOCBQUEUED, that nothing is left to submit. It takes a submitter that lets go before the bio does; when the bio ends first, the submitter completes the dio itself, sees the short count and reads the rest. The fix that was merged never starts: a NOWAIT read whose first mapping is too short fails with -EAGAIN, and a worker that may wait does the whole read.',
  leads: ['iomap_dio:S', 'ref:S', 'buffer:S'],
  fix: 'ca93e44bfb5f',
  commits: [
    {
      id: '51bd9563b678',
      subject: 'btrfs: fix deadlock due to page faults during direct IO reads and writes',
      role: 'introduced it (v5.16; 5.15.37 to 39 got it together with the fix)',
    },
    {
      id: 'ca93e44bfb5f',
      subject: 'btrfs: fallback to blocking mode when doing async dio over multiple extents',
      role: 'fixes it (v5.17; 5.16.13)',
    },
    {
      id: 'ee5b46a353af',
      subject: 'btrfs: increase direct io read size limit to 256 sectors',
      role: 'brings it back for one large extent (v6.0-rc1)',
    },
    { id: '79d3d1d12e6f', subject: "btrfs: don't allow large NOWAIT direct reads", role: 'fixes that too (v6.0-rc3)' },
  ],
  affected: '5.16 to 5.16.12; again 6.0-rc1 and rc2 for reads within one extent; fstests generic/678.',
  reproducer: [
    'pwrite(fd, ab, 4096, 0); fsync(fd); pwrite(fd, cd, 4096, 4096); fsync(fd);',
    'fd = open("foo", O_RDONLY | O_DIRECT);',
    'posix_memalign(&read_buf, 4096, 8192);',
    'memset(read_buf, 0, 1);               /* only the first page is there */',
    'io_uring_prep_readv(sqe, fd, &iovec, 1, 0);   /* 8192 bytes */',
    'io_uring_submit_and_wait(&ring, 1);',
    'cqe->res                              /* 4096, should be 8192 */',
  ],
  leavesOut: [
    'The task work in which io_uring posts its event, linked requests, polling, and the 5.19 loop that polls instead of punting.',
    'Which pages are present does not change while the call runs: no reclaim, no other thread that touches the buffer.',
    'The data of a bio arrive in one piece, and their checksums always match.',
    'The extent maps of the file are not cached when the read begins.',
    'RWF_NOWAIT over compressed extents gives what fits the page cache rules, not the -EAGAIN of 5.19 and later.',
  ],
})
