import { memo } from 'react'
import { PictureLens } from '../../../lenses/picture-lens.tsx'
import { allPictures } from '../../../store/run/frames.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { propsAt } from '../stage/props-at.ts'

/** The two or three pictures that tell this story, in the order of the card. A place is kept for one that is not there yet. */
export function LeadPictures({ trace, step, leads }: { trace: TraceView; step: number; leads: readonly string[] }) {
  return (
    <div className="leads">
      {leads.map((id) => {
        const props = propsAt(trace, step, id)
        return (
          <div key={id} className={`lead-picture is-${props?.picture.kind ?? 'absent'}`}>
            {props ? <Lens {...props} /> : <p className="quiet">not there at this step: {titleOf(trace, id)}</p>}
          </div>
        )
      })}
    </div>
  )
}

const Lens = memo(PictureLens)

function titleOf(trace: TraceView, id: string): string {
  return (
    allPictures(trace)
      .flat()
      .find((picture) => picture.id === id)?.title ?? id
  )
}
