import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'direct-io B.3, B.4, B.5',
  violates: (has) => !has('968f19c5b1b7') && (has('never-checksum') || !has('bounce')),
  oracles: ['B-O1', 'B-O2'],
  always: 'direct-io 0: since there are checksums',
  marks: {
    seen: ['found1 [0, 4K) 0x8941f998 (data)', 'csums [0, 4K) 0x13fec125 (data)'],
    because:
      'direct-io B.5: the checksum of what was in memory first, beside that of what was when the disk read it; neither is wrong by itself',
  },
}
