/** What of the page goes into a picture, and where: title, story, pictures, timeline, and below them the address. */
import { marksOf } from './draw.ts'
import type { Sheet } from './sheet.ts'

/** A slide. */
export const slide = { width: 1920, height: 1080 } as const

const gap = 8
const margin = 16

export interface Composed {
  readonly marks: readonly string[]
  /** The part of the drawing that fills the slide, in the page's own pixels. */
  readonly viewBox: string
}

/** Of a run and of a comparison, in the order in which they stand on the page. */
const parts = [
  'h1',
  'main > .story-row',
  '.comparison .diverged',
  '.comparison .compare',
  'main > .stage',
  '.stage-other',
  'main > .run-timeline',
]

/** Draws the moment that is shown; in light colours whatever the page has, since paper and slides are light. */
export function compose(sheet: Sheet, address: string): Composed {
  return inLight(() => {
    const found = parts.flatMap((query) => [...document.querySelectorAll(`.scenario ${query}`)])
    const boxes = found.map((part) => ({ part, ...sizeOf(part) })).filter(({ height }) => height > 0)
    const wide = Math.max(320, ...boxes.map(({ width }) => width))
    const letter = Math.max(12, wide / 90)
    const high = boxes.reduce((sum, { height }) => sum + height + gap, 0) + letter * 1.6
    const width = Math.max(wide + 2 * margin, ((high + 2 * margin) * slide.width) / slide.height)
    const height = (width * slide.height) / slide.width
    const x = (width - wide) / 2
    let y = (height - high) / 2
    const style = getComputedStyle(document.documentElement)
    const paper = sheet.nameOf({ fill: style.getPropertyValue('--paper').trim() })
    const marks = [`<rect class="${paper}" width="${Math.ceil(width)}" height="${Math.ceil(height)}"/>`]
    for (const { part, height: own } of boxes) {
      marks.push(...marksOf(part, x, y, sheet))
      y += own + gap
    }
    const face = { 'font-family': style.getPropertyValue('--mono').trim().replaceAll('"', "'"), 'font-size': `${letter.toFixed(1)}px` }
    const name = sheet.nameOf({ fill: style.getPropertyValue('--ink-2').trim(), ...face })
    marks.push(
      `<text class="${name}" x="${x.toFixed(1)}" y="${(y + letter * 1.1).toFixed(1)}">${escape(`${address}  (a model, not the kernel)`)}</text>`,
    )
    return { marks, viewBox: `0 0 ${width.toFixed(1)} ${height.toFixed(1)}` }
  })
}

const sizeOf = (part: Element): { readonly width: number; readonly height: number } => {
  const { width, height } = part.getBoundingClientRect()
  return { width, height }
}

/** Nothing is painted in between: whoever looks at the page sees nothing of it. */
function inLight<T>(draw: () => T): T {
  const { dataset } = document.documentElement
  const { theme, motion } = dataset
  dataset['theme'] = 'light'
  // A colour that is on its way is of neither theme.
  dataset['motion'] = 'none'
  try {
    return draw()
  } finally {
    if (theme === undefined) delete dataset['theme']
    else dataset['theme'] = theme
    if (motion === undefined) delete dataset['motion']
    else dataset['motion'] = motion
  }
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
