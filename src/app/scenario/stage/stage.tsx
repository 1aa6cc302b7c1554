/** The lead pictures in the room that the page leaves them, arranged once a run: from step to step nothing moves. */
import { memo, useCallback, useEffect, useMemo, useState, type CSSProperties, type ReactNode } from 'react'
import { whenIdle } from '../../../lenses/late.ts'
import { PictureLens } from '../../../lenses/picture-lens.tsx'
import { layOutSoon } from '../../../lenses/strip-layout.ts'
import { allPictures } from '../../../store/run/frames.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { usePicturedStep } from '../moment.ts'
import { useTalkUnit } from '../../talk/size.ts'
import { afterPaint } from '../../painted.ts'
import { useOneScreen, useRoom } from '../use-screen.ts'
import { arrange, stacked, type Arrangement, type Box, type Need } from './arrange.ts'
import { Ghosts } from './ghosts.tsx'
import { fewer, headingIsFree, mainOf, needsOf, needsOfBoth, type Measured } from './needs.ts'
import { propsAt } from './props-at.ts'
import './stage.css'

interface Props {
  /** The run; of a comparison both, which share one arrangement. */
  readonly traces: readonly TraceView[]
  /** Which of them is drawn here. */
  readonly shown?: number
  readonly leads: readonly string[]
  readonly talk: boolean
  /** The same runs with less in their pictures, for where those have no room as they are. */
  readonly shorter?: readonly TraceView[] | null
  /** All as they are, though they have to be scrolled. */
  readonly whole?: boolean
  /** Says what is not drawn; it has a line of its own below the pictures. */
  readonly note?: ((left: LeftOut) => ReactNode) | null
}

/** What is not drawn for want of room: parts of pictures, and these pictures. */
export interface LeftOut {
  readonly parts: boolean
  readonly pictures: readonly string[]
}

/** With null for a picture that had to give way. */
type Arranged = Pick<Arrangement, 'scale' | 'fits'> & {
  readonly boxes: readonly (Box | null)[]
  readonly isShorter?: boolean
  /** What is said of what is not drawn stands beside the first heading, and not below. */
  readonly notesAbove?: boolean
}

const unmeasured: readonly Measured[] = []

export const Stage = memo(function Stage({ traces, shown = 0, leads, talk, shorter = null, whole = false, note = null }: Props) {
  const fixed = useOneScreen()
  const unit = useTalkUnit()
  const { ref, room } = useRoom<HTMLDivElement>()
  const [measured, setMeasured] = useState(unmeasured)
  const keep = useCallback((now: readonly Measured[]) => setMeasured((old) => (sameHeights(old, now) ? old : now)), [])
  const ghosts = useMemo(() => [...traces, ...(shorter ?? [])], [traces, shorter])
  const arranged: Arranged | null = useMemo(() => {
    if (room === null) return null
    const needsFor = (some: readonly TraceView[], from: number): readonly Need[] =>
      some
        .map((trace, i) =>
          needsOf(trace, leads, measured[from + i] ?? {}, some.length === 1 ? 'alone' : talk ? 'beside in a room' : 'beside'),
        )
        .reduce(needsOfBoth)
    const needs = needsFor(traces, 0)
    if (!fixed) return stacked(needs, room.width)
    const scales = talk ? { least: unit, most: unit * 1.5 } : { least: LEAST, most: mostScale() * (needs.some(stretches) ? 1 : LARGER) }
    const all = arrange(needs, mainOf(traces, leads), room, scales)
    if (all.fits || whole || (traces.length === 1 && !talk)) return all
    const rest = note ? { ...room, height: room.height - NOTE } : room
    const less = shorter ? needsFor(shorter, traces.length) : needs
    const some = { isShorter: shorter !== null }
    const first = arrange(less, mainOf(traces, leads), rest, scales)
    if (first.fits) return { ...first, ...some }
    const full = note && shorter ? arrange(less, mainOf(traces, leads), room, scales) : first
    const above = leads.filter((_, i) => full.boxes[i]?.y === 0)
    if (full.fits && above.length === 1 && above.every((id) => shorter?.every((trace) => headingIsFree(trace, id))))
      return { ...full, ...some, notesAbove: true }
    // Half a window, and a room, has not the place for all of them always: some give way, and can be asked for.
    for (const few of fewer(traces, leads, talk)) {
      const part = arrange(
        few.flatMap((id) => less[leads.indexOf(id)] ?? []),
        mainOf(traces, few),
        rest,
        scales,
      )
      if (part.fits) return { ...part, ...some, boxes: leads.map((id) => part.boxes[few.indexOf(id)] ?? null) }
    }
    const alone = arrange(less.slice(0, 1), 0, rest, { ...scales, least: talk ? FAR : LEAST })
    return { ...alone, ...some, boxes: leads.map((_, i) => alone.boxes[i] ?? null) }
  }, [measured, room, fixed, traces, shorter, whole, note, leads, talk, unit])
  const height = !fixed && arranged ? Math.max(0, ...arranged.boxes.map((box) => (box ? box.y + box.height : 0))) : undefined
  const drawn = arranged?.isShorter ? shorter : traces
  const [run, trace] = [traces[shown], drawn?.[shown]]
  const missing = leads.filter((_, i) => arranged?.boxes[i] === null)
  return (
    <div
      ref={ref}
      className={`stage is-scaled${arranged?.fits === false ? ' is-crowded' : ''}`}
      style={{ '--scale': arranged?.scale ?? 1, height } as CSSProperties}
    >
      {run && trace && arranged && <Leads run={run} trace={trace} leads={leads} boxes={arranged.boxes} />}
      {note && (arranged?.isShorter || missing.length > 0) && (
        <div className={arranged?.notesAbove ? 'stage-note is-above' : 'stage-note'}>
          {note({ parts: arranged?.isShorter === true, pictures: missing })}
        </div>
      )}
      <Ghosts traces={ghosts} leads={leads} onMeasured={keep} />
    </div>
  )
})

/** The height of a line about what is not drawn. */
const NOTE = 18

/** The smallest text of a picture has 12 units. With less than 11 pixels it is not read any more: the room scrolls instead. */
const LEAST = 11 / 12

/** A room scrolls for nobody. */
const FAR = 0.74

/** Larger windows stand farther from the eye. */
const mostScale = (): number => Math.min(1.6, Math.max(1.05, innerHeight / 850))

/** More room than it needs is of use to a picture that stretches; one of text alone has only larger type for it. */
const LARGER = 1.25
const stretches = ({ heights, ideal }: Need): boolean => heights(ideal).most > heights(ideal).least

const sameHeights = (a: readonly Measured[], b: readonly Measured[]): boolean => JSON.stringify(a) === JSON.stringify(b)

interface LeadsProps {
  /** The run, and what is drawn of it: the same, or with less in its pictures. */
  readonly run: TraceView
  readonly trace: TraceView
  readonly leads: readonly string[]
  /** A picture without a box has no room. */
  readonly boxes: Arranged['boxes']
}

/** The pictures of a moment follow its sentence: they wait until that is on its way to the screen, and it never for them. */
function Leads({ run, trace, leads, boxes }: LeadsProps) {
  const step = usePicturedStep(run)
  useEffect(() => afterPaint(() => whenIdle(() => prepare(trace, step, leads))), [trace, step, leads])
  return leads.map((id, i) => {
    const box = boxes[i]
    return box && <Lead key={id} trace={trace} step={step} id={id} box={box} />
  })
}

/** Lays out the strips of the next step and of the one before: most of what drawing them costs. */
function prepare(trace: TraceView, step: number, leads: readonly string[]): void {
  for (const n of [step + 1, step - 1])
    for (const id of n < 0 || n > trace.steps.length ? [] : leads) {
      const props = propsAt(trace, n, id)
      const before = props?.previous?.kind === 'extent-strip' ? props.previous : null
      if (props?.picture.kind === 'extent-strip') layOutSoon(props.picture, before)
    }
}

/** One picture in its box. The box stays where it is while the picture is not there. */
const Lead = memo(function Lead({ trace, step, id, box }: { trace: TraceView; step: number; id: string; box: Box }) {
  const props = propsAt(trace, step, id)
  return (
    <div
      className={`lead-picture is-${props?.picture.kind ?? 'absent'}`}
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
    >
      {props ? <Lens {...props} fills /> : <p className="quiet">not there at this step: {titleOf(trace, id)}</p>}
    </div>
  )
})

const Lens = memo(PictureLens)

export const titleOf = (trace: TraceView, id: string): string =>
  allPictures(trace)
    .flat()
    .find((picture) => picture.id === id)?.title ?? id
