/** Where the releases begin or end that a scenario can be asked on. */
export interface Bound {
  readonly release: string
  /** Said of those beyond it: `not modelled: ...` or `not applicable: ...`. */
  readonly says: string
}

/**
 * What goes wrong, in the terms of who has to clean up. `metadata`: a tree contradicts itself; `lock`: one does not keep out whom it
 * should; `wrong result`: the file is whole, and a call answers with less or something else than it should.
 */
export type Harm = 'hole' | 'lost data' | 'stale data' | 'checksum' | 'metadata' | 'lock' | 'deadlock' | 'wrong result' | 'question'

/** What the text of a scene claims. */
export interface ClaimedFact {
  readonly id: string
  /** Of the rule that says whether it is so. */
  readonly rule: string
  /** In the text as it is printed, from 1. */
  readonly line: number
  readonly claim: 'never' | 'always' | 'sometimes'
  readonly text: string
}

export interface OwnCard {
  /** The text, as it is printed. */
  readonly text: string
  readonly claims: readonly ClaimedFact[]
  /** The text asks for every outcome. */
  readonly outcomes: boolean
}

/** The part of a scenario that home pages, link parsers and no-script pages need: no code, only words. */
export interface Card {
  /** Lower-case letters, digits, hyphens. */
  readonly id: string
  readonly rev: number
  /** The scenario that it goes on from: a bug of the fix, a relapse, what a patch had been for. */
  readonly follows?: string
  /** Of a reader's own scene, whose words are worked out from its text: nobody has written a story. Absent = of the catalogue. */
  readonly own?: OwnCard
  /** One of the things that the rules violated in the documented run tell of: a test knows which rule tells of what. A card that `asks` is a question. */
  readonly harm: Harm
  readonly title: string
  /** One sentence for a list. */
  readonly summary: string
  /** Where the report or the commit message is found: list, date, message id. */
  readonly origin: string
  readonly defaultKernel: string
  /** Patches flipped against that release where it opens, sorted; absent = none. */
  readonly toggles?: readonly string[]
  /** The first release that can be asked; absent = the oldest of the table. */
  readonly since?: Bound
  /** The first release that cannot be asked any more; absent = none. */
  readonly until?: Bound
  /** Releases offered, oldest first: computed from the two. */
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
    /** What is chosen, in at most five words; the name stands small beside it. */
    readonly label: string
    readonly says: string
    /** Those of the values that make it so large that a full search may not end: whoever asks everything leaves them out. */
    readonly scale?: readonly string[]
  }[]
  /** Named schedules; the first is the documented one. */
  readonly schedules: readonly { readonly name: string; readonly says: string }[]
  /** Who does what to which file, in one sentence that is true of these settings on every kernel: what a reader sees first. */
  readonly scene: (settings: Readonly<Record<string, string>>) => string
  /** What should have happened, before anything is explained. */
  readonly should: string
  /** What goes wrong in the documented run, in two sentences that need no other. */
  readonly gist: string
  /** One plain paragraph: what goes wrong and why. */
  readonly story: string
  /** What the reader just saw, in three or four sentences. */
  readonly seen: string
  /** Ids of the two or three lead pictures. */
  readonly leads: readonly string[]
  /** A question rather than a bug: "can this go wrong?" Then nothing has to be violated, and there may be no fix. Absent = a bug. */
  readonly asks?: string
  /** The patch whose toggling is "the fix"; of a question, the patch that it is about. */
  readonly fix: string
  readonly commits: readonly { readonly id: string; readonly subject: string; readonly role: string }[]
  readonly affected: string
  /** Shell or C lines; shown as they are. */
  readonly reproducer: readonly string[]
  /** What the model leaves out here. */
  readonly leavesOut: readonly string[]
}

/** The values of a setting with which every schedule can be counted. */
export const countable = ({ values, scale = [] }: Pick<Card['settings'][number], 'values' | 'scale'>): readonly string[] =>
  values.filter((value) => !scale.includes(value))

type Setting = { readonly name: string; readonly values: readonly string[] }

/** The settings of a card by name, each one of its values. */
export type SettingsOf<C extends { readonly settings: readonly Setting[] }> = {
  readonly [S in C['settings'][number] as S['name']]: S['values'][number]
}
