/** What stands beside a run in a comparison. */
import { canonical } from '../../base/plain.ts'
import type { Card } from '../../scenarios/card.ts'
import { fixFlipped } from '../../scenarios/switches.ts'
import type { RightSide, TraceView } from '../../worker/protocol.ts'
import { runOf, type Place } from './place.ts'

/** The other run: what was chosen, or else this one with the fix flipped. */
export function rightOf(place: Place, { patches }: TraceView, card: Card | undefined): RightSide {
  const { kernel, toggles } = place
  const side = place.right ?? (place.other || !card ? { kernel, toggles } : fixFlipped(place, patches, card))
  return place.other ? { ...side, schedule: place.other } : side
}

/** One text for all places that show these two runs. */
export const besideKey = (left: Place, right: RightSide): string => canonical([runOf(left), right])
