/** The tasks' rows on the step axis. Nothing here follows the step, so that a step draws none of it again. */
import { Fragment, memo } from 'react'
import type { CallBar } from './calls.ts'
import { hueStyle } from './hue.ts'
import { columnOf, edgeOf, type StepAxis } from './step-axis.ts'
import { placeName, type Stretch } from './call-names.ts'
import { fitting, pad, sansWidth } from './text-width.ts'
import { waitInWords, type BlockedSpan, type TimelineRun } from './timeline.ts'
import { heldHeight, levelHeight, nameBaseline, type TaskRow, type TimelineLayout } from './timeline-layout.ts'

interface Props {
  readonly run: TimelineRun
  readonly axis: StepAxis
  readonly layout: TimelineLayout
  /** The ids of bars that are folded now. */
  readonly folded: ReadonlySet<string>
}

interface Placed {
  readonly bar: CallBar
  readonly x: number
  readonly width: number
  readonly y: number
  readonly isFolded: boolean
}

/** The bars of a row that are seen; what is called inside a folded one is not. */
function barsOf(row: TaskRow, axis: StepAxis, folded: Props['folded']): Placed[] {
  const hidden = new Set<string>()
  return row.bars.flatMap((bar) => {
    if (bar.parent !== null && (folded.has(bar.parent) || hidden.has(bar.parent))) {
      hidden.add(bar.id)
      return []
    }
    const x = edgeOf(axis, bar.first)
    const y = row.top + bar.level * levelHeight
    return [{ bar, x, width: (bar.end === 'open' ? axis.width : edgeOf(axis, bar.last + 1)) - x, y, isFolded: folded.has(bar.id) }]
  })
}

/** What lies below: bars, the steps in them, waits, windows and locks. `paint` is the hatching of waits. */
export const Bands = memo(function Bands({ run, axis, layout, folded, paint }: Props & { paint: string }) {
  return layout.rows.map((row) => (
    <g key={row.task.letter} className="timeline-row" style={hueStyle(row.task.letter)}>
      <path className="timeline-rail" d={`M0 ${row.top + levelHeight / 2} H${beginOf(row, axis)}`} />
      {barsOf(row, axis, folded).map((placed) => (
        <Fragment key={placed.bar.id}>
          <Bar {...placed} />
          {(placed.isFolded ? placed.bar.inside : placed.bar.own).map((n) => (
            <Cell key={n} run={run} n={n} axis={axis} y={placed.y} />
          ))}
        </Fragment>
      ))}
      {waitsOf(run, row).map(({ span, level }) => (
        <Hatch key={`${span.from}${span.on}`} span={span} {...waitBox(run, axis, span)} y={row.top + level * levelHeight} paint={paint} />
      ))}
      {row.held.map(({ span, y }) => (
        <g key={`${span.from}${span.on}${span.mode}`} className={`timeline-held is-${span.mode}`}>
          <title>{`${span.task} holds ${span.on}${span.mode === 'shared' ? ', shared,' : ''} from step ${span.from} ${span.to === null ? 'to the end' : `until step ${span.to}`}`}</title>
          <path d={`M${edgeOf(axis, span.from)} ${y + heldHeight - 1.5} H${span.to === null ? axis.width : edgeOf(axis, span.to)}`} />
          <path className="is-cap" d={heldCaps(axis, span.from, span.to, y + heldHeight - 1.5)} />
        </g>
      ))}
      {row.windows.map(({ window, y }) => (
        <g key={window.id} className="timeline-window">
          <title>{`window after step ${window.from}${window.to === null ? '' : ` until step ${window.to}`}: ${window.says}`}</title>
          <path className="is-bar" d={`M${columnOf(axis, window.from)} ${y + 8} H${endOf(axis, window.to)}`} />
          <path className="is-cap" d={windowCaps(axis, window.from, window.to, y + 3)} />
        </g>
      ))}
    </g>
  ))
})

/** Up to there a line leads from the name to what the task does. */
const beginOf = (row: TaskRow, axis: StepAxis): number => Math.min(axis.width, ...row.bars.map(({ first }) => edgeOf(axis, first)))
const endOf = (axis: StepAxis, to: number | null): number => (to === null ? axis.width : columnOf(axis, to))
const heldCaps = (axis: StepAxis, from: number, to: number | null, y: number): string =>
  `M${edgeOf(axis, from)} ${y - 3} v6${to === null ? '' : ` M${edgeOf(axis, to)} ${y - 3} v6`}`
const windowCaps = (axis: StepAxis, from: number, to: number | null, y: number): string =>
  `M${columnOf(axis, from)} ${y} v10${to === null ? '' : ` M${columnOf(axis, to)} ${y} v10`}`

/** A call: closed where it returned, cut off where the power failed, open where the run is over before. */
function Bar({ bar, x, width, y, isFolded }: Placed) {
  return (
    <g className={`timeline-call is-${bar.end}${isFolded ? ' is-folded' : ''}`}>
      <title>{barInWords(bar)}</title>
      <rect x={x + 0.5} y={y + 0.5} width={Math.max(width - 1, 1)} height={levelHeight - 2} />
      {bar.end === 'ended' && <path className="is-cut" d={`M${x + width} ${y} l-3 3 l3 3 l-3 3 l3 3`} />}
      {isFolded && <path className="is-fold" d={`M${x + 2} ${y + levelHeight - 3.5} H${x + width - 2}`} />}
    </g>
  )
}

const ends = { returned: 'returns at step', ended: 'ended by a power failure after step', open: 'has not returned by step' } as const

/** `A: btrfs_direct_write, steps 1 to 39, 12 of its own` */
export const barInWords = ({ task, procedures, first, last, own, inside, end }: CallBar): string =>
  `${task}: ${procedures.join(' › ')} from step ${first}, ${ends[end]} ${last}; ${inside.length} ${inside.length === 1 ? 'step' : 'steps'}${own.length < inside.length ? `, ${own.length} of its own` : ''}`

function Cell({ run, n, axis, y }: { run: TimelineRun; n: number; axis: StepAxis; y: number }) {
  const step = run.steps[n - 1]
  const x = edgeOf(axis, n)
  const width = edgeOf(axis, n + 1) - x
  const air = width > 6 ? 0.75 : 0
  return (
    <rect className="timeline-cell" x={x + air} y={y + 1} width={width - 2 * air} height={levelHeight - 3}>
      <title>{step ? `step ${n}, ${step.task}: ${step.label}` : ''}</title>
    </rect>
  )
}

/** Each wait of a task, in the innermost call that it waits in. */
function waitsOf(run: TimelineRun, row: TaskRow): { readonly span: BlockedSpan; readonly level: number }[] {
  return run.blockedSpans
    .filter((span) => span.task === row.task.letter)
    .map((span) => ({ span, level: Math.max(0, ...row.bars.filter((bar) => covers(bar, span)).map(({ level }) => level)) }))
}

const covers = (bar: CallBar, span: BlockedSpan): boolean => bar.from <= span.from && (bar.to === null || span.from < bar.to)

/** The columns of the states in which it waits. The task's own step may take the first of them; then a sliver is left of it. */
function waitBox(run: TimelineRun, axis: StepAxis, { task, from, to }: BlockedSpan): { readonly x: number; readonly width: number } {
  const end = to === null ? axis.width : edgeOf(axis, to)
  const x = run.steps[from - 1]?.task === task ? Math.min(edgeOf(axis, from + 1), end - 4) : edgeOf(axis, from)
  return { x, width: end - x }
}

function Hatch({ span, x, width, y, paint }: { span: BlockedSpan; x: number; width: number; y: number; paint: string }) {
  return (
    <g className="timeline-wait">
      <title>{`${span.task} ${waitInWords(span)}`}</title>
      <rect x={x + 0.5} y={y + 1.5} width={Math.max(width - 1, 1)} height={levelHeight - 4} fill={paint} />
    </g>
  )
}

/** What lies above: names of calls, of waits, windows and locks, wherever they fit. */
export const BandNames = memo(function BandNames({ run, axis, layout, folded }: Props) {
  return layout.rows.map((row) => {
    const waits = waitsOf(run, row).map(({ span, level }) => ({ span, y: row.top + level * levelHeight, ...waitBox(run, axis, span) }))
    const bars = barsOf(row, axis, folded)
    return (
      <g key={row.task.letter} style={hueStyle(row.task.letter)}>
        {bars.map((placed) => (
          <BarName
            key={placed.bar.id}
            {...placed}
            waits={waits.filter(({ y }) => y === placed.y)}
            next={Math.min(axis.width, ...bars.flatMap(({ x, y }) => (y === placed.y && x > placed.x ? [x] : [])))}
          />
        ))}
        {waits.map(({ span, x, width, y }) => (
          <WaitWords key={`${span.from}${span.on}`} span={span} x={x} width={width} y={y} />
        ))}
        {row.held.map(({ span, y, room }) => {
          const x = edgeOf(axis, span.from) + pad
          const name = fitting(
            [`${span.on}${span.mode === 'shared' ? ', shared' : ''}`, span.on],
            (room === null ? axis.width : edgeOf(axis, room)) - x - 2,
          )
          return name === null ? null : (
            <text key={`${span.from}${span.on}${span.mode}`} className="timeline-lock-name" x={x} y={y + nameBaseline}>
              {name}
            </text>
          )
        })}
        {row.windows.map(({ window, y }) => {
          const [from, to] = [columnOf(axis, window.from), endOf(axis, window.to)]
          if (sansWidth(window.says) + 12 > to - from) return null
          return (
            <text key={window.id} className="timeline-words" x={(from + to) / 2} y={y + 12} textAnchor="middle">
              {window.says}
            </text>
          )
        })}
      </g>
    )
  })
})

interface BarNameProps extends Placed {
  readonly waits: readonly Stretch[]
  /** Where the next bar of its level begins, or the axis ends. */
  readonly next: number
}

function BarName({ bar, x, width, y, isFolded, waits, next }: BarNameProps) {
  const name = placeName(bar, { x, width }, { isFolded, taken: waits, next })
  if (!name) return null
  return (
    <text className={name.isBehind ? 'timeline-call-name is-behind' : 'timeline-call-name'} x={name.x} y={y + nameBaseline}>
      {name.text}
    </text>
  )
}

function WaitWords({ span, x, width, y }: { span: BlockedSpan; x: number; width: number; y: number }) {
  const words = fitting([waitInWords(span), `waits for ${span.on}`, span.on, 'waits'], width - 14, sansWidth)
  if (words === null) return null
  const room = sansWidth(words) + 8
  return (
    <g className="timeline-wait-words">
      <rect x={x + (width - room) / 2} y={y + 0.5} width={room} height={levelHeight - 2} />
      <text className="timeline-words" x={x + width / 2} y={y + nameBaseline} textAnchor="middle">
        {words}
      </text>
    </g>
  )
}
