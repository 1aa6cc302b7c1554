import { grouped } from '../../../base/count.ts'
import { DamageIcon } from '../../../lenses/marks.tsx'
import { Prose } from '../../terms/prose.tsx'
import type { OutcomeGroup, RaceWindow, WhyView } from '../../../worker/protocol.ts'
import { useOpenSchedule } from './ask.tsx'
import { Count } from './count.tsx'
import { rulesInWords } from '../../../narrate/rules.ts'
import { useRules } from '../moment.ts'
import { useWhy } from './use-why.ts'
import { explains } from './why.tsx'
import './why.css'

/** Every interleaving for who does not want a table: in how many ways it ends, and what each looks like to a user. */
export function Groups() {
  const why = useWhy()
  if (!why || why.groups.length === 0) return null
  return (
    <>
      <p>
        <strong>{waysInWords(why)}</strong>
      </p>
      <ol className="groups">
        {why.groups.map((group) => (
          <Group key={`${group.sample} ${group.says}`} group={group} />
        ))}
      </ol>
    </>
  )
}

const numbers = [
  'no way',
  'one way',
  'two ways',
  'three ways',
  'four ways',
  'five ways',
  'six ways',
  'seven ways',
  'eight ways',
  'nine ways',
]
const ways = (count: number): string => numbers[count] ?? `${count} ways`

/** `Wrong in one way, right in two ways.` */
export function waysInWords({ groups, complete, bound }: Pick<WhyView, 'groups' | 'complete' | 'bound'>): string {
  const wrong = groups.filter(({ violates }) => violates.length > 0).length
  const right = groups.length - wrong
  const found = complete ? '' : `, as far as the search went (${bound ?? 'a bound was reached'})`
  if (wrong === 0) return `Right in ${ways(right)}, wrong in none${found}.`
  if (right === 0) return `Wrong in ${ways(wrong)}, right in none${found}.`
  return `Wrong in ${ways(wrong)}, right in ${ways(right)}${found}.`
}

function Group({ group: { says, violates, share, rounded, outcomes, sample, window, unasked } }: { group: OutcomeGroup }) {
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
        <Count rounded={rounded} exact={share ? `${grouped(share.part)} of ${grouped(share.of)} schedules` : rounded} />
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
