/** The story that the home page plays: computed by `npm run generate`, held by `shown.test.ts`. No model is loaded for it. */
import type { ExtentStrip } from '../../picture/picture.ts'
import type { Card } from '../../scenarios/card.ts'
import shown from './story.generated.json' with { type: 'json' }

/** A moment of the story that is played: the picture after a step, and what it shows. */
export interface Moment {
  readonly step: number
  /** Who took the step, and where; null before the first. */
  readonly by: { readonly task: string; readonly procedure: string; readonly label: string } | null
  /** The sentence of the beat; before the first step who does what to which file; empty where only a rule is broken. */
  readonly says: string
  /** What the first rule that is broken at this step says. */
  readonly broken: string | null
  /** Of its link. */
  readonly segments: string
  readonly picture: ExtentStrip
}

export interface Story {
  readonly card: Pick<Card, 'id' | 'title' | 'should'>
  /** How many steps the run has. */
  readonly steps: number
  readonly moments: readonly Moment[]
}

export const story = shown as Story
