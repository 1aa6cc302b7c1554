import { TaskBadge } from '../../../lenses/marks.tsx'
import type { TraceView } from '../../../worker/protocol.ts'
import { Prose } from '../../terms/prose.tsx'
import { captionAt } from '../run.ts'

interface Props {
  readonly trace: TraceView
  readonly step: number
  readonly still?: Standstill | null
}

/** Nothing happens here while it does elsewhere: why, and until when. */
export interface Standstill {
  readonly says: string
  readonly until: string
}

/**
 * What happens at this step: where the step is a moment of the story, that as a headline and the step's own sentence under it; else
 * the step's sentence alone. A screen reader hears it on every move.
 */
export function Caption({ trace, step, still = null }: Props) {
  const now = trace.steps[step - 1]
  if (step === 0) return <Scene trace={trace} />
  if (still)
    return (
      <div className="caption has-beat is-still">
        <p className="caption-beat">{still.says}</p>
        <p className="caption-says">{still.until}</p>
        <p className="caption-where">
          step {step} of {trace.steps.length}
        </p>
      </div>
    )
  const beat = trace.beats.find((one) => one.step === step)
  return (
    <div className={beat ? 'caption has-beat' : 'caption'}>
      {beat && <p className="caption-beat">{beat.says}</p>}
      <p className="caption-says">
        <Prose text={captionAt(trace, step)} />
      </p>
      <p className="caption-where">
        <span>
          step {step} of {trace.steps.length}
        </span>
        {now && (
          <>
            <TaskBadge task={now.task} />
            <code>
              {now.procedure}() {now.label}
            </code>
          </>
        )}
      </p>
    </div>
  )
}

/** Before anything has run: who does what, and how to go on. */
function Scene({ trace }: { trace: TraceView }) {
  return (
    <div className="caption">
      <p className="caption-says">
        <Prose text={trace.scene} />
      </p>
      <p className="caption-where">
        <span>step 0 of {trace.steps.length}</span>
        {trace.steps.length > 0 && (
          <span>
            <kbd>PageDown</kbd>: next moment. <kbd>Right</kbd>: next step. <kbd>?</kbd>: all keys and words.
          </span>
        )}
      </p>
    </div>
  )
}
