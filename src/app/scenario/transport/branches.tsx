import { Fragment, memo } from 'react'
import { TaskBadge } from '../../../lenses/marks.tsx'
import type { TraceView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { useLateStep } from '../moment.ts'
import { othersAt } from '../run.ts'
import { Waiting } from './waiting.tsx'

/** Who could run here instead, who cannot and why, and the runs that were left at earlier branches. */
export const Branches = memo(function Branches({ trace }: { trace: TraceView }) {
  const step = useLateStep(trace)
  const { branch, recall, compareLine } = useActions()
  const futures = useLockstep((state) => state.futures)
  const others = othersAt(trace, step)
  const next = trace.steps[step]
  return (
    <div className="branches">
      <span className="quiet">{leadIn(next?.task ?? null, others.length > 0)}</span>
      {others.map((other, i) => (
        <button key={other.task} type="button" onClick={() => void branch(other.task)} title={`${other.procedure}() ${other.label}`}>
          {i < 9 && <kbd>{i + 1}</kbd>} let <TaskBadge task={other.task} /> run here
        </button>
      ))}
      <Waiting trace={trace} step={step} />
      {futures.length > 0 && (
        <span className="futures">
          <span className="quiet">Runs that you left:</span>
          {futures.map((future, i) => (
            <Fragment key={`${future.step} ${future.says}`}>
              <button type="button" onClick={() => recall(i)}>
                back to step {future.step}, where {future.says} {i === 0 && <kbd>l</kbd>}
              </button>
              <button type="button" onClick={() => compareLine(i)} aria-label={`compare with the run left at step ${future.step}`}>
                compare with it {i === 0 && <kbd>d</kbd>}
              </button>
            </Fragment>
          ))}
        </span>
      )}
    </div>
  )
})

function leadIn(next: string | null, others: boolean): string {
  if (next === null) return others ? 'This run was stopped here. Go on:' : 'The run ends here.'
  return others ? `Next is ${next}. Instead:` : `Next is ${next}; nobody else can run.`
}
