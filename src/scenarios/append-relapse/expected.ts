import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'direct-io A.9, A.5',
  // Without checksums the write stays direct; until 6.10 the first bug does the same to it.
  violates: (has) => !has('ff66fe666233') && (has('bc264fea0f6f') || (has('8184620ae212') && !has('939b656bc8ab'))),
  oracles: ['A-O1', 'A-O2', 'A-O3'],
}
