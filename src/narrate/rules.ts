/** Rules (oracles) as people are told of them: what must hold, then the id under which lists and links know it. */
import type { OracleView } from '../engine/view.ts'

type Rule = Pick<OracleView, 'id' | 'name'>

/** What must hold, in a few words; of a rule that is not among these, its id. */
export const ruleName = (rules: readonly Rule[], id: string): string => rules.find((rule) => rule.id === id)?.name ?? id

/** `“no hole in appended data” (A-O3)` */
export function ruleInWords(rules: readonly Rule[], id: string): string {
  const name = ruleName(rules, id)
  return name === id ? id : `“${name}” (${id})`
}

/** Several of them, in a list of one line. */
export const rulesInWords = (rules: readonly Rule[], ids: readonly string[]): string => ids.map((id) => ruleInWords(rules, id)).join(', ')
