import { DamageIcon, TaskBadge } from '../../../lenses/marks.tsx'
import type { TraceView } from '../../../worker/protocol.ts'
import { Prose } from '../../terms/prose.tsx'
import { captionAt, violatedAt } from '../run.ts'

/** Where we are and the one sentence of this step. A screen reader hears it on every move. */
export function Caption({
  trace,
  step,
  title = null,
  live = true,
}: {
  trace: TraceView
  step: number
  title?: string | null
  live?: boolean
}) {
  const now = trace.steps[step - 1]
  const violated = violatedAt(trace, step)
  const beat = trace.beats.find((one) => one.step === step)
  // What is violated is said below, and in red.
  const told = beat && !violated.some(({ says }) => says === beat.says) ? beat.says : null
  return (
    <div className="caption" {...(live ? { 'aria-live': 'polite' as const, 'aria-atomic': true } : {})}>
      <p className="caption-where">
        {title && <strong>{title}</strong>}
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
      <p className="caption-says">
        <Prose text={captionAt(trace, step)} />
        {step === 0 && trace.steps.length > 0 && title === null && (
          <>
            {' '}
            Press <kbd>Right</kbd> to begin.
          </>
        )}
      </p>
      {told !== null && <p className="caption-beat">{told}</p>}
      {violated.length > 0 && (
        <p className="caption-violated">
          <DamageIcon /> {violated.map(({ oracle }) => oracle).join(', ')} violated: {violated[0]?.says}.
        </p>
      )}
    </div>
  )
}
