import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'direct-io section 4, 51bd9563b678',
  violates: (has) => !has('51bd9563b678'),
  oracles: ['deadlock'],
  always: 'direct-io section 4: since direct I/O takes its pages under a lock',
  marks: {
    seen: ['io:A:0, exclusive', 'task A'],
    because: 'direct-io 6.3, section 4 (generic/647): A faults in a page whose range it has locked itself, and waits for ever',
  },
}
