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
  /** Fills the height of what it stands in, as it fills its width. */
  readonly fills?: boolean
  readonly children: ReactNode
}

/** The frame of every picture: a heading in kernel terms over the picture, no box around it. */
export function Figure({ title, kind, owner = null, fills = false, children }: FigureProps) {
  return (
    <figure className={`lens lens-${kind}${fills ? ' is-filling' : ''}`}>
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

interface DrawingProps {
  readonly label: string
  /** Gets the width it has, and the height where that is given too, in units of --scale pixels; says how high it is. */
  readonly draw: (width: number, room: number | null) => { readonly height: number; readonly content: ReactNode }
  readonly fills?: boolean
}

/** Before it is known how wide it is. */
const undrawn = { height: 0, content: null }

/** A drawing that fills the width it has, and where it `fills`, the height. */
export function Drawing({ label, draw, fills = false }: DrawingProps) {
  const { ref, width, room, measured } = useMeasure<HTMLDivElement>(fills)
  const { height, content } = measured ? draw(width, room) : undrawn
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
