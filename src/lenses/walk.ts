/** A step that is walked to and fro: what moves with it follows it by itself, without all that is drawn around it. */
import { useSyncExternalStore } from 'react'

export interface Walk {
  readonly subscribe: (then: () => void) => () => void
  readonly now: () => number
}

const never = () => () => undefined

/** Where the walk is; where there is none, the step that is drawn. */
export function useNow(walk: Walk | null, drawn: number): number {
  const now = walk?.now ?? (() => drawn)
  return useSyncExternalStore(walk?.subscribe ?? never, now, now)
}
