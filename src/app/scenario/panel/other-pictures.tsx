import { PictureLens } from '../../../lenses/picture-lens.tsx'
import { changedAt, picturesAt } from '../../../store/run/frames.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { propsAt } from '../stage/props-at.ts'

/** The pictures that do not lead; one marks itself when it changed at this step. */
export function OtherPictures({ trace, step, leads }: { trace: TraceView; step: number; leads: readonly string[] }) {
  const changed = changedAt(trace, step)
  return picturesAt(trace, step)
    .filter((picture) => !leads.includes(picture.id))
    .map((picture) => (
      <div key={picture.id} className={changed.has(picture.id) ? 'other-picture is-changed' : 'other-picture'}>
        <Other trace={trace} step={step} id={picture.id} />
      </div>
    ))
}

function Other({ trace, step, id }: { trace: TraceView; step: number; id: string }) {
  const props = propsAt(trace, step, id)
  return props && <PictureLens {...props} />
}
