/** Which moments are drawn before they are shown: those that one key leads to. */
import type { StoreApi } from 'zustand/vanilla'
import { whenIdle } from '../../../lenses/late.ts'
import { move, walkOf, type Walk } from '../../../store/place/moves.ts'
import type { State } from '../../../store/state.ts'
import { afterPaint, whenDrawn } from '../../painted.ts'
import { rowIn, walkedIn, type Walked } from '../moment.ts'

/** Tells `keep` what is to be there, after each step and when nothing else is to be done; what it gives back ends that. */
export function prepare(
  store: StoreApi<State>,
  of: Walked,
  keep: (wanted: (there: readonly number[]) => readonly number[]) => void,
): () => void {
  let due = false
  const idle = (): void => {
    due = false
    const state = store.getState()
    const walk = state.place && walkOf(state.place, state.trace, state.compare)
    if (!walk || walkedIn(state) !== of) return
    const wanted = around(walk, rowIn(state))
    keep((there) => placed(there, wanted))
  }
  const soon = (): void => {
    if (due) return
    due = true
    afterPaint(() => whenDrawn(() => whenIdle(idle)))
  }
  soon()
  return store.subscribe((now, before) => {
    if (now.place !== before.place) soon()
  })
}

/** A position, and where one move leads to from it. */
export function around(walk: Walk, from: number): number[] {
  const moves = (['all', 'beats'] as const).flatMap((level) => [move(walk, from, 1, level), move(walk, from, -1, level)])
  return [...new Set([from, ...moves])]
}

/** What is wanted and there stays where it is; what else is wanted comes where something is that is not. */
export function placed(there: readonly number[], wanted: readonly number[]): number[] {
  const missing = wanted.filter((one) => !there.includes(one))
  return [...there.map((one) => (wanted.includes(one) ? one : (missing.shift() ?? one))), ...missing]
}
