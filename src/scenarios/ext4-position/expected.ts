import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'ext4 0, presets; 1.1, column P',
  violates: (has) => has('91562895f803') && !has('936e114a245b'),
  oracles: ['O1', 'O3'],
}
