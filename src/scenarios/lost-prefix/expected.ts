import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'direct-io A.5 row 3, section 4, b73a6fd1b1ef',
  violates: (has) => has('51bd9563b678') && !has('b73a6fd1b1ef') && !has('66ff4d366e7e') && !has('968f19c5b1b7'),
  oracles: ['W1'],
}
