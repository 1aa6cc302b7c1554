import { unreachable } from '../base/assert.ts'
import { ConsoleLens } from './console-lens.tsx'
import { ExtentStripLens } from './extent-strip-lens.tsx'
import { GaugeLens } from './gauge-lens.tsx'
import { LocksLens } from './locks-lens.tsx'
import { NoteLens } from './note-lens.tsx'
import { before, type PictureProps } from './props.ts'
import { RecordLens } from './record-lens.tsx'
import { TreeLeafLens } from './tree-leaf-lens.tsx'
import { UserBufferLens } from './user-buffer-lens.tsx'

/** Draws any picture. The one before counts only if it is the same picture. */
export function PictureLens({ picture, previous = null, writer = null, waiters = [], course = null, fills = false }: PictureProps) {
  switch (picture.kind) {
    case 'extent-strip':
      return <ExtentStripLens picture={picture} previous={before(picture, previous)} fills={fills} />
    case 'tree-leaf':
      return <TreeLeafLens picture={picture} previous={before(picture, previous)} />
    case 'record':
      return <RecordLens picture={picture} previous={before(picture, previous)} writer={writer} />
    case 'gauge': {
      const values = course?.frames.map((frame) => (frame?.kind === 'gauge' ? frame.value : null))
      return (
        <GaugeLens
          picture={picture}
          previous={before(picture, previous)}
          over={course && values ? { values, current: course.current } : null}
        />
      )
    }
    case 'user-buffer':
      return <UserBufferLens picture={picture} previous={before(picture, previous)} />
    case 'locks':
      return <LocksLens picture={picture} previous={before(picture, previous)} waiters={waiters} />
    case 'console':
      return <ConsoleLens picture={picture} previous={before(picture, previous)} />
    case 'note':
      return <NoteLens picture={picture} previous={before(picture, previous)} />
    default:
      return unreachable(picture)
  }
}
