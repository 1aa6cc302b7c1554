import { memo, useMemo, type CSSProperties } from 'react'
import type { TraceView } from '../../../worker/protocol.ts'
import { useStep } from '../moment.ts'
import { useRoom } from '../use-screen.ts'
import { Caption, type Standstill } from './caption.tsx'
import { Status } from './status.tsx'
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
  const longest = useMemo(() => longestOf(trace), [trace])
  const lines = (characters: number, width: number): number =>
    room ? Math.max(1, Math.ceil((characters * width * room.em) / room.width)) : 1
  const headline = lines(longest.headline, HEADLINE)
  // A sentence that is told alone has the lines of both.
  const says = Math.max(lines(longest.says, SAYS), lines(longest.alone, HEADLINE) - headline)
  // Where a step has one of the two, in type of one size.
  const told = Math.max(2, lines(Math.max(longest.headline, longest.alone), SAYS))
  const style = { '--headline': headline, '--says': says, '--told': told }
  return (
    <section ref={ref} className="story-row" aria-label={label} style={style as CSSProperties}>
      <div className="story-told">
        <Caption trace={trace} step={step} begin still={still} />
        <Status trace={trace} step={step} />
      </div>
    </section>
  )
})

/** How wide a character is, of the size of the type; with what is lost where lines break. */
const HEADLINE = 0.61
const SAYS = 0.53

/** Of all steps of a run, the characters of the longest headline, of the longest sentence under one, and of the longest without. */
function longestOf({ steps, beats, scene }: TraceView): Readonly<Record<'headline' | 'says' | 'alone', number>> {
  const told = new Set(beats.map(({ step }) => step))
  const most = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length))
  return {
    headline: most(beats.map(({ says }) => says)),
    says: most(steps.filter(({ n }) => told.has(n)).map(({ says }) => says)),
    alone: most([scene, ...steps.filter(({ n }) => !told.has(n)).map(({ says }) => says)]),
  }
}
