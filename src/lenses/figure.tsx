import type { ReactNode } from 'react'
import { TaskBadge } from './marks.tsx'
import { useMeasure } from './use-measure.ts'
import './theme.css'
import './fonts.css'
import './lenses.css'

interface FigureProps {
  readonly title: string
  readonly kind: string
  /** The task that it belongs to. */
  readonly owner?: string | null
  readonly children: ReactNode
}

/** The frame of every picture: a heading in kernel terms over the picture, no box around it. */
export function Figure({ title, kind, owner = null, children }: FigureProps) {
  return (
    <figure className={`lens lens-${kind}`}>
      <figcaption className="lens-title">
        <span>
          <Title title={title} owner={owner} />
        </span>
      </figcaption>
      {children}
    </figure>
  )
}

/** A title in which the letter of the picture's task stands in its box. */
function Title({ title, owner }: Pick<FigureProps, 'title' | 'owner'>) {
  const at = owner ? ` ${title} `.lastIndexOf(` ${owner} `) : -1
  if (!owner || at < 0) return title
  return (
    <>
      {title.slice(0, at)}
      <TaskBadge task={owner} />
      {title.slice(at + owner.length)}
    </>
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
