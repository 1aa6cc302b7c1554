/** Pictures at a step, unfolded from a keyframe and deltas. */
import type { Picture } from '../../picture/picture.ts'
import type { Frame, TraceView } from '../../worker/protocol.ts'

const unfolded = new WeakMap<readonly Frame[], readonly (readonly Picture[])[]>()

/** All pictures of every state of a trace, in the order in which they first appeared. Unfolded once a trace. */
export function allPictures(trace: TraceView): readonly (readonly Picture[])[] {
  const known = unfolded.get(trace.frames)
  if (known) return known
  const now = new Map<string, Picture>()
  const all = trace.frames.map((frame) => {
    for (const id of frame.gone) now.delete(id)
    for (const picture of frame.changed) now.set(picture.id, picture)
    return [...now.values()]
  })
  unfolded.set(trace.frames, all)
  return all
}

/** The pictures of state `n`; a number beyond the ends gives the end. */
export function picturesAt(trace: TraceView, n: number): readonly Picture[] {
  const all = allPictures(trace)
  return all[Math.max(0, Math.min(n, all.length - 1))] ?? []
}

/** The kinds of those pictures of a trace whose ids are given: what must be there to draw them. */
export const kindsOf = (trace: TraceView, ids: readonly string[]): ReadonlySet<Picture['kind']> =>
  new Set(trace.frames.flatMap(({ changed }) => changed.filter(({ id }) => ids.includes(id)).map(({ kind }) => kind)))

/** The ids of the pictures that step `n` changed; nothing has changed in the initial state. */
export function changedAt(trace: TraceView, n: number): ReadonlySet<string> {
  if (n <= 0) return new Set()
  return new Set(trace.frames[n]?.changed.map((picture) => picture.id) ?? [])
}
