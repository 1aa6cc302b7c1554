import { memo } from 'react'
import { TaskBadge } from '../../../lenses/marks.tsx'
import { stepRef } from '../../../store/search/asked.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { useActions, useApp, useLockstep } from '../../lockstep.tsx'
import { useAtStart } from '../moment.ts'
import { usePanel } from '../panel/panel-state.ts'

/** Asks about the step that is shown: the first is marked, the second makes it a question, whose answer stands in the panel. */
export const Marked = memo(function Marked({ trace }: { trace: TraceView }) {
  const marked = useLockstep((state) => state.asking.marked)
  const { mark } = useActions()
  const show = usePanel((state) => state.show)
  const { store } = useApp()
  const atStart = useAtStart()
  const ask = (): void => {
    const here = stepRef(trace, Math.min(store.getState().place?.step ?? 0, trace.steps.length))
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
      <button type="button" disabled={atStart} onClick={ask}>
        {marked ? 'Ask' : 'Ask about this step'} <kbd>a</kbd>
      </button>
    </span>
  )
})
