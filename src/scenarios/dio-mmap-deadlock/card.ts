import { cardPatches, defineCard, modelledFrom } from '../cards.ts'

export const card = defineCard({
  id: 'dio-mmap-deadlock',
  rev: 1,
  follows: 'dio-short-read',
  harm: 'deadlock',
  title: 'A direct read into a mapping of the same file never returns',
  summary: 'btrfs locks the range, then touches the buffer; the buffer is a mapping of that range, and the page fault waits for the lock.',
  origin: 'linux-btrfs, September 2021, the patch "btrfs: fix deadlock due to page faults during direct IO reads and writes"',
  defaultKernel: '5.13',
  since: modelledFrom('5.13', 'direct reads are modelled'),
  // What brought the short reads of 5.16 is a fix here.
  patches: cardPatches(['51bd9563b678']).map((patch) => ({ ...patch, kind: 'fix' })),
  settings: [
    { name: 'call', label: 'which call is made', values: ['pread', 'pwrite'], default: 'pread', says: 'which call is made, with O_DIRECT' },
    {
      name: 'memory',
      label: 'what the buffer is',
      values: ['map', 'anon'],
      default: 'map',
      says: 'map: the buffer is a private mapping of the file; anon: ordinary memory that nobody has touched',
    },
    {
      name: 'touched',
      label: 'mapping touched before',
      values: ['no', 'yes'],
      default: 'no',
      says: 'yes: the program has touched its mapping before, so its pages are in the page table',
    },
    {
      name: 'callers',
      label: 'how many callers',
      values: ['one', 'two'],
      default: 'one',
      says: 'one: the buffer maps the very page that is read or written; two: each of two callers uses a mapping of the page that the other reads or writes',
    },
  ],
  schedules: [{ name: 'bug', says: 'the read locks its range, faults, and waits for itself' }],
  scene: ({ call, memory, touched, callers }) => {
    const one = callers === 'one'
    const buffer = memory === 'anon' ? 'ordinary memory' : `a mapping of ${one ? 'that same page' : 'the page that the other uses'}`
    const how = call === 'pread' ? `read a page of a file into ${buffer}` : `write a page of a file from ${buffer}`
    const does = one ? `A program ${how.replace(/^(\w+)/, '$1s')}` : `Two programs each ${how}`
    return `${does} on btrfs with O_DIRECT${touched === 'yes' ? '' : '; that memory has not been touched yet'}.`
  },
  should: 'pread() of 4K with O_DIRECT into a mapping of the same 4K of the file returns 4K, as it does into any memory.',
  gist: 'A read locks a part of the file and then touches its buffer, which is a mapping of that very part. To bring the page in, the same task has to wait for the lock that it holds itself, for ever.',
  story:
    'A program maps a page of a file and reads the same page with O_DIRECT into the mapping. Before 5.16 btrfs locks the range in the io_tree, keeps it locked until the bio has ended, and lets iomap pin the pages of the buffer. A page is absent, so get_user_pages() faults it in. It is a page of this file, so the fault reads it through the page cache, and to do that locks the same range in the io_tree. That lock is held by the very task that now waits for it.',
  seen: 'There is one task and one lock, and no other schedule that would help. Nothing is wrong with either half: reading holds its range so that nobody changes the extent under the bio, and a page fault has to read the page. What must not happen is a page fault in between. The fix forbids it: pinning the pages now fails with -EFAULT where it would fault, and btrfs gives the range back, faults the pages in, and tries again. What it does with the part that was submitted already is how the short reads of 5.16 came about.',
  leads: ['locks', 'buffer:A', 'strip:257'],
  fix: '51bd9563b678',
  commits: [
    {
      id: '51bd9563b678',
      subject: 'btrfs: fix deadlock due to page faults during direct IO reads and writes',
      role: 'fixes it (v5.16; 5.15.37)',
    },
  ],
  affected: 'All kernels before 5.16 (5.15.y: before 5.15.37 to 39) with direct I/O through iomap; fstests generic/647.',
  reproducer: [
    'fd  = open("f", O_RDWR | O_DIRECT);            /* 4096 bytes, not cached */',
    'map = mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE, fd, 0);',
    'pread(fd, map, 4096, 0);                       /* does not return */',
    '/* INFO: task ... blocked for more than 120 seconds. */',
  ],
  leavesOut: [
    'Readahead: a fault here reads the page that was touched; the kernel reads around it, so it deadlocks for neighbours as well.',
    'Memory pressure, which would drop pages of the mapping again and again between two tries.',
    'The message of the hung task detector, which comes after two minutes.',
    'Shared mappings: a store into one is a fault of its own kind (page_mkwrite).',
  ],
})
