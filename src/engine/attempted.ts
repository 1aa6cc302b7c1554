/** What a step did when it was run in a state: the result that is remembered, and found again. */
import type { Changes } from './draft.ts'
import type { Footprint } from './footprint.ts'
import type { Wait } from './procedure.ts'

export interface Attempt {
  /** Null if the step was taken. */
  readonly wait: Wait | null
  readonly changes: Changes
  /** If it ended every other task where it stood: the components that it replaced without having looked at them. */
  readonly ends: readonly number[] | null
  /** Null if the machine does not keep footprints. */
  readonly foot: Footprint | null
}
