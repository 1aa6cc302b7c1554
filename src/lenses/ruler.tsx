import type { Piece, Tick } from './axis.ts'
import { drawnOnce } from './memo.ts'

interface Props {
  readonly pieces: readonly Piece[]
  readonly ticks: readonly Tick[]
  readonly top: number
  readonly bottom: number
  readonly right: number
  readonly note: string | null
}

/** The axis under the lanes, its grid through them, and a mark where its scale changes. */
export const Ruler = drawnOnce(function Ruler({ pieces, ticks, top, bottom, right, note }: Props) {
  const breaks = pieces.slice(1).map((piece) => piece.x0)
  return (
    <g className="strip-ruler">
      {ticks.map((tick) => (
        <path key={tick.offset} className="strip-grid" d={`M${tick.at} ${top} V${bottom}`} />
      ))}
      {pieces.map((piece) => (
        <path
          key={piece.from}
          className={piece.focus || pieces.length === 1 ? 'strip-axis' : 'strip-axis is-squeezed'}
          d={`M${piece.x0} ${bottom} H${piece.x1}`}
        />
      ))}
      {ticks.map((tick) => (
        <g key={tick.offset}>
          <path className="strip-tick" d={`M${tick.at} ${bottom} v5`} />
          <text className="strip-tick-text" x={tick.at} y={bottom + 16} textAnchor={tick.anchor}>
            {tick.text}
          </text>
        </g>
      ))}
      {breaks.map((at) => (
        <path key={at} className="strip-break" d={`M${at - 3} ${bottom + 4} l2 -8 M${at + 1} ${bottom + 4} l2 -8`} />
      ))}
      {note && (
        <text className="strip-note" x={right} y={bottom + 29} textAnchor="end">
          {note}
        </text>
      )}
    </g>
  )
})
