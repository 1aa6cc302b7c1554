import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'direct-io A.8 A-2',
  violates: (has) => has('939b656bc8ab') && !has('e0391e92f9ab'),
  oracles: ['A-O6', 'A-O7', 'A-O8', 'deadlock'],
}
