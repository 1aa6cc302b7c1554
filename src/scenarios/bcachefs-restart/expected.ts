import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'bcachefs-buffered-write 5 H3, summary',
  violates: (has) => has('7e64c86cdc6c') && !has('e3e694094091') && !has('reduced'),
  oracles: ['P5-reads'],
}
