import { memo } from 'react'
import { partedInWords } from '../../../narrate/parted.ts'
import type { Card } from '../../../scenarios/card.ts'
import { home } from '../../../store/place/place.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'

/** What a reader must know before believing the pictures: failures, refusals, kernels that stand for others, divergence. */
export const Notices = memo(function Notices({ card, trace }: { card: Card; trace: TraceView | null }) {
  const power = useLockstep((state) => state.place?.power ?? false)
  const failure = useLockstep((state) => state.failure)
  const says = useLockstep((state) => state.says)
  const { dismiss, dismissModel, restart, retry, visit } = useActions()
  const comparing = useLockstep((state) => state.place?.view === 'compare')
  const model = useLockstep((state) => state.model)
  const named = useLockstep((state) => (state.place && 'named' in state.place.schedule ? state.place.schedule.named : null))
  const followed =
    named === null || named === card.schedules[0]?.name
      ? card.own
        ? 'the run that the text opens with'
        : 'the documented run'
      : `the run "${named}"`
  const lines = [
    trace?.kernel.says ?? null,
    trace?.diverged && !comparing ? partedInWords(trace.diverged, followed) : null,
    power && comparing ? 'The plug is pulled at this step; leave the comparison (c) to see what that leaves.' : null,
  ].filter((line) => line !== null)
  return (
    <div className="notices" aria-live="polite">
      {failure && (
        <p role="alert" className="notice is-failure">
          {failure.reader === 'author' || failure.reader === 'engine' ? 'Please report this: ' : ''}
          {failure.message}{' '}
          <button type="button" onClick={retry}>
            Try again
          </button>{' '}
          <button type="button" onClick={() => visit(home(card))}>
            {card.own ? 'Show the run that the text opens with' : 'Show the documented run'}
          </button>
        </p>
      )}
      {model === 'silent' && (
        <p role="alert" className="notice is-failure">
          The model has said nothing for a while: it is being loaded or busy, or it was ended.{' '}
          <button type="button" onClick={restart}>
            Start it again
          </button>
        </p>
      )}
      {model === 'replaced' && (
        <p className="notice">
          The model was ended from outside; it has been started again and asked the same.{' '}
          <button type="button" onClick={dismissModel} aria-label="Dismiss this notice">
            ok
          </button>
        </p>
      )}
      {says !== null && (
        <p className="notice">
          {says}{' '}
          <button type="button" onClick={dismiss} aria-label="Dismiss this notice">
            ok
          </button>
        </p>
      )}
      {lines.map((line) => (
        <p key={line} className="notice" title={line}>
          {line}
        </p>
      ))}
    </div>
  )
})
