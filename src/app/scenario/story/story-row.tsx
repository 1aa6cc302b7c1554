import { memo, useMemo, type CSSProperties } from 'react'
import type { TraceView } from '../../../worker/protocol.ts'
import { useStep } from '../moment.ts'
import { useRoom } from '../use-screen.ts'
import { Caption, type Standstill } from './caption.tsx'
import { Status } from './status.tsx'
import { linesIn } from './lines.ts'
import './story.css'

interface Props {
  readonly trace: TraceView
  readonly label?: string
  /** In a comparison: why this side does not move while the other does. */
  readonly still?: Standstill | null
}

/** The story of this moment, directly above the pictures. Its height is that of a run's longest sentences: it never changes. */
export const StoryRow = memo(function StoryRow({ trace, label = 'This step', still = null }: Props) {
  const step = useStep()
  const { ref, room } = useRoom<HTMLElement>()
  const width = room ? room.width / room.em : null
  const style = useMemo(() => rowsOf(trace, width), [trace, width])
  return (
    <section ref={ref} className="story-row" aria-label={label} style={style as CSSProperties}>
      <div className="story-told">
        {/* One region that stays: what is read out is what has changed in it. */}
        <div className="story-part" aria-live="polite" aria-atomic>
          <Caption trace={trace} step={step} still={still} />
        </div>
        <Status trace={trace} />
      </div>
    </section>
  )
})

/** The headline is as much larger than the sentence below it. */
const HEADLINE = 1.13

/** The lines that the longest texts of all steps of a run need, in a row that is `width` times the size of its type. */
function rowsOf({ steps, beats, scene }: TraceView, width: number | null): Readonly<Record<`--${string}`, number>> {
  const told = new Set(beats.map(({ step }) => step))
  const most = (texts: readonly string[], size: number): number =>
    width === null ? 1 : Math.max(1, ...texts.map((text) => linesIn(text, width / size)))
  const headlines = beats.map(({ says }) => says)
  const alone = [scene, ...steps.filter(({ n }) => !told.has(n)).map(({ says }) => says)]
  const headline = most(headlines, HEADLINE)
  const under = steps.filter(({ n }) => told.has(n)).map(({ says }) => says)
  return {
    '--headline': headline,
    // A sentence that is told alone has the lines of both.
    '--says': Math.max(most(under, 1), most(alone, HEADLINE) - headline),
    // Where a step has one of the two, in type of one size.
    '--told': Math.max(2, most([...headlines, ...alone], 1)),
  }
}
