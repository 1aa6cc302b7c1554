import { memo, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { hueStyle } from './hue.ts'
import {
  boxesPath,
  cellInWords,
  cellUnder,
  DEPTHS,
  depthOf,
  moveByKey,
  namedFrom,
  pathPath,
  planeInWords,
  planeLayout,
  runsOf,
  wallsOf,
  xOf,
  yOf,
  type Plane,
  type PlaneLayout,
  type PlanePoint,
  type PlaneTask,
  type Wall,
} from './plane.ts'
import { useMeasure } from './use-measure.ts'
import './theme.css'
import './fonts.css'
import './lenses.css'
import './plane.css'

interface Props {
  /** The same object for as long as it is the same plane: what does not follow the cursor is drawn once. */
  readonly plane: Plane
  readonly title: string
  /** Where on the path the step shown is. */
  readonly current: number
  /** A cell was chosen, by click, at the end of a drag, or by Enter. Absent: the plane is only looked at. */
  readonly onPick?: (point: PlanePoint) => void
  /** Takes the keys as soon as it is there. */
  readonly focused?: boolean
}

/** The plane of two tasks' steps with the schedule shown as a path through it, and a cursor that keys and pointer move. */
export function PlaneLens({ plane, title, current, onPick, focused = false }: Props) {
  const { ref, width } = useMeasure<HTMLDivElement>()
  const layout = useMemo(() => planeLayout(plane, width), [plane, width])
  const [moved, setMoved] = useState<{ readonly plane: Plane; readonly to: PlanePoint } | null>(null)
  const here = plane.path[Math.min(current, plane.path.length - 1)] ?? { across: 0, down: 0 }
  // Another plane has cells of its own: the cursor stands at the step shown until it is moved there.
  const cursor = moved?.plane === plane ? moved.to : here
  const move = (to: PlanePoint): void => setMoved({ plane, to })
  const words = useMemo(() => planeInWords(plane), [plane])
  const id = useId()
  const field = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (focused) field.current?.focus()
  }, [focused])
  const press = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const to = event.key === 'Enter' || event.key === ' ' ? cursor : moveByKey(event.key, cursor, plane)
    if (to === null) return
    event.preventDefault()
    // The page has keys of the same names; one press must not move twice.
    event.stopPropagation()
    if (to === cursor) onPick?.(cursor)
    else move(to)
  }
  return (
    <figure className="lens lens-plane">
      <figcaption className="lens-title">{title}</figcaption>
      <div ref={ref} className="plane-frame">
        <span className="lens-probe" aria-hidden="true" />
        <div
          ref={field}
          className="plane-field"
          role="application"
          aria-roledescription="plane of steps"
          aria-label={`${title}. Arrows move, PageDown goes to the next violating cell, Enter shows a schedule through it.`}
          aria-describedby={`${id}-words ${id}-cell`}
          tabIndex={0}
          onKeyDown={press}
        >
          <Field plane={plane} layout={layout} current={here} cursor={cursor} onMove={move} onPick={onPick} />
        </div>
      </div>
      <p className="plane-cell" id={`${id}-cell`} aria-live="polite">
        {cellInWords(plane, cursor)}.
      </p>
      <ul className="plane-words" id={`${id}-words`}>
        {words.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </figure>
  )
}

interface FieldProps {
  readonly plane: Plane
  readonly layout: PlaneLayout
  readonly current: PlanePoint
  readonly cursor: PlanePoint
  readonly onMove: (to: PlanePoint) => void
  readonly onPick: ((point: PlanePoint) => void) | undefined
}

function Field({ plane, layout, current, cursor, onMove, onPick }: FieldProps) {
  const dragging = useRef(false)
  const under = (event: PointerEvent<SVGSVGElement>): PlanePoint | null => {
    const box = event.currentTarget.getBoundingClientRect()
    const unit = layout.width / (box.width || 1)
    return cellUnder(layout, (event.clientX - box.left) * unit, (event.clientY - box.top) * unit)
  }
  const follow = (event: PointerEvent<SVGSVGElement>): void => {
    const at = under(event)
    if (at && (at.across !== cursor.across || at.down !== cursor.down)) onMove(at)
  }
  return (
    <svg
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      style={{ width: `calc(${layout.width}px * var(--scale))`, height: `calc(${layout.height}px * var(--scale))` }}
      aria-hidden="true"
      onPointerDown={(event) => {
        dragging.current = true
        event.currentTarget.setPointerCapture(event.pointerId)
        follow(event)
      }}
      onPointerMove={(event) => {
        if (dragging.current) follow(event)
      }}
      onPointerUp={(event) => {
        const at = dragging.current ? under(event) : null
        dragging.current = false
        if (at) onPick?.(at)
      }}
      onPointerCancel={() => (dragging.current = false)}
    >
      <Ground plane={plane} layout={layout} />
      <circle
        className="plane-current"
        cx={xOf(layout, current.across) + layout.cell / 2}
        cy={yOf(layout, current.down) + layout.cell / 2}
        r={4}
      />
      <rect
        className="plane-cursor"
        x={xOf(layout, cursor.across) - 0.5}
        y={yOf(layout, cursor.down) - 0.5}
        width={layout.cell + 1}
        height={layout.cell + 1}
      />
    </svg>
  )
}

/** Everything that stands still: a shape for each look, not for each cell. */
const Ground = memo(function Ground({ plane, layout }: { plane: Plane; layout: PlaneLayout }) {
  const prefix = useId().replace(/\W/g, '')
  const walls = useMemo(() => wallsOf(plane), [plane])
  const shape = (look: Parameters<typeof runsOf>[1]): string => boxesPath(layout, runsOf(plane, look))
  return (
    <>
      <defs>
        <pattern id={`${prefix}-never`} width={6} height={6} patternUnits="userSpaceOnUse">
          <path d="M-1 1 L1 -1 M0 6 L6 0 M5 7 L7 5" className="plane-hatch" />
        </pattern>
        <pattern id={`${prefix}-unknown`} width={6} height={6} patternUnits="userSpaceOnUse">
          <circle cx={3} cy={3} r={0.8} className="plane-dot" />
        </pattern>
        <pattern id={`${prefix}-doomed`} width={6} height={6} patternUnits="userSpaceOnUse">
          <rect width={6} height={6} className="plane-doomed" />
          <path d="M0 0 L6 6 M6 0 L0 6" className="plane-cross" />
        </pattern>
      </defs>
      <rect
        className="plane-ground"
        x={layout.left}
        y={layout.top}
        width={layout.columns * layout.cell}
        height={layout.rows * layout.cell}
      />
      <path d={shape(({ kind }) => kind === 'never')} fill={`url(#${prefix}-never)`} />
      <path d={shape(({ kind }) => kind === 'unknown')} fill={`url(#${prefix}-unknown)`} />
      {Array.from({ length: DEPTHS }, (_, i) => i + 1).map((depth) => (
        <path
          key={depth}
          className="plane-some"
          d={shape((cell) => depthOf(cell) === depth)}
          style={{ fillOpacity: 0.08 + (0.5 * depth) / DEPTHS }}
        />
      ))}
      <path d={shape(({ kind }) => kind === 'doomed')} fill={`url(#${prefix}-doomed)`} />
      <Grid layout={layout} />
      {walls.map((wall) => (
        <WallName key={`${wall.across} ${wall.down}`} wall={wall} layout={layout} />
      ))}
      <Side task={plane.across} layout={layout} across />
      <Side task={plane.down} layout={layout} />
      <path className="plane-path is-under" d={pathPath(layout, plane.path)} />
      <path className="plane-path" d={pathPath(layout, plane.path)} />
    </>
  )
})

/** Lines between cells where there is room for them, and the border. */
function Grid({ layout }: { layout: PlaneLayout }) {
  const { cell, left, top, columns, rows } = layout
  const [right, bottom] = [left + columns * cell, top + rows * cell]
  const every = cell >= 9 ? 1 : 5
  const down = Array.from({ length: Math.floor(columns / every) + 1 }, (_, i) => `M${left + i * every * cell} ${top}V${bottom}`)
  const over = Array.from({ length: Math.floor(rows / every) + 1 }, (_, i) => `M${left} ${top + i * every * cell}H${right}`)
  return <path className="plane-grid" d={[...down, ...over, `M${right} ${top}V${bottom}H${left}`].join('')} />
}

/** A rectangle that nobody comes to, with the name of what keeps them out, along or up, where it fits. */
function WallName({ wall, layout }: { wall: Wall; layout: PlaneLayout }) {
  const [width, height] = [wall.width * layout.cell, wall.height * layout.cell]
  const needs = wall.behind.length * 6.2 + 6
  const [x, y] = [xOf(layout, wall.across) + width / 2, yOf(layout, wall.down) + height / 2]
  const along = needs <= width && height >= 13
  const up = !along && needs <= height && width >= 13
  return (
    <g className="plane-wall">
      <title>{wall.behind}</title>
      <rect x={xOf(layout, wall.across) + 0.5} y={yOf(layout, wall.down) + 0.5} width={width - 1} height={height - 1} />
      {(along || up) && (
        <text x={x} y={y + 4} textAnchor="middle" transform={up ? `rotate(-90 ${x} ${y})` : undefined}>
          {wall.behind}
        </text>
      )}
    </g>
  )
}

const clip = (text: string): string => (text.length > 16 ? `${text.slice(0, 15)}…` : text)

/** The steps of one task along its side. */
function Side({ task, layout, across = false }: { task: PlaneTask; layout: PlaneLayout; across?: boolean }) {
  const count = across ? layout.columns : layout.rows
  const named = layout.cell >= namedFrom
  const every = named ? 1 : 5
  const marks = Array.from({ length: Math.ceil(count / every) }, (_, i) => i * every)
  return (
    <g className="plane-side" style={hueStyle(task.letter)}>
      <text className="plane-task" x={across ? layout.left : 0} y={across ? 12 : layout.top - 6}>
        {across ? `${task.letter} goes right: ${task.name}` : `${task.letter} goes down`}
      </text>
      {marks.map((n) => {
        const label = named ? (n === 0 ? '0' : clip(task.labels[n - 1] || String(n))) : String(n)
        const [x, y] = across
          ? [xOf(layout, n) + layout.cell / 2 + 4, layout.top - 4]
          : [layout.left - 5, yOf(layout, n) + layout.cell / 2 + 4]
        return across && named ? (
          <text key={n} x={x} y={y} transform={`rotate(-90 ${x} ${y})`}>
            {label}
          </text>
        ) : (
          <text key={n} x={across ? x - 4 : x} y={y} textAnchor={across ? 'middle' : 'end'}>
            {label}
          </text>
        )
      })}
    </g>
  )
}
