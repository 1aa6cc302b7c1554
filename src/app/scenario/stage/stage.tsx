/** The lead pictures in the room that the page leaves them, arranged once a run: from step to step nothing moves. */
import { memo, useCallback, useMemo, useState, type CSSProperties } from 'react'
import { PictureLens } from '../../../lenses/picture-lens.tsx'
import { allPictures } from '../../../store/run/frames.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { useStep } from '../moment.ts'
import { useOneScreen, useRoom } from '../use-screen.ts'
import { arrange, stacked, type Arrangement, type Box } from './arrange.ts'
import { Ghosts } from './ghosts.tsx'
import { mainOf, needsOf, type Measured } from './needs.ts'
import { propsAt } from './props-at.ts'
import './stage.css'

interface Props {
  readonly trace: TraceView
  readonly leads: readonly string[]
  readonly talk: boolean
}

const unmeasured: Measured = {}

export const Stage = memo(function Stage({ trace, leads, talk }: Props) {
  const fixed = useOneScreen()
  const { ref, room } = useRoom<HTMLDivElement>()
  const [measured, setMeasured] = useState(unmeasured)
  const keep = useCallback((now: Measured) => setMeasured((old) => (sameHeights(old, now) ? old : now)), [])
  const needs = useMemo(() => needsOf(trace, leads, measured), [trace, leads, measured])
  const arranged: Arrangement | null = useMemo(() => {
    if (room === null) return null
    if (!fixed) return stacked(needs, room.width)
    return arrange(needs, mainOf(trace, leads), room, { least: LEAST, most: mostScale(talk) })
  }, [needs, room, fixed, trace, leads, talk])
  const height = !fixed && arranged ? Math.max(0, ...arranged.boxes.map((box) => box.y + box.height)) : undefined
  return (
    <div
      ref={ref}
      className={`stage is-scaled${arranged?.fits === false ? ' is-crowded' : ''}`}
      style={{ '--scale': arranged?.scale ?? 1, height } as CSSProperties}
    >
      {leads.map((id, i) => (
        <Lead key={id} trace={trace} id={id} box={arranged?.boxes[i] ?? null} />
      ))}
      <Ghosts trace={trace} leads={leads} onMeasured={keep} />
    </div>
  )
})

/** Smaller text than this is not read any more: the room scrolls instead. */
const LEAST = 0.74

/** Larger windows stand farther from the eye, and those of a room farthest. */
const mostScale = (talk: boolean): number => (talk ? 2.2 : Math.min(1.6, Math.max(1.05, innerHeight / 850)))

const sameHeights = (a: Measured, b: Measured): boolean => JSON.stringify(a) === JSON.stringify(b)

/** One picture in its box. The box stays where it is while the picture is not there. */
const Lead = memo(function Lead({ trace, id, box }: { trace: TraceView; id: string; box: Box | null }) {
  const props = propsAt(trace, useStep(), id)
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

const titleOf = (trace: TraceView, id: string): string =>
  allPictures(trace)
    .flat()
    .find((picture) => picture.id === id)?.title ?? id
