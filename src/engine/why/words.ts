/** Where the sentences come from: the engine finds, others say it. */
import type { Outcome } from '../view.ts'
import type { Alternative, Covered, WhyView } from './view.ts'

export interface Words {
  alternative(found: Omit<Alternative, 'says' | 'fix'>): string
  covered(found: Omit<Covered, 'says'>): string
  /** What a user sees of an end. */
  outcome(outcome: Outcome): string
  /** Exact counts as one says them. */
  rounded(part: bigint, of: bigint): string
  why(found: Omit<WhyView, 'says'>): string
}
