/** What a variant promises, as something that a search can refute. */
import type { Outcome, Verdict } from '../engine/view.ts'

/**
 * In `no`, `some` but not all, or `every` interleaving: a verdict oracle objects (`any` of them, or one), the outcome is one for which
 * `outcome` holds, or both. Where a variant names a schedule it is of that one run, and only `no` and `every` make sense.
 */
export interface Claim {
  readonly in: 'no' | 'some' | 'every'
  /** `any`, or an oracle's id. */
  readonly violates?: string
  readonly outcome?: (outcome: Outcome) => boolean
  /** The outcome in words: what follows "in some interleavings". */
  readonly says?: string
}

export const holds: Claim = { in: 'no', violates: 'any' }
export const canViolate: Claim = { in: 'some', violates: 'any' }
export const alwaysViolates: Claim = { in: 'every', violates: 'any' }
export const can = (oracle: string): Claim => ({ in: 'some', violates: oracle })

/** What comes of some interleaving, of every one. */
export const some = (says: string, outcome: (outcome: Outcome) => boolean): Claim => ({ in: 'some', outcome, says })
export const every = (says: string, outcome: (outcome: Outcome) => boolean): Claim => ({ in: 'every', outcome, says })

/** One way to end, with the verdict oracles that it violates. */
export type Ending = Outcome & { readonly violates: readonly string[] }

/** Is the claimed seen in a run that ends so? */
export const seenIn = ({ violates, outcome }: Claim, ending: Ending): boolean =>
  (violates === undefined || (violates === 'any' ? ending.violates.length > 0 : ending.violates.includes(violates))) &&
  (outcome === undefined || outcome(ending))

/** What a search of every interleaving says of it: null, or why it is wrong, in words. */
export function refuted(claim: Claim, { outcomes }: Pick<Verdict, 'outcomes'>): string | null {
  const seen = outcomes.filter((one) => seenIn(claim, one)).length
  const found = seen === 0 ? 'no' : seen === outcomes.length ? 'every' : 'some'
  return found === claim.in ? null : `"${claimWords(claim)}" is claimed, and it is ${found} interleaving`
}

/** Claims of which something is to be seen. */
const positive = (claims: readonly Claim[]): Claim[] => [
  ...claims.filter((claim) => claim.in === 'every'),
  ...claims.filter((claim) => claim.in === 'some').slice(0, 1),
]

/** Does a run that ends so show what the variant promises: all that is claimed of every run, and the first of what some do? */
export const shows = (claims: readonly Claim[], ending: Ending): boolean => positive(claims).every((claim) => seenIn(claim, ending))

/** The sample of a search that shows it with the fewest choices. */
export const sampleOf = (claims: readonly Claim[], outcomes: Verdict['outcomes']): string | null =>
  outcomes
    .filter((one) => shows(claims, one))
    .map((one) => one.sample)
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0] ?? null

/** `in some interleavings A-O9 is violated`; of one schedule: `here nothing is violated`. */
export function claimWords(claim: Claim, ofOneRun = false): string {
  const { violates, says } = claim
  const what = violates === undefined ? undefined : violates === 'any' ? 'a rule is violated' : `${violates} is violated`
  const words = [what, says].filter((text) => text !== undefined).join(' and ')
  if (ofOneRun) return claim.in === 'no' ? `in this schedule ${words.replace('a rule is', 'no rule is')}` : `in this schedule ${words}`
  return claim.in === 'no'
    ? `in no interleaving ${words}`
    : `in ${claim.in === 'every' ? 'every interleaving' : 'some interleavings'} ${words}`
}
