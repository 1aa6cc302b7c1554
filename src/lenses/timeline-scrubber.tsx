/** What moves over the timeline: the handle that is dragged or moved by keys, and the scroller that keeps it in sight. */
import { memo, useCallback, useEffect, useLayoutEffect, useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'
import { columnOf, scaled, scrollFor, stateAt, type StepAxis } from './step-axis.ts'
import { seekByKey, type TimelineRun } from './timeline.ts'
import { useMoved, type Walk } from './walk.ts'

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
export function Scroller({ axis, gutter, room, scale, current, walk, children }: ScrollerProps) {
  const ref = useRef<HTMLDivElement>(null)
  // Known from its event: asking the element would lay the page out in the middle of a step.
  const left = useRef(0)
  const scroll = useCallback(
    (now: number): void => {
      const wanted = axis.width <= room ? 0 : scrollFor(axis, now, left.current / scale, room) * scale
      if (!ref.current || Math.abs(wanted - left.current) <= 1) return
      left.current = wanted
      ref.current.scrollLeft = wanted
    },
    [axis, room, scale],
  )
  useMoved(walk, current, scroll)
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

/**
 * Carries an element along the axis, to the column of a state. It is the time of an animation that stands still: another style of the
 * element would have the layers of the whole page put together again.
 */
export function useCarried<E extends HTMLElement>(axis: StepAxis) {
  const ref = useRef<E>(null)
  const way = useRef<Animation | null>(null)
  useLayoutEffect(() => {
    const { width } = axis
    const animation = ref.current?.animate({ transform: ['none', `translateX(${scaled(width)})`] }, { duration: width, fill: 'both' })
    animation?.pause()
    way.current = animation ?? null
    return () => animation?.cancel()
  }, [axis])
  const carry = useCallback(
    (now: number): void => {
      if (way.current) way.current.currentTime = columnOf(axis, now)
    },
    [axis],
  )
  return { ref, carry }
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

/**
 * The handle on the ruler: dragged, or moved by keys (steps by arrows, beats by page keys, ends by Home and End). It is where the walk is;
 * what it is called follows with all that is drawn.
 */
export const Scrubber = memo(function Scrubber({ run, axis, current, walk, says, onSeek, onDrag }: ScrubberProps) {
  const { ref, carry } = useCarried<HTMLSpanElement>(axis)
  const number = useRef<HTMLSpanElement>(null)
  const state = useRef(current)
  const move = useCallback(
    (now: number): void => {
      state.current = now
      carry(now)
      if (number.current) number.current.textContent = String(now)
    },
    [carry],
  )
  useMoved(walk, current, move)
  const dragging = useRef(false)
  const latest = useRef(onSeek)
  useEffect(() => {
    latest.current = onSeek
  }, [onSeek])
  const follow = (event: PointerEvent<HTMLDivElement>) => {
    const to = stateUnder(event, axis)
    if (to !== state.current) latest.current(to)
  }
  const drag = (now: boolean) => {
    dragging.current = now
    onDrag(now)
  }
  const press = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const to = seekByKey(event.key, state.current, run)
    if (to === null) return
    event.preventDefault()
    // The page has keys of the same names; one press must not move twice.
    event.stopPropagation()
    if (to !== state.current) onSeek(to)
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
      <span ref={ref} className="timeline-handle" aria-hidden="true">
        <span ref={number} />
      </span>
    </div>
  )
})
