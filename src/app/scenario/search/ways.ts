/** The sentence of the verdict. */
import type { VerdictView, WhyView } from '../../../worker/protocol.ts'

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
export function waysInWords({ groups, complete, bound }: Pick<VerdictView | WhyView, 'groups' | 'complete' | 'bound'>): string {
  const wrong = groups.filter(({ violates }) => violates.length > 0).length
  const right = groups.length - wrong
  const found = complete ? '' : `, as far as the search went (${bound ?? 'a bound was reached'})`
  if (groups.length === 0) return `Nothing has ended yet${found}.`
  if (wrong === 0) return `Right in ${ways(right)}, wrong in none${found}.`
  if (right === 0) return `Wrong in ${ways(wrong)}, right in none${found}.`
  return `Wrong in ${ways(wrong)}, right in ${ways(right)}${found}.`
}
