/** Fixes of upstream's that change what one file shows: the same scene on the release before, and with the fix alone. */
import { expect, test } from 'vitest'
import { asked } from '../testing/asked.ts'

/** The answers of one scene, in the order of its facts, by kernel. */
const on = (kernels: readonly string[], lines: string): string[][] =>
  kernels.map((kernel) => Object.values<string>(asked(`on btrfs ${kernel}\n${lines}`).answers))

// Commit message of da2dccd7451d: a write beyond the end of the file, but in its last block, leaves what a mapping stored in between.
test('da2dccd7451d: bytes between the old end of the file and a write in the same block are zeros', () => {
  const lines =
    'setup: pwrite -S O 0 5000\nsetup: mmap -w 0 8k\nsetup: mwrite -S M 5000 1000\nA: pwrite -S N 6000 100\nalways zeros [5000,6000)\nnever data [5000,6000) M'
  expect(on(['6.1', '6.1 +da2dccd7451d', '6.12.117'], lines)).toEqual([
    ['broken', 'broken'],
    ['holds', 'holds'],
    ['holds', 'holds'],
  ])
})

// More-bugs 1.4, 1.7: the first attempt of a direct write from absent memory is a failed ordered extent, whose map a fast fsync logs.
test('f13e01b89daf: a fast fsync logs no extent that a failed write has left behind', () => {
  const lines =
    'setup: pwrite -S X 0 4k\nsetup: fsync\nsetup: sync\nA: open -d foo\nA: pwrite -S N 0 4k -- buf absent\nB: fsync\nmay power\nnever after power csum error'
  expect(on(['6.9', '6.9 +f13e01b89daf'], lines)).toEqual([['broken'], ['holds']])
})

// Facts fsync-log-tree 3.10, derived: the failed attempt's map stood in the place of one that no fsync had logged yet.
test.runIf(process.env['LONG'] === '1')(
  'a direct write that fails takes what an fsync had to log with it, on 6.1',
  { timeout: 300_000 },
  () => {
    const lines =
      'setup: pwrite -S X 0 4k\nsetup: fsync\nsetup: sync\nA: open -d foo\nA: pwrite 0 4k -- buf absent\nB: pwrite 0 4k -- dsync\nmay power'
    expect(asked(`on btrfs 6.1 +log-before-skip +f13e01b89daf\n${lines}`).rules).toContain('O4')
    expect(asked(`on btrfs 6.11 +log-before-skip\n${lines}`).rules).toEqual([])
  },
)
