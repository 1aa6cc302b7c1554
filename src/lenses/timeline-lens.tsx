import { useEffect, useLayoutEffect, useMemo, useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import type { HistoryBand } from '../picture/history.ts'
import { hueStyle } from './hue.ts'
import { HistoryDrawing, HistoryOffsets, historyHeight } from './history-lens.tsx'
import { TaskBadge } from './marks.tsx'
import { TimelineRows } from './timeline-rows.tsx'
import {
  columnOf,
  rulerHeight,
  scrollFor,
  seekByKey,
  standing,
  stateAt,
  stepAxis,
  timelineLayout,
  waitInWords,
  type StepAxis,
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

interface Props extends TimelineRun {
  /** The state shown, 0 to the number of steps. */
  readonly current: number
  /** The sentence of the current step; what a screen reader hears of the scrubber. */
  readonly caption: string
  readonly onSeek: (state: number) => void
  /** Lanes that run along below the tasks on the same axis. */
  readonly history?: readonly HistoryBand[]
}

/** The tasks' lanes over the step axis, with the scrubber; below them, on the same axis, the history of chosen lanes. */
export function TimelineLens({ current, caption, onSeek, history = [], ...run }: Props) {
  const { ref, width } = useMeasure<HTMLDivElement>()
  const narrow = width < narrowBelow
  const gutter = narrow ? narrowGutter : wideGutter
  const axis = useMemo(() => stepAxis(run.steps.length, width - gutter - 2), [run.steps.length, width, gutter])
  const layout = timelineLayout(run, narrow)
  const bands = history.map((band, i) => ({ band, y: layout.height + 6 + i * historyHeight }))
  const height = layout.height + bands.length * historyHeight + 8
  return (
    <section className="lens lens-timeline" aria-label="Timeline">
      <div ref={ref} className="timeline-frame">
        <span className="lens-probe" aria-hidden="true" />
        <div className="timeline-body">
          <Gutter
            run={run}
            layout={layout}
            bands={bands}
            narrow={narrow}
            width={narrow ? width : gutter}
            height={height}
            current={current}
          />
          <Scroller axis={axis} gutter={gutter} room={width - gutter} current={current}>
            <svg
              role="img"
              aria-label={timelineInWords(run, current)}
              viewBox={`0 0 ${axis.width} ${height}`}
              style={{ width: `calc(${axis.width}px * var(--scale))`, height: `calc(${height}px * var(--scale))` }}
              onClick={(event) => onSeek(stateUnder(event, axis))}
            >
              <Plumb x={columnOf(axis, current)} from={rulerHeight - 4} to={layout.height} />
              <TimelineRows run={run} axis={axis} layout={layout} current={current} height={height} />
              {bands.map(({ band, y }) => (
                <HistoryDrawing key={band.lane} band={band} axis={axis} y={y} current={current} />
              ))}
              <Plumb x={columnOf(axis, current)} from={layout.height} to={height} />
            </svg>
            <Scrubber run={run} axis={axis} current={current} caption={caption} onSeek={onSeek} />
          </Scroller>
        </div>
      </div>
      <Standing run={run} current={current} />
    </section>
  )
}

/** The line of the current state. It runs behind the tasks' words and before the history's fills. */
const Plumb = ({ x, from, to }: { x: number; from: number; to: number }) => (
  <path className="timeline-plumb" d={`M0 ${from} V${to}`} style={{ transform: `translateX(${x}px)` }} />
)

/** Keeps the column of the current state in sight. */
function Scroller({
  axis,
  gutter,
  room,
  current,
  children,
}: {
  axis: StepAxis
  gutter: number
  room: number
  current: number
  children: ReactNode
}) {
  const ref = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const scale = element.clientWidth / room || 1
    const wanted = scrollFor(axis, current, element.scrollLeft / scale, room) * scale
    if (Math.abs(wanted - element.scrollLeft) > 1) element.scrollLeft = wanted
  }, [axis, room, current])
  return (
    <div ref={ref} className="timeline-scroller" style={{ marginLeft: `calc(${gutter}px * var(--scale))` }}>
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
  readonly bands: readonly { readonly band: HistoryBand; readonly y: number }[]
  readonly narrow: boolean
  readonly width: number
  readonly height: number
  readonly current: number
}

/** The names of the rows. They stand beside the scroller, so that they stay when it scrolls. */
function Gutter({ run, layout, bands, narrow, width, height, current }: GutterProps) {
  const acting = run.steps[current - 1]?.task
  return (
    <svg
      className="timeline-gutter"
      viewBox={`0 0 ${width} ${height}`}
      style={{ width: `calc(${width}px * var(--scale))`, height: `calc(${height}px * var(--scale))` }}
      aria-hidden="true"
    >
      {!narrow && <GutterLabel y={17} text={`step ${current} of ${run.steps.length}`} />}
      {!narrow && layout.beatsTop !== null && <GutterLabel y={layout.beatsTop + 13} text="beats" />}
      {!narrow && layout.oraclesTop !== null && (
        <GutterLabel y={layout.oraclesTop + 13} text={run.violations.length > 0 ? 'violated' : 'compared'} />
      )}
      {layout.rows.map((row) => (
        <g
          key={row.task.letter}
          style={hueStyle(row.task.letter)}
          className={row.task.letter === acting ? 'timeline-name is-acting' : 'timeline-name'}
        >
          <rect x={0.5} y={row.laneTop + 2.5} width={19} height={19} className="timeline-letter" />
          <text x={10} y={row.laneTop + 16.5} className="timeline-letter-text">
            {row.task.letter}
          </text>
          <text x={narrow ? narrowGutter : 28} y={narrow ? row.y + 12 : row.laneTop + 16.5} className="timeline-task">
            {narrow ? row.task.name : clip(row.task.name, 23)}
            <title>{row.task.name}</title>
          </text>
        </g>
      ))}
      {bands.map(({ band, y }) => (
        <g key={band.lane}>
          <text x={narrow ? narrowGutter : 0} y={y + 12} className="timeline-task">
            {narrow ? band.title : clip(band.title, 27)}
          </text>
          <HistoryOffsets band={band} y={y} x={narrow ? narrowGutter + 3 : width - 6} anchor={narrow ? 'start' : 'end'} />
        </g>
      ))}
    </svg>
  )
}

const GutterLabel = ({ y, text }: { y: number; text: string }) => (
  <text x={0} y={y} className="timeline-quiet">
    {text}
  </text>
)

const clip = (text: string, length: number) => (text.length <= length ? text : `${text.slice(0, length - 1)}…`)

/** Who waits and which windows are open now, in words, on lines that are always there. */
function Standing({ run, current }: { run: TimelineRun; current: number }) {
  const { waits, open } = standing(run, current)
  const canHappen = run.blockedSpans.length > 0 || run.windows.length > 0
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
      {waits.length + open.length === 0 && <span className="lens-quiet">nobody waits, no window is open</span>}
    </p>
  )
}

function timelineInWords(run: TimelineRun, current: number): string {
  const tasks = run.tasks.map(
    (task) => `${task.letter} (${task.name}): ${run.steps.filter((step) => step.task === task.letter).length} steps`,
  )
  const { waits, open } = standing(run, current)
  const violated = run.violations.map((violation) => `${violation.oracle} violated at step ${violation.step}`)
  const diverged = run.divergedAt === null ? [] : [`diverged at step ${run.divergedAt}`]
  const now = [
    ...waits.map((span) => `${span.task} ${waitInWords(span)}`),
    ...open.map((window) => `window of ${window.task} is open: ${window.says}`),
  ]
  return `Step ${current} of ${run.steps.length}. ${[...tasks, ...now, ...violated, ...diverged].join('; ')}.`
}
