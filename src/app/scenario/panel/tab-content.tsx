import { memo } from 'react'
import { Legend } from '../../../lenses/legend.tsx'
import type { Card } from '../../../scenarios/card.ts'
import type { TraceView } from '../../../worker/protocol.ts'
import { useLockstep } from '../../lockstep.tsx'
import { useAtEnd, useLateStep } from '../moment.ts'
import { ScenarioFooter } from '../scenario-footer.tsx'
import { Ask } from '../search/ask.tsx'
import { Explore } from '../search/explore.tsx'
import { Why } from '../search/why.tsx'
import { Code } from './code.tsx'
import { Histories } from './histories.tsx'
import { Background } from './notes.tsx'
import { Oracles } from './oracles.tsx'
import { OtherPictures } from './other-pictures.tsx'
import type { Tab } from './panel-state.ts'
import { Releases } from './releases.tsx'
import { Switches } from './switches.tsx'
import { OwnStory, Seen, Story } from './story.tsx'
import './tab-content.css'
import './notes.css'

interface Props {
  readonly tab: Tab
  readonly card: Card
  /** Null in a comparison. */
  readonly trace: TraceView | null
}

/** What one tab shows. What is not shown is not drawn. */
export default memo(function TabContent({ tab, card, trace }: Props) {
  switch (tab) {
    case 'story':
      return <Told card={card} />
    case 'why':
      return (
        <>
          <Why />
          {trace && <Ask trace={trace} />}
          <Explore card={card} />
        </>
      )
    case 'rules':
      return trace ? <Rules trace={trace} /> : <NotHere />
    case 'code':
      return trace ? <Lines trace={trace} /> : <NotHere />
    case 'state':
      return trace ? <More card={card} trace={trace} /> : <NotHere />
    case 'kernel':
      return (
        <>
          <Switches card={card} />
          <Releases card={card} />
        </>
      )
    case 'read':
      return (
        <>
          {!card.own && <Background card={card} trace={trace} />}
          <ScenarioFooter card={card} />
        </>
      )
  }
})

const NotHere = () => <p className="quiet">Each side of the comparison shows its own.</p>

/** The card's words were written for one run. */
const useDocumented = (): boolean => useLockstep((state) => state.place?.view !== 'compare' && (state.trace?.documented ?? false))

function Told({ card }: { card: Card }) {
  const documented = useDocumented()
  const ended = useAtEnd()
  return (
    <>
      {ended && !card.own && <Seen card={card} documented={documented} />}
      {card.own ? <OwnStory card={card} /> : <Story card={card} documented={documented} />}
    </>
  )
}

const Rules = ({ trace }: { trace: TraceView }) => <Oracles trace={trace} step={useLateStep(trace)} />

const Lines = ({ trace }: { trace: TraceView }) => <Code trace={trace} step={useLateStep(trace)} />

function More({ card, trace }: { card: Card; trace: TraceView }) {
  const step = useLateStep(trace)
  return (
    <>
      <OtherPictures trace={trace} step={step} leads={card.leads} />
      <Histories trace={trace} />
      <Legend />
    </>
  )
}
