import { memo } from 'react'
import type { TraceView } from '../../worker/protocol.ts'
import { useActions, useLockstep } from '../lockstep.tsx'

/** What a reader must know before believing the pictures: failures, refusals, kernels that stand for others, divergence. */
export const Notices = memo(function Notices({ trace }: { trace: TraceView | null }) {
  const map = useLockstep((state) => state.place?.view === 'map')
  const power = useLockstep((state) => state.place?.power ?? false)
  const failure = useLockstep((state) => state.failure)
  const says = useLockstep((state) => state.says)
  const { dismiss, retry } = useActions()
  const lines = [
    trace?.kernel.says ?? null,
    trace?.diverged ? `Diverged ${trace.diverged.says.replace(/^diverged /, '')}` : null,
    trace?.end === 'stuck' ? 'This run ends in a deadlock.' : null,
    map ? 'This copy of the page does not draw the interleaving map; this is the same moment, step by step.' : null,
    power ? 'This link cuts the power at this step; this copy of the page shows the moment before the cut.' : null,
  ].filter((line) => line !== null)
  return (
    <div className="notices" aria-live="polite">
      {failure && (
        <p role="alert" className="notice is-failure">
          {failure.reader === 'author' || failure.reader === 'engine' ? 'Please report this: ' : ''}
          {failure.message}{' '}
          <button type="button" onClick={retry}>
            Try again
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
        <p key={line} className="notice">
          {line}
        </p>
      ))}
    </div>
  )
})
