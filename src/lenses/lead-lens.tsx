import { lazy, Suspense } from 'react'
import { ExtentStripLens } from './extent-strip-lens.tsx'
import { before, type PictureProps } from './props.ts'
import { RecordLens } from './record-lens.tsx'
import { TreeLeafLens } from './tree-leaf-lens.tsx'
import { UserBufferLens } from './user-buffer-lens.tsx'

const PictureLens = lazy(async () => ({ default: (await import('./picture-lens.tsx')).PictureLens }))

/** Draws any picture; the kinds that scenarios mostly lead with at once, the others when their lens has come. */
export function LeadLens(props: PictureProps) {
  const { picture, previous, writer = null, fills = false } = props
  switch (picture.kind) {
    case 'extent-strip':
      return <ExtentStripLens picture={picture} previous={before(picture, previous)} fills={fills} />
    case 'tree-leaf':
      return <TreeLeafLens picture={picture} previous={before(picture, previous)} />
    case 'record':
      return <RecordLens picture={picture} previous={before(picture, previous)} writer={writer} />
    case 'user-buffer':
      return <UserBufferLens picture={picture} previous={before(picture, previous)} />
    default:
      return (
        <Suspense fallback={<p className="lens lens-quiet">{picture.title}</p>}>
          <PictureLens {...props} />
        </Suspense>
      )
  }
}
