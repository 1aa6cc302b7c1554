/** What is true of the state shown, in words, on one line that is always there. */
import { memo } from 'react'
import { TaskBadge } from './marks.tsx'
import { doomAt, openBars, type Doom } from './doom.ts'
import { stackAt } from './calls.ts'
import { standing, waitInWords, type TimelineRun } from './timeline.ts'

/** Where the acting task is, who waits, which windows are open, how the race stands. */
export const Standing = memo(function Standing({ run, current, doom }: { run: TimelineRun; current: number; doom: Doom | null }) {
  const { waits, open } = standing(run, current)
  const race = doom ? openBars(doom, current) : []
  const task = run.steps[current - 1]?.task
  const stack = stackAt(run, current).join(' › ')
  return (
    <p
      className="timeline-standing"
      title={[
        ...(task === undefined ? [] : [`${task}: ${stack}`]),
        ...waits.map((span) => `${span.task} ${waitInWords(span)}`),
        ...open.map(({ says }) => says),
      ].join('; ')}
    >
      {task !== undefined && (
        <span className="timeline-stack">
          <TaskBadge task={task} /> {stack}
        </span>
      )}
      {waits.map((span) => (
        <span key={`${span.task}${span.on}`}>
          <TaskBadge task={span.task} /> {waitInWords(span)}
        </span>
      ))}
      {open.map((window) => (
        <span key={window.id}>
          <TaskBadge task={window.task} /> window open: {window.says}
        </span>
      ))}
      {race.length > 0 && <span>the race window is open</span>}
      {doom && doom.shares.length > 0 && <span className="lens-quiet">{doomAt(doom, current)}</span>}
    </p>
  )
})
