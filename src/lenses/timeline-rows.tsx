import { memo, useId } from 'react'
import { hueStyle } from './hue.ts'
import { DamageSign } from './marks.tsx'
import { placeOnRow } from './place.ts'
import { charWidth } from './strip-layout.ts'
import {
  beatMarks,
  columnOf,
  laneHeight,
  rulerHeight,
  waitInWords,
  type BlockedSpan,
  type StepAxis,
  type TaskRow,
  type TimelineLayout,
  type TimelineRun,
  type TimelineStep,
} from './timeline.ts'

/** The mean advance of the sans face at 12 units, about. */
const sansWidth = 5.6

interface Props {
  readonly run: TimelineRun
  readonly axis: StepAxis
  readonly layout: TimelineLayout
  readonly current: number
  readonly height: number
}

/** Everything on the step axis but the scrubber and the history. */
export function TimelineRows({ run, axis, layout, current, height }: Props) {
  const prefix = useId().replace(/\W/g, '')
  return (
    <>
      <defs>
        <pattern id={`${prefix}-wait`} width={7} height={7} patternUnits="userSpaceOnUse">
          <path d="M-2 2 L2 -2 M0 7 L7 0 M5 9 L9 5" className="timeline-hatch" />
        </pattern>
      </defs>
      <Ruler axis={axis} current={current} />
      {layout.beatsTop !== null && <Beats run={run} axis={axis} top={layout.beatsTop} current={current} />}
      {layout.oraclesTop !== null && <Verdicts run={run} axis={axis} top={layout.oraclesTop} />}
      {run.partsAt !== null && (
        <path className="timeline-diverged" d={`M${columnOf(axis, run.partsAt) - axis.cell / 2} ${layout.oraclesTop ?? 0} V${height}`} />
      )}
      {layout.rows.map((row) => (
        <Row key={row.task.letter} row={row} run={run} axis={axis} current={seenBy(row, current)} paint={`url(#${prefix}-wait)`} />
      ))}
    </>
  )
}

/** States before a task's first step, and states after its last one, are the same to its row. */
const seenBy = (row: TaskRow, current: number): number => Math.max((row.first ?? 0) - 1, Math.min(current, (row.last ?? -1) + 1))

/** Numbers give way to the number of the handle. */
function Ruler({ axis, current }: { axis: StepAxis; current: number }) {
  const every = [1, 2, 5, 10, 20, 50].find((step) => step * axis.cell >= 30) ?? 50
  const numbers = Array.from({ length: Math.floor((axis.states - 1) / every) + 1 }, (_, i) => i * every)
  return (
    <g className="timeline-ruler">
      <path d={`M0 ${rulerHeight - 4.5} H${axis.width}`} />
      {numbers.map((n) => (
        <RulerMark key={n} n={n} x={columnOf(axis, n)} named={Math.abs(n - current) * axis.cell > 26} />
      ))}
    </g>
  )
}

const RulerMark = memo(function RulerMark({ n, x, named }: { n: number; x: number; named: boolean }) {
  return (
    <>
      <path d={`M${x} ${rulerHeight - 8} v4`} />
      {named && (
        <text x={x} y={14} textAnchor="middle">
          {n}
        </text>
      )}
    </>
  )
})

/** Beats are numbered in the order of this run, one mark a step; where two numbers have no room the later keeps its mark alone. */
const Beats = memo(function Beats({ run, axis, top, current }: { run: TimelineRun; axis: StepAxis; top: number; current: number }) {
  const marks = beatMarks(run.beats).map((mark, i) => ({ ...mark, number: i + 1, x: columnOf(axis, mark.step) }))
  const numbered = marks.reduce<readonly number[]>(
    (kept, mark) => (mark.x - (kept.at(-1) ?? -Infinity) >= 19 ? [...kept, mark.x] : kept),
    [],
  )
  return (
    <g className="timeline-beats">
      {marks.map((mark) => {
        const roomy = numbered.includes(mark.x)
        const state = mark.step === current ? ' is-current' : mark.step < current ? ' is-past' : ''
        return (
          <g key={mark.step} className={`timeline-beat${state}`}>
            <title>{`moment ${mark.number}, ${mark.ids.join(' and ')}: step ${mark.step}`}</title>
            {roomy ? (
              <rect x={mark.x - 8.5} y={top + 0.5} width={17} height={16} />
            ) : (
              <path d={`M${mark.x} ${top + 4} l4.5 4.5 l-4.5 4.5 l-4.5 -4.5 Z`} />
            )}
            {roomy && (
              <text x={mark.x} y={top + 12.7} textAnchor="middle">
                {mark.number}
              </text>
            )}
          </g>
        )
      })}
    </g>
  )
})

/** Violations, and the place where the run left the one it is compared with. */
const Verdicts = memo(function Verdicts({ run, axis, top }: { run: TimelineRun; axis: StepAxis; top: number }) {
  const steps = [...new Set(run.violations.map((violation) => violation.step))]
  const signs = [true, false].flatMap((damage) =>
    steps.flatMap((step) => {
      const here = run.violations.filter((violation) => violation.step === step && Boolean(violation.noted) !== damage)
      return here.length === 0 ? [] : [{ step, text: here.map((violation) => violation.oracle).join(' '), damage }]
    }),
  )
  const all = [...signs, ...(run.partsAt === null ? [] : [{ step: run.partsAt, text: 'parts here', damage: false }])]
  const placed = placeOnRow(
    all.map((sign) => {
      const width = sign.text.length * charWidth + (sign.damage ? 16 : 0)
      return {
        ...sign,
        width,
        anchor: columnOf(axis, sign.step) - (sign.damage ? 6 : 0) + (sign.damage ? width / 2 : -axis.cell / 2 + width / 2 + 4),
      }
    }),
    0,
    axis.width,
    120,
  )
  return (
    <g className="timeline-verdicts">
      {placed.map((sign) => (
        <g key={`${sign.step}${sign.text}`} className={sign.damage ? 'is-damage' : undefined}>
          {sign.damage && <DamageSign x={sign.x} y={top + 13} />}
          <text x={sign.x + (sign.damage ? 15 : 0)} y={top + 13}>
            {sign.text}
          </text>
        </g>
      ))}
    </g>
  )
})

const Row = memo(function Row({
  row,
  run,
  axis,
  current,
  paint,
}: {
  row: TaskRow
  run: TimelineRun
  axis: StepAxis
  current: number
  paint: string
}) {
  const middle = row.laneTop + laneHeight / 2
  const own = run.steps.filter((step) => step.task === row.task.letter)
  return (
    <g className="timeline-row" style={hueStyle(row.task.letter)}>
      <path className="timeline-rail" d={`M0 ${middle} H${axis.width}`} />
      {row.first !== null && row.last !== null && (
        <path className="timeline-life" d={`M${columnOf(axis, row.first)} ${middle} H${columnOf(axis, row.last)}`} />
      )}
      {run.blockedSpans
        .filter((span) => span.task === row.task.letter)
        .map((span) => (
          <Wait key={`${span.from}${span.on}`} span={span} axis={axis} top={row.laneTop} paint={paint} />
        ))}
      {own.map((step) => (
        <Tick key={step.n} step={step} axis={axis} top={row.laneTop} state={stateOf(step.n, current)} />
      ))}
      {row.windows.map(({ window, y }) => (
        <Window key={window.id} from={window.from} to={window.to} says={window.says} axis={axis} y={y} />
      ))}
    </g>
  )
})

const stateOf = (n: number, current: number) => (n === current ? 'is-current' : n < current ? 'is-past' : 'is-future')

interface TickProps {
  readonly step: TimelineStep
  readonly axis: StepAxis
  readonly top: number
  readonly state: ReturnType<typeof stateOf>
}

/** One step. Long runs have many and a step forward changes two of them, so the others are not drawn again. */
const Tick = memo(function Tick({ step, axis, top, state }: TickProps) {
  const grow = state === 'is-current' ? 2 : 0
  const width = Math.max(axis.cell - 2, 4)
  const roomy = step.label.length * charWidth + 6 <= width
  return (
    <g className={`timeline-tick ${state}${roomy ? ' is-labelled' : ''}`}>
      <title>{`step ${step.n}, ${step.task}: ${step.label}`}</title>
      <rect x={columnOf(axis, step.n) - width / 2 + 0.5} y={top + 3.5 - grow} width={width - 1} height={laneHeight - 7 + 2 * grow} />
      {roomy && (
        <text x={columnOf(axis, step.n)} y={top + laneHeight / 2 + 4} textAnchor="middle">
          {step.label}
        </text>
      )}
    </g>
  )
})

function Wait({ span, axis, top, paint }: { span: BlockedSpan; axis: StepAxis; top: number; paint: string }) {
  const x = span.from * axis.cell + axis.cell / 2
  const end = span.to === null ? axis.width : (span.to - 0.5) * axis.cell + axis.cell / 2
  const from = x + axis.cell / 2 - 1
  const width = Math.max(end - axis.cell / 2 - from + 1, 4)
  const words = [waitInWords(span), `waits for ${span.on}`, span.on, 'waits'].find((text) => text.length * charWidth + 10 <= width)
  return (
    <g className="timeline-wait">
      <title>{`${span.task} ${waitInWords(span)}`}</title>
      <rect x={from + 0.5} y={top + 4.5} width={width - 1} height={laneHeight - 9} fill={paint} />
      {words && (
        <rect
          className="timeline-paper"
          x={from + width / 2 - (words.length * sansWidth) / 2 - 5}
          y={top + 3}
          width={words.length * sansWidth + 10}
          height={laneHeight - 6}
        />
      )}
      {words && (
        <text x={from + width / 2} y={top + laneHeight / 2 + 4} textAnchor="middle">
          {words}
        </text>
      )}
    </g>
  )
}

/** A window is a bar between the step that opens it and the one that closes it; open ends have no cap. */
function Window({ from, to, says, axis, y }: { from: number; to: number | null; says: string; axis: StepAxis; y: number }) {
  const start = columnOf(axis, from)
  const end = to === null ? axis.width : columnOf(axis, to)
  const middle = y + 9
  const roomy = says.length * charWidth + 16 <= end - start
  return (
    <g className="timeline-window">
      <title>{`window after step ${from}${to === null ? '' : ` until step ${to}`}: ${says}`}</title>
      <path d={`M${start} ${middle} H${end}`} className="is-bar" />
      <path d={`M${start} ${middle - 5} v10${to === null ? '' : ` M${end} ${middle - 5} v10`}`} className="is-cap" />
      {roomy && (
        <text x={(start + end) / 2} y={middle + 4} textAnchor="middle">
          {says}
        </text>
      )}
    </g>
  )
}
