import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'ext4 0, presets; 1.1, column S',
  violates: (has) => !has('91562895f803'),
  oracles: ['O4'],
  marks: {
    seen: ['i_size at 0'],
    because: 'ext4 1.7, 1.8 O4: the O_SYNC write of 1M was acknowledged, and the mount finds an empty file',
  },
}
