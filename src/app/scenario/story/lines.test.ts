/** Held against the widths of IBM Plex Sans at 600, as a canvas measures them. */
import { expect, it } from 'vitest'
import { linesIn } from './lines.ts'

it('counts as many lines as a browser makes, in widths that are not on the edge', () => {
  const long = 'Power failure and mount: the log is replayed, and where it says nothing the file is as it was committed: Y in [640K, 644K).'
  // 55.9 times the size of the type in one line.
  expect([34, 50, 62, 130].map((width) => linesIn(long, width))).toEqual([2, 2, 1, 1])
})

it('breaks between words alone', () => {
  expect(linesIn('__bch2_buffered_write()', 3)).toBe(1)
  expect(linesIn('', 3)).toBe(1)
})
