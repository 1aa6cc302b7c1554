/** One run: its timeline, its lead pictures and its oracles. */
import { lazy, memo, Suspense, useEffect, useMemo, useState, type CSSProperties } from 'react'
import { HistoryLens } from '../../../lenses/history-lens.tsx'
import { TimelineLens } from '../../../lenses/timeline-lens.tsx'
import type { HistoryBand } from '../../../picture/history.ts'
import type { Card } from '../../../scenarios/card.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { Fold } from '../panel/fold.tsx'
import { useStep } from '../moment.ts'
import { Oracles } from '../panel/oracles.tsx'
import { LeadPictures } from './pictures.tsx'
import { doomOf } from '../search/race.ts'
import { captionAt, historiesOf, timelineOf } from '../run.ts'
import { RUNG, useFit } from './use-fit.ts'
import { useWhy, useWhyFailed } from '../search/use-why.ts'

const InterleavingMap = lazy(() => import('../search/map.tsx'))

const SQUEEZES = 16

/** The sizes of the pictures when some rungs were given up, of which the first costs the third picture and no size. */
const sized = (count: number, rungs: number): CSSProperties => ({ '--squeeze': 1 - RUNG * Math.max(0, rungs - count - 1) }) as CSSProperties

export const Run = memo(function Run({ card, trace, talk }: { card: Card; trace: TraceView; talk: boolean }) {
  const history = useMemo(() => historiesOf(trace), [trace])
  const mapped = useLockstep((state) => state.place?.view === 'map')
  // In a talk nothing scrolls: when the bands are gone the third picture goes, and then the others shrink. On a page that
  // scrolls the window alone decides: one moment looks the same, however one came to it.
  const rungs = talk ? SQUEEZES : 0
  const most = Math.min(history.length, useBands(talk))
  const { ref, count } = useFit<HTMLDivElement>(talk ? most + rungs : 0, rungs, trace)
  const bands = talk ? Math.max(0, count - rungs) : most
  const shown = useMemo(() => mostTelling(history, bands), [history, bands])
  return (
    <>
      <div ref={ref} className={count < rungs ? 'run is-crowded' : 'run'} style={sized(count, rungs)}>
        {mapped && (
          <Suspense fallback={null}>
            <InterleavingMap card={card} trace={trace} />
          </Suspense>
        )}
        <Timeline trace={trace} history={shown} />
        {!mapped && <Leads card={card} trace={trace} />}
        {talk && <Verdicts trace={trace} />}
      </div>
      {!talk && <Verdicts trace={trace} />}
      {history
        .filter((band) => !shown.includes(band))
        .map((band) => (
          <Fold key={band.lane} title={`${band.title} through time`}>
            <Band band={band} />
          </Fold>
        ))}
    </>
  )
})

/** A window is so high before a band stands in it, and for each further one. */
const FIRST_BAND = 1090
const NEXT_BAND = 130

/** How many bands this window has room for; in a talk what fits is measured. */
function useBands(talk: boolean): number {
  const [height, setHeight] = useState(innerHeight)
  useEffect(() => {
    const look = (): void => setHeight(innerHeight)
    addEventListener('resize', look)
    return () => removeEventListener('resize', look)
  }, [])
  return talk ? Infinity : Math.max(0, Math.floor((height - FIRST_BAND) / NEXT_BAND) + 1)
}

function Timeline({ trace, history }: { trace: TraceView; history: readonly HistoryBand[] }) {
  const { scrub, recall } = useActions()
  const why = useWhy()
  const failed = useWhyFailed()
  const doom = useMemo(() => doomOf(trace, why, failed), [trace, why, failed])
  // A window that a search has found stands for those that the scenario tells of; nothing is drawn before it is known which.
  const told = failed || (why !== null && why.window === null)
  const run = useMemo(() => timelineOf(trace, told ? trace.windows : []), [trace, told])
  const step = useStep()
  const ghosts = useLockstep((state) => state.futures)
  return (
    <TimelineLens
      run={run}
      current={step}
      caption={captionAt(trace, step)}
      onSeek={scrub}
      history={history}
      doom={doom}
      ghosts={ghosts}
      onReturn={recall}
    />
  )
}

const Leads = ({ card, trace }: { card: Card; trace: TraceView }) => <LeadPictures trace={trace} step={useStep()} leads={card.leads} />
const Verdicts = ({ trace }: { trace: TraceView }) => <Oracles trace={trace} step={useStep()} />
const Band = ({ band }: { band: HistoryBand }) => <HistoryLens band={band} current={useStep()} />

/** Where not all bands have room: those with damage first, in their own order. */
function mostTelling(history: readonly HistoryBand[], count: number): readonly HistoryBand[] {
  const damaged = (band: HistoryBand): boolean => [...band.runs, ...band.overlaps].some((one) => one.damaged)
  const chosen = [...history.filter(damaged), ...history.filter((band) => !damaged(band))].slice(0, count)
  return history.filter((band) => chosen.includes(band))
}
