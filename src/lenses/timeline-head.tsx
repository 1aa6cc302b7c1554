/** What stands above the tasks: the numbers of steps, beats, and what is violated. */
import { memo } from 'react'
import { DamageSign } from './marks.tsx'
import { columnOf, edgeOf, type StepAxis } from './step-axis.ts'
import { monoWidth } from './text-width.ts'
import { beatMarks, violationInWords, type TimelineRun } from './timeline.ts'
import { rulerHeight } from './timeline-layout.ts'

/** Numbers of steps; those near the handle give way to its own. */
export const Ruler = memo(function Ruler({ axis, current }: { axis: StepAxis; current: number }) {
  const every = [1, 2, 5, 10, 20, 50].find((step) => step * axis.cell >= 30) ?? 50
  const numbers = Array.from({ length: Math.floor((axis.states - 1) / every) + 1 }, (_, i) => i * every)
  const roomy = numbers.reduce<readonly number[]>(
    (kept, n) => (columnOf(axis, n) - columnOf(axis, kept.at(-1) ?? -Infinity) >= 22 || kept.length === 0 ? [...kept, n] : kept),
    [],
  )
  const x = columnOf(axis, current)
  return <RulerMarks axis={axis} numbers={roomy.map((n) => (Math.abs(columnOf(axis, n) - x) > 24 ? `${n}` : `(${n})`)).join(' ')} />
})

/** `numbers` with a space between, in brackets where only their mark is drawn: at most steps they are the same text. */
const RulerMarks = memo(function RulerMarks({ axis, numbers }: { axis: StepAxis; numbers: string }) {
  return (
    <g className="timeline-ruler">
      <path d={`M0 ${rulerHeight - 2.5} H${axis.width}`} />
      {numbers.split(' ').map((text) => {
        const n = Number(text.replace(/[()]/g, ''))
        return <RulerMark key={n} n={n} x={columnOf(axis, n)} isNamed={!text.startsWith('(')} />
      })}
    </g>
  )
})

const RulerMark = memo(function RulerMark({ n, x, isNamed }: { n: number; x: number; isNamed: boolean }) {
  return (
    <>
      <path d={`M${x} ${rulerHeight - 6} v4`} />
      {isNamed && (
        <text x={x} y={10} textAnchor="middle">
          {n}
        </text>
      )}
    </>
  )
})

interface BeatProps {
  readonly x: number
  readonly top: number
  /** Null where another number stands too near. */
  readonly number: number | null
  readonly says: string
  readonly state: 'is-current' | 'is-past' | 'is-future'
}

/** Beats are numbered in the order of this run, one mark a step; where two numbers have no room the later keeps its mark alone. */
export function Beats({ run, axis, top, current }: { run: TimelineRun; axis: StepAxis; top: number; current: number }) {
  const steps = run.beats.flatMap(({ step }) => (step === null ? [] : [step]))
  // Between two of them all look the same.
  const last = Math.max(-1, ...steps.filter((step) => step <= current))
  return <BeatRow run={run} axis={axis} top={top} last={last} isCurrent={last === current} />
}

interface BeatRowProps {
  readonly run: TimelineRun
  readonly axis: StepAxis
  readonly top: number
  /** The step of the last beat that has come, and whether it is the one that is shown. */
  readonly last: number
  readonly isCurrent: boolean
}

const BeatRow = memo(function BeatRow({ run, axis, top, last, isCurrent }: BeatRowProps) {
  const marks = beatMarks(run.beats).map((mark, i) => ({ ...mark, number: i + 1, x: columnOf(axis, mark.step) }))
  const numbered = marks.reduce<readonly number[]>(
    (kept, mark) => (mark.x - (kept.at(-1) ?? -Infinity) >= 18 ? [...kept, mark.x] : kept),
    [],
  )
  return marks.map(({ step, ids, number, x }) => (
    <Beat
      key={step}
      x={x}
      top={top}
      number={numbered.includes(x) ? number : null}
      says={`moment ${number}, ${ids.join(' and ')}: step ${step}`}
      state={step > last ? 'is-future' : step === last && isCurrent ? 'is-current' : 'is-past'}
    />
  ))
})

const Beat = memo(function Beat({ x, top, number, says, state }: BeatProps) {
  return (
    <g className={`timeline-beat ${state}`}>
      <title>{says}</title>
      {number === null ? (
        <path d={`M${x} ${top + 3} l4 4 l-4 4 l-4 -4 Z`} />
      ) : (
        <>
          <rect x={x - 8} y={top + 0.5} width={16} height={12.5} />
          <text x={x} y={top + 11} textAnchor="middle">
            {number}
          </text>
        </>
      )}
    </g>
  )
})

interface Sign {
  readonly step: number
  readonly ids: string
  readonly name: string
  readonly title: string
  readonly damage: boolean
}

/** What the rules say at the steps of a run, and where it left the one that it is compared with: what matters most first. */
function signsOf(run: TimelineRun): readonly Sign[] {
  const steps = [...new Set(run.violations.map((violation) => violation.step))]
  const said = (damage: boolean): readonly Sign[] =>
    steps.flatMap((step): Sign[] => {
      const here = run.violations.filter((violation) => violation.step === step && Boolean(violation.noted) !== damage)
      const [first] = here
      if (!first) return []
      const title = here.map((one) => `${violationInWords(one)} (${one.oracle})`).join('; ')
      const name = here.length === 1 ? first.name : `${here.length} rules`
      return [{ step, ids: here.map(({ oracle }) => oracle).join(' '), name, title, damage }]
    })
  const parts = 'differs from here'
  const parting = run.partsAt === null ? [] : [{ step: run.partsAt, ids: 'differs', name: parts, title: parts, damage: false }]
  return [...said(true), ...parting, ...said(false)]
}

/** Half the width of a sign of damage, with some air. */
const signHalf = 9

/**
 * A sign of damage stands at its step, whatever else there is. Words stand behind their place or, where they have no room there, before it:
 * names first, then ids; what has no room for either is in the tooltip of its sign.
 */
function placed(signs: readonly Sign[], axis: StepAxis) {
  const taken = signs
    .filter(({ damage }) => damage)
    .map(({ step }) => columnOf(axis, step))
    .map((at) => ({ from: at - signHalf, to: at + signHalf }))
  const isFree = (from: number, to: number): boolean =>
    from >= 0 && to <= axis.width && taken.every((other) => to <= other.from || from >= other.to)
  return signs.flatMap((sign) => {
    const [at, air] = sign.damage ? [columnOf(axis, sign.step), signHalf] : [edgeOf(axis, sign.step), 4]
    for (const text of [sign.name, sign.ids]) {
      const width = text.length * monoWidth
      const x = [at + air, at - air - width].find((from) => isFree(from, from + width))
      if (x === undefined) continue
      taken.push({ from: x - wordGap, to: x + width + wordGap })
      return [{ ...sign, at, text, x }]
    }
    return sign.damage ? [{ ...sign, at, text: '', x: at }] : []
  })
}

const wordGap = 8

/** Violations, and the place where the run left the one it is compared with. */
export const Verdicts = memo(function Verdicts({ run, axis, top }: { run: TimelineRun; axis: StepAxis; top: number }) {
  const signs = placed(signsOf(run), axis)
  return (
    <g className="timeline-verdicts">
      {signs.map((sign) => (
        <g key={`${sign.step}${sign.ids}`} className={sign.damage ? 'is-damage' : undefined}>
          <title>{sign.title}</title>
          {sign.damage && <DamageSign x={sign.at - 5.5} y={top + 11} />}
          <text x={sign.x} y={top + 11}>
            {sign.text}
          </text>
        </g>
      ))}
    </g>
  )
})
