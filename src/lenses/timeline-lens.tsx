import { memo, Suspense, useCallback, useId, useMemo, useState, type ReactNode } from 'react'
import type { HistoryBand } from '../picture/history.ts'
import { callBars, stackAt, type CallBar } from './calls.ts'
import { doomHeight, doomInWords, type Doom } from './doom.ts'
import { ghostHeight, type GhostLine } from './ghost.ts'
import { hueStyle } from './hue.ts'
import { late, part } from './late.ts'
import { edgeOf, historyHeight, scaled, seenCell, stepAxis, type StepAxis } from './step-axis.ts'
import { BandNames, Bands } from './timeline-bands.tsx'
import { Gutter, narrowGutter, wideGutter, type PlacedBand } from './timeline-gutter.tsx'
import { Beats, Ruler, Verdicts } from './timeline-head.tsx'
import { bottomRoom, levelHeight, rulerHeight, timelineLayout, type TimelineLayout } from './timeline-layout.ts'
import { Scroller, Scrubber, stateUnder, useCarried } from './timeline-scrubber.tsx'
import { Standing } from './timeline-standing.tsx'
import { damagedAt, standing, violationInWords, waitInWords, type TimelineRun } from './timeline.ts'
import { useMeasure } from './use-measure.ts'
import { useMoved, type Walk } from './walk.ts'
import './theme.css'
import './fonts.css'
import './lenses.css'
import './timeline.css'

/** As long as nothing is known of the race, what it draws is not worth waiting for. */
const DoomCurve = late(async () => ({ default: (await import('./doom-curve.tsx')).DoomCurve }))
/** Only who has left a run has lines of it. */
const GhostLines = part(async () => ({ default: (await import('./ghost-lines.tsx')).GhostLines }))
/** Only the highest windows have room for it. */
const HistoryDrawing = part(async () => ({ default: (await import('./history-lens.tsx')).HistoryDrawing }))

const narrowBelow = 560

interface Props {
  /** The same object for as long as it is the same run: what does not follow the step is drawn once. */
  readonly run: TimelineRun
  /** The state shown, 0 to the number of steps. */
  readonly current: number
  /** What moves follows this and does not wait for the rest; null where that is quick enough. */
  readonly walk?: Walk | null
  /** The sentence of a state; what a screen reader hears of the scrubber. */
  readonly says: (state: number) => string
  readonly onSeek: (state: number) => void
  /** Lanes that run along below the tasks on the same axis. */
  readonly history?: readonly HistoryBand[]
  /** Lines that were left, which can be gone back to. */
  readonly ghosts?: readonly GhostLine[]
  readonly onReturn?: (ghost: number) => void
  /** The race, between the tasks and the history; null: not drawn here. */
  readonly doom?: Doom | null
  /** Without the tasks, for where there is little room: what is walked along is seen whole. */
  readonly brief?: boolean
  /** What tells it from another one beside it. */
  readonly name?: string
  /** For a room: a line a task, and columns that are seen and not pointed at. */
  readonly far?: boolean
}

/** Behind the last step of a run that is stuck: who waits for what. */
const foreverRoom = 230
/** Where columns are narrower than the handle: room for it behind the last one. */
const endRoom = 8
const handleWidth = 24

const noBands: readonly HistoryBand[] = []
const noGhosts: readonly GhostLine[] = []

/**
 * The calls of each task over the step axis, with the scrubber; below them, on the same axis, the race and the history of
 * chosen lanes. Its height is that of the run: no step changes it.
 */
export function TimelineLens({
  run,
  current,
  walk = null,
  says,
  onSeek,
  history = noBands,
  ghosts = noGhosts,
  onReturn,
  doom = null,
  brief = false,
  name = 'Timeline',
  far = false,
}: Props) {
  const { ref, width, scale, measured } = useMeasure<HTMLDivElement>()
  const [locks, setLocks] = useState(false)
  const narrow = width < narrowBelow && !far
  const gutter = narrow ? narrowGutter : wideGutter(width)
  const room = width - gutter - 2
  const raced = doom !== null
  const layout = useMemo(
    () => timelineLayout(run, { named: narrow, locks, windows: !raced && !far, brief, far }),
    [run, narrow, locks, raced, brief, far],
  )
  const { axis, folded, setUnfolded, unfolded, setDragging } = useFolds(run, layout, room, current, far || brief)
  const below = layout.height + (doom ? doomHeight : 0) + ghosts.length * ghostHeight
  const bands = useMemo(() => history.map((band, i): PlacedBand => ({ band, y: below + 6 + i * historyHeight })), [history, below])
  const height = below + bands.length * historyHeight + bottomRoom
  // What follows the walk by itself is not drawn again when the rest is.
  const drawn = walk === null ? current : 0
  return (
    <section className={narrow ? 'lens lens-timeline is-narrow' : 'lens lens-timeline'} aria-label={name}>
      <div ref={ref} className="timeline-frame">
        <span className="lens-probe" aria-hidden="true" />
        <div className="timeline-body" style={measured ? undefined : { height: scaled(height) }}>
          {measured && (
            <>
              <Gutter
                run={run}
                layout={layout}
                bands={bands}
                ghosts={ghosts}
                doom={doom}
                narrow={narrow}
                width={narrow ? width : gutter}
                height={height}
                current={current}
              />
              <Scroller axis={axis} gutter={gutter} room={width - gutter} scale={scale} current={current} walk={walk}>
                <Drawn
                  run={run}
                  axis={axis}
                  layout={layout}
                  folded={folded}
                  height={height}
                  bands={bands}
                  ghosts={ghosts}
                  onReturn={onReturn}
                  onSeek={onSeek}
                  doom={doom}
                  current={current}
                />
                <Moving run={run} axis={axis} layout={layout} height={height} current={current} drawn={drawn} walk={walk} veiled={!brief} />
                <Above run={run} axis={axis} layout={layout} folded={folded} />
                <Scrubber run={run} axis={axis} current={current} walk={walk} says={says} onSeek={onSeek} onDrag={setDragging} />
              </Scroller>
            </>
          )}
        </div>
      </div>
      <div className="timeline-foot">
        <Standing run={run} current={current} doom={doom} />
        {layout.folds.length > 0 && <Toggle on={unfolded} onChange={setUnfolded} name="all calls" />}
        {run.held.length > 0 && !brief && <Toggle on={locks} onChange={setLocks} name="locks held" />}
      </div>
    </section>
  )
}

const Toggle = memo(function Toggle({ on, onChange, name }: { on: boolean; onChange: (to: boolean) => void; name: string }) {
  return (
    <label className="timeline-toggle">
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} /> {name}
    </label>
  )
})

/** The columns of the run, those of folded calls narrow. The call that is stepped through is open, and while the handle is dragged nothing opens or closes under it. */
function useFolds(run: TimelineRun, { folds }: TimelineLayout, room: number, current: number, tight: boolean) {
  const [unfolded, setUnfolded] = useState(false)
  const [held, setHeld] = useState<string | null | undefined>(undefined)
  const entered = folds.find(({ inside }) => inside.includes(current))?.id ?? null
  const open = held === undefined ? entered : held
  const closed = useMemo(() => (unfolded ? [] : folds.filter(({ id }) => id !== open)), [folds, unfolded, open])
  const folded = useMemo(() => new Set(closed.map(({ id }) => id)), [closed])
  const axis = useMemo(
    () =>
      stepAxis(
        run.steps.length,
        room,
        new Set(closed.flatMap(({ inside }) => inside)),
        run.stuck ? foreverRoom : room < (run.steps.length + 1) * handleWidth ? endRoom : 0,
        tight ? seenCell : undefined,
      ),
    [run.steps.length, run.stuck, room, closed, tight],
  )
  const setDragging = useCallback((dragging: boolean): void => setHeld(dragging ? entered : undefined), [entered])
  return { axis, folded, unfolded, setUnfolded, setDragging }
}

interface DrawnProps {
  readonly run: TimelineRun
  readonly axis: StepAxis
  readonly layout: TimelineLayout
  readonly folded: ReadonlySet<string>
}

interface CourseProps extends DrawnProps, Pick<Props, 'onSeek' | 'current'> {
  readonly onReturn: Props['onReturn'] | undefined
  readonly height: number
  readonly bands: readonly PlacedBand[]
  readonly ghosts: readonly GhostLine[]
  readonly doom: Doom | null
}

/** Everything that stays where it is while one steps. */
const Drawn = memo(function Drawn({ run, axis, layout, folded, height, bands, ghosts, onReturn, onSeek, doom, current }: CourseProps) {
  const words = useMemo(() => runInWords(run, doom), [run, doom])
  return (
    <svg
      role="img"
      aria-label={`Step ${current} of ${run.steps.length}. ${words} ${nowInWords(run, current)}`}
      viewBox={`0 0 ${axis.width} ${height}`}
      style={{ width: scaled(axis.width), height: scaled(height) }}
      onClick={(event) => onSeek(stateUnder(event, axis))}
    >
      <Below run={run} axis={axis} layout={layout} folded={folded} height={height} />
      <Ruler axis={axis} current={current} />
      {layout.beatsTop !== null && <Beats run={run} axis={axis} top={layout.beatsTop} current={current} />}
      <Suspense fallback={null}>
        {onReturn && ghosts.length > 0 && (
          <GhostLines ghosts={ghosts} axis={axis} y={layout.height + (doom ? doomHeight : 0)} onReturn={onReturn} />
        )}
      </Suspense>
      <Suspense fallback={null}>{doom && <DoomCurve doom={doom} axis={axis} y={layout.height} windows={run.windows} />}</Suspense>
      <Suspense fallback={null}>
        {bands.map(({ band, y }) => (
          <HistoryDrawing key={band.lane} band={band} axis={axis} y={y} current={current} />
        ))}
      </Suspense>
    </svg>
  )
})

/** What of the tasks' drawing lies under the line of the current state. */
const Below = memo(function Below({ run, axis, layout, folded, height }: DrawnProps & { height: number }) {
  const prefix = useId().replace(/\W/g, '')
  return (
    <>
      <defs>
        <pattern id={`${prefix}-wait`} width={7} height={7} patternUnits="userSpaceOnUse">
          <path d="M-2 2 L2 -2 M0 7 L7 0 M5 9 L9 5" className="timeline-hatch" />
        </pattern>
      </defs>
      {layout.oraclesTop !== null && <Verdicts run={run} axis={axis} top={layout.oraclesTop} />}
      {run.partsAt !== null && (
        <path className="timeline-diverged" d={`M${edgeOf(axis, run.partsAt)} ${layout.oraclesTop ?? 0} V${height}`} />
      )}
      <Bands run={run} axis={axis} layout={layout} folded={folded} paint={`url(#${prefix}-wait)`} />
    </>
  )
})

/** The words lie above it, and let the pointer through to what they name. */
const Above = memo(function Above({ run, axis, layout, folded }: DrawnProps) {
  return (
    <svg
      aria-hidden="true"
      className="timeline-above"
      viewBox={`0 0 ${axis.width} ${layout.height}`}
      style={{ width: scaled(axis.width), height: scaled(layout.height) }}
    >
      <BandNames run={run} axis={axis} layout={layout} folded={folded} />
    </svg>
  )
})

interface MovingProps extends Pick<DrawnProps, 'run' | 'axis' | 'layout'> {
  readonly height: number
  readonly current: number
  /** For what follows the walk; the same at every step where there is one. */
  readonly drawn: number
  readonly walk: Walk | null
  readonly veiled: boolean
}

/**
 * A veil over the states that are still to come, the line of the current state, and the current step, filled, in the bar of its procedure.
 * All are layers of their own: the drawing between them is not painted again while they move. What the eye follows is the line: it is
 * there in the first frame.
 */
const Moving = memo(function Moving({ run, axis, layout, height, current, drawn, walk, veiled }: MovingProps) {
  const veil = layout.rows[0]?.top ?? rulerHeight
  return (
    <div className="timeline-moving" aria-hidden="true">
      {veiled && (
        <span className="timeline-veil" style={{ top: scaled(veil), height: scaled(layout.height - veil) }}>
          <span style={{ transform: `translateX(${scaled(edgeOf(axis, current + 1))})` }} />
        </span>
      )}
      <Plumb axis={axis} height={height} drawn={drawn} walk={walk} />
      {nowIn(run, axis, layout, current)}
    </div>
  )
})

const Plumb = memo(function Plumb({ axis, height, drawn, walk }: Pick<MovingProps, 'axis' | 'height' | 'drawn' | 'walk'>) {
  const { ref, carry } = useCarried<HTMLSpanElement>(axis)
  useMoved(walk, drawn, carry)
  return <span ref={ref} className="timeline-plumb" style={{ top: scaled(rulerHeight - 4), height: scaled(height - rulerHeight + 4) }} />
})

function nowIn(run: TimelineRun, axis: StepAxis, layout: TimelineLayout, now: number): ReactNode {
  const task = run.steps[now - 1]?.task
  const row = layout.rows.find((one) => one.task.letter === task)
  if (task === undefined || !row) return null
  const bar = row.bars.find(({ own }) => own.includes(now))
  const x = edgeOf(axis, now)
  return (
    <span
      className="timeline-now"
      style={{
        ...hueStyle(task),
        height: scaled(levelHeight),
        width: scaled(edgeOf(axis, now + 1) - x),
        transform: `translate(${scaled(x)}, ${scaled(row.top + (bar?.level ?? 0) * levelHeight - 0.5)})`,
      }}
    />
  )
}

/** What does not follow the step. */
function runInWords(run: TimelineRun, doom: Doom | null): string {
  const bars = callBars(run)
  const tasks = run.tasks.map(({ letter, name }) => {
    const steps = run.steps.filter((step) => step.task === letter).length
    return `${letter} (${name}): ${steps} ${steps === 1 ? 'step' : 'steps'}${proceduresOf(bars, letter)}`
  })
  const violated = run.violations.map(violationInWords)
  const diverged = run.partsAt === null ? [] : [`parts from the run it follows after step ${run.partsAt - 1}`]
  return `${[...tasks, ...violated, ...diverged].join('; ')}.${doom ? ` ${doomInWords(doom)}` : ''}`
}

function proceduresOf(bars: readonly CallBar[], task: string): string {
  const names = [...new Set(bars.filter((bar) => bar.task === task).flatMap(({ procedures }) => procedures))]
  return names.length > 0 ? ` in ${names.join(', ')}` : ''
}

/** What is true of the state shown. */
function nowInWords(run: TimelineRun, current: number): string {
  const { waits, open } = standing(run, current)
  const stack = stackAt(run, current)
  const now = [
    ...(stack.length > 0 ? [`${run.steps[current - 1]?.task} is in ${stack.join(', ')}`] : []),
    ...damagedAt(run, current).map((task) => `${task} damaged`),
    ...waits.map((span) => `${span.task} ${waitInWords(span)}`),
    ...open.map((window) => `window of ${window.task} is open: ${window.says}`),
  ]
  return now.length > 0 ? `Now: ${now.join('; ')}.` : ''
}
