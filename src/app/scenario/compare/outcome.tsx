import type { Outcome } from '../../../engine/view.ts'
import { outcomeDiff, type Part } from './outcome-diff.ts'
import { between } from './outcome-rows.ts'

/** Two outcomes side by side, in the columns of their runs; only what differs is marked. */
export function OutcomeTable({ left, right, names }: { left: Outcome | null; right: Outcome | null; names: readonly [string, string] }) {
  if (!left || !right) return <p className="quiet">One of the two runs has not come to an end: there is nothing to compare.</p>
  const rows = outcomeDiff(left, right)
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
        {rows.map(({ name, left: mine, right: other, differs }) => (
          <tr key={name} className={differs ? 'is-different' : undefined}>
            <th scope="row">
              {name}
              {differs ? ' (differs)' : ''}
            </th>
            <Value name={name} parts={mine} />
            <Value name={name} parts={other} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Value({ name, parts }: { name: string; parts: readonly Part[] }) {
  return (
    <td>
      {parts.map(({ text, differs }, i) => (
        // eslint-disable-next-line react/no-array-index-key -- parts have no names, and never change places
        <span key={i}>
          {i > 0 && between(name)}
          {differs ? <mark>{text}</mark> : text}
        </span>
      ))}
    </td>
  )
}
