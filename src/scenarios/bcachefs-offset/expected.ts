import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'bcachefs-buffered-write 5 H5',
  violates: (has) => has('7e64c86cdc6c') && !has('e3e694094091') && !has('reduced'),
  oracles: ['P4'],
  unheard: 'found by reading the code',
  marks: {
    seen: ['file:fd f_pos = 0'],
    because: 'bcachefs-buffered-write 5, H5: write() returns 64K and the file position stays where it was',
  },
}
