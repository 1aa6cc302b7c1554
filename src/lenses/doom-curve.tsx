import { memo, type ReactNode } from 'react'
import { curveHeight, curveTop, doomHeight, doomPath, type Doom } from './doom.ts'
import { percent } from './plane.ts'
import { columnOf, type StepAxis } from './timeline.ts'

interface Props {
  readonly doom: Doom
  readonly axis: StepAxis
  readonly y: number
}

const charWidth = 6

/** The share of violating continuations after each step, on the timeline's axis; where it leaps, and from where on there is no return. */
export const DoomCurve = memo(function DoomCurve({ doom, axis, y }: Props) {
  const line = doomPath(doom.shares, axis.cell, y)
  const floor = y + curveTop + curveHeight
  const { jump, noReturn } = doom
  const grows = jump ? `${percent(doom.shares[jump.step - 1] ?? 0)} to ${percent(doom.shares[jump.step] ?? 0)}: ${jump.says}` : ''
  return (
    <g className="doom">
      <path className="doom-frame" d={`M0 ${y + curveTop}H${axis.width}M0 ${floor}H${axis.width}`} />
      <path className="doom-area" d={`${line}V${floor}H0Z`} />
      <path className="doom-line" d={line} />
      {noReturn !== null && (
        <NoReturn x={columnOf(axis, noReturn) - axis.cell / 2} from={y + curveTop - 4} to={floor} />
      )}
      {jump && (
        <Word x={columnOf(axis, jump.step) - axis.cell / 2} y={y + 12} width={axis.width} text={grows}>
          step {jump.step}, {grows}
        </Word>
      )}
    </g>
  )
})

const NoReturn = ({ x, from, to }: { x: number; from: number; to: number }) => (
  <g className="doom-no-return">
    <path d={`M${x} ${from}V${to}`} />
    <text x={x + 5} y={to - 6}>
      no return
    </text>
  </g>
)

/** A word over a column, kept within the drawing. */
const Word = ({ x, y, width, text, children }: { x: number; y: number; width: number; text: string; children: ReactNode }) => {
  const half = ((text.length + 9) * charWidth) / 2
  const at = Math.max(half, Math.min(x, width - half))
  return (
    <text className="doom-jump" x={at} y={y} textAnchor="middle">
      {children}
    </text>
  )
}

/** What the curve is and where it begins and ends, in the gutter. */
export const DoomNames = memo(function DoomNames({ y, x, narrow }: { y: number; x: number; narrow: boolean }) {
  return (
    <g>
      {!narrow && (
        <text x={0} y={y + curveTop + 14} className="timeline-task">
          violating continuations
        </text>
      )}
      <text x={narrow ? 0 : x} y={y + curveTop + 8} className="timeline-quiet" textAnchor={narrow ? 'start' : 'end'}>
        {narrow ? 'all' : '100 %'}
      </text>
      <text x={narrow ? 0 : x} y={y + doomHeight - 4} className="timeline-quiet" textAnchor={narrow ? 'start' : 'end'}>
        {narrow ? 'no' : '0'}
      </text>
    </g>
  )
})
