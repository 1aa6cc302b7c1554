import { Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import type { Card } from '../../scenarios/card.ts'
import { huesOf } from '../../lenses/hue.ts'
import { late, part } from '../../lenses/late.ts'
import { stepRef } from '../../store/search/asked.ts'
import { useKeyboard, type Command } from '../keyboard.ts'
import { useActions, useApp, useLockstep } from '../lockstep.tsx'
import { cross, keptStop, openNotes } from '../talk/crossing.ts'
import { larger, smaller, useTalkAtRoot } from '../talk/size.ts'
import { Terms } from '../terms/prose.tsx'
import { Compare } from './compare/part.ts'
import { useWhole } from './compare/whole.ts'
import { useLegend } from './legend/legend-on.ts'
import { Bar } from './head/bar.tsx'
import { Header } from './head/header.tsx'
import { usePanel } from './panel/panel-state.ts'
import { useStanding } from './panel/standing.ts'
import { othersAt } from './run.ts'
import { Run } from './stage/run-view.tsx'
import { StoryRow } from './story/story-row.tsx'
import { Transport } from './transport/transport.tsx'
import './scenario.css'
import '../talk/talk.css'

/** Its column is kept: nothing moves when it comes. */
const Panel = late(() => import('./panel/panel.tsx'))

const LegendRow = part(() => import('./legend/legend-row.tsx'))
const Help = part(() => import('./help/help.tsx'))
const Talk = part(() => import('../talk/talk.tsx'))
const PictureOut = part(() => import('../picture-out/picture-out.tsx'))
const Share = part(() => import('./share/share.tsx'))

/**
 * One scenario on one screen: what should have happened and what did, what to do with the run, the story of this moment, the pictures,
 * the timeline, and what one walks with. What is drawn here is the same at every step; the parts that are not ask for the step themselves.
 */
export default function ScenarioPage({ card }: { card: Card }) {
  const shown = useLockstep((state) => state.place !== null)
  const talk = useLockstep((state) => state.place?.talk ?? false)
  const trace = useLockstep((state) => state.trace)
  const compare = useLockstep((state) => (state.place?.view === 'compare' ? state.compare : null))
  const busy = useLockstep((state) => state.busy)
  const failed = useLockstep((state) => state.failure !== null)
  const legend = useLegend((state) => state.on)
  const [overlay, setOverlay] = useState<Overlay>(null)
  const showHelp = useCallback(() => setOverlay('help'), [])
  const showShare = useCallback(() => setOverlay('share'), [])
  const showPicture = useCallback(() => setOverlay('picture'), [])
  const close = useCallback(() => setOverlay(null), [])
  const explore = useExplore()
  const [notes, setNotes] = useState<Window | null>(null)
  useCommands(overlay, setOverlay, explore, setNotes)
  usePlaying()
  useTalkAtRoot(talk)
  const happened = trace?.happened.join(' ') ?? ''
  const texts = useMemo(() => ({ above: [card.should, happened], below: [card.seen, card.gist, card.story] }), [card, happened])
  const hues = useMemo(
    () => huesOf([...new Set([compare?.left ?? trace, compare?.right].flatMap((run) => run?.tasks.map(({ letter }) => letter) ?? []))]),
    [compare, trace],
  )
  if (!shown) return null
  return (
    <Terms texts={texts}>
      <div className={compare ? 'page scenario is-comparing' : 'page scenario'} style={hues} aria-busy={busy}>
        <Header card={card} trace={trace} onHelp={showHelp} />
        <main>
          <Bar card={card} onExplore={explore} onShare={showShare} />
          {compare ? (
            <Suspense fallback={<p className="page-waits">Loading the comparison.</p>}>
              <Compare card={card} compare={compare} />
            </Suspense>
          ) : trace ? (
            <>
              <StoryRow trace={trace} />
              <Run card={card} trace={trace} talk={talk} />
            </>
          ) : (
            !failed && <p className="page-waits">The model is running.</p>
          )}
          {trace && legend && (
            <Suspense fallback={null}>
              <LegendRow trace={compare?.left ?? trace} right={compare?.right ?? null} leads={card.leads} />
            </Suspense>
          )}
          <Transport />
        </main>
        <Suspense fallback={null}>{trace && <Panel card={card} trace={compare ? null : trace} />}</Suspense>
      </div>
      <Suspense fallback={null}>
        {overlay === 'help' && <Help onClose={close} />}
        {overlay === 'share' && <Share card={card} onClose={close} onPicture={showPicture} />}
        {overlay === 'picture' && <PictureOut card={card} onClose={close} />}
      </Suspense>
      <Suspense fallback={null}>
        {(talk || notes !== null || overlay === 'talk' || overlay === 'address' || keptStop() !== null) && (
          <Talk overlay={overlay} notes={notes} onClose={close} />
        )}
      </Suspense>
      {overlay === 'blank' && <Blank onClose={close} />}
    </Terms>
  )
}

/** Counts every interleaving, and shows the answer as it comes. */
function useExplore(): () => void {
  const { explore } = useActions()
  const show = usePanel((state) => state.show)
  return useCallback(() => {
    void explore()
    show('why')
    lookAt('interleavings', PATIENCE)
  }, [explore, show])
}

/** How many frames a part of the panel may take to come. */
const PATIENCE = 60

/** The fragment is the moment shown, so an anchor inside the page scrolls by hand. */
function lookAt(id: string, patience: number): void {
  const section = document.getElementById(id)
  if (section) {
    section.scrollIntoView({ block: 'start' })
    section.focus({ preventScroll: true })
  } else if (patience > 0) requestAnimationFrame(() => lookAt(id, patience - 1))
}

/** An empty screen, so that a room looks at the speaker. Any click or key brings the page back. */
function Blank({ onClose }: { onClose: () => void }) {
  return <button type="button" className="blank" aria-label="Show the page again" onClick={onClose} autoFocus />
}

/** Moves once a beat of the clock while playing. */
function usePlaying(): void {
  const playing = useLockstep((state) => state.playing)
  const speed = useLockstep((state) => state.speed)
  const { tick } = useActions()
  useEffect(() => {
    if (!playing) return
    const timer = setInterval(tick, 1000 / speed)
    return () => clearInterval(timer)
  }, [playing, speed, tick])
}

type Overlay = 'help' | 'share' | 'blank' | 'talk' | 'address' | 'picture' | null

function useCommands(
  overlay: Overlay,
  setOverlay: (to: Overlay) => void,
  explore: () => void,
  setNotes: (to: Window | null) => void,
): void {
  const { store, actions } = useApp()
  const standing = useStanding()
  const run = useCallback(
    (command: Command): void => {
      const { place, trace } = store.getState()
      const panel = usePanel.getState()
      // Whatever key wakes a blank screen or closes the help does only that.
      if (overlay !== null) return setOverlay(null)
      if (!place) return
      switch (command.kind) {
        case 'next':
          return actions.next(command.held)
        case 'previous':
          return actions.previous(command.held)
        case 'nextBeat':
          if (!cross(1)) actions.nextBeat(command.held)
          return
        case 'previousBeat':
          if (!cross(-1)) actions.previousBeat(command.held)
          return
        case 'first':
          return actions.first()
        case 'last':
          return actions.last()
        case 'play':
          return actions.play()
        case 'fix':
          return actions.toggleFix()
        case 'compare':
          return actions.compare()
        case 'map':
          return actions.map()
        case 'ask': {
          const step = trace && place.view !== 'compare' ? stepRef(trace, Math.min(place.step, trace.steps.length)) : null
          if (!step) return
          // The answer stands in the panel.
          if (store.getState().asking.marked !== null) panel.show('why')
          void actions.mark(step)
          return
        }
        case 'explore':
          return explore()
        case 'panel':
          return standing ? lookAt('panel', 0) : panel.toggle()
        case 'why':
          return panel.show('why')
        case 'branch': {
          const other = trace && place.view !== 'compare' ? othersAt(trace, place.step)[command.index] : undefined
          if (other) void actions.branch(other.task)
          return
        }
        case 'plug':
          return actions.pullPlug()
        case 'recall':
          return actions.recall(0)
        case 'whole':
          return useWhole.getState().toggle()
        case 'legend':
          return useLegend.getState().toggle()
        case 'beside':
          return actions.compareLine(0)
        case 'blank':
          return setOverlay('blank')
        case 'help':
        case 'share':
          return setOverlay(command.kind)
        case 'talk':
          return actions.setTalk(!place.talk)
        case 'talkList':
          return setOverlay('talk')
        case 'notes':
          return setNotes(openNotes())
        case 'address':
          return setOverlay('address')
        case 'pictureOut':
          return setOverlay('picture')
        case 'larger':
          return larger()
        case 'smaller':
          return smaller()
        case 'fullScreen':
          return toggleFullScreen()
        case 'escape':
          if (panel.open && !standing) return panel.close()
          actions.pause()
          actions.dismiss()
          actions.unmark()
          actions.cancelExplore()
          return actions.setTalk(false)
      }
    },
    [store, actions, overlay, setOverlay, explore, setNotes, standing],
  )
  useKeyboard(run)
}

function toggleFullScreen(): void {
  // Refused where the page is framed or the user said no; there is nothing to be done about it.
  if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined)
  else void document.documentElement.requestFullscreen().catch(() => undefined)
}
