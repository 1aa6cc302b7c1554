/** What a lens gets to draw a picture of a run at a step. */
import type { PictureProps } from '../../../lenses/props.ts'
import type { ExtentStrip, Lane, Picture } from '../../../picture/picture.ts'
import { allPictures, picturesAt } from '../../../store/run/frames.ts'
import type { Frame, TraceView } from '../../../worker/protocol.ts'
import { blockedAt } from '../run.ts'

/**
 * The picture `id` of a trace at a step, and what its lens wants to know beside it; null while it is not there. What cannot make a
 * difference is left out, so that a picture which a step did not touch has the same properties before and after it.
 */
export function propsAt(trace: TraceView, step: number, id: string): PictureProps | null {
  const picture = picturesAt(trace, step).find((one) => one.id === id)
  if (!picture) return null
  const previous = step === 0 ? null : (picturesAt(trace, step - 1).find((one) => one.id === id) ?? null)
  return {
    picture: steady(trace, picture),
    previous: previous && steady(trace, previous),
    writer: previous === picture ? null : (trace.steps[step - 1]?.task ?? null),
    ...(picture.kind === 'locks' ? { waiters: blockedAt(trace, step) } : {}),
    ...(picture.kind === 'gauge'
      ? { course: { frames: allPictures(trace).map((all) => all.find((other) => other.id === id) ?? null), current: step } }
      : {}),
  }
}

const steadied = new WeakMap<ExtentStrip, ExtentStrip>()

/** A strip with all lanes that it has in some state of the run: one that comes later has its place from the start. */
function steady(trace: TraceView, picture: Picture): Picture {
  if (picture.kind !== 'extent-strip') return picture
  const known = steadied.get(picture)
  if (known) return known
  const lanes = lanesOf(trace, picture.id).map((lane) => picture.lanes.find(({ id }) => id === lane.id) ?? lane)
  const same = lanes.length === picture.lanes.length && lanes.every((lane, i) => lane === picture.lanes[i])
  const made = same ? picture : { ...picture, lanes }
  steadied.set(picture, made)
  return made
}

const lanesKnown = new WeakMap<readonly Frame[], Map<string, readonly Lane[]>>()

/** Every lane that a strip has in some state, empty, in the order of the state with the most. */
function lanesOf(trace: TraceView, id: string): readonly Lane[] {
  const known = lanesKnown.get(trace.frames) ?? new Map<string, readonly Lane[]>()
  lanesKnown.set(trace.frames, known)
  const kept = known.get(id)
  if (kept) return kept
  const states = allPictures(trace).flatMap((all) => all.filter((one): one is ExtentStrip => one.kind === 'extent-strip' && one.id === id))
  const order = states.map(({ lanes }) => lanes).sort((a, b) => b.length - a.length)
  const made = [...new Map(order.flat().map((lane): [string, Lane] => [lane.id, { ...lane, spans: [] }])).values()]
  known.set(id, made)
  return made
}
