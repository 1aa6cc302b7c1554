import { useState } from 'react'
import type { RaceWindow, WhyView } from '../../../worker/protocol.ts'
import { percent } from '../../../lenses/plane.ts'
import { Prose } from '../../terms/prose.tsx'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { Count, grouped, inWords } from './count.tsx'
import { useAsksWhy, useVerdict, useWhy, useWhyFailed } from './use-why.ts'
import { waysInWords } from './ways.ts'
import './why.css'

/** Why schedules of this kernel violate: the race window in one sentence, how much it explains, and what the fix makes of it. */
export function Why() {
  useAsksWhy()
  const why = useWhy()
  const failed = useWhyFailed()
  return (
    <div className="why">
      <dt>Why</dt>
      <dd aria-live="polite">{why ? <Found why={why} /> : failed ? <Failed /> : <Searching />}</dd>
    </div>
  )
}

function Found({ why }: { why: WhyView }) {
  const { window } = why
  const [open, setOpen] = useState(false)
  const more = window !== null || why.says.length > FOLDS_ABOVE
  return (
    <>
      <strong className={open ? undefined : 'is-clamped'}>
        <Prose text={why.says} />
      </strong>
      {open && window && (
        <span className="why-how">
          {explains(window)} {fixSays(window).map((says) => `${says}. `)}
        </span>
      )}
      <span className="why-how">
        {window && <span className="why-exact">{shareOf(window)}</span>} <Counts why={why} />
        {more && (
          <button type="button" className="why-more" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'less' : 'more'}
          </button>
        )}
      </span>
    </>
  )
}

/** Longer sentences fold. */
const FOLDS_ABOVE = 300

/** The label of a window: exact, or the share that it explains. */
const shareOf = ({ exact, covers }: RaceWindow): string =>
  exact ? 'Exact.' : covers ? `Explains ${percent(covers.ratio)} of the violating schedules.` : 'Not exact.'

/** How well the window tells violating schedules from others. */
export function explains({ exact, covers, violates }: RaceWindow): string {
  if (exact) return 'Exact: every violating schedule is so, and no other one.'
  const parts = [
    ...(covers ? [`${percent(covers.ratio)} of the violating schedules are so`] : []),
    ...(violates ? [`of the schedules that are so, ${percent(violates.ratio)} violate`] : []),
  ]
  return parts.length === 0 ? 'Not exact.' : `Not exact: ${parts.join('; ')}.`
}

/** What the fix makes of each alternative, each sentence once. */
const fixSays = (window: RaceWindow | null): string[] => [
  ...new Set((window?.alternatives ?? []).flatMap(({ fix }) => (fix ? [fix.says.replace(/\.$/, '')] : []))),
]

function Counts({ why: { schedules, violating, complete, bound, states, answer } }: { why: WhyView }) {
  if (answer === 'unknown') return <>{bound ?? 'The search was stopped.'}</>
  return (
    <span className="quiet">
      <Count rounded={`${inWords(violating)} of ${inWords(schedules)}`} exact={`${grouped(violating)} of ${grouped(schedules)}`} />{' '}
      schedules violate; {complete ? 'complete' : `not complete (${bound ?? 'a bound was reached'})`}, {states.toLocaleString('en')} states.
    </span>
  )
}

function Searching() {
  const verdict = useVerdict()
  const states = useLockstep((state) => state.asking.searching?.progress.states ?? 0)
  const far = states > 0 ? `: ${states.toLocaleString('en')} states so far` : ''
  if (!verdict) return <span className="quiet">Asking every interleaving{far}.</span>
  return (
    <>
      <strong>{waysInWords(verdict)}</strong> <span className="quiet">Counting them{far}.</span>
    </>
  )
}

function Failed() {
  const { findWhy } = useActions()
  const message = useLockstep((state) => state.asking.failed?.failure.message ?? '')
  return (
    <>
      {message}{' '}
      <button type="button" onClick={() => void findWhy()}>
        Ask again
      </button>
    </>
  )
}
