import { memo, useEffect } from 'react'
import { DamageIcon, TaskBadge } from '../../../lenses/marks.tsx'
import { searchKey } from '../../../store/place/place.ts'
import { stepRef } from '../../../store/search/asked.ts'
import type { AskView, StepRef, TraceView } from '../../../worker/protocol.ts'
import { useActions, useApp, useLockstep } from '../../lockstep.tsx'
import { useStaged, useLateStep } from '../moment.ts'
import './why.css'

/** A question about two steps: the first is marked, the second asks, the answer stands for all schedules. */
export const Ask = memo(function Ask({ trace }: { trace: TraceView }) {
  const marked = useLockstep((state) => state.asking.marked)
  const question = useLockstep((state) => state.asking.question)
  const { mark, unmark, askAgain } = useActions()
  const here = stepRef(trace, useLateStep(trace))
  const key = searchKey(useStaged())
  const asked = question?.key ?? null
  // The kernel was changed under the question: it is asked of the one that is shown.
  useEffect(() => {
    if (asked !== null && asked !== key) void askAgain()
  }, [asked, key, askAgain])
  if (marked === null && question === null)
    return (
      <button type="button" disabled={here === null} onClick={() => here && void mark(here)}>
        Ask about this step <kbd>a</kbd>
      </button>
    )
  return (
    <div className="ask" aria-live="polite">
      {marked && (
        <p className="ask-steps">
          <StepName step={marked} /> <span>is marked. Go to another step, or pick one in the code, and ask which comes first:</span>
          <button type="button" disabled={here === null} onClick={() => here && void mark(here)}>
            ask <kbd>a</kbd>
          </button>
        </p>
      )}
      {question && (
        <p className="ask-steps">
          <span>Can</span> <StepName step={question.first} /> <span>come before</span> <StepName step={question.second} />
          <span>?</span>
        </p>
      )}
      {question && (question.answer ? <Answer answer={question.answer} /> : <p className="quiet">Asking every interleaving.</p>)}
      <button type="button" onClick={unmark}>
        {marked ? 'take the mark away' : 'close'}
      </button>
    </div>
  )
})

const ordinal = (n: number): string => ['first', 'second', 'third'][n - 1] ?? `${n}th`

const StepName = ({ step: { task, procedure, label, nth } }: { step: StepRef }) => (
  <span>
    <TaskBadge task={task} />{' '}
    <code>
      {procedure}() {label}
    </code>
    {nth > 1 && ` (${ordinal(nth)} time)`}
  </span>
)

function Answer({ answer: { says, before, after, apart } }: { answer: AskView }) {
  const [answer, ...why] = says.split(':')
  return (
    <>
      <p>
        <strong>{answer}</strong>:{why.join(':')}
      </p>
      <p className="ask-steps">
        <Sample title="a schedule with it first" sample={before} />
        <Sample title="one with it after" sample={after} />
        <Sample title="one without both" sample={apart} />
      </p>
    </>
  )
}

function Sample({ title, sample }: { title: string; sample: AskView['before'] }) {
  const open = useOpenSchedule()
  if (sample === null) return null
  return (
    <button type="button" title={sample.sample} onClick={() => open(sample.sample)}>
      {sample.violates && <DamageIcon />} open {title}
    </button>
  )
}

/** Goes to a whole schedule of the kernel that is shown; the map stays where it is looked at. */
export function useOpenSchedule(): (choices: string) => void {
  const { store, actions } = useApp()
  return (choices) => {
    const { place } = store.getState()
    if (place)
      actions.visit({ ...place, schedule: { choices }, step: 0, view: place.view === 'map' ? 'map' : 'trace', right: null, other: null })
  }
}
