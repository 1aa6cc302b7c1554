import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'fsync-log-tree 5.2, 6, 7.2',
  violates: (has) => !has('885f46d87f29') && !has('lock-whole-range'),
  oracles: ['O2', 'O3', 'O4'],
}
