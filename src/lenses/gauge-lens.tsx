import type { Gauge } from '../picture/picture.ts'
import { changesBetween } from './changes.ts'
import { Drawing, Figure } from './figure.tsx'
import { hueStyle } from './hue.ts'
import { ChangeIcon, DamageIcon, TaskBadge } from './marks.tsx'
import type { PictureProps } from './props.ts'
import './tables.css'
import './aside.css'

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
      {course && <Course course={course} max={cells} title={picture.title} />}
    </Figure>
  )
}

const courseHeight = 52

/** The value through time as steps. Where there is no gauge there is no line. */
function Course({ course: { frames, current }, max, title }: { course: NonNullable<Props['course']>; max: number; title: string }) {
  const values = frames.map((frame) => (frame?.kind === 'gauge' ? frame.value : null))
  const top = Math.max(1, max, ...values.map((value) => value ?? 0))
  return (
    <Drawing
      label={`${title} through time: ${values.map((value) => value ?? 'none').join(', ')}`}
      draw={(width) => {
        const cell = (width - 18) / Math.max(1, values.length)
        const y = (value: number) => courseHeight - 8 - (value / top) * (courseHeight - 18)
        const path = values.map((value, i) =>
          value === null ? '' : `${(values[i - 1] ?? null) === null ? `M${16 + i * cell} ` : 'V'}${y(value)}H${16 + (i + 1) * cell}`,
        )
        return {
          height: courseHeight,
          content: (
            <>
              {[0, top].map((value) => (
                <g key={value}>
                  <path className="gauge-grid" d={`M16 ${y(value)} H${width}`} />
                  <text x={0} y={y(value) + 4}>
                    {value}
                  </text>
                </g>
              ))}
              <path className="gauge-course" d={path.join('')} />
              <path
                className="gauge-now"
                d={`M0 2 V${courseHeight}`}
                style={{ transform: `translateX(${16 + (current + 0.5) * cell}px)` }}
              />
            </>
          ),
        }
      }}
    />
  )
}
