import type { ReactNode } from 'react'
import { useMeasure } from './use-measure.ts'
import './theme.css'
import './fonts.css'
import './lenses.css'

/** The frame of every picture: a heading in kernel terms over the picture, no box around it. */
export function Figure({ title, kind, aside, children }: { title: string; kind: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <figure className={`lens lens-${kind}`}>
      <figcaption className="lens-title">
        <span>{title}</span>
        {aside}
      </figcaption>
      {children}
    </figure>
  )
}

/** A drawing that fills the width it has; `draw` gets that width in units of --scale pixels and says how high it is. */
export function Drawing({
  label,
  draw,
}: {
  label: string
  draw: (width: number) => { readonly height: number; readonly content: ReactNode }
}) {
  const { ref, width } = useMeasure<HTMLDivElement>()
  const { height, content } = draw(width)
  return (
    <div ref={ref} className="lens-drawing">
      <span className="lens-probe" aria-hidden="true" />
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${width} ${height}`}
        style={{ width: `calc(${width}px * var(--scale))`, height: `calc(${height}px * var(--scale))` }}
      >
        {content}
      </svg>
    </div>
  )
}
