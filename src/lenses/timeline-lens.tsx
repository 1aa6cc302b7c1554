import { memo, useEffect, useLayoutEffect, useMemo, useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import type { HistoryBand } from '../picture/history.ts'
import { GhostLines, ghostHeight, type GhostLine } from './ghost-lines.tsx'
import { DoomCurve, DoomNames } from './doom-curve.tsx'
import { doomAt, doomHeight, doomInWords, openBars, type Doom } from './doom.ts'
import { hueStyle } from './hue.ts'
import { HistoryDrawing, HistoryOffsets, historyHeight } from './history-lens.tsx'
import { DamageSign, TaskBadge } from './marks.tsx'
import { TimelineRows } from './timeline-rows.tsx'
import {
  columnOf,
  damagedAt,
  rulerHeight,
  scrollFor,
  seekByKey,
  standing,
  stateAt,
  stepAxis,
  timelineLayout,
  waitInWords,
  type StepAxis,
  type TaskRow,
  type TimelineLayout,
  type TimelineRun,
} from './timeline.ts'
import { useMeasure } from './use-measure.ts'
import './theme.css'
import './fonts.css'
import './lenses.css'
import './timeline.css'

const narrowBelow = 640
const wideGutter = 196
const narrowGutter = 26

interface Props {
  /** The same object for as long as it is the same run: what does not follow the step is drawn once. */
  readonly run: TimelineRun
  /** The state shown, 0 to the number of steps. */
  readonly current: number
  /** The sentence of the current step; what a screen reader hears of the scrubber. */
  readonly caption: string
  readonly onSeek: (state: number) => void
  /** Lanes that run along below the tasks on the same axis. */
  readonly history?: readonly HistoryBand[]
  /** Lines that were left, which can be gone back to. */
  readonly ghosts?: readonly GhostLine[]
  readonly onReturn?: (ghost: number) => void
  /** The race, between the tasks and the history; null: not drawn here. */
  readonly doom?: Doom | null
}

const noBands: readonly HistoryBand[] = []
const noGhosts: readonly GhostLine[] = []

/** The tasks' lanes over the step axis, with the scrubber; below them, on the same axis, the history of chosen lanes. */
export function TimelineLens({ run, current, caption, onSeek, history = noBands, ghosts = noGhosts, onReturn, doom = null }: Props) {
  const { ref, width, scale } = useMeasure<HTMLDivElement>()
  const narrow = width < narrowBelow
  const gutter = narrow ? narrowGutter : wideGutter
  const axis = useMemo(() => stepAxis(run.steps.length, width - gutter - 2), [run.steps.length, width, gutter])
  const layout = useMemo(() => timelineLayout(run, narrow), [run, narrow])
  const tasksEnd = layout.height + (doom ? doomHeight(doom) : 0)
  const below = tasksEnd + ghosts.length * ghostHeight
  const bands = useMemo(() => history.map((band, i): PlacedBand => ({ band, y: below + 6 + i * historyHeight })), [history, below])
  const height = below + bands.length * historyHeight + 8
  const x = columnOf(axis, current)
  return (
    <section className="lens lens-timeline" aria-label="Timeline">
      <div ref={ref} className="timeline-frame">
        <span className="lens-probe" aria-hidden="true" />
        <div className="timeline-body">
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
          <Scroller axis={axis} gutter={gutter} room={width - gutter} scale={scale} current={current}>
            <Plumb x={x} from={rulerHeight - 4} to={tasksEnd} behind />
            <svg
              role="img"
              aria-label={timelineInWords(run, current, doom)}
              viewBox={`0 0 ${axis.width} ${height}`}
              style={{ width: `calc(${axis.width}px * var(--scale))`, height: `calc(${height}px * var(--scale))` }}
              onClick={(event) => onSeek(stateUnder(event, axis))}
            >
              <TimelineRows run={run} axis={axis} layout={layout} current={current} height={height} />
              {onReturn && <GhostLines ghosts={ghosts} axis={axis} y={tasksEnd} onReturn={onReturn} />}
              {doom && <DoomCurve doom={doom} axis={axis} y={layout.height} />}
              {bands.map(({ band, y }) => (
                <HistoryDrawing key={band.lane} band={band} axis={axis} y={y} current={current} />
              ))}
            </svg>
            {bands.length > 0 && <Plumb x={x} from={below} to={height} />}
            <Scrubber run={run} axis={axis} current={current} caption={caption} onSeek={onSeek} />
          </Scroller>
        </div>
      </div>
      <Standing run={run} current={current} doom={doom} />
    </section>
  )
}

interface PlacedBand {
  readonly band: HistoryBand
  readonly y: number
}

/**
 * The line of the current state. It runs behind the tasks' words and before the history's fills, in layers of its own, so
 * that the drawing between them is not painted again while it moves.
 */
const Plumb = ({ x, from, to, behind = false }: { x: number; from: number; to: number; behind?: boolean }) => (
  <span
    aria-hidden="true"
    className={behind ? 'timeline-plumb is-behind' : 'timeline-plumb'}
    style={{
      top: `calc(${from}px * var(--scale))`,
      height: `calc(${to - from}px * var(--scale))`,
      transform: `translateX(calc(${x}px * var(--scale)))`,
    }}
  />
)

/** Keeps the column of the current state in sight. */
function Scroller({
  axis,
  gutter,
  room,
  scale,
  current,
  children,
}: {
  axis: StepAxis
  gutter: number
  room: number
  scale: number
  current: number
  children: ReactNode
}) {
  const ref = useRef<HTMLDivElement>(null)
  // Known from its event: asking the element would lay the page out in the middle of a step.
  const left = useRef(0)
  useLayoutEffect(() => {
    const wanted = axis.width <= room ? 0 : scrollFor(axis, current, left.current / scale, room) * scale
    if (!ref.current || Math.abs(wanted - left.current) <= 1) return
    left.current = wanted
    ref.current.scrollLeft = wanted
  }, [axis, room, scale, current])
  return (
    <div
      ref={ref}
      className="timeline-scroller"
      style={{ marginLeft: `calc(${gutter}px * var(--scale))` }}
      onScroll={(event) => (left.current = event.currentTarget.scrollLeft)}
    >
      <div className="timeline-content" style={{ width: `calc(${axis.width}px * var(--scale))` }}>
        {children}
      </div>
    </div>
  )
}

function stateUnder(event: { readonly currentTarget: Element; readonly clientX: number }, axis: StepAxis): number {
  const box = event.currentTarget.getBoundingClientRect()
  return stateAt(axis, ((event.clientX - box.left) / (box.width || 1)) * axis.width)
}

/** The handle on the ruler: dragged, or moved by keys (steps by arrows, beats by page keys, ends by Home and End). */
function Scrubber({
  run,
  axis,
  current,
  caption,
  onSeek,
}: {
  run: TimelineRun
  axis: StepAxis
  current: number
  caption: string
  onSeek: (state: number) => void
}) {
  const dragging = useRef(false)
  const latest = useRef(onSeek)
  useEffect(() => {
    latest.current = onSeek
  }, [onSeek])
  const follow = (event: PointerEvent<HTMLDivElement>) => {
    const state = stateUnder(event, axis)
    if (state !== current) latest.current(state)
  }
  const press = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const state = seekByKey(event.key, current, run)
    if (state === null) return
    event.preventDefault()
    // The page has keys of the same names; one press must not move twice.
    event.stopPropagation()
    if (state !== current) onSeek(state)
  }
  return (
    <div
      className="timeline-scrubber"
      role="slider"
      tabIndex={0}
      aria-label="Step"
      aria-valuemin={0}
      aria-valuemax={run.steps.length}
      aria-valuenow={current}
      aria-valuetext={caption}
      onKeyDown={press}
      onPointerDown={(event) => {
        dragging.current = true
        event.currentTarget.setPointerCapture(event.pointerId)
        follow(event)
      }}
      onPointerMove={(event) => {
        if (dragging.current) follow(event)
      }}
      onPointerUp={() => (dragging.current = false)}
      onPointerCancel={() => (dragging.current = false)}
    >
      <span
        className="timeline-handle"
        style={{ transform: `translateX(calc(${columnOf(axis, current)}px * var(--scale)))` }}
        aria-hidden="true"
      >
        <span>{current}</span>
      </span>
    </div>
  )
}

interface GutterProps {
  readonly run: TimelineRun
  readonly layout: TimelineLayout
  readonly bands: readonly PlacedBand[]
  readonly ghosts: readonly GhostLine[]
  readonly doom: Doom | null
  readonly narrow: boolean
  readonly width: number
  readonly height: number
  readonly current: number
}

/** The names of the rows. They stand beside the scroller, so that they stay when it scrolls. */
function Gutter({ run, layout, bands, ghosts, doom, narrow, width, height, current }: GutterProps) {
  return (
    <svg
      className="timeline-gutter"
      viewBox={`0 0 ${width} ${height}`}
      style={{ width: `calc(${width}px * var(--scale))`, height: `calc(${height}px * var(--scale))` }}
      aria-hidden="true"
    >
      {!narrow && <GutterLabel y={17} text={`step ${current} of ${run.steps.length}`} />}
      {!narrow && layout.beatsTop !== null && <GutterLabel y={layout.beatsTop + 13} text="moments" />}
      {!narrow && layout.oraclesTop !== null && <GutterLabel y={layout.oraclesTop + 13} text={eventsOf(run)} />}
      <TaskNames
        layout={layout}
        narrow={narrow}
        acting={run.steps[current - 1]?.task ?? null}
        damaged={damagedAt(run, current).join(' ')}
      />
      {!narrow &&
        ghosts.map(({ step }, i) => (
          <GutterLabel key={i} y={layout.height + (doom ? doomHeight(doom) : 0) + i * ghostHeight + 22} text={`left at step ${step}`} />
        ))}
      {doom && <DoomNames doom={doom} y={layout.height} x={width - 6} narrow={narrow} />}
      <BandNames bands={bands} narrow={narrow} width={width} />
    </svg>
  )
}

/** A square for one letter; the words of tasks that were spawned take more, as far as the gutter goes. */
const letterWidth = (letter: string): number => Math.min(narrowGutter - 1, Math.max(19, letter.length * 8 + 4))
const letterClass = (letter: string): string => (letter.length > 2 ? 'timeline-letter-text is-long' : 'timeline-letter-text')

interface TaskNamesProps extends Pick<GutterProps, 'layout' | 'narrow'> {
  readonly acting: string | null
  /** Letters with a space between: equal texts are one thing to a memo. */
  readonly damaged: string
}

/** The room of the damage sign in front of a task's name. */
const signRoom = 15

const TaskNames = memo(function TaskNames({ layout, narrow, acting, damaged }: TaskNamesProps) {
  return layout.rows.map((row) => (
    <TaskName
      key={row.task.letter}
      row={row}
      narrow={narrow}
      acting={row.task.letter === acting}
      damaged={damaged.split(' ').includes(row.task.letter)}
    />
  ))
})

function TaskName({ row, narrow, acting, damaged }: { row: TaskRow; narrow: boolean; acting: boolean; damaged: boolean }) {
  const x = narrow ? narrowGutter : letterWidth(row.task.letter) + 9
  const y = narrow ? row.y + 12 : row.laneTop + 16.5
  const room = 29 - row.task.letter.length - (damaged ? 2 : 0)
  return (
    <g
      style={hueStyle(row.task.letter)}
      className={['timeline-name', acting ? 'is-acting' : '', damaged ? 'is-damaged' : ''].filter(Boolean).join(' ')}
    >
      <rect x={0.5} y={row.laneTop + 2.5} width={letterWidth(row.task.letter)} height={19} className="timeline-letter" />
      <text x={0.5 + letterWidth(row.task.letter) / 2} y={row.laneTop + 16.5} className={letterClass(row.task.letter)}>
        {row.task.letter}
      </text>
      {damaged && <DamageSign x={x} y={y} />}
      <text x={damaged ? x + signRoom : x} y={y} className="timeline-task">
        {narrow ? row.task.name : clip(row.task.name, room)}
        <title>{row.task.name}</title>
      </text>
    </g>
  )
}

const BandNames = memo(function BandNames({ bands, narrow, width }: Pick<GutterProps, 'bands' | 'narrow' | 'width'>) {
  return bands.map(({ band, y }) => (
    <g key={band.lane}>
      <text x={narrow ? narrowGutter : 0} y={y + 12} className="timeline-task">
        {narrow ? band.title : clip(band.title, 27)}
      </text>
      <HistoryOffsets band={band} y={y} x={narrow ? narrowGutter + 3 : width - 6} anchor={narrow ? 'start' : 'end'} />
    </g>
  ))
})

const eventsOf = (run: TimelineRun) =>
  run.violations.some((violation) => !violation.noted) ? 'violated' : run.violations.length > 0 ? 'watched' : 'compared'

const GutterLabel = ({ y, text }: { y: number; text: string }) => (
  <text x={0} y={y} className="timeline-quiet">
    {text}
  </text>
)

const clip = (text: string, length: number) => (text.length <= length ? text : `${text.slice(0, length - 1)}…`)

/** Who waits and which windows are open now, in words, on lines that are always there. */
function Standing({ run, current, doom }: { run: TimelineRun; current: number; doom: Doom | null }) {
  const { waits, open } = standing(run, current)
  const race = doom ? openBars(doom, current) : []
  const canHappen = run.blockedSpans.length > 0 || run.windows.length > 0 || doom !== null
  if (!canHappen) return null
  return (
    <p className="timeline-standing">
      {waits.map((span) => (
        <span key={`${span.task}${span.on}`}>
          <TaskBadge task={span.task} /> {waitInWords(span)}
        </span>
      ))}
      {open.map((window) => (
        <span key={window.id}>
          <TaskBadge task={window.task} /> window open: {window.says}
        </span>
      ))}
      {race.length > 0 && <span>the race window is open</span>}
      {waits.length + open.length + race.length === 0 && <span className="lens-quiet">nobody waits, no window is open</span>}
      {doom && <span className="lens-quiet">{doomAt(doom, current)}</span>}
    </p>
  )
}

function timelineInWords(run: TimelineRun, current: number, doom: Doom | null): string {
  const tasks = run.tasks.map(
    (task) => `${task.letter} (${task.name}): ${run.steps.filter((step) => step.task === task.letter).length} steps`,
  )
  const { waits, open } = standing(run, current)
  const violated = run.violations.map(
    (violation) => `${violation.oracle} ${violation.noted ? 'noted' : 'violated'} at step ${violation.step}`,
  )
  const diverged = run.partsAt === null ? [] : [`parts from the run it follows after step ${run.partsAt - 1}`]
  const now = [
    ...damagedAt(run, current).map((task) => `${task} damaged`),
    ...waits.map((span) => `${span.task} ${waitInWords(span)}`),
    ...open.map((window) => `window of ${window.task} is open: ${window.says}`),
  ]
  return `Step ${current} of ${run.steps.length}. ${[...tasks, ...now, ...violated, ...diverged].join('; ')}.${doom ? ` ${doomInWords(doom)}` : ''}`
}
