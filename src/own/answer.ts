/** What is answered of a scene: each fact, the built-in rules, and every outcome. */
import type { Reduced } from '../engine/reduce.ts'
import { deadlock } from '../engine/stuck.ts'
import { claimsOf } from './claims.ts'
import type { StagedScene } from './system.ts'
import { answerTo, type Answer } from './verdict.ts'

export interface FactAnswer {
  readonly line: number
  readonly text: string
  readonly answer: Answer
  /** A schedule that breaks it, or reaches it; null = there is none, or none was found. */
  readonly sample: string | null
}

/** What the search says of each fact, in the order of the text. */
export function factAnswers(staged: StagedScene, { oracles, complete }: Reduced): FactAnswer[] {
  return claimsOf(staged.scene).map(({ rule, line, text, claim }) => {
    const sample = oracles.find(({ id }) => id === rule)?.sample ?? null
    return { line, text, answer: answerTo(claim, sample, complete), sample }
  })
}

/** Built-in rules that are violated, with a sample each. */
export function brokenRules(
  staged: StagedScene,
  { oracles }: Reduced,
): { readonly id: string; readonly says: string; readonly sample: string }[] {
  const own = new Set(claimsOf(staged.scene).map(({ id }) => id))
  const rules = [...staged.system.oracles, deadlock]
  return oracles.flatMap(({ id, kind, sample }) =>
    sample === null || kind !== 'verdict' || own.has(id) ? [] : [{ id, says: rules.find((one) => one.id === id)?.says ?? id, sample }],
  )
}
