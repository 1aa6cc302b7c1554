import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'direct-io section 4, 51bd9563b678',
  violates: (has) => !has('51bd9563b678'),
  oracles: ['deadlock'],
}
