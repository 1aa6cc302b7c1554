/** Pictures in words: what a screen reader says of a drawing, and what a tooltip says of one part. */
import { range, size } from '../base/range.ts'
import type { ExtentStrip, Fill, Span } from '../picture/picture.ts'
import { sharedBytes } from '../picture/history.ts'

/** The words for states; nothing else is said of what a span is. */
export const fillWords: Readonly<Record<Fill, string>> = {
  data: 'data',
  dirty: 'dirty',
  writeback: 'writeback',
  clean: 'clean',
  new: 'not uptodate',
  unwritten: 'unwritten',
  hole: 'hole',
  zeros: 'zeros',
  pending: 'pending',
  done: 'I/O done',
  failed: 'failed',
  locked: 'locked',
  unknown: 'unknown',
}

/** Drawn as nothing with a size: no content is there to be named. */
export const isGap = (fill: Fill): boolean => fill === 'hole' || fill === 'zeros'

/**
 * What stands for the word where it has no room; data and gaps need nothing. With a dot, as abbreviations have one: by itself a
 * letter is a task or a stamp.
 */
export const fillShort: Readonly<Record<Fill, string | null>> = {
  data: null,
  dirty: 'd.',
  writeback: 'w.',
  clean: 'c.',
  new: 'n.',
  unwritten: 'u.',
  hole: null,
  zeros: null,
  pending: 'p.',
  done: 'i.',
  failed: 'f.',
  locked: 'l.',
  unknown: '?',
}

/** `E data [640K, 764K)`, with a word for damage. */
export function spanInWords(span: Span): string {
  const length = isGap(span.fill) ? ` of ${size(span.to - span.from)}` : ''
  const task = span.task !== null && span.task !== span.label ? `by ${span.task}` : null
  const parts = [
    isGap(span.fill) ? null : span.label,
    `${fillWords[span.fill]}${length}`,
    range(span.from, span.to),
    task,
    span.damaged ? 'damaged' : null,
  ]
  return parts.filter((part) => part !== null).join(' ')
}

/** The whole strip as sentences, lane by lane. */
export function stripInWords(strip: ExtentStrip): string {
  const lanes = strip.lanes.map((lane) => {
    const spans = lane.spans.length === 0 ? 'nothing' : lane.spans.map(spanInWords).join(', ')
    const shared = sharedBytes(lane.spans).map((part) => `overlap on ${range(part.from, part.to)}`)
    return `${lane.title}: ${[spans, ...shared].join(', ')}.`
  })
  const markers = strip.markers.map(({ task, name, at, damaged }) => `${markerInWords(task, name, at)}${damaged ? ' damaged' : ''}`)
  return [`${strip.title}.`, ...lanes, markers.length > 0 ? `${markers.join(', ')}.` : ''].filter(Boolean).join(' ')
}

/** `A ki_pos 64K` */
export const markerInWords = (task: string | null, name: string, at: number): string =>
  `${task && !name.startsWith(task) ? `${task} ` : ''}${name} ${size(at)}`
