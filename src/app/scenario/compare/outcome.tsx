import type { Extent, Outcome } from '../../../engine/view.ts'
import { range, size } from '../../../base/range.ts'
import { waitInWords } from '../../../lenses/timeline.ts'
import type { Plain } from '../../../base/plain.ts'

/** One row of an outcome: its name and its value in words; null where the scenario has no such thing. */
type Row = readonly [name: string, value: string | null]

/** What a user sees at the end, in words, in the order in which one would look. */
export function outcomeRows(outcome: Outcome): readonly Row[] {
  return [
    [
      'waits for ever',
      outcome.stuck &&
        outcome.stuck.map(({ task, on, heldBy }) => `${task}, ${waitInWords({ on, heldBy }).replace('waits ', '')}`).join('; '),
    ],
    [
      'returns',
      Object.entries(outcome.returns)
        .map(([task, value]) => `${task}: ${value}`)
        .join(', ') || null,
    ],
    [
      'reads',
      outcome.reads &&
        Object.entries(outcome.reads)
          .map(([task, value]) => `${task}: ${value}`)
          .join(', '),
    ],
    ['i_size', outcome.size === null ? null : amount(outcome.size)],
    [
      'file position',
      outcome.pos === null
        ? null
        : typeof outcome.pos === 'number'
          ? amount(outcome.pos)
          : Object.entries(outcome.pos)
              .map(([task, at]) => `${task}: ${amount(at)}`)
              .join(', '),
    ],
    ['layout', outcome.layout && outcome.layout.map(extent).join(', ')],
    ['content', outcome.content && outcome.content.map(([from, to, value]) => `${range(from, to)} ${value}`).join(', ')],
    [
      'log',
      outcome.log &&
        outcome.log
          .map(
            ([offset, kind, source, at, length]) =>
              `${size(offset)} ${kind}${source === null ? '' : ` ${source}+${size(at)}`} ${size(length)}`,
          )
          .join(', '),
    ],
    ['console', outcome.console && outcome.console.join('\n')],
    ['after a crash', outcome.after === null ? null : plainly(outcome.after)],
  ]
}

const amount = (bytes: number): string => (size(bytes) === String(bytes) ? String(bytes) : `${bytes} (${size(bytes)})`)
const extent = ({ from, to, kind, source }: Extent): string => `${range(from, to)} ${kind}${source === null ? '' : ` ${source}`}`

/** What a crash leaves, whatever a scenario says of it: names and values, extents as ranges. */
function plainly(value: Plain): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'object' || value === null) return String(value)
  if (isList(value)) return value.length === 0 ? 'empty' : value.map(plainly).join(', ')
  if (isExtent(value)) return extent(value)
  return Object.entries(value)
    .map(([name, one]) => `${name} ${plainly(one)}`)
    .join('; ')
}

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value)

function isExtent(value: object): value is Extent {
  return 'from' in value && 'to' in value && 'kind' in value && 'source' in value
}

/** An outcome on one line: what differs most often. */
export function OutcomeLine({ outcome }: { outcome: Outcome }) {
  const shown = outcomeRows(outcome).filter(
    ([name, value]) => value !== null && value !== '' && name !== 'console' && name !== 'file position' && name !== 'content',
  )
  return <>{shown.map(([name, value]) => `${name} ${value ?? ''}`).join('; ')}</>
}

/** Two outcomes side by side; rows that differ are marked. */
export function OutcomeTable({ left, right, names }: { left: Outcome | null; right: Outcome | null; names: readonly [string, string] }) {
  const [mine, other] = [left ? outcomeRows(left) : [], right ? outcomeRows(right) : []]
  const rows = (mine.length > 0 ? mine : other).map(([name], i) => ({ name, left: mine[i]?.[1] ?? null, right: other[i]?.[1] ?? null }))
  return (
    <table className="outcomes">
      <caption>What a user sees at the end</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{names[0]}</th>
          <th scope="col">{names[1]}</th>
        </tr>
      </thead>
      <tbody>
        {rows
          .filter((row) => row.left !== null || row.right !== null)
          .map((row) => (
            <tr key={row.name} className={row.left === row.right ? undefined : 'is-different'}>
              <th scope="row">
                {row.name}
                {row.left === row.right ? '' : ' (differs)'}
              </th>
              <td>{row.left ?? 'none'}</td>
              <td>{row.right ?? 'none'}</td>
            </tr>
          ))}
      </tbody>
    </table>
  )
}
