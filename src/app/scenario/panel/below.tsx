import { memo, useDeferredValue } from 'react'
import { Legend } from '../../../lenses/legend.tsx'
import type { Card } from '../../../scenarios/card.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { useLockstep } from '../../lockstep.tsx'
import { Code } from './code.tsx'
import { Explore } from '../search/explore.tsx'
import { useAtEnd, useStep } from '../moment.ts'
import { Background } from './notes.tsx'
import { Releases } from '../head/releases.tsx'
import { OtherPictures } from './other-pictures.tsx'
import { Seen, Story } from './story.tsx'
import './below.css'
import './notes.css'

interface Props {
  readonly card: Card
  /** Null in a comparison. */
  readonly trace: TraceView | null
}

/** Everything below the dock. It comes after the page can be stepped through: nobody looks here first. */
export default memo(function Below({ card, trace }: Props) {
  return (
    <>
      <Explore card={card} />
      <Ending card={card} />
      <Releases card={card} />
      {trace && <Folds card={card} trace={trace} />}
      <Legend />
      <Told card={card} />
      <Background card={card} trace={trace} />
    </>
  )
})

/** The card's words were written for one run. */
const useDocumented = (): boolean => useLockstep((state) => state.place?.view !== 'compare' && (state.trace?.documented ?? false))

const Ending = ({ card }: { card: Card }) => {
  const documented = useDocumented()
  return useAtEnd() && <Seen card={card} documented={documented} />
}

const Told = ({ card }: { card: Card }) => <Story card={card} documented={useDocumented()} />

/** They follow the pictures above in a frame of their own: a step is on the screen sooner. */
function Folds({ card, trace }: { card: Card; trace: TraceView }) {
  const step = useDeferredValue(useStep())
  return (
    <section className="folds" aria-label="More of this moment">
      <OtherPictures trace={trace} step={step} leads={card.leads} />
      <Code trace={trace} step={step} />
    </section>
  )
}
