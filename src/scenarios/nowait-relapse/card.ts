import { cardPatches, defineCard, modelledFrom } from '../cards.ts'
import { readScene, readSettings } from '../read-settings.ts'

export const card = defineCard({
  id: 'nowait-relapse',
  rev: 1,
  follows: 'dio-short-read',
  harm: 'wrong result',
  title: 'The short read is back for one large extent',
  summary:
    'btrfs maps a direct read by the megabyte instead of by the sector, and a check that had relied on sectors lets NOWAIT reads through.',
  origin: 'linux-btrfs, August 2022, the patch "btrfs: don\'t allow large NOWAIT direct reads"',
  defaultKernel: '6.0-rc1',
  since: modelledFrom('5.13', 'direct reads are modelled'),
  patches: cardPatches(['51bd9563b678', 'ca93e44bfb5f', 'ee5b46a353af', '79d3d1d12e6f']),
  settings: readSettings('8K', 'one'),
  schedules: [
    { name: 'bug', says: 'the submitter drops its reference before the bio has ended: the bio completes the read' },
    { name: 'full', says: 'the bio ends first: the submitter completes the dio and goes on with the rest' },
  ],
  scene: readScene,
  should: 'The file has 8K in one extent, so a read of 8K at 0 ends with cqe->res = 8K.',
  gist: 'A direct read may not wait, so it is refused where one extent does not cover all of it; here one does, and it is let through. But half of its buffer is not there: the first 4K are read, nobody asks for the rest, and the read ends with half of what was wanted.',
  story:
    'ca93e44bfb5f had stopped short reads by refusing a NOWAIT read of which the first mapping covers only a part. While btrfs mapped reads sector by sector, that refused every NOWAIT read of more than 4K. ee5b46a353af lets one mapping cover up to 1M. Now a single extent covers the whole request, and the check has nothing to object to; but the check looked at extents, and what gets in the way is the buffer. Its first page is in the page table, the second one is not: a bio of 4K is submitted for a request of 8K, the rest fails with -EFAULT, and as before nobody waits and nobody comes back.',
  seen: 'The check was right for the wrong reason. It asked whether one mapping covers the request, and a limit of one sector made the answer no whenever a page fault could cut the request in two. With the limit gone the answer is yes, and the old race is open again, with the same two orders. The fix asks what matters: a NOWAIT read of more than a page could fault half way, so it gets -EAGAIN before anything is mapped.',
  leads: ['iomap_dio:S', 'ref:S', 'buffer:S'],
  fix: '79d3d1d12e6f',
  commits: [
    {
      id: 'ca93e44bfb5f',
      subject: 'btrfs: fallback to blocking mode when doing async dio over multiple extents',
      role: 'had fixed it for several extents (v5.17)',
    },
    {
      id: 'ee5b46a353af',
      subject: 'btrfs: increase direct io read size limit to 256 sectors',
      role: 'brings it back for one large extent (v6.0-rc1)',
    },
    { id: '79d3d1d12e6f', subject: "btrfs: don't allow large NOWAIT direct reads", role: 'fixes it (v6.0-rc3)' },
  ],
  affected: '6.0-rc1 and 6.0-rc2 only.',
  reproducer: [
    'pwrite(fd, buf, 8192, 0); fsync(fd);           /* one extent */',
    'fd = open("foo", O_RDONLY | O_DIRECT);',
    'posix_memalign(&read_buf, 4096, 8192);',
    'memset(read_buf, 0, 1);               /* only the first page is there */',
    'io_uring_prep_readv(sqe, fd, &iovec, 1, 0);    /* 8192 bytes */',
    'cqe->res                              /* 4096, should be 8192 */',
  ],
  leavesOut: [
    'The task work in which io_uring posts its event, linked requests, polling.',
    'Which pages are present does not change while the call runs.',
    'Stripe borders, which would cut a bio of a large mapping.',
    'libaio with RWF_NOWAIT, for which the fix leaves -EAGAIN to the program, as for any caller that set the flag itself.',
  ],
})
