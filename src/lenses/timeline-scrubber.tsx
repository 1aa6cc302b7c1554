/** What moves over the timeline: the handle that is dragged or moved by keys, and the scroller that keeps it in sight. */
import { memo, useEffect, useLayoutEffect, useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import { columnOf, scrollFor, stateAt, type StepAxis } from './step-axis.ts'
import { seekByKey, type TimelineRun } from './timeline.ts'
import { useNow, type Walk } from './walk.ts'

interface ScrollerProps {
  readonly axis: StepAxis
  readonly gutter: number
  readonly room: number
  readonly scale: number
  readonly current: number
  readonly walk: Walk | null
  readonly children: ReactNode
}

/** Keeps the column of the current state in sight. */
export function Scroller({ axis, gutter, room, scale, current: drawn, walk, children }: ScrollerProps) {
  const current = useNow(walk, drawn)
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

/** The state whose column is under the pointer, in an element that is as wide as the axis. */
export function stateUnder(event: { readonly currentTarget: Element; readonly clientX: number }, axis: StepAxis): number {
  const box = event.currentTarget.getBoundingClientRect()
  return stateAt(axis, ((event.clientX - box.left) / (box.width || 1)) * axis.width)
}

interface ScrubberProps {
  readonly run: TimelineRun
  readonly axis: StepAxis
  readonly current: number
  readonly walk: Walk | null
  readonly says: (state: number) => string
  readonly onSeek: (state: number) => void
  /** While it is dragged nothing may move under the pointer. */
  readonly onDrag: (dragging: boolean) => void
}

/** The handle on the ruler: dragged, or moved by keys (steps by arrows, beats by page keys, ends by Home and End). */
export const Scrubber = memo(function Scrubber({ run, axis, current: drawn, walk, says, onSeek, onDrag }: ScrubberProps) {
  const current = useNow(walk, drawn)
  const dragging = useRef(false)
  const latest = useRef(onSeek)
  useEffect(() => {
    latest.current = onSeek
  }, [onSeek])
  const follow = (event: PointerEvent<HTMLDivElement>) => {
    const state = stateUnder(event, axis)
    if (state !== current) latest.current(state)
  }
  const drag = (now: boolean) => {
    dragging.current = now
    onDrag(now)
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
      aria-valuetext={says(current)}
      onKeyDown={press}
      onPointerDown={(event) => {
        drag(true)
        event.currentTarget.setPointerCapture(event.pointerId)
        follow(event)
      }}
      onPointerMove={(event) => {
        if (dragging.current) follow(event)
      }}
      onPointerUp={() => drag(false)}
      onPointerCancel={() => drag(false)}
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
})
