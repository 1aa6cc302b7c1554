import { useMemo } from 'react'
import { HistoryLens } from '../../../lenses/history-lens.tsx'
import type { HistoryBand } from '../../../picture/history.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { useLateStep } from '../moment.ts'
import { historiesOf } from '../run.ts'
import { Fold } from './fold.tsx'

/** Lanes of the strips through time. */
export function Histories({ trace }: { trace: TraceView }) {
  const bands = useMemo(() => historiesOf(trace), [trace])
  return bands.map((band) => (
    <Fold key={band.lane} title={`${band.title} through time`}>
      <Band band={band} trace={trace} />
    </Fold>
  ))
}

const Band = ({ band, trace }: { band: HistoryBand; trace: TraceView }) => <HistoryLens band={band} current={useLateStep(trace)} />
