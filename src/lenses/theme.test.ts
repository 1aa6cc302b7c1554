import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hueIndex, huesOf } from './hue.ts'

const css = readFileSync(new URL('theme.css', import.meta.url), 'utf8')

/** The colours that a rule sets. */
function tokens(selector: string): Record<string, string> {
  const at = css.indexOf(`${selector} {`)
  const body = css.slice(at, css.indexOf('}', at))
  return Object.fromEntries([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]))
}

type Rgb = [number, number, number]
const linear = (hex: string): Rgb =>
  [1, 3, 5]
    .map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as Rgb
const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(linear(a)), luminance(linear(b))]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

const themes = { light: tokens(':root'), dark: tokens("[data-theme='dark']") }

describe.each(Object.entries(themes))('the %s theme', (_, theme) => {
  it.each(['ink', 'ink-2', 'neutral', 'damage', ...Array.from({ length: 8 }, (_, i) => `task-${i + 1}`)])(
    'lets %s be read on paper (4.5:1)',
    (name) => {
      expect(contrast(theme[name] ?? '', theme['paper'] ?? '')).toBeGreaterThanOrEqual(4.5)
    },
  )

  it.each(['ink', 'ink-2'])('lets %s be read on the darker paper too', (name) => {
    expect(contrast(theme[name] ?? '', theme['paper-2'] ?? '')).toBeGreaterThanOrEqual(4.5)
  })
})

/** How a colour looks to dichromats (Vienot 1999, in linear RGB): red and green merge. */
const seen: Readonly<Record<string, (c: Rgb) => Rgb>> = {
  'every cone': (c) => c,
  'no red cones': ([r, g, b]) => [0.11238 * r + 0.88762 * g, 0.11238 * r + 0.88762 * g, 0.00401 * r - 0.00401 * g + b],
  'no green cones': ([r, g, b]) => [0.29275 * r + 0.70725 * g, 0.29275 * r + 0.70725 * g, -0.02234 * r + 0.02234 * g + b],
}
function lab(c: Rgb): Rgb {
  const [r, g, b] = c
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116)
  const [x, y, z] = [
    f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505),
    f(0.2126 * r + 0.7152 * g + 0.0722 * b),
    f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089),
  ]
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}
const distance = (a: Rgb, b: Rgb) => Math.hypot(...a.map((v, i) => v - (b[i] ?? 0)))

describe.each(Object.entries(seen))('to an eye with %s', (_, see) => {
  it.each(Object.entries(themes))('the tasks that most runs have (A, B, C, a) look different in the %s theme', (_, theme) => {
    const colours = ['A', 'B', 'C', 'a'].map((letter) => lab(see(linear(theme[`task-${hueIndex(letter)}`] ?? ''))))
    colours.forEach((one, i) => colours.slice(i + 1).forEach((other) => expect(distance(one, other)).toBeGreaterThan(11)))
  })
})

describe('hues', () => {
  it('are set alike for the choice of dark and for the preference of the machine', () => {
    expect(tokens(':root:not([data-theme])')).toEqual(themes.dark)
  })

  it('differ for the first four declared and the first four spawned tasks', () => {
    expect(new Set([...'ABCDabcd'].map(hueIndex)).size).toBe(8)
  })

  it('of eight tasks that meet all differ, also where their own would not', () => {
    // I would take the hue of A, and the fifth that A spawns the hue of A again.
    const tasks = ['A', 'B', 'I', 'a', 'aa', 'ab', 'ac', 'ad']
    const moved = huesOf(tasks) as Readonly<Record<string, string>>
    const hueOf = (task: string): string => moved[`--hue-${task}`] ?? `var(--task-${hueIndex(task)})`
    expect(new Set(tasks.map(hueOf)).size).toBe(8)
    expect(hueOf('A')).toBe('var(--task-1)')
  })
})
