/** What becomes of the claims of a scene in every interleaving, each with a schedule that shows it. */
import { grouped, inWords } from '../../base/count.ts'
import { DamageIcon } from '../../lenses/marks.tsx'
import { ruleName } from '../../narrate/rules.ts'
import type { FactView, VerdictView, WhyView } from '../../worker/protocol.ts'
import { useActions, useApp, useLockstep } from '../lockstep.tsx'
import { useRules } from '../scenario/moment.ts'
import { useVerdict, useWhy } from '../scenario/search/use-why.ts'

export function Facts() {
  const verdict = useVerdict()
  const why = useWhy()
  const { cards } = useApp()
  const scenario = useLockstep((state) => state.place?.scenario)
  const stale = useLockstep((state) => (state.own ? state.own.problems.length > 0 || state.own.reading : true))
  const failure = useLockstep((state) => state.asking.failed?.failure.message ?? null)
  const own = cards.find(({ id }) => id === scenario)?.own
  if (!own) return null
  const facts = verdict?.facts ?? own.claims.map((claimed): Asked => ({ ...claimed, answer: null, sample: null }))
  return (
    <section className={stale ? 'facts is-stale' : 'facts'} aria-label="What becomes of the claims" aria-live="polite">
      <h2>In every interleaving</h2>
      <ul>
        {facts.map((fact) => (
          <Fact key={fact.id} fact={fact} />
        ))}
        {verdict && <Rules verdict={verdict} claimed={own.claims.map(({ rule }) => rule)} />}
      </ul>
      {own.outcomes && verdict && <Outcomes verdict={verdict} />}
      <p className="quiet">{verdict ? boundOf(verdict, why) : (failure ?? 'Asking every interleaving.')}</p>
      {stale && <p className="quiet">Of the last text that could be run.</p>}
    </section>
  )
}

type Asked = Omit<FactView, 'answer'> & { readonly answer: FactView['answer'] | null }

function Fact({ fact: { answer, text, sample } }: { fact: Asked }) {
  return (
    <li className={answer === 'broken' ? 'is-violated' : undefined}>
      <span className="fact-answer">
        {answer === 'broken' && <DamageIcon />} {answer ?? '...'}
      </span>{' '}
      <code>{text}</code> {sample !== null && <Show choices={sample} says={answer === 'broken' ? 'see it broken' : 'see it'} />}
    </li>
  )
}

/** Rules of the file system that some schedule breaks, besides what the text claims. */
function Rules({ verdict, claimed }: { verdict: VerdictView; claimed: readonly string[] }) {
  const rules = useRules()
  return verdict.violated
    .filter(({ id }) => !claimed.includes(id))
    .map(({ id, sample }) => (
      <li key={id} className="is-violated">
        <span className="fact-answer">
          <DamageIcon /> broken
        </span>{' '}
        a rule: {ruleName(rules, id)} <Show choices={sample} says="see it broken" />
      </li>
    ))
}

/** No run is so long: the store goes to the end of the one that comes. */
const END = 99_999

/** Goes to the end of a schedule, where what it shows is to be seen. */
function Show({ choices, says }: { choices: string; says: string }) {
  const { visit, last } = useActions()
  const { store } = useApp()
  const shown = useLockstep((state) => state.trace?.choices === choices)
  const go = (): void => {
    const { place } = store.getState()
    if (shown) last()
    else if (place) visit({ ...place, schedule: { choices }, step: END, view: 'trace', right: null, other: null })
  }
  return (
    <button type="button" title={choices} aria-pressed={shown} onClick={go}>
      {says}
    </button>
  )
}

/** Ends that look alike to a user stand together. */
function Outcomes({ verdict: { groups } }: { verdict: VerdictView }) {
  return (
    <>
      <h3>{groups.length === 1 ? 'The one outcome' : `${groups.length} outcomes`}</h3>
      <ul className="fact-outcomes">
        {groups.map(({ says, violates, sample }) => (
          <li key={sample} className={violates.length > 0 ? 'is-violated' : undefined}>
            {violates.length > 0 && <DamageIcon />} {says} <Show choices={sample} says="see it" />
          </li>
        ))}
      </ul>
    </>
  )
}

/** `why`: what a search that counts has found; null as long as none has. */
function boundOf({ complete, bound, states, counted: early }: VerdictView, why: WhyView | null): string {
  const counted = why?.complete === true ? why : early
  const visited = `${states.toLocaleString('en')} states`
  if (!complete) return `Not all of them: ${bound ?? 'a bound was reached'}; ${visited}.`
  if (!counted) return `Complete: ${visited} of a reduced search; the schedules are not counted yet.`
  const { schedules, violating } = counted
  if (schedules === null) return `Complete: ${visited}; there are infinitely many schedules.`
  const [all, exactly] = [inWords(schedules), grouped(schedules)]
  return `Complete: ${visited}; ${inWords(violating)} of ${all} schedules${all === exactly ? '' : ` (${exactly})`} break something.`
}
