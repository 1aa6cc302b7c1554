import { memo } from 'react'
import { LeadLens } from '../../../lenses/lead-lens.tsx'
import type { PictureProps } from '../../../lenses/props.ts'
import { allPictures, picturesAt } from '../../../store/run/frames.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { blockedAt } from '../run.ts'

/**
 * What a lens gets to draw the picture `id` of a trace at a step; null while it is not there. What cannot make a
 * difference is left out, so that a picture which a step did not touch has the same properties before and after it.
 */
export function propsAt(trace: TraceView, step: number, id: string): PictureProps | null {
  const picture = picturesAt(trace, step).find((one) => one.id === id)
  if (!picture) return null
  const previous = step === 0 ? null : (picturesAt(trace, step - 1).find((one) => one.id === id) ?? null)
  return {
    picture,
    previous,
    writer: previous === picture ? null : (trace.steps[step - 1]?.task ?? null),
    ...(picture.kind === 'locks' ? { waiters: blockedAt(trace, step) } : {}),
    ...(picture.kind === 'gauge'
      ? { course: { frames: allPictures(trace).map((all) => all.find((other) => other.id === id) ?? null), current: step } }
      : {}),
  }
}

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

const Lens = memo(LeadLens)

function titleOf(trace: TraceView, id: string): string {
  return (
    allPictures(trace)
      .flat()
      .find((picture) => picture.id === id)?.title ?? id
  )
}
