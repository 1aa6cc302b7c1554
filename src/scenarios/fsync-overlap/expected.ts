import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'fsync-log-tree 5.1, 6, 7.1',
  violates: (has) => !has('885f46d87f29') && !has('lock-whole-range'),
  oracles: ['O1', 'O6'],
}
