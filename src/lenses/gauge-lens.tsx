import { Suspense } from 'react'
import type { Gauge } from '../picture/picture.ts'
import { changesBetween } from './changes.ts'
import { Figure } from './figure.tsx'
import { courseHeight } from './gauge.ts'
import { hueStyle } from './hue.ts'
import { late } from './late.ts'
import { ChangeIcon, DamageIcon, TaskBadge } from './marks.tsx'
import type { PictureProps } from './props.ts'
import './tables.css'
import './aside.css'

/** What it was before and will be is looked at last. */
const Course = late(async () => ({ default: (await import('./gauge-course.tsx')).GaugeCourse }))

interface Props {
  readonly picture: Gauge
  readonly previous?: Gauge | null
  /** The gauge in every state of the trace, and the state shown: drawn as a line through time. */
  readonly course?: PictureProps['course']
}

/** A counter with a cell for each unit and, beside it, who holds each reference and what for. */
export function GaugeLens({ picture, previous = null, course = null }: Props) {
  const changes = changesBetween(previous?.holders ?? null, picture.holders)
  const moved = previous !== null && previous.value !== picture.value
  const dropped = picture.dropped ?? []
  const cells = Math.max(picture.max, picture.value, picture.holders.length)
  return (
    <Figure title={picture.title} kind="gauge">
      <p className={picture.damaged ? 'gauge-value is-damaged' : 'gauge-value'}>
        <span className="gauge-cells" aria-hidden="true">
          {Array.from({ length: cells }, (_, i) => (
            <span
              key={i}
              className={i < picture.value ? 'gauge-cell is-full' : 'gauge-cell'}
              style={hueStyle(picture.holders[i]?.who ?? null)}
            >
              {i < picture.value ? picture.holders[i]?.who : null}
            </span>
          ))}
        </span>
        <span className="gauge-number">{picture.value}</span>
        {picture.damaged && <DamageIcon />}
        <ChangeIcon shown={moved} />
        {moved && <span className="lens-quiet">was {previous.value}</span>}
      </p>
      <ul className="gauge-holders">
        {picture.holders.map((holder) => (
          <li key={holder.id}>
            <ChangeIcon shown={changes.of(holder.id) !== 'same'} /> <TaskBadge task={holder.who} /> {holder.what}
          </li>
        ))}
        {changes.gone
          .filter((holder) => !dropped.some(({ id }) => id === holder.id))
          .map((holder) => (
            <li key={`gone ${holder.id}`} className="lens-quiet">
              <ChangeIcon shown gone />{' '}
              <del>
                <TaskBadge task={holder.who} /> {holder.what}
              </del>
            </li>
          ))}
        {dropped.map((holder) => (
          <li key={`dropped ${holder.id}`} className="lens-quiet">
            <ChangeIcon shown={changes.gone.some(({ id }) => id === holder.id)} gone /> <TaskBadge task={holder.who} />{' '}
            <del>{holder.what}</del>
          </li>
        ))}
      </ul>
      {course && (
        <Suspense fallback={<div style={{ height: `calc(${courseHeight}px * var(--scale))` }} />}>
          <Course course={course} max={cells} title={picture.title} />
        </Suspense>
      )}
    </Figure>
  )
}
