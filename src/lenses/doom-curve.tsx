import { memo } from 'react'
import { barMiddle, barOfWindow, curveHeight, curveTop, doomPath, lostInWords, type Doom, type RaceBar } from './doom.ts'
import { percent } from './percent.ts'
import { columnOf, edgeOf, type StepAxis } from './step-axis.ts'
import type { TimelineWindow } from './timeline.ts'
import './doom-curve.css'

interface Props {
  readonly doom: Doom
  readonly axis: StepAxis
  readonly y: number
  /** Those that the scenario tells of. */
  readonly windows: readonly TimelineWindow[]
}

/** The mean advance of the sans face at 12 units, about. */
const charWidth = 5.8

/**
 * The race on the timeline's axis: its window with what falls into it, and the share of violating continuations after
 * each step; where that leaps, and from where on there is no return.
 */
export const DoomCurve = memo(function DoomCurve({ doom, axis, y, windows }: Props) {
  const bars = doom.bars.length > 0 ? doom.bars : windows.map(barOfWindow)
  const top = y + curveTop
  const floor = top + curveHeight
  const line = doomPath(doom.shares, axis, top)
  const { jump, lost } = doom
  return (
    <g className="doom">
      {bars.map((bar, i) => (
        <Bar key={bar.id} bar={bar} axis={axis} middle={y + barMiddle(i, bars.length)} />
      ))}
      <BarsName bars={bars} axis={axis} y={y + barMiddle(0, 1) + 4} />
      <path className="doom-frame" d={`M0 ${top}H${axis.width}M0 ${floor}H${axis.width}`} />
      {doom.shares.length === 0 && (
        <text className="doom-quiet" x={4} y={top + 14}>
          {doom.instead}
        </text>
      )}
      {doom.shares.length > 0 && (
        <>
          <path className="doom-area" d={`${line}V${floor}H0Z`} />
          <path className="doom-line" d={line} />
        </>
      )}
      {lost !== null && (
        // The leap names its step already.
        <NoReturn
          x={edgeOf(axis, lost.step)}
          from={top - 4}
          to={floor}
          width={axis.width}
          says={lost.step === jump?.step ? null : lostInWords(lost)}
        />
      )}
      {jump && (
        <Word x={edgeOf(axis, jump.step)} y={top - 5} width={axis.width}>
          {`step ${jump.step}, ${jump.says}: ${percent(doom.shares[jump.step - 1] ?? 0)} to ${percent(doom.shares[jump.step] ?? 0)}`}
        </Word>
      )}
    </g>
  )
})

const fromOf = ({ opens }: RaceBar, axis: StepAxis): number => (opens === null ? 0 : columnOf(axis, opens))
const toOf = ({ closes }: RaceBar, axis: StepAxis): number => (closes === null ? axis.width : columnOf(axis, closes))

/** Open ends have no cap; what falls inside stands on the bar. */
function Bar({ bar, axis, middle }: { bar: RaceBar; axis: StepAxis; middle: number }) {
  const { opens, closes, inside, says } = bar
  const [from, to] = [fromOf(bar, axis), toOf(bar, axis)]
  return (
    <g className="race">
      <title>{says}</title>
      <path className="race-bar" d={`M${from} ${middle}H${to}`} />
      {opens !== null && <path className="race-cap" d={`M${from} ${middle - 4}v8`} />}
      {closes !== null && <path className="race-cap" d={`M${to} ${middle - 4}v8`} />}
      {inside !== null && <path className="race-inside" d={`M${columnOf(axis, inside)} ${middle - 5}l4 5l-4 5l-4 -5z`} />}
    </g>
  )
}

/** Right of all bars, or left of them; the tooltips have all of it where neither has room. */
function BarsName({ bars, axis, y }: { bars: readonly RaceBar[]; axis: StepAxis; y: number }) {
  const [only, ...more] = bars
  if (!only) return null
  const names = more.length === 0 ? only.names : [bars.map((bar) => bar.names.at(-1) ?? '').join('; ')]
  const from = Math.min(...bars.map((bar) => fromOf(bar, axis)))
  const to = Math.max(...bars.map((bar) => toOf(bar, axis)))
  const right = (name: string): boolean => to + 10 + name.length * charWidth <= axis.width
  const name = names.find((one) => right(one) || one.length * charWidth + 10 <= from)
  if (name === undefined) return null
  return (
    <text className="race-name" x={right(name) ? to + 10 : from - 10} y={y} textAnchor={right(name) ? 'start' : 'end'}>
      {name}
    </text>
  )
}

function NoReturn({ x, from, to, width, says }: { x: number; from: number; to: number; width: number; says: string | null }) {
  const room = (words: string): boolean => words.length * charWidth + 10 <= Math.max(x, width - x)
  const words = says !== null && room(says) ? says : 'no return'
  const left = x + words.length * charWidth + 10 > width
  return (
    <g className="doom-no-return">
      <path d={`M${x} ${from}V${to}`} />
      <text x={left ? x - 5 : x + 5} y={to - 6} textAnchor={left ? 'end' : 'start'}>
        {words}
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
