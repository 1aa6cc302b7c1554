import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'ext4 0, presets; 1.1, column S',
  violates: (has) => !has('91562895f803'),
  oracles: ['O4'],
}
