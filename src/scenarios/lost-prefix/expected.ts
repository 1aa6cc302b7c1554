import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'direct-io A.5 row 3, section 4, b73a6fd1b1ef',
  violates: (has) => has('51bd9563b678') && !has('b73a6fd1b1ef') && !has('66ff4d366e7e') && !has('968f19c5b1b7'),
  oracles: ['W1'],
  marks: {
    seen: ['subvol [0, 16K) 16K (hole)'],
    because: 'direct-io A.5 row 3: the first four pages, which were on the disk, are dropped with the rest that failed',
  },
}
