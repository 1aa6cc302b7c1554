import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'direct-io A.8 A-3',
  // Where the fix was backported beside 968f19c5b1b7, the write goes through the page cache and no dio is completed.
  violates: (has) => has('939b656bc8ab') && !has('cd9253c23aed') && !has('968f19c5b1b7'),
  // With O_DSYNC the write may wait for a lock that a task stopped by the assertion never gives back.
  oracles: ['A-O8', 'A-O10', 'A-O11', 'deadlock'],
}
