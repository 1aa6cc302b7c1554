import { useMemo } from 'react'
import { TimelineLens } from '../../lenses/timeline-lens.tsx'
import type { Card } from '../../scenarios/card.ts'
import type { CompareView, TraceView } from '../../worker/protocol.ts'
import { useActions } from '../lockstep.tsx'
import { Caption } from './caption.tsx'
import { useRow } from './moment.ts'
import { Oracles } from './oracles.tsx'
import { OutcomeTable } from './outcome.tsx'
import { LeadPictures } from './pictures.tsx'
import { RightSide } from './right-side.tsx'
import { captionAt, timelineOf } from './run.ts'
import './compare.css'
import { Waiting } from './waiting.tsx'

/** The same schedule on two kernels, row by row. */
export default function Compare({ card, compare }: { card: Card; compare: CompareView }) {
  const row = useRow()
  const at = compare.rows[Math.min(row, compare.rows.length - 1)] ?? { left: 0, right: 0 }
  const names = [nameOf(card, compare.left, compare.right), nameOf(card, compare.right, compare.left)] as const
  const { diverged } = compare
  const ended = row >= compare.rows.length - 1
  return (
    <>
      <RightSide card={card} left={compare.left} />
      <p className="diverged" role="status">
        {diverged === null
          ? 'These two runs never differ.'
          : row < diverged.row
            ? `Both kernels do the same so far; they differ at row ${diverged.row}.`
            : `Diverged at row ${diverged.row}: ${diverged.says}`}
      </p>
      <div className="compare">
        <Column
          card={card}
          trace={compare.left}
          step={at.left}
          name={names[0]}
          rowOf={(step) => compare.rows.findLastIndex((one) => one.left === step)}
        />
        <Column
          card={card}
          trace={compare.right}
          step={at.right}
          name={names[1]}
          rowOf={(step) => compare.rows.findLastIndex((one) => one.right === step)}
        />
      </div>
      {ended && <OutcomeTable left={compare.left.outcome} right={compare.right.outcome} names={names} />}
    </>
  )
}

/** What tells a side from the other: the kernel, and the patches that only one has; those that only come along are counted. */
function nameOf(card: Card, trace: TraceView, other: TraceView): string {
  const differing = trace.patches.filter((patch) => patch.on !== other.patches.find(({ id }) => id === patch.id)?.on)
  const ordered = [...differing.filter(({ id }) => id === card.fix), ...differing.filter(({ id }) => id !== card.fix)]
  // What a side has says more than what it lacks.
  const main = ordered.find(({ on }) => on) ?? ordered[0]
  const rest = ordered.filter((patch) => patch !== main && patch.on === main?.on)
  if (!main) return `Linux ${trace.kernel.asked}`
  const word = main.id === card.fix ? 'the fix ' : ''
  return `Linux ${trace.kernel.asked} ${main.on ? 'with' : 'without'} ${word}${main.id}${rest.length > 0 ? ` and ${rest.length} more` : ''}`
}

interface ColumnProps {
  readonly card: Card
  readonly trace: TraceView
  readonly step: number
  readonly name: string
  /** The row at which this side is at a step; negative if it never is. */
  readonly rowOf: (step: number) => number
}

function Column({ card, trace, step, name, rowOf }: ColumnProps) {
  const { scrub } = useActions()
  const run = useMemo(() => timelineOf(trace), [trace])
  return (
    <section className="compare-column" aria-label={name}>
      <h2>{name}</h2>
      <Caption trace={trace} step={step} />
      <p className="compare-waiting">
        <Waiting trace={trace} step={step} />
      </p>
      <LeadPictures trace={trace} step={step} leads={card.leads} />
      <TimelineLens run={run} current={step} caption={captionAt(trace, step)} onSeek={(to) => scrub(Math.max(0, rowOf(to)))} />
      <Oracles trace={trace} step={step} />
    </section>
  )
}
