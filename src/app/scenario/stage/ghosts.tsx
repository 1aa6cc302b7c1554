import { memo, useLayoutEffect, useMemo, useRef } from 'react'
import { PictureLens } from '../../../lenses/picture-lens.tsx'
import type { TraceView } from '../../../worker/protocol.ts'
import { fullest, isDrawn, measuredWidths, type Measured } from './needs.ts'

interface Props {
  readonly trace: TraceView
  readonly leads: readonly string[]
  readonly onMeasured: (heights: Measured) => void
}

/**
 * How high a picture made of text gets only a browser knows. So the states in which each can be highest are laid out once a run, out
 * of sight, at some widths; everything else is arithmetic.
 */
export const Ghosts = memo(function Ghosts({ trace, leads, onMeasured }: Props) {
  const ref = useRef<HTMLDivElement>(null)
  const ghosts = useMemo(
    () =>
      leads.flatMap((id) => fullest(trace, id).flatMap((props, i) => (isDrawn(props.picture) ? [] : [{ id, key: `${id} ${i}`, props }]))),
    [trace, leads],
  )
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const measure = (): void => onMeasured(heightsIn(element))
    measure()
    // Lenses that come later and the faces of the type change heights; the width is the same before and after a measurement.
    const observer = new ResizeObserver(measure)
    for (const child of element.children) observer.observe(child)
    return () => observer.disconnect()
  }, [ghosts, onMeasured])
  return (
    <div ref={ref} className="ghosts is-scaled" aria-hidden="true" inert>
      {ghosts.map(({ id, key, props }) => (
        <div key={key} data-lead={id}>
          <PictureLens {...props} />
        </div>
      ))}
    </div>
  )
})

function heightsIn(element: HTMLElement): Measured {
  const heights: Record<string, number[]> = {}
  for (const width of measuredWidths) {
    element.style.width = `${width}px`
    const here: Record<string, number> = {}
    for (const child of element.children) {
      const id = child instanceof HTMLElement ? (child.dataset['lead'] ?? '') : ''
      here[id] = Math.max(here[id] ?? 0, Math.ceil(child.getBoundingClientRect().height))
    }
    for (const [id, height] of Object.entries(here)) (heights[id] ??= []).push(height)
  }
  return heights
}
