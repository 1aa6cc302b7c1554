/** A step that is walked to and fro: what moves with it follows it by itself, without all that is drawn around it. */
import { useLayoutEffect } from 'react'

export interface Walk {
  readonly subscribe: (then: () => void) => () => void
  readonly now: () => number
}

/** Has `move` do at once what another step moves. The same function for as long as it does the same; without a walk the step is that which is drawn. */
export function useMoved(walk: Walk | null, drawn: number, move: (now: number) => void): void {
  // Whoever follows the walk has moved before the rest is drawn.
  const from = walk === null ? drawn : null
  useLayoutEffect(() => {
    const moved = (): void => move(walk?.now() ?? from ?? 0)
    moved()
    return walk?.subscribe(moved)
  }, [walk, from, move])
}
