import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'direct-io C.4 P3; 6.1 D8 and the priority of errors in iomap_iter',
  // Since bc264fea0f6f the -ENOTBLK of btrfs_dio_iomap_end() hides the -EFAULT, and for that the submitter waits.
  violates: (has) =>
    !has('bc264fea0f6f') &&
    has('51bd9563b678') &&
    !has('79d3d1d12e6f') &&
    !has('wait-on-partial-read') &&
    (has('ee5b46a353af') || !has('ca93e44bfb5f')),
  oracles: ['C-O1', 'C-O5'],
  marks: {
    seen: ['request:S cqe->res = 4K'],
    because: 'direct-io C.5 row 2: the same result',
  },
}
