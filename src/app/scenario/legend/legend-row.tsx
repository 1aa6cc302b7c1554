/** What the patterns of this run mean, for as long as one wants to see it: below the pictures, over nothing. */
import { useMemo } from 'react'
import { Legend } from '../../../lenses/legend.tsx'
import type { Fill, Picture } from '../../../picture/picture.ts'
import { allPictures } from '../../../store/run/frames.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import './legend-row.css'

interface Props {
  readonly trace: TraceView
  /** What stands beside it. */
  readonly right: TraceView | null
  /** The pictures that are drawn. */
  readonly leads: readonly string[]
}

export default function LegendRow({ trace, right, leads }: Props) {
  const fills = useMemo(() => [...new Set([trace, right].flatMap((run) => (run ? fillsOf(run, leads) : [])))], [trace, right, leads])
  return (
    <div className="legend-row is-scaled">
      <Legend fills={fills} />
    </div>
  )
}

/** In the order in which they come. */
const fillsOf = (trace: TraceView, leads: readonly string[]): Fill[] =>
  allPictures(trace).flatMap((pictures) => pictures.filter(({ id }) => leads.includes(id)).flatMap(fillsIn))

const fillsIn = (picture: Picture): Fill[] =>
  picture.kind === 'extent-strip' ? picture.lanes.flatMap(({ spans }) => spans.map(({ fill }) => fill)) : []
