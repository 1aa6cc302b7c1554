import { grouped } from '../../../base/count.ts'
import { DamageIcon } from '../../../lenses/marks.tsx'
import { Prose } from '../../terms/prose.tsx'
import { searchKey } from '../../../store/place/place.ts'
import type { OutcomeGroup, RaceWindow, VerdictView } from '../../../worker/protocol.ts'
import { useActions, useLockstep } from '../../lockstep.tsx'
import { useOpenSchedule } from './ask.tsx'
import { Count } from './count.tsx'
import { rulesInWords } from '../../../narrate/rules.ts'
import { useRules } from '../moment.ts'
import { useKnown, useWhyFailed } from './use-why.ts'
import { waysInWords } from './ways.ts'
import { explains } from './why.tsx'
import './why.css'

/**
 * Every interleaving for who does not want a table: in how many ways it ends, and what each looks like to a user. That is there at once;
 * how many schedules end in each way, and what tells them apart, follows when all are counted.
 */
export function Groups() {
  const known = useKnown()
  return (
    <>
      <p className="ways" aria-live="polite">
        {known ? <strong>{waysInWords(known)}</strong> : <span className="quiet">Asking every interleaving whether it can go wrong.</span>}
      </p>
      {known && known.groups.length > 0 && (
        <ol className="groups">
          {known.groups.map((group) => (
            <Group key={`${group.violates.join()} ${group.says}`} group={group} />
          ))}
        </ol>
      )}
      <Counting known={known !== null} />
    </>
  )
}

/** How far the search is that follows the verdict. */
function Counting({ known }: { known: boolean }) {
  const { findWhy, stopWhy } = useActions()
  const states = useLockstep(({ asking, place }) =>
    place && asking.searching?.system === searchKey(place) ? asking.searching.progress.states : null,
  )
  const counts = useLockstep(({ search }) => search.status === 'running')
  const failed = useWhyFailed() && !counts
  const message = useLockstep((state) => state.asking.failed?.failure.message ?? '')
  if (states !== null)
    return (
      <p className="quiet counting">
        {known ? 'Counting them, and asking what tells them apart' : 'Searching'}
        {states > 0 ? `: ${states.toLocaleString('en')} states so far` : ''}.{' '}
        <button type="button" onClick={stopWhy}>
          Stop
        </button>
      </p>
    )
  if (!failed) return null
  return (
    <p className="counting">
      {message}{' '}
      <button type="button" onClick={() => void findWhy()}>
        Go on
      </button>
    </p>
  )
}

/** One that nobody has counted yet has no share and no window. */
type Told = VerdictView['groups'][number] & Partial<OutcomeGroup>

function Group({ group: { says, violates, share, rounded, outcomes, sample, window, unasked } }: { group: Told }) {
  const open = useOpenSchedule()
  const rules = useRules()
  const wrong = violates.length > 0
  return (
    <li className={wrong ? 'is-wrong' : undefined}>
      <span className="group-seen">
        {wrong && <DamageIcon />} <Prose text={says} />
      </span>
      <span className="group-how">
        {wrong && <span className="group-violates">violates {rulesInWords(rules, violates)}</span>}
        {rounded !== undefined && (
          <Count rounded={rounded} exact={share ? `${grouped(share.part)} of ${grouped(share.of)} schedules` : rounded} />
        )}
        {outcomes > 1 && <span>{outcomes} outcomes that look alike</span>}
        <button type="button" title={sample} onClick={() => open(sample)}>
          open one
        </button>
      </span>
      {window && window.alternatives.length > 0 && (
        <span>
          {orJoined(window)}. <span className="quiet">{explains(window, 'group')}</span>
        </span>
      )}
      {unasked && <span className="quiet">What sets it apart was not asked: there are too many groups and states for that.</span>}
    </li>
  )
}

const orJoined = (window: RaceWindow): string => window.alternatives.map(({ says }) => says.replace(/\.$/, '')).join('; or ')
