/** The lead pictures in the room that the page leaves them, arranged once a run: from step to step nothing moves. */
import { memo, useCallback, useDeferredValue, useEffect, useMemo, useState, type CSSProperties } from 'react'
import { whenIdle } from '../../../lenses/late.ts'
import { PictureLens } from '../../../lenses/picture-lens.tsx'
import { layOutSoon } from '../../../lenses/strip-layout.ts'
import { allPictures } from '../../../store/run/frames.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { useStep } from '../moment.ts'
import { useTalkUnit } from '../../talk/size.ts'
import { useOneScreen, useRoom } from '../use-screen.ts'
import { arrange, stacked, type Arrangement, type Box } from './arrange.ts'
import { Ghosts } from './ghosts.tsx'
import { fewer, mainOf, needsOf, needsOfBoth, type Measured } from './needs.ts'
import { propsAt } from './props-at.ts'
import './stage.css'

interface Props {
  /** The run; of a comparison both, which share one arrangement. */
  readonly traces: readonly TraceView[]
  /** Which of them is drawn here. */
  readonly shown?: number
  readonly leads: readonly string[]
  readonly talk: boolean
}

/** With null for a picture that had to give way. */
type Arranged = Pick<Arrangement, 'scale' | 'fits'> & { readonly boxes: readonly (Box | null)[] }

const unmeasured: readonly Measured[] = []

export const Stage = memo(function Stage({ traces, shown = 0, leads, talk }: Props) {
  const fixed = useOneScreen()
  const unit = useTalkUnit()
  const { ref, room } = useRoom<HTMLDivElement>()
  const [measured, setMeasured] = useState(unmeasured)
  const keep = useCallback((now: readonly Measured[]) => setMeasured((old) => (sameHeights(old, now) ? old : now)), [])
  const needs = useMemo(
    () => traces.map((trace, i) => needsOf(trace, leads, measured[i] ?? {}, talk && traces.length > 1)).reduce(needsOfBoth),
    [traces, leads, measured, talk],
  )
  const arranged: Arranged | null = useMemo(() => {
    if (room === null) return null
    if (!fixed) return stacked(needs, room.width)
    const scales = talk ? { least: unit, most: unit * 1.5 } : { least: LEAST, most: mostScale() }
    const whole = arrange(needs, mainOf(traces, leads), room, scales)
    if (whole.fits || (traces.length === 1 && !talk)) return whole
    // Half a window, and a room, has not the place for all of them always: some give way, and can be asked for.
    for (const few of fewer(traces, leads, talk)) {
      const some = arrange(
        few.flatMap((id) => needs[leads.indexOf(id)] ?? []),
        mainOf(traces, few),
        room,
        scales,
      )
      if (some.fits) return { ...some, boxes: leads.map((id) => some.boxes[few.indexOf(id)] ?? null) }
    }
    const alone = arrange(needs.slice(0, 1), 0, room, { ...scales, least: talk ? FAR : LEAST })
    return { ...alone, boxes: leads.map((_, i) => alone.boxes[i] ?? null) }
  }, [needs, room, fixed, traces, leads, talk, unit])
  const height = !fixed && arranged ? Math.max(0, ...arranged.boxes.map((box) => (box ? box.y + box.height : 0))) : undefined
  const trace = traces[shown]
  return (
    <div
      ref={ref}
      className={`stage is-scaled${arranged?.fits === false ? ' is-crowded' : ''}`}
      style={{ '--scale': arranged?.scale ?? 1, height } as CSSProperties}
    >
      {trace && <Leads trace={trace} leads={leads} boxes={arranged?.boxes ?? null} />}
      <Ghosts traces={traces} leads={leads} onMeasured={keep} />
    </div>
  )
})

/** The smallest text of a picture has 12 units. With less than 11 pixels it is not read any more: the room scrolls instead. */
const LEAST = 11 / 12

/** A room scrolls for nobody. */
const FAR = 0.74

/** Larger windows stand farther from the eye. */
const mostScale = (): number => Math.min(1.6, Math.max(1.05, innerHeight / 850))

const sameHeights = (a: readonly Measured[], b: readonly Measured[]): boolean => JSON.stringify(a) === JSON.stringify(b)

interface LeadsProps {
  readonly trace: TraceView
  readonly leads: readonly string[]
  /** Null before they are arranged; then a picture without a box has no room. */
  readonly boxes: Arranged['boxes'] | null
}

/** The pictures of a moment follow its sentence: they wait until that is on its way to the screen, and it never for them. */
function Leads({ trace, leads, boxes }: LeadsProps) {
  const step = useStep()
  // Run and step together: no picture is ever of one run at the step of another.
  const drawn = useDeferredValue(useMemo(() => ({ trace, step }), [trace, step]))
  useEffect(() => whenIdle(() => prepare(drawn.trace, drawn.step, leads)), [drawn, leads])
  return leads.map((id, i) => (boxes && !boxes[i] ? null : <Lead key={id} {...drawn} id={id} box={boxes?.[i] ?? null} />))
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
const Lead = memo(function Lead({ trace, step, id, box }: { trace: TraceView; step: number; id: string; box: Box | null }) {
  const props = propsAt(trace, step, id)
  return (
    <div
      className={`lead-picture is-${props?.picture.kind ?? 'absent'}`}
      style={box ? { left: box.x, top: box.y, width: box.width, height: box.height } : { visibility: 'hidden' }}
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
