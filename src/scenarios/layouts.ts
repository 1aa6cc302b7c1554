/** What claims ask of a layout. */
import type { Outcome } from '../engine/view.ts'

/** Is just this stretch a hole? */
export const isHole = (layout: Outcome['layout'], from: number, to: number): boolean =>
  layout?.some((part) => part.kind === 'hole' && part.from === from && part.to === to) === true
