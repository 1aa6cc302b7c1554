import type { StripLayout } from './strip-layout.ts'

/** The axis under the lanes, its grid through them, and a mark where its scale changes. */
export function Ruler({ layout, note }: { layout: StripLayout; note: string | null }) {
  const { bottom, scale, ticks } = layout
  const top = layout.lanes[0]?.y ?? bottom
  const breaks = scale.pieces.slice(1).map((piece) => piece.x0)
  return (
    <g className="strip-ruler">
      {ticks.map((tick) => (
        <path key={tick.offset} className="strip-grid" d={`M${tick.at} ${top} V${bottom}`} />
      ))}
      {scale.pieces.map((piece) => (
        <path
          key={piece.from}
          className={piece.focus || scale.pieces.length === 1 ? 'strip-axis' : 'strip-axis is-squeezed'}
          d={`M${piece.x0} ${bottom} H${piece.x1}`}
        />
      ))}
      {ticks.map((tick) => (
        <g key={tick.offset}>
          <path className="strip-tick" d={`M${tick.at} ${bottom} v5`} />
          <text className="strip-tick-text" x={tick.at} y={bottom + 16} textAnchor={anchorOf(tick.at, tick.text, layout)}>
            {tick.text}
          </text>
        </g>
      ))}
      {breaks.map((at) => (
        <path key={at} className="strip-break" d={`M${at - 3} ${bottom + 4} l2 -8 M${at + 1} ${bottom + 4} l2 -8`} />
      ))}
      {note && (
        <text className="strip-note" x={layout.right} y={bottom + 30} textAnchor="end">
          {note}
        </text>
      )}
    </g>
  )
}

/** Names at the ends of the axis stay inside the drawing. */
function anchorOf(at: number, text: string, layout: StripLayout): 'start' | 'middle' | 'end' {
  const half = text.length * 3.6
  if (at + half > layout.width) return 'end'
  if (at - half < 0) return 'start'
  return 'middle'
}
