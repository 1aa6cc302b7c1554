/** What the home page shows of the scenarios beside their words: computed by `npm run generate`, held by `shown.test.ts`. No model is loaded for it. */
import type { ExtentStrip, Picture } from '../../picture/picture.ts'
import shown from './shown.generated.json' with { type: 'json' }

/** A moment of the story that is played: the picture after a step, and what it shows. */
export interface Moment {
  readonly step: number
  /** Who took the step, and where; null before the first. */
  readonly by: { readonly task: string; readonly procedure: string; readonly label: string } | null
  /** The sentence of the beat; empty before the first step and where only a rule is broken. */
  readonly says: string
  /** What the first rule that is broken at this step says. */
  readonly broken: string | null
  readonly picture: ExtentStrip
}

export interface Story {
  readonly scenario: string
  /** How many steps the run has. */
  readonly steps: number
  readonly moments: readonly Moment[]
}

/** Of one scenario, from the run that its card documents. */
export interface Facets {
  /** The folder under `fs` in the kernel's tree whose code runs. */
  readonly fs: string
  readonly topics: readonly string[]
  /** Every kernel function that takes a step. */
  readonly functions: readonly string[]
  /** The rules that are broken, each with its id. */
  readonly rules: readonly string[]
  /** Releases on which some interleaving violates, oldest first, and the same as a line of text. */
  readonly hurts: { readonly on: readonly string[]; readonly says: string }
  /** The step at which a rule is broken for the first time, and the lead picture in which that is marked, its essential parts. */
  readonly step: number
  readonly picture: Picture
  /** That picture for who cannot see it. */
  readonly words: string
}

export const story = shown.story as Story
export const facets = shown.scenarios as unknown as Readonly<Record<string, Facets>>
