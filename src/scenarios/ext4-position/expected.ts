import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'ext4 0, presets; 1.1, column P',
  violates: (has) => has('91562895f803') && !has('936e114a245b'),
  oracles: ['O1', 'O3'],
  marks: {
    seen: ['blocks [0, 4K) B (data)', 'file:fd f_pos = 0'],
    because: 'ext4 1.7 row 1, 1.8 O1, O3: the position of the descriptor is 0, and both writes went to [0, 4K), which has B',
  },
}
