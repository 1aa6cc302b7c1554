/** Ways to decide a system, each behind one function, so that they can be timed against each other and against Spin. */
import { reduce } from '../../engine/reduce.ts'
import { search } from '../../engine/search.ts'
import type { System } from '../../engine/system.ts'

export interface Answer {
  /** False when a bound stopped the search: then `violated` is only a part. */
  readonly complete: boolean
  /** Ids of the verdict oracles that some schedule violates. */
  readonly violated: readonly string[]
  /** Can some schedule get stuck? */
  readonly stuck: boolean
  readonly states: number
  readonly transitions: number
}

export type Decide = (system: System, maxStates: number) => Answer

/** The full search, which counts schedules as well. */
const full: Decide = (system, maxStates) => {
  const { verdict } = search(system, { maxStates })
  const { complete, states, transitions } = verdict
  const violated = verdict.oracles
    .filter(({ kind, violatingSchedules }) => kind === 'verdict' && violatingSchedules !== '0')
    .map(({ id }) => id)
  return { complete, violated, stuck: verdict.deadlocks > 0, states, transitions }
}

/** The reduced search, which only says what can happen. */
const reduced: Decide = (system, maxStates) => {
  const { complete, states, transitions, oracles } = reduce(system, { maxStates, alike: 'one' })
  const violated = oracles.filter(({ id, kind, sample }) => kind === 'verdict' && id !== 'deadlock' && sample !== null).map(({ id }) => id)
  return { complete, violated, stuck: oracles.some(({ id, sample }) => id === 'deadlock' && sample !== null), states, transitions }
}

/** By name; the first one visits every state, so its counts can be compared with those of a full search elsewhere. */
export const searches: Readonly<Record<string, Decide>> = { full, reduced }
