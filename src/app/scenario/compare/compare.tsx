import { useMemo } from 'react'
import { TimelineLens } from '../../../lenses/timeline-lens.tsx'
import type { Card } from '../../../scenarios/card.ts'
import { partedBetween } from '../../../narrate/parted.ts'
import type { CompareView, TraceView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { Caption } from '../story/caption.tsx'
import { useRow } from '../moment.ts'
import { Status } from '../story/status.tsx'
import { OutcomeTable } from './outcome.tsx'
import { LeadPictures } from './pictures.tsx'
import { RightSide } from './right-side.tsx'
import { blockedAt, captionAt, timelineOf } from '../run.ts'
import { useDoomOf } from '../search/use-why.ts'
import './compare.css'
import { Waiting } from '../transport/waiting.tsx'

/** The same schedule on two kernels, row by row. */
export default function Compare({ card, compare }: { card: Card; compare: CompareView }) {
  const row = useRow()
  const lines = useLockstep((state) => state.place?.other !== null)
  const names = lines
    ? lineNames(compare)
    : ([nameOf(card, compare.left, compare.right), nameOf(card, compare.right, compare.left)] as const)
  const { diverged } = compare
  const ended = row >= compare.rows.length - 1
  return (
    <section className="comparison" aria-label="Comparison" tabIndex={0}>
      {!lines && <RightSide card={card} left={compare.left} />}
      <p className="diverged" role="status">
        {diverged === null
          ? 'These two runs are the same to their ends.'
          : `${row < diverged.row ? 'Both do the same so far. ' : ''}${partedBetween(diverged)}`}
      </p>
      <div className="compare">
        <Column card={card} compare={compare} side="left" row={row} name={names[0]} />
        <Column card={card} compare={compare} side="right" row={row} name={names[1]} />
      </div>
      {ended && <OutcomeTable left={compare.left.outcome} right={compare.right.outcome} names={names} />}
    </section>
  )
}

/** Two lines of one kernel, or of two. */
function lineNames({ left, right }: CompareView): readonly [string, string] {
  const kernel = ({ asked }: TraceView['kernel']): string => `Linux ${asked}`
  return [`this line on ${kernel(left.kernel)}`, `the other line on ${kernel(right.kernel)}`]
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
  readonly compare: CompareView
  readonly side: 'left' | 'right'
  readonly row: number
  readonly name: string
}

function Column({ card, compare, side, row, name }: ColumnProps) {
  const { scrub } = useActions()
  const trace = compare[side]
  const run = useMemo(() => timelineOf(trace), [trace])
  const doom = useDoomOf(trace)
  const step = compare.rows[Math.min(row, compare.rows.length - 1)]?.[side] ?? 0
  const still = standsStill(compare, side, row)
  const rowOf = (to: number): number => compare.rows.findLastIndex((one) => one[side] === to)
  return (
    <section className="compare-column" aria-label={name}>
      <h2>{name}</h2>
      <Caption trace={trace} step={step} />
      <p className="compare-waiting">
        <Waiting trace={trace} step={step} />
        {still !== null && <span>{still}</span>}
      </p>
      <LeadPictures trace={trace} step={step} leads={card.leads} />
      <TimelineLens run={run} current={step} caption={captionAt(trace, step)} onSeek={(to) => scrub(Math.max(0, rowOf(to)))} doom={doom} />
      <Status trace={trace} step={step} />
    </section>
  )
}

/** Why a side does not move at a row, and when it does again; null if it moves. */
function standsStill(compare: CompareView, side: 'left' | 'right', row: number): string | null {
  const { rows, [side]: trace } = compare
  const at = rows[row]?.[side] ?? 0
  if (row === 0 || rows[row - 1]?.[side] !== at) return null
  if (at === trace.steps.length) return 'This side has ended; the other one goes on.'
  const next = rows.findIndex((one, i) => i > row && one[side] !== at)
  const waits = blockedAt(trace, at)
  return `${waits.length > 0 ? 'This side waits' : 'This side has no such step'} and goes on at row ${next}.`
}
