/** Where the keys and the buttons lead: arithmetic on steps, beats and rows. */
import { madeOnce } from '../../base/plain.ts'
import type { CompareView, TraceView } from '../../worker/protocol.ts'
import type { Place } from './place.ts'

export type Level = 'beats' | 'all'

/** What is being walked: states of a trace, or rows of a comparison. */
export interface Walk {
  /** The last position. */
  readonly last: number
  /** Positions worth stopping at, ascending, with the last. */
  readonly stops: readonly number[]
  /** The row at which a comparison diverges. */
  readonly diverges: number | null
}

/** The walk of what is on the screen; null until it has come. */
export function walkOf(place: Place, trace: TraceView | null, compare: CompareView | null): Walk | null {
  if (place.view === 'compare') return compare ? compareWalk(compare) : null
  return trace && traceWalk(trace)
}

const traceWalk = madeOnce((trace: TraceView): Walk => {
  const last = trace.steps.length
  return { last, stops: ascending([...beatSteps(trace), last]), diverges: null }
})

/** The last position of the walk, without its stops. */
export function lastOf(place: Place, trace: TraceView | null, compare: CompareView | null): number {
  if (place.view === 'compare') return Math.max(0, (compare?.rows.length ?? 0) - 1)
  return trace?.steps.length ?? 0
}

const compareWalk = madeOnce((compare: CompareView): Walk => {
  const last = Math.max(0, compare.rows.length - 1)
  const beats = sides.flatMap((side) => beatSteps(compare[side]).map((step) => rowOf(compare, side, step)))
  const diverges = compare.diverged?.row ?? null
  return { last, stops: ascending([...beats, ...(diverges === null ? [] : [diverges]), last]), diverges }
})

/** The moments of the story, and those at which an oracle is violated for the first time. */
export function beatSteps({ beats, oracles, violations }: TraceView): number[] {
  const counted = oracles.filter(({ kind }) => kind === 'verdict').map(({ id }) => violations.find(({ oracle }) => oracle === id))
  return [...beats.flatMap(({ step }) => (step === null ? [] : [step])), ...counted.flatMap((one) => (one ? [one.step] : []))]
}
const ascending = (all: readonly number[]): number[] => [...new Set(all)].sort((a, b) => a - b)

const sides = ['left', 'right'] as const

/** The row at which a side takes its step `step`. */
export function rowOf(compare: CompareView, side: 'left' | 'right', step: number): number {
  const row = compare.rows.findIndex((one) => one[side] >= step)
  return row < 0 ? Math.max(0, compare.rows.length - 1) : row
}

/** One move forward or back at a level. */
export function move(walk: Walk, from: number, by: 1 | -1, level: Level): number {
  if (level === 'all') return clamp(from + by, walk)
  const to = by > 0 ? walk.stops.find((stop) => stop > from) : walk.stops.findLast((stop) => stop < from)
  return to ?? (by > 0 ? walk.last : 0)
}

export const clamp = (n: number, walk: Walk): number => Math.max(0, Math.min(Math.round(n), walk.last))
