/** Where a run parts from the one that it follows, in words: the same ones wherever it is said. */
import type { Diverged } from '../engine/view.ts'
import type { CompareView } from '../worker/protocol.ts'

/** The last step up to which both are the same, as one says it. */
export const upTo = (n: number): string => (n <= 1 ? 'from the start' : `after step ${n - 1}`)

/** Where the two sides of a comparison part. */
export function partedBetween({ left, right, here, there }: NonNullable<CompareView['diverged']>): string {
  const where = left === right ? upTo(left) : `${upTo(left)} on the left, ${upTo(right)} on the right`
  const side = (name: string, says: string | null): string => ` ${name}: ${says ?? 'the run is over'}.`
  return `The two part ${where}.${side('Left', here)}${side('Right', there)}`
}

/** `followed`: what the run was meant to be, e.g. `the documented run`. */
export function partedInWords(diverged: Diverged, followed: string): string {
  const { n, says, instead } = diverged
  if (instead === undefined) return `This order of steps cannot be followed ${says}.`
  return `Not ${followed} any more ${upTo(n)}. Here: ${says}.${instead === null ? ' There: the run is over.' : ` There: ${instead}.`}`
}
