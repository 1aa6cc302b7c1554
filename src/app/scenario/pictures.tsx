import type { ReactNode } from 'react'
import { ChangeIcon } from '../../lenses/marks.tsx'
import { PictureLens } from '../../lenses/picture-lens.tsx'
import type { Picture } from '../../picture/picture.ts'
import { allPictures, changedAt, picturesAt } from '../../store/frames.ts'
import type { TraceView } from '../../worker/protocol.ts'
import { blockedAt } from './run.ts'

/** One picture of a trace at a step, with what the step before had. */
function At({ trace, step, picture }: { trace: TraceView; step: number; picture: Picture }) {
  const previous = step === 0 ? null : (picturesAt(trace, step - 1).find((other) => other.id === picture.id) ?? null)
  const course =
    picture.kind === 'gauge'
      ? { frames: allPictures(trace).map((all) => all.find((other) => other.id === picture.id) ?? null), current: step }
      : null
  return (
    <PictureLens
      picture={picture}
      previous={previous}
      writer={trace.steps[step - 1]?.task ?? null}
      waiters={blockedAt(trace, step)}
      course={course}
    />
  )
}

/** The two or three pictures that tell this story, in the order of the card. A place is kept for one that is not there yet. */
export function LeadPictures({ trace, step, leads }: { trace: TraceView; step: number; leads: readonly string[] }) {
  const now = picturesAt(trace, step)
  return (
    <div className="leads">
      {leads.map((id) => {
        const picture = now.find((one) => one.id === id)
        return (
          <div key={id} className={`lead-picture is-${picture?.kind ?? 'absent'}`}>
            {picture ? (
              <At trace={trace} step={step} picture={picture} />
            ) : (
              <p className="quiet">not there at this step: {titleOf(trace, id)}</p>
            )}
          </div>
        )
      })}
    </div>
  )
}

function titleOf(trace: TraceView, id: string): string {
  return (
    allPictures(trace)
      .flat()
      .find((picture) => picture.id === id)?.title ?? id
  )
}

/** The other pictures, each folded to its title; the line marks itself when its picture changed at this step. */
export function OtherPictures({ trace, step, leads }: { trace: TraceView; step: number; leads: readonly string[] }) {
  const changed = changedAt(trace, step)
  return picturesAt(trace, step)
    .filter((picture) => !leads.includes(picture.id))
    .map((picture) => (
      <Fold key={picture.id} title={picture.title} changed={changed.has(picture.id)}>
        <At trace={trace} step={step} picture={picture} />
      </Fold>
    ))
}

/** A labelled line that opens. */
export function Fold({
  title,
  changed = false,
  open = false,
  id,
  children,
}: {
  title: ReactNode
  changed?: boolean
  open?: boolean
  id?: string
  children: ReactNode
}) {
  return (
    <details className={changed ? 'fold is-changed' : 'fold'} open={open} {...(id ? { id } : {})}>
      <summary>
        <span>{title}</span>
        {changed && (
          <span className="fold-changed">
            <ChangeIcon shown /> changed
          </span>
        )}
      </summary>
      <div className="fold-body">{children}</div>
    </details>
  )
}
