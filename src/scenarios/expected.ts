/** What the facts expect of a scenario, written by hand beside it: whether it violates depends on which patches a kernel has. */

export interface Expected {
  /** Where the facts say so: `direct-io A.5` is section A.5 of `src/kernel/facts/direct-io.md`. */
  readonly row: string
  /** Does a verdict oracle fire in some interleaving, with default settings? */
  readonly violates: (has: (patch: string) => boolean) => boolean
  /** Verdict oracles that may. */
  readonly oracles: readonly string[]
  /** No commit brought it in: since when it has been so, with the row that says it. */
  readonly always?: string
  /** No mail speaks of it: how it was found. */
  readonly unheard?: string
  /** What is marked as damage at the end of the run that the card documents: what the report complains of. Nothing, where a question is asked. */
  readonly marks?: { readonly seen: readonly string[]; readonly because: string }
}
