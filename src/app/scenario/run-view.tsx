/** One run: its timeline, its lead pictures and its oracles. */
import { memo, useMemo } from 'react'
import { HistoryLens } from '../../lenses/history-lens.tsx'
import { TimelineLens } from '../../lenses/timeline-lens.tsx'
import type { HistoryBand } from '../../picture/history.ts'
import type { Card } from '../../scenarios/card.ts'
import type { TraceView } from '../../worker/protocol.ts'
import { useActions } from '../lockstep.tsx'
import { Fold } from './fold.tsx'
import { useStep } from './moment.ts'
import { Oracles } from './oracles.tsx'
import { LeadPictures } from './pictures.tsx'
import { captionAt, historiesOf, timelineOf } from './run.ts'
import { useFit } from './use-fit.ts'

export const Run = memo(function Run({ card, trace, talk }: { card: Card; trace: TraceView; talk: boolean }) {
  const history = useMemo(() => historiesOf(trace), [trace])
  const { ref, count } = useFit<HTMLDivElement>(history.length, trace, talk)
  const shown = useMemo(() => mostTelling(history, count), [history, count])
  return (
    <>
      <Timeline trace={trace} history={shown} />
      <div ref={ref}>
        <Leads card={card} trace={trace} />
      </div>
      <Verdicts trace={trace} />
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

function Timeline({ trace, history }: { trace: TraceView; history: readonly HistoryBand[] }) {
  const { scrub } = useActions()
  const run = useMemo(() => timelineOf(trace), [trace])
  const step = useStep()
  return <TimelineLens run={run} current={step} caption={captionAt(trace, step)} onSeek={scrub} history={history} />
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
