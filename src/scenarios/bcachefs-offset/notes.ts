import { holds, canViolate } from '../claim.ts'
import type { Notes } from '../notes.ts'

const facts = 'bcachefs-buffered-write'

export const notes: Notes = {
  threads: [],
  tests: [],
  history: [
    {
      date: '2024-02-28',
      who: 'bcachefs maintainer',
      says: 'The lockless path is written. Its comment explains written2: what was really written may not be denied if the restart fails.',
      ref: '7e64c86cdc6c',
    },
    { date: '2024-03-15', who: 'Linux maintainer', says: 'It is merged for 6.9-rc1.', ref: 'tag bcachefs-2024-03-13' },
    {
      date: '2024-08-31',
      who: 'bcachefs maintainer',
      says: 'Reverts the lockless path, and with it the second counter, for another reason: corruption whose cause was not found.',
      ref: 'e3e694094091',
    },
  ],
  variants: [
    {
      id: 'next-write',
      says: 'another write(2) to the same descriptor: it lands on top of the 64K that were reported as written',
      row: `${facts} 5`,
      asked: { settings: { next: 'yes' } },
      claims: [canViolate],
    },
    {
      id: 'pwrite',
      says: 'pwrite(2) moves no position, so nothing can disagree',
      row: `${facts} 5`,
      asked: { settings: { call: 'pwrite', next: 'yes' } },
      claims: [holds],
    },
    {
      id: 'restarted',
      says: 'the second attempt succeeds: both counters end at 128K',
      row: `${facts} 3.2`,
      asked: {},
      schedule: { named: 'end' },
      claims: [holds],
    },
    {
      id: 'reduced',
      says: "upstream's reduced patch has no restart and one counter",
      row: `${facts} 5`,
      asked: { on: ['reduced'] },
      claims: [holds],
    },
    {
      id: 'one-line',
      says: 'the one-line repair of bcachefs-lockless does nothing about this',
      row: `${facts} 6`,
      asked: { on: ['no-stale-truncate'] },
      claims: [canViolate],
    },
    {
      id: 'reverted',
      says: '6.10.11: a short copy goes on where it stopped, and the position moves by what is returned',
      row: `${facts} 3.3`,
      asked: { kernel: '6.10.11', settings: { next: 'yes' } },
      claims: [holds],
    },
    { id: 'before', says: '6.7, before the lockless path', row: `${facts} 3.3`, asked: { kernel: '6.7' }, claims: [holds] },
  ],
  reasons: [
    {
      patch: '7e64c86cdc6c',
      says: 'Writers that do not change i_size no longer wait for each other. The facts at hand carry no measurement of what that gained.',
      scenario: null,
    },
  ],
  programs: [
    { file: 'bcachefs-h5.c', says: 'writes while another thread unmaps the buffer, and compares what write() returned with lseek()' },
  ],
  corrections: [
    {
      said: 'If the restarted write fails, the caller is told of the bytes that the first attempt wrote.',
      is: 'The count tells of them; the file position does not move past them.',
    },
  ],
  recordings: [],
}
