/** An outcome in words. */
import type { Extent, Outcome } from '../../../engine/view.ts'
import { range, size } from '../../../base/range.ts'
import type { Plain } from '../../../base/plain.ts'
import { waitInWords } from '../../../lenses/timeline.ts'

/** One row of an outcome: its name and its parts in words, in order; null where the scenario has no such thing. */
export type OutcomeRow = readonly [name: string, parts: readonly string[] | null]

/** What a user sees at the end, in words, in the order in which one would look. */
export function outcomeRows(outcome: Outcome): readonly OutcomeRow[] {
  const { stuck, returns, reads, size: length, pos, layout, content, log, console: lines, after } = outcome
  return [
    ['waits for ever', stuck && stuck.map(({ task, on, heldBy }) => `${task}, ${waitInWords({ on, heldBy }).replace('waits ', '')}`)],
    ['returns', byTask(returns, String)],
    ['reads', reads && byTask(reads, String)],
    ['i_size', length === null ? null : [amount(length)]],
    ['file position', pos === null ? null : typeof pos === 'number' ? [amount(pos)] : byTask(pos, amount)],
    ['layout', layout && layout.map(extent)],
    ['content', content && content.map(([from, to, value]) => `${range(from, to)} ${value}`)],
    ['log', log && log.map(logged)],
    ['console', lines.length > 0 ? lines : null],
    ['after a crash', after === null ? null : plainly(after)],
  ]
}

/** What stands between two parts of a row. */
export const between = (name: string): string =>
  name === 'console' ? '\n' : name === 'waits for ever' || name === 'after a crash' ? '; ' : ', '

function byTask<T>(values: Readonly<Record<string, T>>, inWords: (value: T) => string): readonly string[] | null {
  const parts = Object.entries(values).map(([task, value]) => `${task}: ${inWords(value)}`)
  return parts.length > 0 ? parts : null
}

function logged([offset, kind, source, at, length]: NonNullable<Outcome['log']>[number]): string {
  return `${size(offset)} ${kind}${source === null ? '' : ` ${source}+${size(at)}`} ${size(length)}`
}

const amount = (bytes: number): string => (size(bytes) === String(bytes) ? String(bytes) : `${bytes} (${size(bytes)})`)
const extent = ({ from, to, kind, source }: Extent): string => `${range(from, to)} ${kind}${source === null ? '' : ` ${source}`}`

/** What a crash leaves, whatever a scenario says of it: names and values, extents as ranges. */
function plainly(value: Plain): readonly string[] {
  if (typeof value !== 'object' || value === null || isList(value) || isExtent(value)) return [inWords(value)]
  return Object.entries(value).map(([name, one]) => `${name} ${inWords(one)}`)
}

function inWords(value: Plain): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'object' || value === null) return String(value)
  if (isList(value)) return value.length === 0 ? 'empty' : value.map(inWords).join(', ')
  return isExtent(value) ? extent(value) : plainly(value).join('; ')
}

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value)

function isExtent(value: object): value is Extent {
  return 'from' in value && 'to' in value && 'kind' in value && 'source' in value
}
