/**
 * A run as text for a mail: the genres that kernel people write by hand. ASCII, spaces only, lines no wider than asked (but for
 * `Fixes:` tags, which stay whole), no trailing blanks. The page, the command line and the pages for readers without scripts have it
 * from here.
 */
import { beforeAfter } from './before-after.ts'
import { cpu } from './cpu.ts'
import { fiemap } from './fiemap.ts'
import { filefrag } from './filefrag.ts'
import { leaf } from './leaf.ts'
import { letters } from './letters.ts'
import { ascii, fill } from './lines.ts'
import { log } from './log.ts'
import { page, type About } from './page.ts'
import { kernelOf, type Chosen, type Side } from './side.ts'
import { steps } from './steps.ts'
import { strip } from './strip.ts'
import type { Wanted } from './wanted.ts'
import { why } from './why.ts'

const ofOneRun = { steps, cpu, strip, leaf, fiemap, filefrag, log, letters, why } as const
type OfOneRun = keyof typeof ofOneRun

/** One run, or two that are compared. */
export interface TextSource {
  readonly left: Side
  readonly right: Side | null
  /** Where the two part, in words; null if they do not, or there is one. */
  readonly parted: string | null
  /** Which state of the right belongs to a state of the left. */
  readonly across: (state: number) => number
  readonly about: About
}

/** The text, with a line feed at the end of each line. */
export function textOf({ left, right, parted, across, about }: TextSource, wanted: Wanted): string {
  const { genre, width, level } = wanted
  const last = left.view.steps.length
  const to = Math.min(wanted.to ?? last, last)
  const from = Math.min(wanted.from ?? 1, to + 1)
  const chosen: Chosen = { width, level, from, to }
  const there: Chosen = {
    ...chosen,
    from: wanted.from === null ? 1 : across(from - 1) + 1,
    to: wanted.to === null ? (right?.view.steps.length ?? to) : across(to),
  }
  const one = (side: Side, part: Chosen): string[] => (genre === 'page' ? page(side, part, about) : ofOneRun[genre as OfOneRun](side, part))
  const lines =
    genre === 'before-after'
      ? beforeAfter(
          right
            ? [
                [left, chosen],
                [right, there],
              ]
            : [[left, chosen]],
        )
      : right === null
        ? one(left, chosen)
        : [
            ...(parted === null ? [] : [...fill(parted, width), '']),
            ...titled('left', left, chosen),
            ...one(left, chosen),
            '',
            ...titled('right', right, there),
            ...one(right, there),
          ]
  return lines.map((line) => `${ascii(line).trimEnd()}\n`).join('')
}

/** Which of the two, as the sentence that says where they part calls it. */
const titled = (name: string, { view }: Side, { width }: Chosen): string[] => [
  `=== ${name} ===`,
  ...fill(`Linux ${kernelOf(view)} (model)`, width),
  '',
]
