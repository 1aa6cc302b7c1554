/**
 * The speaker's window. This page draws it: a window that we opened ourselves is of one origin with us, from file:// too, so nothing
 * has to be sent to and fro.
 */
import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { walkOf } from '../../store/place/moves.ts'
import type { State } from '../../store/state.ts'
import { catalog } from '../../scenarios/catalog.ts'
import { useApp, useLockstep } from '../lockstep.tsx'
import { captionAt } from '../scenario/run.ts'
import { nextStop, showStop } from './give.ts'
import { canShow, type Stop } from './script.ts'
import { useTalk } from './talk-state.ts'

export function Notes({ window: speakers }: { window: Window }) {
  const { showNotes } = useTalk.getState()
  useEffect(() => {
    dress(speakers.document)
    const keys = (event: KeyboardEvent): void => {
      const isPressed = (event.key === ' ' || event.key === 'Enter') && (event.target as Element).closest('button') !== null
      // The keys of the page, whichever of the two windows has the focus.
      if (!isPressed && !window.dispatchEvent(new KeyboardEvent('keydown', event))) event.preventDefault()
    }
    speakers.addEventListener('keydown', keys)
    // A window says nothing that arrives when it is closed.
    const timer = setInterval(() => speakers.closed && showNotes(null), 500)
    return () => {
      clearInterval(timer)
      speakers.removeEventListener('keydown', keys)
    }
  }, [speakers, showNotes])
  return createPortal(<Desk />, speakers.document.body)
}

/** The window gets the page's own styles. */
function dress(to: Document): void {
  to.title = 'Notes - Lockstep'
  to.documentElement.lang = 'en'
  to.head.replaceChildren()
  for (const style of document.querySelectorAll('link[rel="stylesheet"], style')) {
    const copy = to.importNode(style, true)
    if (copy instanceof HTMLLinkElement || style instanceof HTMLLinkElement)
      copy.setAttribute('href', new URL(style.getAttribute('href') ?? '', document.baseURI).href)
    to.head.append(copy)
  }
  to.body.className = 'talk-notes'
}

function Desk() {
  const app = useApp()
  const { stops, at } = useTalk()
  const now = useLockstep(nowOf)
  const next = useLockstep(nextOf)
  const stop = at === null ? null : (stops[at] ?? null)
  const after = at === null ? null : nextStop(stops, at, 1)
  const title = ({ place, own }: Stop): string => own?.name ?? catalog.find(({ id }) => id === place?.scenario)?.title ?? ''
  const following = after === null ? undefined : stops[after]
  return (
    <main>
      <Clock />
      <section aria-label="Now">
        <h2>Now</h2>
        <p>{now}</p>
      </section>
      <section aria-label="Next">
        <h2>Next</h2>
        <p>{next ?? (following ? title(following) : 'The end.')}</p>
      </section>
      <section aria-label="Notes" className="talk-words">
        <h2>Notes{stop && at !== null && ` for stop ${at + 1} of ${stops.length}`}</h2>
        <p>{stop ? stop.notes || 'Nothing is written below this link.' : 'No talk is given; press t in the page for yours.'}</p>
      </section>
      <ol aria-label="Stops">
        {stops.map((stop, i) => (
          <li key={stop.line} aria-current={i === at ? 'step' : undefined}>
            {canShow(stop) && <StopButton title={title(stop)} step={stop.place?.step ?? null} onClick={() => showStop(app, i)} />}
          </li>
        ))}
      </ol>
    </main>
  )
}

const StopButton = ({ title, step, onClick }: { title: string; step: number | null; onClick: () => void }) => (
  <button type="button" onClick={onClick}>
    {title}
    {step !== null && ` (step ${step})`}
  </button>
)

/** The last moment of the story that the run has passed, else its sentence. */
function nowOf({ place, trace, compare }: State): string {
  const run = place?.view === 'compare' ? (compare?.left ?? null) : trace
  if (!place || !run) return 'The model is running.'
  const step = place.view === 'compare' ? (compare?.rows[Math.min(place.step, compare.rows.length - 1)]?.left ?? 0) : place.step
  const beat = run.beats.find((one) => one.step === step)
  return `Step ${Math.min(step, run.steps.length)} of ${run.steps.length}. ${beat?.says ?? captionAt(run, Math.min(step, run.steps.length))}`
}

/** What PageDown leads to inside this stop; null at its end. */
function nextOf({ place, trace, compare }: State): string | null {
  const walk = place && walkOf(place, trace, compare)
  const to = walk?.stops.find((step) => step > (place?.step ?? 0))
  if (!place || !walk || to === undefined) return null
  if (place.view === 'compare') return to === walk.diverges ? `Row ${to}: here the two part.` : `Row ${to}.`
  const beat = trace?.beats.find((one) => one.step === to)
  return `Step ${to}: ${beat?.says ?? (trace ? captionAt(trace, to) : '')}`
}

const two = (n: number): string => String(n).padStart(2, '0')

/** The time of day, and how long the talk has lasted. */
function Clock() {
  const began = useTalk((state) => state.began)
  const { startClock } = useTalk.getState()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const date = new Date(now)
  const gone = began === null ? 0 : Math.max(0, Math.floor((now - began) / 1000))
  return (
    <p className="talk-clock">
      <time>
        {two(date.getHours())}:{two(date.getMinutes())}
      </time>
      <span>
        {Math.floor(gone / 60)}:{two(gone % 60)} spoken
      </span>
      <button type="button" onClick={startClock}>
        Begin at 0:00
      </button>
    </p>
  )
}
