import { memo, useLayoutEffect, useMemo, useRef } from 'react'
import { PictureLens } from '../../../lenses/picture-lens.tsx'
import type { TraceView } from '../../../worker/protocol.ts'
import { fullest, isDrawn, measuredWidths, type Measured } from './needs.ts'

interface Props {
  readonly traces: readonly TraceView[]
  readonly leads: readonly string[]
  /** Of each trace. */
  readonly onMeasured: (heights: readonly Measured[]) => void
}

/**
 * How high a picture made of text gets only a browser knows. So the states in which each can be highest are laid out once a run, out
 * of sight, at some widths; everything else is arithmetic.
 */
export const Ghosts = memo(function Ghosts({ traces, leads, onMeasured }: Props) {
  const ref = useRef<HTMLDivElement>(null)
  const ghosts = useMemo(
    () =>
      traces.flatMap((trace, run) =>
        leads.flatMap((id) =>
          fullest(trace, id).flatMap((props, i) => (isDrawn(props.picture) ? [] : [{ run, id, key: `${run} ${id} ${i}`, props }])),
        ),
      ),
    [traces, leads],
  )
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const children = [...element.children]
    let seen = ''
    const atRest = (): string => children.map((child) => child.getBoundingClientRect().height).join()
    const measure = (): void => {
      onMeasured(traces.map((_, run) => heightsIn(element, run)))
      seen = atRest()
    }
    measure()
    // Lenses that come later and the faces of the type change heights; the width is the same before and after a measurement.
    const observer = new ResizeObserver(() => {
      // Whoever begins to observe is told so.
      if (atRest() !== seen) measure()
    })
    for (const child of children) observer.observe(child)
    return () => observer.disconnect()
  }, [ghosts, traces, onMeasured])
  return (
    <div ref={ref} className="ghosts is-scaled" aria-hidden="true" inert>
      {ghosts.map(({ run, id, key, props }) => (
        <div key={key} data-lead={id} data-run={run}>
          <PictureLens {...props} />
        </div>
      ))}
    </div>
  )
})

function heightsIn(element: HTMLElement, run: number): Measured {
  const heights: Record<string, number[]> = {}
  for (const width of measuredWidths) {
    element.style.width = `${width}px`
    const here: Record<string, number> = {}
    for (const child of element.children) {
      if (!(child instanceof HTMLElement) || child.dataset['run'] !== String(run)) continue
      const id = child.dataset['lead'] ?? ''
      here[id] = Math.max(here[id] ?? 0, Math.ceil(child.getBoundingClientRect().height))
    }
    for (const [id, height] of Object.entries(here)) (heights[id] ??= []).push(height)
  }
  return heights
}
