import { TaskBadge } from '../../../lenses/marks.tsx'
import { stepRef } from '../../../store/search/asked.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { useStep } from '../moment.ts'
import { usePanel } from '../panel/panel-state.ts'

/** Asks about the step that is shown: the first is marked, the second makes it a question, whose answer stands in the panel. */
export function Marked({ trace }: { trace: TraceView }) {
  const marked = useLockstep((state) => state.asking.marked)
  const { mark } = useActions()
  const show = usePanel((state) => state.show)
  const here = stepRef(trace, useStep())
  const ask = (): void => {
    if (!here) return
    if (marked !== null) show('why')
    void mark(here)
  }
  return (
    <span className="marked" aria-live="polite">
      {marked && (
        <>
          <TaskBadge task={marked.task} />{' '}
          <code>
            {marked.procedure}() {marked.label}
          </code>{' '}
          is marked. Before or after this one?
        </>
      )}
      <button type="button" disabled={here === null} onClick={ask}>
        {marked ? 'Ask' : 'Ask about this step'} <kbd>a</kbd>
      </button>
    </span>
  )
}
