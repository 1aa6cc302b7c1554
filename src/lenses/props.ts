import type { Picture } from '../picture/picture.ts'
import type { Waiter } from './locks-lens.tsx'

/** What any picture may need to be drawn. */
export interface PictureProps {
  readonly picture: Picture
  /** The picture of the same id in the state before; null where nothing is to be compared. */
  readonly previous?: Picture | null
  /** The task whose step led here. */
  readonly writer?: string | null
  readonly waiters?: readonly Waiter[]
  /** It stands in a box of a given height and may use all of it. */
  readonly fills?: boolean
  /** The same picture in every state, where the lens can show its course; the state shown is `current`. */
  readonly course?: { readonly frames: readonly (Picture | null)[]; readonly current: number } | null
}

/** The picture before, if it is the same picture. */
export function before<P extends Picture>(picture: P, previous: Picture | null | undefined): P | null {
  return previous?.kind === picture.kind && previous.id === picture.id ? (previous as P) : null
}
