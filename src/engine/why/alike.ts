/** Ends that a user cannot tell apart. */
import { canonical } from '../../base/plain.ts'
import type { Outcome } from '../view.ts'

/** What a user can tell apart, and what is violated. */
export const lookOf = (violates: readonly string[], { size, returns, layout, content, console, stuck }: Outcome): string =>
  `${violates.join()} ${canonical({ size, returns, layout, content, console, stuck })}`

/** The outcomes by what they look like, in the order in which each look was met first. */
export function alike<T extends Outcome & { readonly violates: readonly string[] }>(outcomes: readonly T[]): Map<string, T[]> {
  const byLook = new Map<string, T[]>()
  for (const outcome of outcomes) {
    const look = lookOf(outcome.violates, outcome)
    const same = byLook.get(look)
    if (same) same.push(outcome)
    else byLook.set(look, [outcome])
  }
  return byLook
}
