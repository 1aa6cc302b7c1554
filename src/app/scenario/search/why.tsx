import { grouped, inWords } from '../../../base/count.ts'
import type { RaceWindow, WhyView } from '../../../worker/protocol.ts'
import { percent } from '../../../lenses/percent.ts'
import { Prose } from '../../terms/prose.tsx'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { Count } from './count.tsx'
import { useWhy, useWhyFailed } from './use-why.ts'
import { Searching } from './why-line.tsx'
import './why.css'

/** Why schedules of this kernel violate: the race window in one sentence, how much it explains, and what the fix makes of it. */
export function Why() {
  const why = useWhy()
  const failed = useWhyFailed()
  return (
    <section className="why" aria-labelledby="why-title">
      <h2 id="why-title">Why</h2>
      <div aria-live="polite">{why ? <Found why={why} /> : failed ? <Failed /> : <Searching />}</div>
    </section>
  )
}

function Found({ why }: { why: WhyView }) {
  const { window } = why
  return (
    <>
      <p>
        <strong>
          <Prose text={why.says} />
        </strong>
      </p>
      {window && (
        <p>
          {explains(window, 'violating')} {fixSays(window).map((says) => `${says}. `)}
        </p>
      )}
      <p>
        <Counts why={why} />
      </p>
    </>
  )
}

/** How well a window tells the schedules that it is about from the others: those that violate, or those of a group. */
export function explains({ exact, covers, violates }: RaceWindow, of: 'violating' | 'group'): string {
  const [mine, are] = of === 'group' ? ['schedules of this group', 'are of it'] : ['violating schedules', 'violate']
  if (exact)
    return of === 'group'
      ? 'Exact: every schedule of this group is so, and no other.'
      : 'Exact: every violating schedule is so, and no other.'
  const parts = [
    ...(covers ? [`${percent(covers.ratio)} of the ${mine} are so`] : []),
    ...(violates ? [`of the schedules that are so, ${percent(violates.ratio)} ${are}`] : []),
  ]
  return parts.length === 0 ? 'Not exact.' : `Not exact: ${parts.join('; ')}.`
}

/** What the fix makes of each alternative, each sentence once. */
const fixSays = (window: RaceWindow | null): string[] => [
  ...new Set((window?.alternatives ?? []).flatMap(({ fix }) => (fix ? [fix.says.replace(/\.$/, '')] : []))),
]

function Counts({ why: { schedules, violating, complete, bound, states } }: { why: WhyView }) {
  if (!complete)
    return (
      <span className="quiet">
        {schedules === '0'
          ? 'No schedule was followed to its end'
          : `${grouped(violating)} of ${grouped(schedules)} schedules followed to their end violate`}
        ; not complete: {bound ?? `stopped at ${states.toLocaleString('en')} states`}.
      </span>
    )
  return (
    <span className="quiet">
      <Count rounded={`${inWords(violating)} of ${inWords(schedules)}`} exact={`${grouped(violating)} of ${grouped(schedules)}`} />{' '}
      schedules violate; complete, {states.toLocaleString('en')} states.
    </span>
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
