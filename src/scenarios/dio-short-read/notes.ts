import { EAGAIN } from '../../kernel/lib/errno.ts'
import { holds, canViolate, every } from '../claim.ts'
import type { Notes } from '../notes.ts'

/** Functions of the model that the function graphs of 6.1.192 do not show. */
const leftOut: Readonly<Record<string, string>> = {
  io_read: 'of io_uring, which was not traced',
  kiocb_done: 'of io_uring, which was not traced',
  io_complete_rw: 'of io_uring, which was not traced',
  btrfs_direct_read: 'static, inlined into btrfs_file_read_iter()',
  wait_for_event: 'the program, not the kernel',
}

export const notes: Notes = {
  threads: [
    {
      id: '1f34c8435fed21e9583492661ceb20d642a75699.1646058596.git.fdmanana@suse.com',
      says: 'the proposal: let iomap wait for a read of which only a part was submitted; with the reproducer',
    },
    {
      id: '20220228223830.GR59715@dread.disaster.area',
      says: 'the review: a NOWAIT request has to be mapped whole before anything is submitted, or fail with -EAGAIN, as on xfs',
    },
    {
      id: 'CAHc6FU7jBeUEAaB0BupypG1zdxf4shF5T56cHZCD_xXi-jeB+Q@mail.gmail.com',
      says: 'the other user of partial direct I/O: could iomap make that check for everybody?',
    },
    {
      id: 'https://lore.kernel.org/linux-btrfs/CABVffEM0eEWho+206m470rtM0d9J8ue85TtR-A_oVTuGLWFicA@mail.gmail.com/',
      says: 'a report of MariaDB on btrfs with io_uring',
    },
    {
      id: 'https://lore.kernel.org/linux-btrfs/CAHF2GV6U32gmqSjLe=XKgfcZAmLCiH26cJ2OnHGp5x=VAH4OHQ@mail.gmail.com/',
      says: 'another one',
    },
  ],
  tests: [
    { id: 'generic/678', says: 'this bug: a read over several extents into a buffer of which the first part was touched (posted as 676)' },
    { id: 'generic/647', says: 'the deadlock for which page faults were disabled: the buffer is a mapping of the file that is read' },
  ],
  history: [
    {
      date: '2021-09-08',
      who: 'btrfs developer',
      says: 'Proposes to disable page faults during direct I/O and to fault the buffer in between two tries: generic/647 deadlocks on btrfs.',
      ref: '51bd9563b678',
    },
    {
      date: '2021-11',
      who: 'btrfs maintainer',
      says: 'It is merged for 5.16, with IOMAP_DIO_PARTIAL. gfs2, which had the same deadlock, is the only other user of that flag.',
      ref: '51bd9563b678',
    },
    {
      date: '2022',
      who: 'MariaDB users',
      says: 'Report, in the first weeks of the year, read corruption with io_uring on btrfs since 5.16: reads of 16K pages come back with 4096 bytes.',
      ref: 'CABVffEM0eEWho+206m470rtM0d9J8ue85TtR-A_oVTuGLWFicA@mail.gmail.com',
    },
    {
      date: '2022-02-28',
      who: 'btrfs developer',
      says: 'Explains it in 13 steps, and proposes that iomap wait for a partial read even under IOCB_NOWAIT.',
      ref: '1f34c8435fed21e9583492661ceb20d642a75699.1646058596.git.fdmanana@suse.com',
    },
    {
      date: '2022-03-01',
      who: 'xfs developer',
      says: 'Objects: NOWAIT and partial results should exclude each other. Map the whole request or return -EAGAIN, and let a thread that can block do it.',
      ref: '20220228223830.GR59715@dread.disaster.area',
    },
    {
      date: '2022-03-02',
      who: 'btrfs developer',
      says: 'Agrees, and writes the fix in btrfs alone: -EAGAIN if the first mapping does not cover a NOWAIT request.',
      ref: 'ca93e44bfb5f',
    },
    { date: '2022-03-08', who: 'stable', says: 'Linux 5.16.13 has the fix; 5.17 will.', ref: 'Linux 5.16.13' },
    {
      date: '2022-05',
      who: 'stable',
      says: 'Between 5.15.36 and 5.15.39 the regression and its fix come to 5.15.y together, so that 5.15 should never have had the one without the other.',
      ref: '5.15.37 to 5.15.39',
    },
    {
      date: '2022-08-14',
      who: 'btrfs maintainer',
      says: '6.0-rc1 maps up to 1M of a read at once: one large extent covers a NOWAIT request again, and the short read is back.',
      ref: 'ee5b46a353af',
    },
    {
      date: '2022-08-28',
      who: 'btrfs maintainer',
      says: '6.0-rc3 refuses NOWAIT reads of more than a page before anything is mapped.',
      ref: '79d3d1d12e6f',
    },
  ],
  variants: [
    {
      id: 'early',
      says: 'the bio ends before the submitter drops its reference: the rest is read',
      row: 'direct-io C.5 row 2; C.7',
      asked: {},
      schedule: { named: 'full' },
      claims: [holds],
    },
    {
      id: 'mariadb',
      says: '16K over four extents, as MariaDB reads',
      row: 'direct-io C.5 row 5',
      asked: { settings: { length: '16K' } },
      claims: [{ in: 'some', violates: 'any', outcome: ({ returns }) => returns['U'] === 4096, says: 'the program gets 4096' }],
    },
    {
      id: 'one-extent',
      says: 'one extent is enough: 5.16 maps 4K at a time, however large the extent',
      row: 'direct-io C.5, below the table',
      asked: { settings: { file: 'one' } },
      claims: [canViolate],
    },
    {
      id: 'resident',
      says: 'the whole buffer is in the page table: nothing faults',
      row: 'direct-io C.7',
      asked: { settings: { buffer: 'all' } },
      claims: [holds],
    },
    {
      id: 'registered',
      says: 'the buffer is registered with io_uring: nothing can fault',
      row: 'direct-io C.7',
      asked: { settings: { buffer: 'fixed' } },
      claims: [holds],
    },
    {
      id: 'first-absent',
      says: 'not even the first page is there: nothing is submitted before the fault, so nothing has to be waited for',
      row: 'direct-io C.7',
      asked: { settings: { buffer: 'none' } },
      claims: [holds],
    },
    {
      id: 'blocking',
      says: 'a blocking preadv2(): the submitter waits for its bio',
      row: 'direct-io C.7',
      asked: { settings: { call: 'preadv2' } },
      claims: [holds, every('preadv2() returns 8192', ({ returns }) => returns['S'] === 8192)],
    },
    {
      id: 'rwf-nowait',
      says: 'preadv2() with RWF_NOWAIT on 5.16: nobody to call back, so it waits all the same, and sleeps under NOWAIT',
      row: 'direct-io 6.1 D1',
      asked: { settings: { call: 'rwf' } },
      claims: [holds, every('preadv2() returns 8192', ({ returns }) => returns['S'] === 8192)],
    },
    {
      id: 'libaio',
      says: 'libaio without RWF_NOWAIT: it may wait, so it does',
      row: 'direct-io C.7',
      asked: { settings: { call: 'aio' } },
      claims: [holds],
    },
    {
      id: 'hole-first',
      says: 'the first part is a hole: it is filled with zeros, and no bio holds a reference',
      row: 'direct-io C.7',
      asked: { settings: { file: 'hole' } },
      claims: [holds],
    },
    {
      id: 'one-page',
      says: 'a request of one page cannot be cut in two',
      row: 'direct-io C.7',
      asked: { settings: { length: '4K' } },
      claims: [holds],
    },
    {
      id: 'eof',
      says: 'the file ends after 4K: a result of 4096 is right',
      row: 'direct-io C.7',
      asked: { settings: { file: 'eof' } },
      claims: [holds, every('the program gets 4096', ({ returns }) => returns['U'] === 4096)],
    },
    {
      id: 'compressed',
      says: 'compressed extents: the read goes through the page cache',
      row: 'direct-io C.7',
      asked: { settings: { file: 'comp' } },
      claims: [holds],
    },
    {
      id: 'inline',
      says: 'data inside the item: the read goes through the page cache',
      row: 'direct-io C.7',
      asked: { settings: { file: 'inline' } },
      claims: [holds],
    },
    {
      id: 'buffered',
      says: 'without O_DIRECT the page cache is copied, and copying may fault',
      row: 'direct-io C.7',
      asked: { settings: { call: 'cached' } },
      claims: [holds],
    },
    {
      id: 'proposal',
      says: 'the proposal: the submitter sleeps, NOWAIT or not, until the bio is done',
      row: 'direct-io C.4 P1',
      asked: { on: ['wait-on-partial-read'] },
      claims: [holds, every('the program gets 8192', ({ returns }) => returns['U'] === 8192)],
    },
    {
      id: 'user-nowait',
      says: 'on 5.17 with RWF_NOWAIT from the program: -EAGAIN goes to the program, nobody tries again for it',
      row: 'direct-io C.4 P2',
      asked: { kernel: '5.17', settings: { call: 'nowait' } },
      claims: [holds, every('the program gets EAGAIN', ({ returns }) => returns['U'] === EAGAIN)],
    },
    {
      id: 'relapse',
      says: '6.0-rc1 maps 1M at once, so one extent covers the request: short again',
      row: 'direct-io C.4 P3',
      asked: { kernel: '6.0-rc1', settings: { file: 'one' } },
      claims: [canViolate],
    },
    {
      id: 'before',
      says: '5.13 faults pages in while it pins them, with the range locked: no short read',
      row: 'direct-io 6.3',
      asked: { kernel: '5.13' },
      claims: [holds],
    },
  ],
  reasons: [
    {
      patch: '51bd9563b678',
      says: 'Direct I/O from or to a mapping of the same file deadlocked: a page fault in the middle of it waited for a lock that it held itself.',
      scenario: 'dio-mmap-deadlock',
    },
    {
      patch: 'ee5b46a353af',
      says: 'btrfs had read one sector at a time: a mapping, a lock and a bio for each 4K. What came of larger mappings is a scenario of its own.',
      scenario: 'nowait-relapse',
    },
  ],
  programs: [
    {
      file: 'uring-short-read.c',
      says: 'writes a file of one extent a page and reads it with io_uring into memory of which only the first byte was touched; needs no library',
    },
  ],
  corrections: [
    {
      said: 'The fix: __iomap_dio_rw() waits for completion when a read has made some progress, even under IOCB_NOWAIT.',
      is: 'That was proposed and not merged. What was merged is ca93e44bfb5f, in btrfs alone: -EAGAIN before anything is submitted.',
    },
    {
      said: 'The range has four extents of 4K each.',
      is: 'Sufficient, not necessary: up to 5.19 btrfs maps a read 4K at a time, so on 5.16 the number of extents does not matter.',
    },
    { said: 'iomap calls btrfs_iomap_begin().', is: 'It calls btrfs_dio_iomap_begin(); the author confirmed it in the thread.' },
    {
      said: 'The bio endio function results in calling iomap_dio_complete_work().',
      is: 'For a read on 5.16 that runs at once, in the btrfs endio worker that has verified the checksums; only writes queue a work.',
    },
    {
      said: 'iomap_dio_complete() leaves ki_pos at X + 4K and io_uring with a result of 4K.',
      is: 'Right; and io_uring, which hides short reads that read_iter() returns, takes one that ki_complete() reports as final.',
    },
  ],
  recordings: [
    {
      id: 'short',
      kernel: '6.1.192-rk',
      says: 'two extents of 4K, the first page of the buffer touched, 20 reads: all 20 short',
      asked: { kernel: '6.1.192-rk' },
      schedule: { choices: 'S10s1S8s4U2' },
      saw: {
        returns: { U: 4096 },
        text: ['{"case":"io_uring readv","extents":2,"tries":20,"full":0,"short":20,"worst_res":4096,"worst_good_pages":1}'],
      },
      why: {},
      trace: {
        file: 'buggy-graph-nowait-read.txt',
        kind: 'function graph',
        tasks: { S: 'traceop-114' },
        leftOut,
        says: 'btrfs_file_read_iter() returns 0.4 ms after it began, without a fault; the bio ends later, and iomap_dio_complete() runs under it',
      },
    },
    {
      id: 'full',
      kernel: '6.1.192',
      says: 'the same on the kernel as shipped: all 20 full',
      asked: { kernel: '6.1.192' },
      schedule: { choices: 'S11sc10sct1sc5sct2sc10scy1sc3scy4U2' },
      saw: {
        returns: { U: 8192 },
        text: ['{"case":"io_uring readv","extents":2,"tries":20,"full":20,"short":0,"worst_res":8192,"worst_good_pages":2}'],
      },
      why: {},
      trace: {
        file: 'graph-nowait-read.txt',
        kind: 'function graph',
        tasks: { S: 'traceop-192', q: 'iou-wrk-193' },
        leftOut,
        says: 'the submitter leaves btrfs_dio_iomap_begin() at once, and iou-wrk does the read: it sleeps 4.6 ms in __iomap_dio_rw(), faults the rest in, goes on',
      },
    },
  ],
}
