import { expect, it } from 'vitest'
import { clipped, sansWidth } from './text-width.ts'

// Advances of IBM Plex Sans at 100 px, measured in a browser: regular, then bold.
const measured: readonly (readonly [string, number, number])[] = [
  ['worker that finishes [0, 64K)', 1275, 1320],
  ['io_submit(pwrite, 64K at 0)', 1224, 1263],
  ['pwrite(fd, buf, 4K, 0), O_DIRECT', 1445, 1497],
  ['MMMMwwww', 632, 656],
]

it('takes no text for narrower than it is drawn, and no name for more than an eighth wider', () => {
  for (const [text, regular, bold] of measured) {
    expect(sansWidth(text)).toBeGreaterThanOrEqual(regular * 0.11)
    expect(sansWidth(text, true)).toBeGreaterThanOrEqual(bold * 0.11)
  }
  for (const [name, regular] of measured.filter(([text]) => text.includes(' ')))
    expect(sansWidth(name)).toBeLessThan(regular * 0.11 * 1.125)
})

it('cuts a text only where it has no room, and then to what has', () => {
  const name = 'worker that finishes [0, 64K)'
  expect(clipped(name, sansWidth(name))).toBe(name)
  const cut = clipped(name, 100)
  expect(cut).toMatch(/^worker that .*\u2026$/)
  expect(sansWidth(cut)).toBeLessThanOrEqual(100)
  expect(clipped(name, 0)).toBe('\u2026')
})
