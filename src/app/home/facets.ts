/** What the home page shows of each scenario beside its words: computed by `npm run generate`, held by `shown.test.ts`. No model is loaded for it. */
import type { Picture } from '../../picture/picture.ts'
import shown from './facets.generated.json' with { type: 'json' }

/** Of one scenario, from the run that its card documents. */
export interface Facets {
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
