/** One run: its lead pictures, or what stands in their place, and below them its timeline. */
import { memo, Suspense, useCallback, useMemo } from 'react'
import { part } from '../../../lenses/late.ts'
import { TimelineLens } from '../../../lenses/timeline-lens.tsx'
import type { HistoryBand } from '../../../picture/history.ts'
import type { Card } from '../../../scenarios/card.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import type { Future } from '../../../store/state.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { useLateStep, useWalk } from '../moment.ts'
import { captionAt, historiesOf, timelineOf } from '../run.ts'
import { doomOf } from '../search/race.ts'
import { useWhy, useWhyFailed } from '../search/use-why.ts'
import { useTall } from '../use-screen.ts'
import { Stage } from './stage.tsx'

const InterleavingMap = part(() => import('../search/map.tsx'))
const Plug = part(() => import('./plug.tsx'))

export const Run = memo(function Run({ card, trace, talk }: { card: Card; trace: TraceView; talk: boolean }) {
  const mapped = useLockstep((state) => state.place?.view === 'map')
  const pulled = useLockstep((state) => state.place?.power ?? false)
  const traces = useMemo(() => [trace], [trace])
  const other = mapped ? <InterleavingMap card={card} trace={trace} /> : pulled ? <Plug /> : null
  return (
    <>
      {other ? (
        <div className={mapped ? 'stage-other is-map' : 'stage-other'} tabIndex={-1}>
          <Suspense fallback={null}>{other}</Suspense>
        </div>
      ) : (
        <Stage traces={traces} leads={card.leads} talk={talk} />
      )}
      {!mapped && <Timeline trace={trace} talk={talk} />}
    </>
  )
})

const noBands: readonly HistoryBand[] = []
const noGhosts: readonly Future[] = []

function Timeline({ trace, talk }: { trace: TraceView; talk: boolean }) {
  const { scrub, recall } = useActions()
  const why = useWhy()
  const failed = useWhyFailed()
  // What a room sees of the race is the headline; its curve is for who leans over it.
  const doom = useMemo(() => (talk ? null : doomOf(trace, why, failed)), [talk, trace, why, failed])
  // A window that a search has found stands for those that the scenario tells of; nothing is drawn before it is known which.
  const told = failed || (why !== null && why.window === null)
  const run = useMemo(() => timelineOf(trace, told ? trace.windows : []), [trace, told])
  const roomy = useTall() && !talk
  const history = useMemo(() => (roomy ? mostTelling(historiesOf(trace)) : noBands), [trace, roomy])
  const says = useCallback((step: number) => captionAt(trace, step), [trace])
  const ghosts = useLockstep((state) => state.futures)
  return (
    <div className="run-timeline is-scaled">
      <TimelineLens
        run={run}
        current={useLateStep(trace)}
        walk={useWalk()}
        says={says}
        onSeek={scrub}
        history={history}
        doom={doom}
        ghosts={talk ? noGhosts : ghosts}
        onReturn={recall}
        far={talk}
      />
    </div>
  )
}

/** Very high windows have room for one lane through time: the one with damage. All of them stand in the panel. */
function mostTelling(history: readonly HistoryBand[]): readonly HistoryBand[] {
  const damaged = (band: HistoryBand): boolean => [...band.runs, ...band.overlaps].some((one) => one.damaged)
  return [...history.filter(damaged), ...history].slice(0, 1)
}
