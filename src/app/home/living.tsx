/** The first scenario's story, playing by itself: its picture moment by moment, computed when the page was made. */
import { memo, useEffect, useState, type RefObject, useRef } from 'react'
import { ExtentStripLens } from '../../lenses/extent-strip-lens.tsx'
import { huesOf, hueStyle } from '../../lenses/hue.ts'
import { DamageIcon, TaskBadge } from '../../lenses/marks.tsx'
import { hrefOf } from '../address.ts'
import { useApp } from '../lockstep.tsx'
import { story, type Moment } from './story.ts'
import './living.css'

const { card, moments, steps } = story
const last = moments.length - 1

/** Long enough to read the sentence; longer where the story ends. */
const dwell = (n: number): number => 1400 + 30 * (moments[n]?.says.length ?? 0) + (n === last ? 4000 : 0)

const calm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

export function Living() {
  const { where } = useApp()
  const frame = useRef<HTMLElement>(null)
  // Who does not want things to move is shown where it leads.
  const [playing, setPlaying] = useState(() => !calm())
  const [n, setN] = useState(() => (calm() ? last : 0))
  const seen = useSeen(frame)
  useEffect(() => {
    if (!playing || !seen) return
    const timer = setTimeout(() => {
      if (n < last) setN(n + 1)
      else if (calm()) setPlaying(false)
      else setN(0)
    }, dwell(n))
    return () => clearTimeout(timer)
  }, [playing, seen, n])
  const moment = moments[n]
  if (!moment) return null
  const toggle = (): void => {
    if (!playing && n === last) setN(0)
    setPlaying(!playing)
  }
  return (
    <section ref={frame} className="living" style={hues} aria-labelledby="living-title">
      <h2 id="living-title">
        {card.title} <code>{card.id}</code>
      </h2>
      <Strip n={n} />
      <div className="living-captions" aria-live={playing ? 'off' : 'polite'}>
        {moments.map((one, i) => (
          <Caption key={one.step} moment={one} shown={i === n} />
        ))}
      </div>
      <Track step={moment.step} broken={moment.broken !== null} />
      <div className="living-controls">
        <button type="button" className="living-toggle" onClick={toggle}>
          {playing ? 'Pause' : 'Play'}
        </button>
        <span className="living-where">
          step {moment.step} of {steps}
        </span>
        <a href={hrefOf(where, card.id, moment.segments)}>Open this moment</a>
      </div>
    </section>
  )
}

const hues = huesOf([...new Set(moments.flatMap(({ by }) => by?.task ?? []))])

/** The strip marks what changed since the moment before. */
const Strip = memo(function Strip({ n }: { n: number }) {
  const moment = moments[n]
  return moment ? <ExtentStripLens picture={moment.picture} previous={moments[n - 1]?.picture ?? null} /> : null
})

/** All captions lie in one place, so that it is as high as the highest. */
function Caption({ moment: { by, says, broken }, shown }: { moment: Moment; shown: boolean }) {
  return (
    <div className={shown ? 'living-caption is-shown' : 'living-caption'}>
      <p className="living-by">
        {by ? (
          <>
            <TaskBadge task={by.task} />{' '}
            <code>
              {by.procedure}() {by.label}
            </code>
          </>
        ) : (
          says
        )}
      </p>
      {by === null ? <p>{card.should}</p> : says !== '' && <p>{says}</p>}
      {broken !== null && (
        <p className="living-broken">
          <DamageIcon /> {broken}.
        </p>
      )}
    </div>
  )
}

/** The run from its first to its last step, with the moments of the story and the task whose step each is. */
function Track({ step, broken }: { step: number; broken: boolean }) {
  const at = (n: number): string => `${(n / steps) * 100}%`
  return (
    <div className="living-track" aria-hidden="true">
      <span className="living-line" />
      {moments.map((one) => (
        <span
          key={one.step}
          className={`living-tick${one.broken === null ? '' : ' is-broken'}${one.step <= step ? ' is-past' : ''}`}
          style={{ ...hueStyle(one.by?.task ?? null), left: at(one.step) }}
        />
      ))}
      <span className={broken ? 'living-now is-broken' : 'living-now'} style={{ left: at(step) }} />
    </div>
  )
}

/** Is any of it on the screen, in a tab that is looked at? */
function useSeen(frame: RefObject<HTMLElement | null>): boolean {
  const [inView, setInView] = useState(false)
  const [open, setOpen] = useState(() => document.visibilityState === 'visible')
  useEffect(() => {
    const change = (): void => setOpen(document.visibilityState === 'visible')
    const observer = new IntersectionObserver((entries) => setInView(entries.at(-1)?.isIntersecting ?? false), { threshold: 0.25 })
    if (frame.current) observer.observe(frame.current)
    document.addEventListener('visibilitychange', change)
    return () => {
      observer.disconnect()
      document.removeEventListener('visibilitychange', change)
    }
  }, [frame])
  return inView && open
}
