import { lazy, memo, Suspense, useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react'
import type { Card } from '../../scenarios/card.ts'
import { huesOf } from '../../lenses/hue.ts'
import { stepRef } from '../../store/search/asked.ts'
import { useKeyboard, type Command } from '../keyboard.ts'
import { late } from '../late.ts'
import { useActions, useApp, useLockstep } from '../lockstep.tsx'
import { Terms } from '../terms/prose.tsx'
import { Ask } from './search/ask.tsx'
import { Branches } from './transport/branches.tsx'
import { Caption } from './story/caption.tsx'
import { Controls } from './transport/controls.tsx'
import { Header } from './head/header.tsx'
import { useLast, useRow, useStep } from './moment.ts'
import { Notices } from './notices.tsx'
import { Run } from './stage/run-view.tsx'
import { othersAt } from './run.ts'
import { ScenarioFooter } from './scenario-footer.tsx'
import { Switches } from './head/switches.tsx'
import './scenario.css'

const Below = late(() => import('./panel/below.tsx'))
const Compare = lazy(() => import('./compare/compare.tsx'))
const Plug = lazy(() => import('./stage/plug.tsx'))
const Help = lazy(() => import('./help/help.tsx'))

/**
 * One scenario: what should have happened, what happened, and everything to find out why. What is drawn here is the same
 * at every step; the parts that are not ask for the step themselves.
 */
export default function ScenarioPage({ card }: { card: Card }) {
  const shown = useLockstep((state) => state.place !== null)
  const talk = useLockstep((state) => state.place?.talk ?? false)
  const trace = useLockstep((state) => state.trace)
  const compare = useLockstep((state) => (state.place?.view === 'compare' ? state.compare : null))
  const busy = useLockstep((state) => state.busy)
  const failed = useLockstep((state) => state.failure !== null)
  const pulled = useLockstep((state) => state.place?.power ?? false)
  const [overlay, setOverlay] = useState<Overlay>(null)
  const showHelp = useCallback(() => setOverlay('help'), [])
  const close = useCallback(() => setOverlay(null), [])
  useCommands(overlay, setOverlay)
  usePlaying()
  useTalk(talk)
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
          <Switches card={card} trace={trace} />
          <Notices card={card} trace={trace} />
          <Suspense fallback={<p className="page-waits">Loading the comparison.</p>}>
            {compare ? (
              <Compare card={card} compare={compare} />
            ) : trace ? (
              <Run card={card} trace={trace} talk={talk} />
            ) : (
              !failed && <p className="page-waits">The model is running.</p>
            )}
          </Suspense>
          <Suspense fallback={null}>{pulled && <Plug />}</Suspense>
          <Dock comparing={compare !== null} />
          {trace && (
            <Suspense fallback={null}>
              <Below card={card} trace={compare ? null : trace} />
            </Suspense>
          )}
        </main>
        <ScenarioFooter card={card} />
      </div>
      <Suspense fallback={null}>{overlay === 'help' && <Help onClose={close} />}</Suspense>
      {overlay === 'blank' && <Blank onClose={close} />}
    </Terms>
  )
}

/** What one walks with, and what is said of the step. */
const Dock = memo(function Dock({ comparing }: { comparing: boolean }) {
  const trace = useLockstep((state) => state.trace)
  return (
    <div className="dock">
      <div className="dock-main">
        <Controls />
        {comparing ? <Row /> : trace && <Now />}
      </div>
      <div className="dock-side">
        <Doing />
        {trace && !comparing && <Branches trace={trace} />}
        {trace && !comparing && <Ask trace={trace} />}
      </div>
    </div>
  )
})

function Now() {
  const trace = useLockstep((state) => state.trace)
  const step = useStep()
  return trace && <Caption trace={trace} step={step} />
}

function Row() {
  const [row, last] = [useRow(), useLast()]
  return (
    <p className="caption">
      row {row} of {last}
    </p>
  )
}

/** The two things to do with a run besides walking through it. */
function Doing() {
  const { compare, map, toggleFix, pullPlug } = useActions()
  const view = useLockstep((state) => state.place?.view ?? 'trace')
  const comparing = view === 'compare'
  const pulled = useLockstep((state) => state.place?.power ?? false)
  const canFail = useLockstep((state) => state.trace?.canFail ?? false)
  return (
    <div className="doing">
      <button type="button" onClick={toggleFix}>
        Switch the fix <kbd>x</kbd>
      </button>
      <button type="button" onClick={compare} aria-pressed={comparing}>
        {comparing ? 'Leave the comparison' : 'Compare with the fix'} <kbd>c</kbd>
      </button>
      <button type="button" onClick={map} aria-pressed={view === 'map'}>
        {view === 'map' ? 'Leave the map' : 'Map'} <kbd>m</kbd>
      </button>
      {canFail && !comparing && (
        <button type="button" onClick={pullPlug} aria-pressed={pulled}>
          Pull the plug <kbd>u</kbd>
        </button>
      )}
      <a href="#interleavings" onClick={showInterleavings}>
        Every interleaving <kbd>e</kbd>
      </a>
    </div>
  )
}

/** An empty screen, so that a room looks at the speaker. Any click or key brings the page back. */
function Blank({ onClose }: { onClose: () => void }) {
  return <button type="button" className="blank" aria-label="Show the page again" onClick={onClose} autoFocus />
}

/** The fragment is the moment shown, so an anchor inside the page scrolls by hand. */
function showInterleavings(event?: { preventDefault(): void }): void {
  event?.preventDefault()
  const section = document.getElementById('interleavings')
  section?.scrollIntoView({ block: 'start' })
  section?.focus({ preventScroll: true })
}

/** All sizes of the page follow one that stands at its root. */
function useTalk(talk: boolean): void {
  useLayoutEffect(() => {
    const { dataset } = document.documentElement
    if (talk) dataset['talk'] = ''
    else delete dataset['talk']
    return () => void delete dataset['talk']
  }, [talk])
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

type Overlay = 'help' | 'blank' | null

function useCommands(overlay: Overlay, setOverlay: (to: Overlay) => void): void {
  const { store, actions } = useApp()
  const run = useCallback(
    (command: Command): void => {
      const { place, trace } = store.getState()
      // Whatever key wakes a blank screen or closes the help does only that.
      if (overlay !== null) return setOverlay(null)
      if (!place) return
      switch (command.kind) {
        case 'next':
          return actions.next(command.held)
        case 'previous':
          return actions.previous(command.held)
        case 'nextBeat':
          return actions.nextBeat(command.held)
        case 'previousBeat':
          return actions.previousBeat(command.held)
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
          if (step) void actions.mark(step)
          return
        }
        case 'explore':
          void actions.explore()
          return showInterleavings()
        case 'branch': {
          const other = trace && place.view !== 'compare' ? othersAt(trace, place.step)[command.index] : undefined
          if (other) void actions.branch(other.task)
          return
        }
        case 'plug':
          return actions.pullPlug()
        case 'recall':
          return actions.recall(0)
        case 'beside':
          return actions.compareLine(0)
        case 'blank':
          return setOverlay('blank')
        case 'help':
          return setOverlay('help')
        case 'talk':
          return actions.setTalk(!place.talk)
        case 'fullScreen':
          return toggleFullScreen()
        case 'escape':
          actions.pause()
          actions.dismiss()
          actions.unmark()
          actions.cancelExplore()
          return actions.setTalk(false)
      }
    },
    [store, actions, overlay, setOverlay],
  )
  useKeyboard(run)
}

function toggleFullScreen(): void {
  // Refused where the page is framed or the user said no; there is nothing to be done about it.
  if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined)
  else void document.documentElement.requestFullscreen().catch(() => undefined)
}
