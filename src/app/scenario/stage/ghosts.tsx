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
      onMeasured(heightsIn(element, traces.length))
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

/** Of each run, in one go: laying a page out costs more at a new width than what is on it. */
function heightsIn(element: HTMLElement, runs: number): Measured[] {
  const heights = Array.from({ length: runs }, (): Record<string, number[]> => ({}))
  for (const [i, width] of measuredWidths.entries()) {
    element.style.width = `${width}px`
    for (const child of element.children) {
      if (!(child instanceof HTMLElement)) continue
      const { run, lead = '' } = child.dataset
      const here = (heights[Number(run)] ??= {})
      const row = (here[lead] ??= [])
      row[i] = Math.max(row[i] ?? 0, Math.ceil(child.getBoundingClientRect().height))
    }
  }
  return heights
}
