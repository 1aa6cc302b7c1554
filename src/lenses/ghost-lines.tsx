import { memo } from 'react'
import { ghostHeight, type GhostLine } from './ghost.ts'
import { hueStyle } from './hue.ts'
import { columnOf, type StepAxis } from './step-axis.ts'
import './ghost-lines.css'

interface Props {
  readonly ghosts: readonly GhostLine[]
  readonly axis: StepAxis
  readonly y: number
  readonly onReturn: (index: number) => void
}

/**
 * Lines that were left at a branch, below the tasks on the same axis: a click goes back. Keyboards and screen readers have
 * buttons for the same lines, and the drawing's own words are those of the timeline.
 */
export const GhostLines = memo(function GhostLines({ ghosts, axis, y, onReturn }: Props) {
  return ghosts.map((ghost, i) => (
    <g
      key={`${ghost.step} ${ghost.says}`}
      className="ghost-line"
      onClick={(event) => {
        event.stopPropagation()
        onReturn(i)
      }}
    >
      <title>{ghost.says}</title>
      <Course ghost={ghost} axis={axis} y={y + i * ghostHeight} />
    </g>
  ))
})

function Course({ ghost: { step, tasks }, axis, y }: { ghost: GhostLine; axis: StepAxis; y: number }) {
  const from = columnOf(axis, step)
  // A line that was longer than this one goes on past the edge.
  const shown = tasks.slice(0, Math.max(0, axis.states - 1 - step))
  const to = columnOf(axis, step + shown.length)
  return (
    <>
      <rect x={from} y={y} width={Math.max(to - from, axis.cell / 2)} height={ghostHeight} className="ghost-room" />
      <path d={`M${from} ${y} V${y + 18} H${to}`} className="ghost-path" />
      {shown.map((task, i) => (
        <g key={step + i} style={hueStyle(task)}>
          {startsHere(shown, i, step, axis) && (
            <text x={columnOf(axis, step + i + 1)} y={y + 12} textAnchor="middle" className="ghost-letter">
              {task}
            </text>
          )}
          <circle cx={columnOf(axis, step + i + 1)} cy={y + 18} r={Math.min(4, axis.cell / 3)} className="ghost-step" />
        </g>
      ))}
      {shown.length < tasks.length && (
        <text x={to - 2} y={y + 12} textAnchor="end" className="timeline-quiet">
          {tasks.length - shown.length} more
        </text>
      )}
    </>
  )
}

/** Does a stretch of one task begin here that has room for its letter? */
function startsHere(tasks: readonly string[], i: number, step: number, axis: StepAxis): boolean {
  const task = tasks[i] ?? ''
  if (tasks[i - 1] === task) return false
  const end = tasks.findIndex((other, n) => n > i && other !== task)
  const room = columnOf(axis, step + (end < 0 ? tasks.length : end)) - columnOf(axis, step + i)
  return room >= 8 * task.length + 4
}
