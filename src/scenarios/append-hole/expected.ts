import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'direct-io section 0, A.4, A.5, A.9',
  // The file has checksums: with 968f19c5b1b7 the write never gets to the direct path. Without it the retry at the top is
  // wrong unless i_size was put back, and from bc264fea0f6f on the buffered fallback is as wrong.
  violates: (has) =>
    !has('968f19c5b1b7') &&
    !has('ff66fe666233') &&
    ((has('8184620ae212') && !has('939b656bc8ab') && !has('skip-checks-on-retry')) || has('bc264fea0f6f')),
  oracles: ['A-O1', 'A-O2', 'A-O3'],
}
