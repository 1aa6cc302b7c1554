import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'fsync-log-tree 5.2, 6, 7.2',
  violates: (has) => !has('885f46d87f29') && !has('lock-whole-range'),
  oracles: ['O2', 'O3', 'O4'],
  always: 'fsync-log-tree 0: since the design of the log tree',
  marks: {
    seen: ['subvol [640K, 644K) Y (data)', 'crash [640K, 644K) Y (data)'],
    because: 'fsync-log-tree 5.2, 7.2: the punched Y is back in the one page of the store, as the log says nothing of it',
  },
}
