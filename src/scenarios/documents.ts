/** The documents that the command line prints and the page shows: the same bytes from Node and from the worker. */
import type { Reduced } from '../engine/reduce.ts'
import type { Verdict } from '../engine/view.ts'
import { patchesOn, type Staged } from './run.ts'

/** What `lockstep explore --json` prints; `seconds` is the only field that varies from run to run. */
export interface ExploreDocument extends Verdict {
  readonly scenario: string
  readonly rev: number
  readonly kernel: string
  readonly patches: readonly string[]
  readonly settings: Readonly<Record<string, string>>
  readonly seconds: number
}

/** What `lockstep explore --verdict --json` prints: what can happen, without how often. */
export interface VerdictDocument extends Reduced {
  readonly scenario: string
  readonly rev: number
  readonly kernel: string
  readonly patches: readonly string[]
  readonly settings: Readonly<Record<string, string>>
  readonly seconds: number
}

/** What every document begins with: what was run. */
export const identity = (staged: Staged): Pick<ExploreDocument, 'scenario' | 'rev' | 'kernel' | 'patches' | 'settings'> => ({
  scenario: staged.scenario.card.id,
  rev: staged.scenario.card.rev,
  kernel: staged.release.version,
  patches: patchesOn(staged),
  settings: staged.settings,
})

export const exploreDocument = (staged: Staged, verdict: Verdict, seconds: number): ExploreDocument => ({
  ...identity(staged),
  ...verdict,
  seconds,
})

export const verdictDocument = (staged: Staged, reduced: Reduced, seconds: number): VerdictDocument => ({
  ...identity(staged),
  ...reduced,
  seconds,
})
