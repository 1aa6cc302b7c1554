import { PictureLens } from '../../../lenses/picture-lens.tsx'
import { changedAt, picturesAt } from '../../../store/run/frames.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { Fold } from './fold.tsx'
import { propsAt } from '../stage/pictures.tsx'

/** The other pictures, each folded to its title; the line marks itself when its picture changed at this step. */
export function OtherPictures({ trace, step, leads }: { trace: TraceView; step: number; leads: readonly string[] }) {
  const changed = changedAt(trace, step)
  return picturesAt(trace, step)
    .filter((picture) => !leads.includes(picture.id))
    .map((picture) => (
      <Fold key={picture.id} title={picture.title} changed={changed.has(picture.id)}>
        <Other trace={trace} step={step} id={picture.id} />
      </Fold>
    ))
}

function Other({ trace, step, id }: { trace: TraceView; step: number; id: string }) {
  const props = propsAt(trace, step, id)
  return props && <PictureLens {...props} />
}
