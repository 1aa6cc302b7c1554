/** How far one pass of a buffered read comes. The rows: facts page-cache 1 R2 to R3, 2 P3. */
import { expect, test } from 'vitest'
import { asked } from '../testing/asked.ts'

/** Which of these lengths A's read can have. */
const lengths = (of: readonly string[], lines: string): string[] => {
  const { answers } = asked(`on btrfs 6.1\n${lines}\n${of.map((one) => `sometimes A returns ${one}`).join('\n')}`)
  return of.filter((one) => answers[`sometimes A returns ${one}`] === 'reachable')
}

// The last two pages are a hole that is not in the cache; B puts them there, or A's own read does.
const cold = 'setup: pwrite -S a 0 8k\nsetup: truncate 16k\nsetup: sync\nA: pread 0 16k'

test('where a file is cut off a read ends at its old end, at its new one, or before a page that was not uptodate when it was looked for', () => {
  expect(lengths(['4k', '8k', '12k', '16k'], `${cold}\nB: pwrite -S X 0 16k\nB: truncate 4k`)).toEqual(['4k', '8k', '12k', '16k'])
})

test('pages that are uptodate are found in one pass: none of them is left out', () => {
  const warm = 'setup: pwrite -S a 0 16k\nsetup: sync\nA: pread 0 16k'
  expect(lengths(['4k', '8k', '12k', '16k'], `${warm}\nB: pwrite -S X 0 16k\nB: truncate 4k`)).toEqual(['4k', '16k'])
})

test('where nobody cuts the file off a read returns all of it, however many passes it takes', () => {
  expect(lengths(['4k', '8k', '12k', '16k'], `${cold}\nB: pwrite -S X 0 16k`)).toEqual(['16k'])
})
