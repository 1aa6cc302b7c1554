/** What a link or a command line says of how a scenario is to be staged. */
export interface Asked {
  /** A release; absent = the scenario's default. */
  readonly kernel?: string | undefined
  /** Patches to switch on, off: ids, their first 7 or more digits, or names. */
  readonly on?: readonly string[]
  readonly off?: readonly string[]
  readonly settings?: Readonly<Record<string, string>>
}
