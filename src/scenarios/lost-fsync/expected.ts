import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'direct-io A.1, 8184620ae212',
  violates: (has) => !has('8184620ae212'),
  oracles: ['W2'],
  marks: {
    seen: ['i_size at 0'],
    because: 'direct-io A.1, 6.1 D12: the O_DSYNC write was reported before it was synced, and the mount finds an empty file',
  },
}
