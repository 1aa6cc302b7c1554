import { K } from '../../base/range.ts'
import { holds, canViolate, can } from '../claim.ts'
import type { Notes } from '../notes.ts'

const facts = 'bcachefs-buffered-write'

export const notes: Notes = {
  threads: [
    {
      id: 'https://github.com/NixOS/nixpkgs/pull/321055#issuecomment-2184131334',
      says: 'the report: installer tests fail when the disk of the virtual machine lies on bcachefs',
    },
    {
      id: 'ieb2nptxxk2apxfijk3qcjoxlz5uitsl5jn6tigunjmuqmkrwm@le74h3edr6oy',
      says: "linux-fsdevel, linux-mm and linux-bcachefs, 26 August 2024: the author's call for ideas, with what had been tried",
    },
  ],
  tests: [{ id: 'generic/083', says: 'fills the file system; for it the clean-up of folios behind i_size was added in 2023' }],
  history: [
    {
      date: '2023-03',
      who: 'bcachefs maintainer',
      says: 'The write path learns to remove folios that a short extending write has left behind i_size. Every writer holds the inode lock.',
      ref: 'clean up post-eof folios on -ENOSPC',
    },
    {
      date: '2024-02-28',
      who: 'bcachefs maintainer',
      says: 'The lockless path is written: writes that do not change i_size go without the inode lock. The message links a discussion on linux-fsdevel of that month.',
      ref: '7e64c86cdc6c',
    },
    { date: '2024-03-15', who: 'Linux maintainer', says: 'It is merged for 6.9-rc1.', ref: 'tag bcachefs-2024-03-13' },
    {
      date: '2024-06-14',
      who: 'bcachefs maintainer',
      says: 'Buffered writes start to ask for large folios, in the same function; for 6.11-rc1. A change of its own.',
      ref: 'fgf_set_order',
    },
    {
      date: '2024-06-22',
      who: 'reporter',
      says: 'Tests of NixOS installer images fail with corrupt files: the temporary directory of the build daemon, and so the disk of the virtual machine, lies on bcachefs.',
      ref: 'NixOS/nixpkgs pull request 321055',
    },
    {
      date: '2024-07',
      who: 'bcachefs maintainer',
      says: 'Asks for ideas (the date is not exact): ranges of zeros, aligned to 4K; it looks as if dirty folios got dropped; only with QEMU; a patch cut down to skipping the inode lock still fails.',
      ref: 'linux-bcachefs/msg02509',
    },
    {
      date: '2024-08-31',
      who: 'bcachefs maintainer',
      says: 'Reverts the lockless path without having found the cause: the release is near and there is no time, though he would like to debug it fully.',
      ref: 'e3e694094091',
    },
    { date: '2024-09-01', who: 'Linux maintainer', says: '6.11-rc6 is released with the revert.', ref: 'v6.11-rc6' },
    {
      date: '2024-09-16',
      who: 'stable maintainer',
      says: 'The revert is queued for 6.10.11, with other bcachefs fixes. It takes 109 lines out of one file and adds 40.',
      ref: 'd1baf4eecbfd',
    },
    {
      date: '2024-10',
      who: 'bcachefs developers',
      says: 'First of several later fixes of data corruption nearby, none of them linked to this report: a folio that was not read when a write ran out of space. More follow until July 2026.',
      ref: 'generic/299, generic/363',
    },
    {
      date: '2026-08-22',
      who: 'we',
      says: 'Looked through the history up to here: no commit names a cause, and the lockless path has not come back.',
      ref: 'bcachefs-tools 32e133ac2aea',
    },
  ],
  variants: [
    {
      id: 'one-mib',
      says: 'A writes 1 MiB: folios can be created for all of it, so it never gives up',
      row: `${facts} 9 item 1`,
      asked: { settings: { write: '1M' } },
      claims: [holds],
    },
    {
      id: 'cached',
      says: "A's range is in the page cache: all folios are there to be locked",
      row: `${facts} 9 item 2`,
      asked: { settings: { cached: 'yes' } },
      claims: [holds],
    },
    {
      id: 'large-folio',
      says: '6.11-rc2, where folios may be large: an aligned write of 2 MiB is covered by one large folio',
      row: `${facts} 9 item 2`,
      asked: { kernel: '6.11-rc2', settings: { write: '2M' } },
      claims: [holds],
    },
    {
      id: 'small-folios',
      says: 'the same 2 MiB in 6.9, where folios are single pages',
      row: `${facts} 3.1 F1`,
      asked: { settings: { write: '2M' } },
      claims: [canViolate],
    },
    {
      id: 'size-first',
      says: 'B raises i_size before A compares it with last_folio_pos',
      row: `${facts} 9 item 3`,
      asked: {},
      schedule: { named: 'up' },
      claims: [holds],
    },
    {
      id: 'append-late',
      says: 'B begins when A has cleaned up: there is nothing to remove',
      row: `${facts} 9 item 4`,
      asked: {},
      schedule: { named: 'end' },
      claims: [holds],
    },
    {
      id: 'not-extending',
      says: 'B writes inside i_size: its folios lie below the end',
      row: `${facts} 9 item 5`,
      asked: { settings: { second: 'inside' } },
      claims: [holds],
    },
    {
      id: 'truncate',
      says: 'B truncates instead: it takes the pagecache lock in its blocking state',
      row: `${facts} 9 item 6`,
      asked: { settings: { second: 'truncate' } },
      claims: [holds],
    },
    {
      id: 'one-folio',
      says: 'A and B write other bytes of one folio, both without the inode lock: the folio lock puts them in order',
      row: `${facts} 9 item 7`,
      asked: { settings: { second: 'beside' } },
      claims: [holds],
    },
    {
      id: 'all-extend',
      says: 'both writes extend the file: both take the inode lock',
      row: `${facts} 9 item 8`,
      asked: { settings: { first: 'extends' } },
      claims: [holds],
    },
    {
      id: 'no-memory-later',
      says: 'A writes 64K only, but memory for its second half cannot be had: it gives up all the same',
      row: `${facts} 5`,
      asked: { settings: { write: '64K', alloc: 'later' } },
      claims: [canViolate],
    },
    {
      id: 'no-memory',
      says: "A gets no folio at all and returns -ENOMEM: the way out is the same, and B's data are lost",
      row: `${facts} 5`,
      asked: { settings: { alloc: 'first' } },
      claims: [
        {
          in: 'some',
          violates: 'any',
          outcome: ({ returns }) => returns['A'] === -12 && returns['B'] === 64 * K,
          says: 'A returns -ENOMEM',
        },
      ],
    },
    {
      id: 'reduced',
      says: "upstream's reduced patch has no early exit for large writes, so this does not happen there",
      row: `${facts} 5`,
      asked: { on: ['reduced'] },
      claims: [holds],
    },
    {
      id: 'reduced-no-memory',
      says: 'the reduced patch with an early exit of another kind: no memory for the first folio',
      row: `${facts} 5`,
      asked: { on: ['reduced'], settings: { alloc: 'first' } },
      claims: [{ in: 'some', violates: 'any', outcome: ({ returns }) => returns['A'] === -12, says: 'A returns -ENOMEM' }],
    },
    {
      id: 'one-line',
      says: "the one-line repair, ours and not upstream's: last_folio_pos begins with a value that never matches",
      row: `${facts} 6`,
      asked: { on: ['no-stale-truncate'] },
      claims: [holds],
    },
    {
      id: 'straddling',
      says: 'i_size in the middle of a folio: that folio stays and is zeroed from the old i_size on',
      row: `${facts} 5`,
      asked: { settings: { size: 'odd' } },
      claims: [canViolate],
    },
    {
      id: 'two-appends',
      says: 'one clean-up can swallow two appends: it goes on as long as it finds folios',
      row: `${facts} 5`,
      asked: { settings: { third: 'append' } },
      claims: [canViolate],
    },
    {
      id: 'written-back',
      says: "writeback may be faster: what is on disk already survives the removal of B's folios",
      row: `${facts} 2 V`,
      asked: { settings: { third: 'writeback' } },
      claims: [canViolate],
    },
    {
      id: 'size-race',
      says: 'i_size looked at again under the pagecache lock: a truncate in between cannot hurt a write of 1 MiB',
      row: `${facts} 4 item 1`,
      asked: { settings: { write: '1M', second: 'truncate' } },
      claims: [holds],
    },
    {
      id: 'size-race-unchecked',
      says: 'without that second look, an experiment of ours, the write ends behind i_size and runs into a BUG()',
      row: `${facts} 5`,
      asked: { on: ['no-size-recheck'], settings: { write: '1M', second: 'truncate' } },
      claims: [can('BUG')],
    },
    { id: 'before', says: '6.7, before the lockless path', row: `${facts} 3.3`, asked: { kernel: '6.7' }, claims: [holds] },
    { id: 'reverted', says: '6.10.11, with the revert', row: `${facts} 3.3`, asked: { kernel: '6.10.11' }, claims: [holds] },
  ],
  reasons: [
    {
      patch: '7e64c86cdc6c',
      says: 'Writers that do not change i_size no longer wait for each other. The facts at hand carry no measurement of what that gained.',
      scenario: null,
    },
  ],
  programs: [
    {
      file: 'bcachefs-h1.c',
      says: 'two threads, one file: overwrites uncached space and appends until an acknowledged block reads back as zeros',
    },
  ],
  corrections: [
    {
      said: 'The revert touches one file, fs-io-buffered.c.',
      is: 'That is the copy in the stable queue. The mainline commit also takes the internal error code need_inode_lock out of errcode.h.',
    },
    {
      said: 'It is undetermined whether write calls or dirty folios are dropped.',
      is: 'The call for ideas of the same summer says more: ranges of zeros, aligned to 4K, as if dirty folios were dropped.',
    },
    {
      said: 'The inode lock covers very little in the I/O paths.',
      is: 'Three things are kept apart by it alone: whole writes from each other, changes of i_size from other writers, and the clean-up of folios behind i_size. The third is what is broken here.',
    },
  ],
  board: {
    says: 'Upstream never found the cause. What is certain is the symptom, and that not taking the inode lock brings it about. Below: what was known or suspected, and what our hypothesis makes of it. It is real in the code as shipped; that it hit the users is not shown.',
    rows: [
      {
        known: 'Installer images built on NixOS come out corrupt; found by comparing hashes of files.',
        source: 'revert message; nixpkgs pull request 321055',
        verdict: 'explains',
        says: 'A growing qcow2 file takes appends and large overwrites of space that is not cached, from several threads: what this needs.',
      },
      {
        known: 'Only writes issued by QEMU are affected.',
        source: 'revert message',
        verdict: 'explains',
        says: 'Ordinary programs rarely mix writes of more than 1 MiB with appends to the same file in several threads.',
      },
      {
        known: 'Perhaps only in snapshot mode.',
        source: 'revert message; a guess',
        verdict: 'explains',
        says: 'A snapshot is a temporary overlay, which begins empty and grows; a disk image that does not grow has no appends to lose.',
      },
      {
        known: 'Undetermined whether write calls or dirty folios are dropped.',
        source: 'revert message',
        verdict: 'explains',
        says: 'Dirty folios: every write call succeeds, and its folios are removed from the page cache.',
      },
      {
        known: 'Ranges of zeros, aligned to 4K.',
        source: 'linux-bcachefs/msg02509',
        verdict: 'explains',
        says: 'Whole folios are removed, and what is behind them is a hole.',
      },
      {
        known:
          'The patch reduced to skipping the inode lock for writes that do not extend the file still fails; the logic for atomicity has nothing to do with it.',
        source: 'revert message; linux-bcachefs/msg02509',
        verdict: 'contradicts',
        says: 'The exit that goes wrong here belongs to that logic. In the reduced patch, as we read its description, only an error before the folios are there takes the same way: the variant without memory shows it.',
      },
      {
        known: "It does not reproduce with the minimal kernel configuration of ktest, but with the distribution's.",
        source: 'revert message',
        verdict: 'leaves open',
        says: 'Timing and memory pressure differ between the two; which option matters is unknown to us too.',
      },
      {
        known: 'Page migration or compaction is to blame.',
        source: 'suspected in linux-bcachefs/msg02509; withdrawn in the revert message as erroneous',
        verdict: 'leaves open',
        says: 'Not needed here. Where pages of the user buffer are unmapped for a moment, other things go wrong: see bcachefs-restart and bcachefs-offset; they leave no zeros.',
      },
      {
        known: 'It is not a race with truncate: the pagecache add lock guards against that.',
        source: 'linux-bcachefs/msg02509; revert message',
        verdict: 'explains',
        says: 'No truncate call takes part. The writer itself truncates the page cache, and the pagecache lock admits two who add.',
      },
      {
        known: 'The patch may have exposed an older bug.',
        source: 'revert message; a suspicion',
        verdict: 'explains',
        says: 'The clean-up is of 2023 and was right as long as every writer held the inode lock.',
      },
    ],
  },
  recordings: [],
}
