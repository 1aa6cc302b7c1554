import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'bcachefs-buffered-write 5 H3, summary',
  violates: (has) => has('7e64c86cdc6c') && !has('e3e694094091') && !has('reduced'),
  oracles: ['P5-reads'],
  unheard: 'found by reading the code',
  marks: {
    seen: ['reads [0, 4K) A (data)'],
    because: 'bcachefs-buffered-write 5, H3: A is applied again over B, which had been written and read since',
  },
}
