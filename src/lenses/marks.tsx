/** The small signs that all pictures share. Each has a meaning in words for who cannot see it. */
import { memo } from 'react'
import { hueStyle } from './hue.ts'

/** A filled wedge over what changed at this step, an open one over what went away; inside an SVG. */
export function ChangeMark({ x, y, gone = false }: { x: number; y: number; gone?: boolean }) {
  return (
    <path
      d="M-4.5 -6.5 L4.5 -6.5 L0 -1 Z"
      className={gone ? 'lens-change is-gone' : 'lens-change'}
      style={{ transform: `translate(${x}px, ${y}px)` }}
    />
  )
}

/** The sign of damage: red, and a shape of its own; inside an SVG. */
export function DamageSign({ x, y }: { x: number; y: number }) {
  return (
    <g className="lens-damage-sign" style={{ transform: `translate(${x}px, ${y}px)` }}>
      <path d="M0 0 L5.5 -10 L11 0 Z" />
      <path d="M5.5 -7 V-3.6 M5.5 -2 V-1.2" className="is-mark" />
    </g>
  )
}

/** The same sign between words. */
export const DamageIcon = () => (
  <svg className="lens-icon" viewBox="-0.5 -10.5 12 11" role="img" aria-label="damaged">
    <DamageSign x={0} y={0} />
  </svg>
)

/** The same wedge between words; it keeps its room when nothing changed, so that nothing shifts. */
export const ChangeIcon = memo(({ shown, gone = false }: { shown: boolean; gone?: boolean }) => (
  <svg
    className="lens-icon lens-icon-change"
    viewBox="-5 -7 10 7"
    {...(shown ? { role: 'img', 'aria-label': gone ? 'gone at this step' : 'changed at this step' } : { 'aria-hidden': true })}
  >
    {shown && <ChangeMark x={0} y={0} gone={gone} />}
  </svg>
))

/** The box around a task's letter in a drawing, where the letter itself is part of a line of the mono face; inside an SVG. */
export const LetterBox = ({ x, y = 0, letter }: { x: number; y?: number; letter: string }) => (
  <rect className="lens-letter-box" style={hueStyle(letter)} x={x - 2} y={y - 11} width={letter.length * 7.2 + 4} height={14} />
)

/** A task: its letter in a square of its hue. */
export const TaskBadge = memo(({ task }: { task: string }) => (
  <span className="lens-badge" style={hueStyle(task)}>
    {task}
  </span>
))
