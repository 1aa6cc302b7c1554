/** Which patches to flip so that one of them changes and the others stay as the reader sees them. */
import type { Card } from './card.ts'

/** A patch of a card as a reader sees it in a run. */
export interface Switch {
  readonly id: string
  readonly on: boolean
  /** On in the release as shipped. */
  readonly shipped: boolean
  /** Why it cannot be flipped now (a contradiction), or null. */
  readonly refusal: string | null
}

/** A kernel and the patches flipped against it. */
interface Flipped {
  readonly kernel: string
  readonly toggles: readonly string[]
}

/**
 * The `toggles` after flipping `id`. Switching a patch off takes those that need it along; what it needs when it is
 * switched on, the model adds and says. What was only added so goes with it: to flip twice changes nothing.
 */
export function flip(patches: readonly Switch[], toggles: readonly string[], card: Card, id: string): string[] {
  const wanted = new Map(patches.map((patch) => [patch.id, patch.shipped !== toggles.includes(patch.id)]))
  const on = !patches.find((patch) => patch.id === id)?.on
  wanted.set(id, on)
  if (!on) for (const other of dependents(card, id)) wanted.set(other, false)
  return patches
    .filter((patch) => wanted.get(patch.id) !== patch.shipped)
    .map((patch) => patch.id)
    .sort()
}

/** The kernel with the fix the other way. Beside a patch that excludes the fix, the fix alone is what there is to look at. */
export function fixFlipped({ kernel, toggles }: Flipped, patches: readonly Switch[], card: Card): Flipped {
  const fix = patches.find((patch) => patch.id === card.fix)
  if (fix && fix.refusal !== null) return { kernel, toggles: fix.shipped ? [] : [fix.id] }
  return { kernel, toggles: flip(patches, toggles, card, card.fix) }
}

/** Every patch of the card that needs `id`, directly or through another. */
function dependents(card: Card, id: string): Set<string> {
  const found = new Set<string>()
  const grow = (of: string): void => {
    for (const patch of card.patches)
      if (!found.has(patch.id) && patch.needs.includes(of)) {
        found.add(patch.id)
        grow(patch.id)
      }
  }
  grow(id)
  return found
}
