import { PictureLens } from '../../lenses/picture-lens.tsx'
import type { Facets } from './facets.ts'

/** The damage, drawn as on the scenario's page; one picture for a screen reader, in words. */
export function CardPicture({ facets: { picture, words, step } }: { facets: Facets }) {
  return (
    <div className={`card-picture is-${picture.kind}`} role="img" aria-label={`After step ${step}: ${words}`}>
      <PictureLens picture={picture} fills />
    </div>
  )
}
