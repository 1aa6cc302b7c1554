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
      says: 'The lockless path is written. Its comment explains the restart: a copy that comes back short would break the atomicity of writes.',
      ref: '7e64c86cdc6c',
    },
    { date: '2024-03-15', who: 'Linux maintainer', says: 'It is merged for 6.9-rc1.', ref: 'tag bcachefs-2024-03-13' },
    {
      date: '2024-07',
      who: 'bcachefs maintainer',
      says: 'Asks for ideas on the corruption (the date is not exact). A patch reduced to skipping the inode lock, without the restart, still fails.',
      ref: 'linux-bcachefs/msg02509',
    },
    {
      date: '2024-08-31',
      who: 'bcachefs maintainer',
      says: 'Reverts the lockless path, and with it the restart, for another reason: corruption whose cause was not found.',
      ref: 'e3e694094091',
    },
  ],
  variants: [
    {
      id: 'no-read',
      says: 'B only writes: that A comes last is then one of the two allowed ends',
      row: `${facts} 5`,
      asked: { settings: { looks: 'no' } },
      claims: [holds],
    },
    {
      id: 'beside',
      says: "B's bytes share a folio with A's, but no byte: only A's own bytes are copied again",
      row: `${facts} 9 item 7`,
      asked: { settings: { second: 'beside' } },
      claims: [holds],
    },
    {
      id: 'beside-uncached',
      says: 'the same with nothing cached: what was copied in part is undone',
      row: `${facts} 9 item 7`,
      asked: { settings: { second: 'beside', cached: 'no' } },
      claims: [holds],
    },
    {
      id: 'stays',
      says: "A's buffer stays mapped: copies are not short, so two writers without the inode lock cannot mix",
      row: `${facts} 4 item 2`,
      asked: { settings: { second: 'whole', buffer: 'stays' } },
      claims: [holds],
    },
    {
      id: 'after',
      says: 'B comes when A is done, restart and all',
      row: `${facts} 5`,
      asked: {},
      schedule: { named: 'end' },
      claims: [holds],
    },
    {
      id: 'large-folio',
      says: '6.11-rc2, nothing cached: one large folio, not uptodate, gets a part only; that is undone before anybody sees it',
      row: `${facts} 3.1 F7`,
      asked: { kernel: '6.11-rc2', settings: { cached: 'no' } },
      claims: [holds],
    },
    {
      id: 'whole',
      says: 'B writes over all of A: the restart makes A whole again, over B',
      row: `${facts} 5`,
      asked: { settings: { second: 'whole' } },
      claims: [canViolate],
    },
    {
      id: 'reduced',
      says: "upstream's reduced patch has no restart: a page that B wrote stays as B wrote it",
      row: `${facts} 5`,
      asked: { on: ['reduced'] },
      claims: [holds],
    },
    {
      id: 'mixed',
      says: 'the reduced patch, both write all of it: the first half is from B and the second from A, which no order of the two gives',
      row: `${facts} 5`,
      asked: { on: ['reduced'], settings: { second: 'whole', looks: 'no' } },
      claims: [canViolate],
    },
    {
      id: 'not-mixed',
      says: 'the lockless patch, the same: the restart does keep the writes whole',
      row: `${facts} 5`,
      asked: { settings: { second: 'whole', looks: 'no' } },
      claims: [holds],
    },
    {
      id: 'torn-read',
      says: 'with the inode lock: a reader may find half of a write, as in every version; that is no violation',
      row: `${facts} 5`,
      asked: { kernel: '6.11', settings: { second: 'whole', copy: 'halves' } },
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
      id: 'before',
      says: '6.7: B waits for the inode lock until A is done',
      row: `${facts} 3.3`,
      asked: { kernel: '6.7' },
      claims: [holds],
    },
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
      file: 'bcachefs-h3.c',
      says: 'two writers and a thread that keeps unmapping a part of the buffer, until a page is A, then B, then A again',
    },
  ],
  corrections: [
    {
      said: 'If a part of a write is done and the buffer is gone meanwhile, the write is restarted from its start, which keeps it atomic.',
      is: 'It keeps writes whole, but its first part takes effect twice. A thread that has seen it and written over it loses its write.',
    },
  ],
  recordings: [],
}
