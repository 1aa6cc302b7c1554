/** The names of the timeline's rows. They stand beside the scroller, so that they stay when it scrolls. */
import { memo, Suspense } from 'react'
import type { HistoryBand } from '../picture/history.ts'
import { doomHeight, type Doom } from './doom.ts'
import { ghostHeight, type GhostLine } from './ghost.ts'
import { hueStyle } from './hue.ts'
import { late, part } from './late.ts'
import { DamageSign } from './marks.tsx'
import { clipped } from './text-width.ts'
import { damagedAt, type TimelineRun } from './timeline.ts'
import { levelHeight, type TaskRow, type TimelineLayout } from './timeline-layout.ts'

export interface PlacedBand {
  readonly band: HistoryBand
  readonly y: number
}

/** The names' room where they stand above the rows: only letters stand beside them. */
export const narrowGutter = 26
/** The names' room beside the rows, for a timeline of this width. */
export const wideGutter = (width: number): number => (width < 1100 ? 164 : 212)

interface Props {
  readonly run: TimelineRun
  readonly layout: TimelineLayout
  readonly bands: readonly PlacedBand[]
  readonly ghosts: readonly GhostLine[]
  readonly doom: Doom | null
  readonly narrow: boolean
  readonly width: number
  readonly height: number
  readonly current: number
}

export const Gutter = memo(function Gutter({ run, layout, bands, ghosts, doom, narrow, width, height, current }: Props) {
  return (
    <svg
      className={narrow ? 'timeline-gutter is-narrow' : 'timeline-gutter'}
      viewBox={`0 0 ${width} ${height}`}
      style={{ width: `calc(${width}px * var(--scale))`, height: `calc(${height}px * var(--scale))` }}
      aria-hidden="true"
    >
      {!narrow && <Label y={11} text={`step ${current} of ${run.steps.length}`} name="timeline-here" />}
      <HeadNames run={run} layout={layout} narrow={narrow} />
      <TaskNames
        layout={layout}
        narrow={narrow}
        width={width}
        acting={run.steps[current - 1]?.task ?? null}
        damaged={damagedAt(run, current).join(' ')}
      />
      {!narrow &&
        ghosts.map(({ step }, i) => (
          <Label key={i} y={layout.height + (doom ? doomHeight : 0) + i * ghostHeight + 20} text={`left at step ${step}`} />
        ))}
      <Suspense fallback={null}>
        {doom && <DoomNames doom={doom} told={run.windows.length > 0} y={layout.height} x={width - 6} narrow={narrow} />}
      </Suspense>
      <BandNames bands={bands} narrow={narrow} width={width} />
    </svg>
  )
})

/** As late as the curve that it names. */
const DoomNames = late(async () => ({ default: (await import('./doom-names.tsx')).DoomNames }))

const HeadNames = memo(function HeadNames({ run, layout, narrow }: Pick<Props, 'run' | 'layout' | 'narrow'>) {
  if (narrow) return null
  return (
    <>
      {layout.beatsTop !== null && <Label y={layout.beatsTop + 11} text="moments" />}
      {layout.oraclesTop !== null && <Label y={layout.oraclesTop + 11} text={eventsOf(run)} />}
    </>
  )
})

const eventsOf = (run: TimelineRun) =>
  run.violations.some((violation) => !violation.noted) ? 'violated' : run.violations.length > 0 ? 'watched' : 'compared'

interface TaskNamesProps extends Pick<Props, 'layout' | 'narrow' | 'width'> {
  readonly acting: string | null
  /** Letters with a space between: equal texts are one thing to a memo. */
  readonly damaged: string
}

const TaskNames = memo(function TaskNames({ layout, narrow, width, acting, damaged }: TaskNamesProps) {
  return layout.rows.map((row) => (
    <TaskName
      key={row.task.letter}
      row={row}
      narrow={narrow}
      width={width}
      acting={row.task.letter === acting}
      damaged={damaged.split(' ').includes(row.task.letter)}
    />
  ))
})

/** A square for one letter; the words of tasks that were spawned take more, as far as the gutter goes. */
const letterWidth = (letter: string): number => Math.min(narrowGutter - 1, Math.max(17, letter.length * 7.5 + 4))
const letterClass = (letter: string): string => (letter.length > 2 ? 'timeline-letter-text is-long' : 'timeline-letter-text')

/** The room of the damage sign in front of a task's name. */
const signRoom = 15

interface TaskNameProps {
  readonly row: TaskRow
  readonly narrow: boolean
  readonly width: number
  readonly acting: boolean
  readonly damaged: boolean
}

const TaskName = memo(function TaskName({ row, narrow, width, acting, damaged }: TaskNameProps) {
  const { letter, name } = row.task
  const x = narrow ? narrowGutter : letterWidth(letter) + 7
  const y = narrow ? row.y + 12 : row.top + 10
  const room = width - x - (damaged ? signRoom : 0) - 4
  return (
    <g
      style={hueStyle(letter)}
      className={['timeline-name', acting ? 'is-acting' : '', damaged ? 'is-damaged' : ''].filter(Boolean).join(' ')}
    >
      <rect x={0.5} y={row.top + 0.5} width={letterWidth(letter)} height={levelHeight - 1} className="timeline-letter" />
      <text x={0.5 + letterWidth(letter) / 2} y={row.top + 10} className={letterClass(letter)}>
        {letter}
      </text>
      {damaged && <DamageSign x={x} y={y} />}
      <text x={damaged ? x + signRoom : x} y={y} className="timeline-task">
        {narrow ? name : clipped(name, room, damaged || acting)}
        <title>{name}</title>
      </text>
    </g>
  )
})

const HistoryOffsets = part(async () => ({ default: (await import('./history-lens.tsx')).HistoryOffsets }))

const BandNames = memo(function BandNames({ bands, narrow, width }: Pick<Props, 'bands' | 'narrow' | 'width'>) {
  return bands.map(({ band, y }) => (
    <g key={band.lane}>
      <text x={narrow ? narrowGutter : 0} y={y + 12} className="timeline-task">
        {narrow ? band.title : clipped(band.title, width - 30)}
        <title>{band.title}</title>
      </text>
      <Suspense fallback={null}>
        <HistoryOffsets band={band} y={y} x={narrow ? narrowGutter + 3 : width - 6} anchor={narrow ? 'start' : 'end'} />
      </Suspense>
    </g>
  ))
})

const Label = ({ y, text, name = '' }: { y: number; text: string; name?: string }) => (
  <text x={0} y={y} className={`timeline-quiet ${name}`.trimEnd()}>
    {text}
  </text>
)
