import { holds, canViolate, alwaysViolates } from '../claim.ts'
import type { Notes } from '../notes.ts'

export const notes: Notes = {
  threads: [
    {
      id: 'e6366328b37847ce815502beaeaf2cce7a9af874.1631096590.git.fdmanana@suse.com',
      says: 'the fix, first version, with the traces of both hung tasks',
    },
    {
      id: 'de657e3fdce0a0b84d150f7e01aa815fcae4e365.1635154399.git.fdmanana@suse.com',
      says: 'second version: a read that makes no progress goes through the page cache',
    },
    {
      id: 'https://lore.kernel.org/linux-fsdevel/20211019134204.3382645-1-agruenba@redhat.com/',
      says: 'what it is built on: page faults can be refused, and iomap can keep a partial result; made for gfs2',
    },
    {
      id: '20211024091701.8ED1.409509F4@e16-tech.com',
      says: 'is generic/647 a known failure? The same hang, seen by a tester on 5.15-rc4',
    },
  ],
  tests: [{ id: 'generic/647', says: 'this deadlock: direct reads and writes whose buffer is a mapping of the file' }],
  history: [
    {
      date: '2021-09-08',
      who: 'btrfs developer',
      says: 'Posts the fix, with traces of a read and of a write that hang in the new test generic/647 on 5.14-rc7.',
      ref: 'e6366328b37847ce815502beaeaf2cce7a9af874.1631096590.git.fdmanana@suse.com',
    },
    {
      date: '2021-10-23',
      who: 'tester',
      says: 'Finds the test hanging on 5.15-rc4, in a read, and asks whether that is known.',
      ref: '20211024091701.8ED1.409509F4@e16-tech.com',
    },
    {
      date: '2021-10-25',
      who: 'btrfs developer',
      says: 'Second version: a read whose pages keep going away falls back to the page cache.',
      ref: 'de657e3fdce0a0b84d150f7e01aa815fcae4e365.1635154399.git.fdmanana@suse.com',
    },
    { date: '2021-11', who: 'btrfs maintainer', says: 'It is merged for 5.16.', ref: '51bd9563b678' },
    { date: '2022-02-28', who: 'btrfs developer', says: 'Its partial results turn out to cut NOWAIT reads short.', ref: 'ca93e44bfb5f' },
    {
      date: '2022-05',
      who: 'stable',
      says: 'Between 5.15.36 and 5.15.39 it comes to 5.15.y, together with the fix for the short reads.',
      ref: '5.15.37 to 5.15.39',
    },
  ],
  variants: [
    {
      id: 'write',
      says: 'a direct write from the mapping: the fault waits for the ordered extent of that very write, which has no data yet',
      row: 'direct-io section 4; 6.2 item 9',
      asked: { settings: { call: 'pwrite' } },
      claims: [alwaysViolates],
    },
    {
      id: 'write-touched',
      says: 'having touched the mapping does not help a write: iomap drops the pages of the range, and the mapping loses them',
      row: 'direct-io 6.2 item 9',
      asked: { settings: { call: 'pwrite', touched: 'yes' } },
      claims: [alwaysViolates],
    },
    {
      id: 'touched',
      says: 'a read into a mapping that was touched: nothing faults',
      row: 'direct-io 6.3',
      asked: { settings: { touched: 'yes' } },
      claims: [holds],
    },
    {
      id: 'anon',
      says: 'ordinary memory faults just as much, but needs no lock for it',
      row: 'direct-io 6.3',
      asked: { settings: { memory: 'anon' } },
      claims: [holds],
    },
    {
      id: 'two',
      says: 'two readers, each with a mapping of what the other reads: only if both hold their range before either faults',
      row: 'direct-io 6.3',
      asked: { settings: { callers: 'two' } },
      claims: [canViolate],
    },
    {
      id: 'two-fixed',
      says: 'the same two on 5.16: they fault without holding a range',
      row: 'direct-io 6.3',
      asked: { kernel: '5.16', settings: { callers: 'two' } },
      claims: [holds],
    },
    {
      id: 'write-fixed',
      says: 'the write on 5.16: every try drops the pages again, so after one retry it goes through the page cache',
      row: 'direct-io 6.2 item 9',
      asked: { kernel: '5.16', settings: { call: 'pwrite' } },
      claims: [holds],
    },
  ],
  reasons: [],
  programs: [
    {
      file: 'dio-mmap-deadlock.c',
      says: 'lets a child read or write with a mapping of the same page as its buffer, and says whether the call came back',
    },
  ],
  corrections: [],
  recordings: [],
}
