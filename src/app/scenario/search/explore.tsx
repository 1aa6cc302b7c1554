import { memo, useState } from 'react'
import { grouped, inWords } from '../../../base/count.ts'
import type { ExploreDocument } from '../../../worker/protocol.ts'
import type { Card } from '../../../scenarios/card.ts'
import { searchKey, type Staged } from '../../../store/place/place.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { ruleName, rulesInWords } from '../../../narrate/rules.ts'
import { useRules, useStaged } from '../moment.ts'
import { useOpenSchedule } from './ask.tsx'
import { Count } from './count.tsx'
import { Groups } from './groups.tsx'
import { OutcomeLine } from '../compare/outcome-line.tsx'

/** Every interleaving of this kernel and these settings: how many go wrong, in which ways, and one of each. */
export const Explore = memo(function Explore({ card }: { card: Card }) {
  const staged = useStaged()
  const { explore, cancelExplore } = useActions()
  const search = useLockstep((state) => state.search)
  const documents = useLockstep((state) => state.documents)
  const key = searchKey(staged)
  const document = documents[key]
  const others = Object.entries(documents).filter(([other, { scenario }]) => other !== key && scenario === card.id)
  const mine = search.status !== 'idle' && search.key === key
  return (
    <section className="explore" id="interleavings" aria-label="Every interleaving" tabIndex={-1}>
      <h2>Every interleaving</h2>
      <Groups />
      <div aria-live="polite">
        {document && <Sentence document={document} />}
        {mine && search.status === 'running' && (
          <p>
            Searching: {search.progress.states.toLocaleString('en')} states so far, {search.progress.frontier.toLocaleString('en')} to look
            at.{' '}
            <button type="button" onClick={() => void cancelExplore()}>
              Cancel
            </button>
          </p>
        )}
        {mine && search.status === 'failed' && (
          <p role={search.failure.reader === 'cancelled' ? undefined : 'alert'}>{search.failure.message}</p>
        )}
      </div>
      {!document && !(mine && search.status === 'running') && (
        <p>
          <button type="button" onClick={() => void explore()}>
            Count every interleaving <kbd>e</kbd>
          </button>{' '}
          <span className="quiet">of kernel {sideName(staged)} with these settings</span>
        </p>
      )}
      {document && <Details document={document} />}
      {others.length > 0 && (
        <ul className="explore-others">
          {others.map(([other, one]) => (
            <li key={other}>
              Found before, kernel {one.kernel}
              {one.patches.length > 0 ? ` (${one.patches.join(', ')})` : ''}: <Violating document={one} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
})

const sideName = ({ kernel, toggles }: Staged): string => [kernel, ...toggles.map((id) => `${id} flipped`)].join(', ')

/** How many schedules violate, the digits on demand. */
function Violating({ document: { violating, schedules, complete } }: { document: ExploreDocument }) {
  if (schedules === '0') return <>No schedule was followed to its end</>
  return (
    <>
      <Count rounded={`${inWords(violating)} of ${inWords(schedules)}`} exact={`${grouped(violating)} of ${grouped(schedules)}`} />{' '}
      {complete ? 'schedules violate' : 'schedules that were followed to their end violate'}
    </>
  )
}

const Schedules = ({ count }: { count: string | null }) => <Count rounded={inWords(count)} exact={grouped(count)} />

function Sentence({ document }: { document: ExploreDocument }) {
  return (
    <p className="explore-count">
      <strong>
        <Violating document={document} />
      </strong>
      ; {document.complete ? 'complete' : `not complete (${document.bound ?? 'a bound was reached'})`}:{' '}
      {document.states.toLocaleString('en')} states, {document.transitions.toLocaleString('en')} steps between them,{' '}
      {document.deadlocks === 0
        ? 'none in which tasks wait for ever'
        : `${document.deadlocks.toLocaleString('en')} in which a task waits for ever`}
      .
    </p>
  )
}

/** Every outcome is a row, and there may be thousands: they are drawn for who opens them. */
function Details({ document }: { document: ExploreDocument }) {
  const [open, setOpen] = useState(false)
  const { outcomes } = document
  return (
    <details className="explore-all" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>By rule, and {outcomes.length === 1 ? 'the one outcome' : `each of ${outcomes.length} distinct outcomes`}</summary>
      {open && <Document document={document} />}
    </details>
  )
}

function Document({ document }: { document: ExploreDocument }) {
  const open = useOpenSchedule()
  const rules = useRules()
  return (
    <>
      <p className="quiet">Counts depend on how finely the model cuts its steps; they are not probabilities.</p>
      <div className="explore-tables">
        <table>
          <caption>By rule</caption>
          <thead>
            <tr>
              <th scope="col">rule</th>
              <th scope="col">violating schedules</th>
              <th scope="col">shortest</th>
            </tr>
          </thead>
          <tbody>
            {document.oracles.map((oracle) => (
              <tr key={oracle.id}>
                <th scope="row">
                  {ruleName(rules, oracle.id)} <small>{oracle.id}</small>
                  {oracle.kind === 'info' ? ' (watched: it need not hold)' : ''}
                </th>
                <td className="number">
                  <Schedules count={oracle.violatingSchedules} />
                </td>
                <td>{oracle.shortest !== null && <OpenSchedule choices={oracle.shortest} open={open} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <table>
          <caption>{document.outcomes.length === 1 ? 'One outcome' : `${document.outcomes.length} distinct outcomes`}</caption>
          <thead>
            <tr>
              <th scope="col">violates</th>
              <th scope="col">schedules</th>
              <th scope="col">what a user sees</th>
              <th scope="col">one of them</th>
            </tr>
          </thead>
          <tbody>
            {document.outcomes.map((outcome) => (
              <tr key={outcome.sample} className={outcome.violates.length > 0 ? 'is-violated' : undefined}>
                <th scope="row">{rulesInWords(rules, outcome.violates) || 'nothing'}</th>
                <td className="number">
                  <Schedules count={outcome.schedules} />
                </td>
                <td>
                  <OutcomeLine outcome={outcome} />
                </td>
                <td>
                  <OpenSchedule choices={outcome.sample} open={open} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function OpenSchedule({ choices, open }: { choices: string; open: (choices: string) => void }) {
  const short = choices.length > 24 ? `${choices.slice(0, 22)}...` : choices
  return (
    <button type="button" title={choices} onClick={() => open(choices)}>
      open <code>{short}</code>
    </button>
  )
}
