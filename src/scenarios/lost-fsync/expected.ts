import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'direct-io A.1, 8184620ae212',
  violates: (has) => !has('8184620ae212'),
  oracles: ['W2'],
}
