import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'direct-io C.3, C.4, C.5',
  violates: (has) => has('51bd9563b678') && !has('ca93e44bfb5f') && !has('79d3d1d12e6f') && !has('wait-on-partial-read'),
  oracles: ['C-O1', 'C-O5'],
  marks: {
    seen: ['request:S cqe->res = 4K'],
    because: 'direct-io C.5: cqe->res 4096 instead of 8192',
  },
}
