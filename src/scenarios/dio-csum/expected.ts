import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'direct-io B.3, B.4, B.5',
  violates: (has) => !has('968f19c5b1b7') && (has('never-checksum') || !has('bounce')),
  oracles: ['B-O1', 'B-O2'],
}
