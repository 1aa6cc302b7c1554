import { unreachable } from '../base/assert.ts'
import type { Picture } from '../picture/picture.ts'
import { ConsoleLens } from './console-lens.tsx'
import { ExtentStripLens } from './extent-strip-lens.tsx'
import { GaugeLens } from './gauge-lens.tsx'
import { LocksLens, type Waiter } from './locks-lens.tsx'
import { NoteLens } from './note-lens.tsx'
import { RecordLens } from './record-lens.tsx'
import { TreeLeafLens } from './tree-leaf-lens.tsx'
import { UserBufferLens } from './user-buffer-lens.tsx'

export interface PictureProps {
  readonly picture: Picture
  /** The picture of the same id in the state before; null where nothing is to be compared. */
  readonly previous?: Picture | null
  /** The task whose step led here. */
  readonly writer?: string | null
  readonly waiters?: readonly Waiter[]
  /** The same picture in every state, where the lens can show its course; the state shown is `current`. */
  readonly course?: { readonly frames: readonly (Picture | null)[]; readonly current: number } | null
}

/** Draws any picture. The one before counts only if it is the same picture. */
export function PictureLens({ picture, previous = null, writer = null, waiters = [], course = null }: PictureProps) {
  const before = <P extends Picture>(kind: P['kind']) => (previous?.kind === kind && previous.id === picture.id ? (previous as P) : null)
  switch (picture.kind) {
    case 'extent-strip':
      return <ExtentStripLens picture={picture} previous={before(picture.kind)} />
    case 'tree-leaf':
      return <TreeLeafLens picture={picture} previous={before(picture.kind)} />
    case 'record':
      return <RecordLens picture={picture} previous={before(picture.kind)} writer={writer} />
    case 'gauge': {
      const values = course?.frames.map((frame) => (frame?.kind === 'gauge' ? frame.value : null))
      return (
        <GaugeLens picture={picture} previous={before(picture.kind)} over={course && values ? { values, current: course.current } : null} />
      )
    }
    case 'user-buffer':
      return <UserBufferLens picture={picture} previous={before(picture.kind)} />
    case 'locks':
      return <LocksLens picture={picture} previous={before(picture.kind)} waiters={waiters} />
    case 'console':
      return <ConsoleLens picture={picture} previous={before(picture.kind)} />
    case 'note':
      return <NoteLens picture={picture} previous={before(picture.kind)} />
    default:
      return unreachable(picture)
  }
}
