/** A line that was left: whose steps it had from the state at which it was left. */
export interface GhostLine {
  readonly step: number
  readonly tasks: readonly string[]
  /** Where it leads: `back to step 5, where A runs relock`. */
  readonly says: string
}

export const ghostHeight = 26
