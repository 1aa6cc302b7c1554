import type { Expected } from '../expected.ts'

export const expected: Expected = {
  row: 'fsync-log-tree 5.1, 6, 7.1',
  violates: (has) => !has('885f46d87f29') && !has('lock-whole-range'),
  oracles: ['O1', 'O6'],
  always: 'fsync-log-tree 0: since the design of the log tree',
  marks: {
    seen: [
      'log [640K, 768K) E (data)',
      'log [764K, 768K) Z (data)',
      'tree:log (257 EXTENT_DATA 655360)',
      'tree:log (257 EXTENT_DATA 782336)',
      'A: fsync(fd) = -1 EIO',
    ],
    because: 'fsync-log-tree 5.1, 7.1: the copied item [640K, 768K) and the new one at 764K overlap in the log, and fsync fails',
  },
}
