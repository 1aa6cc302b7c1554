import { Legend } from '../../lenses/legend.tsx'
import type { Card } from '../../scenarios/card.ts'
import type { Place } from '../../store/place.ts'
import type { TraceView } from '../../worker/protocol.ts'
import { Code } from './code.tsx'
import { Explore } from './explore.tsx'
import { OtherPictures } from './pictures.tsx'
import { Seen, Story } from './story.tsx'

interface Props {
  readonly card: Card
  readonly place: Place
  /** Null while there is none, and in a comparison. */
  readonly trace: TraceView | null
  readonly step: number
  readonly ended: boolean
}

/** Everything below the dock. It comes after the page can be stepped through: nobody looks here first. */
export default function Below({ card, place, trace, step, ended }: Props) {
  return (
    <>
      <Explore card={card} place={place} />
      {ended && <Seen card={card} />}
      {trace && (
        <section className="folds" aria-label="More of this moment">
          <OtherPictures trace={trace} step={step} leads={card.leads} />
          <Code trace={trace} step={step} />
        </section>
      )}
      <Legend />
      <Story card={card} />
    </>
  )
}
