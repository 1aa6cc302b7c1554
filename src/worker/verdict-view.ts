/** Whether it can go wrong, for people: the ways in which it ends by what a user sees of them. */
import type { Decided } from '../engine/inquiry.ts'
import { uncounted } from '../engine/why/groups.ts'
import { wordsOf } from '../narrate/why.ts'
import type { Staged } from '../scenarios/run.ts'
import { answerTo } from '../own/verdict.ts'
import type { VerdictView } from './protocol.ts'

export function verdictView(staged: Staged, { complete, bound, states, answer, oracles, outcomes, counted }: Decided): VerdictView {
  const words = wordsOf(staged.scenario.happened)
  return {
    answer,
    complete,
    bound,
    states,
    counted,
    violated: oracles.flatMap(({ id, kind, sample }) => (kind === 'verdict' && sample !== null ? [{ id, sample }] : [])),
    facts: (staged.scenario.card.own?.claims ?? []).map((claimed) => {
      const sample = oracles.find(({ id }) => id === claimed.rule)?.sample ?? null
      return { ...claimed, answer: answerTo(claimed.claim, sample, complete), sample }
    }),
    groups: uncounted(outcomes, words).map(({ says, violates, outcomes, sample }) => ({ says, violates, outcomes, sample })),
  }
}
