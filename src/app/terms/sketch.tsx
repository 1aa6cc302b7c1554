/** The few shapes that the small pictures of terms are made of; 240 by 64 units, ink and paper only. */
import type { ReactNode } from 'react'

export function Sketch({ children }: { children: ReactNode }) {
  return (
    <svg className="term-sketch" viewBox="0 0 240 64" aria-hidden="true">
      {children}
    </svg>
  )
}

interface BoxProps {
  readonly x: number
  readonly y?: number
  readonly w: number
  readonly h?: number
  readonly text?: string
  /** `solid` holds something, `open` is empty, `faint` is planned or gone. */
  readonly look?: 'solid' | 'open' | 'faint'
}

export function Box({ x, y = 22, w, h = 20, text, look = 'solid' }: BoxProps) {
  return (
    <>
      <rect x={x} y={y} width={w} height={h} className={`sketch-${look}`} />
      {text && (
        <text x={x + w / 2} y={y + h / 2 + 4} textAnchor="middle">
          {text}
        </text>
      )}
    </>
  )
}

export const Words = ({ x, y, children, end = false }: { x: number; y: number; children: string; end?: boolean }) => (
  <text x={x} y={y} textAnchor={end ? 'end' : 'start'}>
    {children}
  </text>
)

/** A straight arrow. */
export function Arrow({ from, to }: { from: readonly [number, number]; to: readonly [number, number] }) {
  const angle = (Math.atan2(to[1] - from[1], to[0] - from[0]) * 180) / Math.PI
  return (
    <g className="sketch-arrow">
      <path d={`M${from[0]} ${from[1]} L${to[0]} ${to[1]}`} />
      <path d="M-6 -3.5 L0 0 L-6 3.5" transform={`translate(${to[0]} ${to[1]}) rotate(${angle.toFixed(1)})`} />
    </g>
  )
}

/** A named line across the picture, such as an offset. */
export const Mark = ({ x, name, end = false }: { x: number; name: string; end?: boolean }) => (
  <g className="sketch-arrow">
    <path d={`M${x} 14 V52`} />
    <text x={end ? x - 3 : x + 3} y={12} textAnchor={end ? 'end' : 'start'}>
      {name}
    </text>
  </g>
)
