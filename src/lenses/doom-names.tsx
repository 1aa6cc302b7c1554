import { memo } from 'react'
import { curveHeight, curveTop, type Doom } from './doom.ts'

/** What the curve is and where it begins and ends, in the gutter. */
export const DoomNames = memo(function DoomNames({
  doom,
  told,
  y,
  x,
  narrow,
}: {
  doom: Doom
  told: boolean
  y: number
  x: number
  narrow: boolean
}) {
  const top = y + curveTop
  return (
    <g>
      {!narrow && (doom.bars.length > 0 || told) && (
        <text x={0} y={y + 11} className="timeline-quiet">
          {doom.bars.length > 0 ? 'race window' : 'window'}
        </text>
      )}
      {!narrow && (
        <text x={0} y={top + 14} className="timeline-quiet">
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
