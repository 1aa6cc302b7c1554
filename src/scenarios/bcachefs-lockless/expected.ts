import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'bcachefs-buffered-write 5 H1, 6, 7',
  violates: (has) => has('7e64c86cdc6c') && !has('e3e694094091') && !has('reduced') && !has('no-stale-truncate'),
  oracles: ['P1', 'P2', 'P3'],
  marks: {
    seen: ['reads [8M, 8256K) 64K (zeros)', 'task A'],
    because: 'bcachefs-buffered-write 5, H1: A removes the dirty folios of the append of B, whose 64K were acknowledged',
  },
}
