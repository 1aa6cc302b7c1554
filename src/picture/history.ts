/**
 * One lane of a strip through a whole trace, so that one still sees when a hole or an overlap came to be: rectangles
 * over states (to the right) and file offsets (downwards).
 */
import { overlaps } from '../base/range.ts'
import type { ExtentStrip, Fill, Lane, Span } from './picture.ts'

/** A span that stayed as it was over the states [since, until). */
export interface HistoryRun {
  readonly id: string
  readonly from: number
  readonly to: number
  readonly fill: Fill
  readonly label: string | null
  readonly task: string | null
  readonly damaged: boolean
  readonly since: number
  readonly until: number
}

/** Where two spans of the lane covered the same bytes over the states [since, until). */
export interface HistoryOverlap {
  readonly id: string
  readonly from: number
  readonly to: number
  readonly damaged: boolean
  readonly since: number
  readonly until: number
}

export interface HistoryBand {
  readonly lane: string
  readonly title: string
  readonly axis: ExtentStrip['axis']
  /** The number of states: steps + 1. */
  readonly states: number
  readonly runs: readonly HistoryRun[]
  readonly overlaps: readonly HistoryOverlap[]
}

/**
 * The history of lane `laneId`: `strips[n]` is the strip in state n. Neighbours in time that look the same are one run,
 * whatever their ids: who reads the band asks when something changed.
 */
export function historyOf(strips: readonly ExtentStrip[], laneId: string): HistoryBand {
  const lanes = strips.map((strip) => strip.lanes.find((lane) => lane.id === laneId))
  const spans = lanes.map((lane) => (lane?.spans ?? []).map(runOf))
  return {
    lane: laneId,
    title: lanes.find((lane): lane is Lane => lane !== undefined)?.title ?? laneId,
    axis: strips[0]?.axis ?? { from: 0, to: 0 },
    states: strips.length,
    runs: mergeInTime(spans),
    overlaps: mergeInTime(spans.map(sharedBytes)),
  }
}

const runOf = (span: Span) => ({
  from: span.from,
  to: span.to,
  fill: span.fill,
  label: span.label,
  task: span.task,
  damaged: span.damaged ?? false,
})

/** The ranges that two or more of the spans share, each once. A locked range lies over others by its nature and is no overlap. */
export function sharedBytes(
  spans: readonly { readonly from: number; readonly to: number; readonly fill: Fill; readonly damaged?: boolean }[],
) {
  const solid = spans.filter((span) => span.fill !== 'locked')
  const shared = solid.flatMap((a, i) =>
    solid
      .slice(i + 1)
      .filter((b) => overlaps(a, b))
      .map((b) => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to), damaged: Boolean(a.damaged || b.damaged) })),
  )
  const alike = (a: { from: number; to: number }) => shared.filter((b) => b.from === a.from && b.to === a.to)
  return shared.filter((part) => alike(part)[0] === part).map((part) => ({ ...part, damaged: alike(part).some((other) => other.damaged) }))
}

/** Turns one list per state into runs over states; equal entries of neighbouring states become one run. */
function mergeInTime<T extends { readonly from: number }>(
  states: readonly (readonly T[])[],
): (T & { id: string; since: number; until: number })[] {
  const done: (T & { since: number; until: number })[] = []
  let open: { look: string; run: T & { since: number; until: number } }[] = []
  states.forEach((entries, state) => {
    const before = [...open]
    open = entries.map((entry) => {
      const look = JSON.stringify(entry)
      const at = before.findIndex((candidate) => candidate.look === look)
      const [same] = at < 0 ? [] : before.splice(at, 1)
      if (same) {
        same.run.until = state + 1
        return same
      }
      const run = { ...entry, since: state, until: state + 1 }
      done.push(run)
      return { look, run }
    })
  })
  return done.map((run, i) => ({ ...run, id: `${run.since}:${run.from}:${i}` }))
}
