import { isInTheWay } from '../picture/mark.ts'
import type { LockRow, Locks } from '../picture/picture.ts'
import { changesBetween } from './changes.ts'
import { Figure } from './figure.tsx'
import { ChangeIcon, DamageIcon, TaskBadge } from './marks.tsx'
import './tables.css'
import './aside.css'

/** Who waits on the lock of which name; it comes from the trace's steps, not from the picture. */
export interface Waiter {
  readonly task: string
  readonly on: string
  /** Who holds what it waits for; tells which row of a range lock stands in its way. */
  readonly heldBy?: readonly string[]
}

/** Every lock with its mode, its holders and those who wait for it. */
export function LocksLens({
  picture,
  previous = null,
  waiters = [],
}: {
  picture: Locks
  previous?: Locks | null
  waiters?: readonly Waiter[]
}) {
  const changes = changesBetween(previous?.rows ?? null, picture.rows)
  return (
    <Figure title={picture.title} kind="locks">
      <table className="locks">
        <thead>
          <tr>
            <th scope="col">lock</th>
            <th scope="col">mode</th>
            <th scope="col">held by</th>
            <th scope="col">waiting</th>
          </tr>
        </thead>
        <tbody>
          {picture.rows.map((row) => (
            <Row
              key={row.id}
              row={row}
              changed={changes.of(row.id) !== 'same'}
              waiting={waiters.filter(({ on, heldBy = [] }) => isInTheWay(row, on, heldBy))}
            />
          ))}
          {changes.gone.map((row) => (
            <tr key={`gone ${row.id}`} className="is-gone">
              <th scope="row">
                <ChangeIcon shown gone /> <del>{nameOf(row)}</del>
              </th>
              <td colSpan={3}>released</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Figure>
  )
}

const nameOf = (row: LockRow) => (row.range === null ? row.name : `${row.name} ${row.range}`)

function Row({ row, changed, waiting }: { row: LockRow; changed: boolean; waiting: readonly Waiter[] }) {
  return (
    <tr className={[row.mode === 'free' ? 'is-free' : '', row.damaged ? 'is-damaged' : ''].filter(Boolean).join(' ') || undefined}>
      <th scope="row">
        <ChangeIcon shown={changed} /> {nameOf(row)}
      </th>
      <td>
        <span className="locks-mode">
          <ModeSign mode={row.mode} /> {row.mode} {row.damaged && <DamageIcon />}
        </span>
      </td>
      <td>
        <Badges tasks={row.holders} />
      </td>
      <td>
        <Badges tasks={waiting.map((waiter) => waiter.task)} />
      </td>
    </tr>
  )
}

const Badges = ({ tasks }: { tasks: readonly string[] }) => (
  <span className="lens-badges">
    {tasks.map((task) => (
      <TaskBadge key={task} task={task} />
    ))}
  </span>
)

/** Free is an open square, shared half a square, exclusive a full one; a broken lock's is crossed out. */
function ModeSign({ mode }: { mode: LockRow['mode'] }) {
  return (
    <svg className="locks-sign" viewBox="0 0 11 11" aria-hidden="true">
      {mode === 'exclusive' && <rect x="1" y="1" width="9" height="9" className="is-full" />}
      {mode === 'shared' && <path d="M1 10 V1 H10 Z" className="is-full" />}
      {mode === 'broken' && <path d="M1 1 L10 10 M10 1 L1 10" />}
      <rect x="1" y="1" width="9" height="9" />
    </svg>
  )
}
