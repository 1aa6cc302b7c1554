import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { HistoryLens } from '../../lenses/history-lens.tsx'
import { TimelineLens } from '../../lenses/timeline-lens.tsx'
import type { HistoryBand } from '../../picture/history.ts'
import type { Card } from '../../scenarios/card.ts'
import { walkOf } from '../../store/moves.ts'
import type { Place } from '../../store/place.ts'
import type { TraceView } from '../../worker/protocol.ts'
import { useKeyboard, type Command } from '../keyboard.ts'
import { useActions, useApp, useLockstep } from '../lockstep.tsx'
import { Terms } from '../terms/prose.tsx'
import { Branches } from './branches.tsx'
import { Caption } from './caption.tsx'
import { Controls } from './controls.tsx'
import { Header } from './header.tsx'
import { Notices } from './notices.tsx'
import { Oracles } from './oracles.tsx'
import { Blank, Help } from './overlays.tsx'
import { Fold, LeadPictures } from './pictures.tsx'
import { captionAt, historiesOf, othersAt, timelineOf } from './run.ts'
import { ScenarioFooter } from './scenario-footer.tsx'
import { Switches } from './switches.tsx'
import { useFit } from './use-fit.ts'
import './scenario.css'

const Below = lazy(() => import('./below.tsx'))
const Compare = lazy(async () => ({ default: (await import('./compare.tsx')).Compare }))

/** One scenario: what should have happened, what happened, and everything to find out why. */
export default function ScenarioPage({ card }: { card: Card }) {
  const place = useLockstep((state) => state.place)
  const trace = useLockstep((state) => state.trace)
  const compare = useLockstep((state) => state.compare)
  const busy = useLockstep((state) => state.busy)
  const [overlay, setOverlay] = useState<Overlay>(null)
  useCommands(overlay, setOverlay)
  usePlaying()
  if (!place) return null
  const walk = walkOf(place, trace, compare)
  const comparing = place.view === 'compare' && compare !== null
  const step = trace ? Math.min(place.step, trace.steps.length) : 0
  const row = Math.min(place.step, walk?.last ?? 0)
  return (
    <Terms
      texts={{
        should: card.should,
        happened: trace?.happened.join(' ') ?? '',
        caption: trace ? captionAt(trace, step) : '',
        seen: card.seen,
        story: card.story,
      }}
    >
      <div
        className={['page scenario', place.talk ? 'is-talk' : '', comparing ? 'is-comparing' : ''].filter(Boolean).join(' ')}
        aria-busy={busy}
      >
        <Header card={card} trace={trace} onHelp={() => setOverlay('help')} />
        <main>
          <Switches card={card} place={place} trace={trace} />
          <Notices place={place} trace={trace} />
          <Suspense fallback={<p className="page-waits">Loading the comparison.</p>}>
            {comparing ? (
              <Compare card={card} compare={compare} row={row} />
            ) : trace ? (
              <Run card={card} trace={trace} step={step} />
            ) : (
              <p className="page-waits">The model is running.</p>
            )}
          </Suspense>
          <div className="dock">
            <div className="dock-main">
              <Controls current={row} last={walk?.last ?? 0} />
              {trace && !comparing && <Caption trace={trace} step={step} />}
              {comparing && (
                <p className="caption">
                  row {row} of {walk?.last ?? 0}
                </p>
              )}
            </div>
            <div className="dock-side">
              <Doing place={place} />
              {trace && !comparing && <Branches trace={trace} step={step} />}
            </div>
          </div>
          <Suspense fallback={null}>
            <Below card={card} place={place} trace={comparing ? null : trace} step={step} ended={walk !== null && row >= walk.last} />
          </Suspense>
        </main>
        <ScenarioFooter card={card} />
      </div>
      {overlay === 'help' && <Help onClose={() => setOverlay(null)} />}
      {overlay === 'blank' && <Blank onClose={() => setOverlay(null)} />}
    </Terms>
  )
}

function Run({ card, trace, step }: { card: Card; trace: TraceView; step: number }) {
  const { scrub } = useActions()
  const timeline = useMemo(() => timelineOf(trace), [trace])
  const history = useMemo(() => historiesOf(trace), [trace])
  const { ref, count } = useFit<HTMLDivElement>(history.length, trace)
  const shown = useMemo(() => mostTelling(history, count), [history, count])
  return (
    <>
      <TimelineLens {...timeline} current={step} caption={captionAt(trace, step)} onSeek={scrub} history={shown} />
      <div ref={ref}>
        <LeadPictures trace={trace} step={step} leads={card.leads} />
      </div>
      <Oracles trace={trace} step={step} />
      {history
        .filter((band) => !shown.includes(band))
        .map((band) => (
          <Fold key={band.lane} title={`${band.title} through time`}>
            <HistoryLens band={band} current={step} />
          </Fold>
        ))}
    </>
  )
}

/** Where not all bands have room: those with damage first, in their own order. */
function mostTelling(history: readonly HistoryBand[], count: number): readonly HistoryBand[] {
  const damaged = (band: HistoryBand): boolean => [...band.runs, ...band.overlaps].some((one) => one.damaged)
  const chosen = [...history.filter(damaged), ...history.filter((band) => !damaged(band))].slice(0, count)
  return history.filter((band) => chosen.includes(band))
}

/** The two things to do with a run besides walking through it. */
function Doing({ place }: { place: Place }) {
  const { compare, toggleFix } = useActions()
  return (
    <div className="doing">
      <button type="button" onClick={toggleFix}>
        Switch the fix <kbd>x</kbd>
      </button>
      <button type="button" onClick={compare} aria-pressed={place.view === 'compare'}>
        {place.view === 'compare' ? 'Leave the comparison' : 'Compare with the fix'} <kbd>c</kbd>
      </button>
      <a href="#interleavings" onClick={showInterleavings}>
        Every interleaving <kbd>e</kbd>
      </a>
    </div>
  )
}

/** The fragment is the moment shown, so an anchor inside the page scrolls by hand. */
function showInterleavings(event?: { preventDefault(): void }): void {
  event?.preventDefault()
  const section = document.getElementById('interleavings')
  section?.scrollIntoView({ block: 'nearest' })
  section?.focus({ preventScroll: true })
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
        case 'explore':
          void actions.explore()
          return showInterleavings()
        case 'branch': {
          const other = trace && place.view !== 'compare' ? othersAt(trace, place.step)[command.index] : undefined
          if (other) void actions.branch(other.task)
          return
        }
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
