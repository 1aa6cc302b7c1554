import { memo } from 'react'
import { barTop, curveHeight, curveTop, doomPath, type Doom, type RaceBar } from './doom.ts'
import { percent } from './plane.ts'
import { columnOf, edgeOf, type StepAxis } from './step-axis.ts'

interface Props {
  readonly doom: Doom
  readonly axis: StepAxis
  readonly y: number
}

/** The mean advance of the sans face at 12 units, about. */
const charWidth = 5.8

/**
 * The race on the timeline's axis: its window with what falls into it, and the share of violating continuations after
 * each step; where that leaps, and from where on there is no return.
 */
export const DoomCurve = memo(function DoomCurve({ doom, axis, y }: Props) {
  const top = y + curveTop(doom)
  const floor = top + curveHeight
  const line = doomPath(doom.shares, axis, top)
  const { jump, noReturn } = doom
  return (
    <g className="doom">
      {doom.bars.map((bar, i) => (
        <Bar key={bar.id} bar={bar} axis={axis} y={y + barTop(i)} />
      ))}
      <path className="doom-frame" d={`M0 ${top}H${axis.width}M0 ${floor}H${axis.width}`} />
      {doom.shares.length === 0 && (
        <text className="doom-quiet" x={4} y={top + 16}>
          {doom.instead}
        </text>
      )}
      {doom.shares.length > 0 && (
        <>
          <path className="doom-area" d={`${line}V${floor}H0Z`} />
          <path className="doom-line" d={line} />
        </>
      )}
      {noReturn !== null && <NoReturn x={edgeOf(axis, noReturn)} from={top - 4} to={floor} width={axis.width} />}
      {jump && (
        <Word x={edgeOf(axis, jump.step)} y={top - 5} width={axis.width}>
          {`step ${jump.step}, ${jump.says}: ${percent(doom.shares[jump.step - 1] ?? 0)} to ${percent(doom.shares[jump.step] ?? 0)}`}
        </Word>
      )}
    </g>
  )
})

/** Open ends have no cap; what falls inside stands on the bar. */
function Bar({ bar: { opens, closes, inside, names, says }, axis, y }: { bar: RaceBar; axis: StepAxis; y: number }) {
  const from = opens === null ? 0 : columnOf(axis, opens)
  const to = closes === null ? axis.width : columnOf(axis, closes)
  const middle = y + 8
  return (
    <g className="race">
      <title>{says}</title>
      <path className="race-bar" d={`M${from} ${middle}H${to}`} />
      {opens !== null && <path className="race-cap" d={`M${from} ${middle - 6}v12`} />}
      {closes !== null && <path className="race-cap" d={`M${to} ${middle - 6}v12`} />}
      {inside !== null && <path className="race-inside" d={`M${columnOf(axis, inside)} ${middle - 6}l5 6l-5 6l-5 -6z`} />}
      <BarName from={from} to={to} y={middle + 4} width={axis.width} names={names} />
    </g>
  )
}

/** Right of its bar, or left of it; the tooltip has all of it where neither has room. */
function BarName({ from, to, y, width, names }: { from: number; to: number; y: number; width: number; names: readonly string[] }) {
  const right = (name: string): boolean => to + 10 + name.length * charWidth <= width
  const left = (name: string): boolean => name.length * charWidth + 10 <= from
  const name = names.find((one) => right(one) || left(one))
  if (name === undefined) return null
  return (
    <text x={right(name) ? to + 10 : from - 10} y={y} textAnchor={right(name) ? 'start' : 'end'}>
      {name}
    </text>
  )
}

function NoReturn({ x, from, to, width }: { x: number; from: number; to: number; width: number }) {
  const left = x + 60 > width
  return (
    <g className="doom-no-return">
      <path d={`M${x} ${from}V${to}`} />
      <text x={left ? x - 5 : x + 5} y={to - 8} textAnchor={left ? 'end' : 'start'}>
        no return
      </text>
    </g>
  )
}

/** A word over a column, kept within the drawing. */
function Word({ x, y, width, children }: { x: number; y: number; width: number; children: string }) {
  const half = (children.length * charWidth) / 2
  const at = Math.max(half, Math.min(x, width - half))
  return (
    <text className="doom-jump" x={at} y={y} textAnchor="middle">
      {children}
    </text>
  )
}

/** What the curve is and where it begins and ends, in the gutter. */
export const DoomNames = memo(function DoomNames({ doom, y, x, narrow }: { doom: Doom; y: number; x: number; narrow: boolean }) {
  const top = y + curveTop(doom)
  return (
    <g>
      {!narrow && doom.bars.length > 0 && (
        <text x={0} y={y + barTop(0) + 12} className="timeline-quiet">
          race window
        </text>
      )}
      {!narrow && (
        <text x={0} y={top + 16} className="timeline-quiet">
          continuations that violate
        </text>
      )}
      <text x={narrow ? 0 : x} y={top + 9} className="timeline-quiet" textAnchor={narrow ? 'start' : 'end'}>
        all
      </text>
      <text x={narrow ? 0 : x} y={top + curveHeight + 4} className="timeline-quiet" textAnchor={narrow ? 'start' : 'end'}>
        {narrow ? '0' : 'none'}
      </text>
    </g>
  )
})
