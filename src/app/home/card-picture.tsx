import { lazy, Suspense } from 'react'
import { ExtentStripLens } from '../../lenses/extent-strip-lens.tsx'
import { LocksLens } from '../../lenses/locks-lens.tsx'
import { RecordLens } from '../../lenses/record-lens.tsx'
import type { Picture } from '../../picture/picture.ts'
import type { Facets } from './facets.ts'

const LeadLens = lazy(async () => ({ default: (await import('../../lenses/lead-lens.tsx')).LeadLens }))

/** The damage, drawn as on the scenario's page; one picture for a screen reader, in words. */
export function CardPicture({ facets: { picture, words, step } }: { facets: Facets }) {
  return (
    <div className={`card-picture is-${picture.kind}`} role="img" aria-label={`After step ${step}: ${words}`}>
      <Lens picture={picture} />
    </div>
  )
}

/** The kinds that cards have at once; any other comes when its lens has come. */
function Lens({ picture }: { picture: Picture }) {
  switch (picture.kind) {
    case 'extent-strip':
      return <ExtentStripLens picture={picture} fills />
    case 'locks':
      return <LocksLens picture={picture} />
    case 'record':
      return <RecordLens picture={picture} />
    default:
      return (
        <Suspense fallback={null}>
          <LeadLens picture={picture} />
        </Suspense>
      )
  }
}
