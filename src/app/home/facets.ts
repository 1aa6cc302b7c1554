/** What the home page shows of each scenario: the words of its card that stand there, and what is computed by `npm run generate`, held by `shown.test.ts`. No model is loaded for it. */
import type { Picture } from '../../picture/picture.ts'
import type { Card } from '../../scenarios/card.ts'
import shown from './facets.generated.json' with { type: 'json' }

/** What stands on the small card of a scenario; all its other words come when somebody looks for a text, or goes there. */
export type Head = Pick<Card, 'id' | 'title' | 'summary' | 'harm' | 'follows'>

/** Of one scenario, from the run that its card documents. */
export interface Facets {
  readonly head: Head
  /** The folder under `fs` in the kernel's tree whose code runs. */
  readonly fs: string
  readonly topics: readonly string[]
  /** Releases on which some interleaving violates, oldest first, and the same as a line of text. */
  readonly hurts: { readonly on: readonly string[]; readonly says: string }
  /** The step at which a rule is broken for the first time, and the lead picture in which that is marked, its essential parts. */
  readonly step: number
  readonly picture: Picture
  /** That picture for who cannot see it. */
  readonly words: string
}

export const facets = shown as unknown as Readonly<Record<string, Facets>>
