/** The part of a scenario that home pages, link parsers and no-script pages need: no code, only words. */
export interface Card {
  /** Lower-case letters, digits, hyphens. */
  readonly id: string
  readonly rev: number
  /** The scenario that it goes on from: a bug of the fix, a relapse, what a patch had been for. */
  readonly follows?: string
  readonly title: string
  /** One sentence for a list. */
  readonly summary: string
  /** Where the report or the commit message is found: list, date, message id. */
  readonly origin: string
  readonly defaultKernel: string
  /** Releases offered, oldest first. */
  readonly kernels: readonly string[]
  /** Patches to toggle: id (12 hex digits or a name). */
  readonly patches: readonly {
    readonly id: string
    readonly name: string
    readonly subject: string
    readonly kind: 'regression' | 'fix' | 'proposal' | 'ours'
    readonly needs: readonly string[]
    readonly excludes: readonly string[]
  }[]
  readonly settings: readonly {
    readonly name: string
    readonly values: readonly string[]
    readonly default: string
    readonly says: string
  }[]
  /** Named schedules; the first is the documented one. */
  readonly schedules: readonly { readonly name: string; readonly says: string }[]
  /** What should have happened, before anything is explained. */
  readonly should: string
  /** One plain paragraph: what goes wrong and why. */
  readonly story: string
  /** What the reader just saw, in three or four sentences. */
  readonly seen: string
  /** Ids of the two or three lead pictures. */
  readonly leads: readonly string[]
  /** The patch whose toggling is "the fix". */
  readonly fix: string
  readonly commits: readonly { readonly id: string; readonly subject: string; readonly role: string }[]
  readonly affected: string
  /** Shell or C lines; shown as they are. */
  readonly reproducer: readonly string[]
  /** What the model leaves out here. */
  readonly leavesOut: readonly string[]
}
