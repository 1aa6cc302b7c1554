/** What a user would notice of an outcome, in sentences. Computed from the outcome alone. */
import { range, size } from '../../base/range.ts'
import type { Outcome } from '../../engine/view.ts'
import { errnoName } from '../lib/errno.ts'

/** Of a log line, as much as a sentence has room for. */
const lineMax = 90

/** What reads find is told as zeros; what the file's maps have there is told as a hole or as unwritten. */
const zeros = (value: string): string => value.replace(/\b0\b/g, 'zeros')

/** `hole [0, 64K), data A [64K, 128K)`; preallocated space reads as zeros like a hole, but is none: it is unwritten. */
const layoutInWords = (layout: NonNullable<Outcome['layout']>): string =>
  layout.map(({ from, to, kind, source }) => `${kind === 'data' ? `data ${source}` : kind} ${range(from, to)}`).join(', ')

const contentInWords = (content: NonNullable<Outcome['content']>): string =>
  content.map(([from, to, value]) => `${range(from, to)} reads ${zeros(value)}`).join(', ')

/** `by`: what of the file matters, how it is laid out or what is read from it. */
export function describe(outcome: Outcome, by: 'layout' | 'content' = 'layout'): string[] {
  const returned = Object.entries(outcome.returns).map(([task, value]) =>
    value < 0 ? `${task} got -1 ${errnoName(value)}` : `${task} got ${size(value)}`,
  )
  const line = outcome.console.find((one) => /critical|error|csum failed|BUG|WARNING/.test(one))
  const count = outcome.console.length === 1 ? '' : `${outcome.console.length} lines, among them: `
  const file = by === 'layout' ? layoutInWords(outcome.layout ?? []) : contentInWords(outcome.content ?? [])
  return [
    `${returned.join(', ') || 'No call returned'}.`,
    ...(by === 'content' && typeof outcome.pos === 'number' ? [`The file position is ${size(outcome.pos)}.`] : []),
    ...(by === 'content' ? Object.entries(outcome.reads ?? {}).map(([task, found]) => `${task} read ${zeros(found)}.`) : []),
    outcome.size === null
      ? 'The power has failed and the file system is not mounted again: there is no file to look at.'
      : outcome.size === 0
        ? 'The file is empty.'
        : `The file is ${size(outcome.size)} long: ${file}.`,
    ...(line === undefined ? [] : [`dmesg: ${count}${line.length > lineMax ? `${line.slice(0, lineMax)}...` : line}`]),
  ]
}
