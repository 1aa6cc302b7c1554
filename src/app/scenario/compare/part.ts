import { early, Nothing } from '../../../lenses/late.ts'

/** A comparison, and what loads it for whom one is about to be drawn. */
export const [Compare, bringCompare] = early(() => import('./compare.tsx'), Nothing)
