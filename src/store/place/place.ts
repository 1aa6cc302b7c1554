/**
 * Where a reader is: everything a link holds, and nothing that can be derived from it. Names, never positions: a link
 * outlives the tables it was made from.
 */
import { canonical, madeOnce } from '../../base/plain.ts'
import type { Card } from '../../scenarios/card.ts'
import type { RunChoice } from '../../worker/protocol.ts'

/** A kernel and the patches flipped against it, by their ids in the card, sorted. */
export interface Side {
  readonly kernel: string
  readonly toggles: readonly string[]
}

export type View = 'trace' | 'map' | 'compare'

export interface Place extends Side {
  readonly scenario: string
  /** Only settings that differ from their defaults. */
  readonly settings: Readonly<Record<string, string>>
  readonly schedule: RunChoice['schedule']
  /** The state shown: 0 is the initial one. In a comparison the row. */
  readonly step: number
  /** Power is cut at this step. */
  readonly power: boolean
  readonly view: View
  /** Shown for a room: large type, nothing that is not needed. */
  readonly talk: boolean
  /** The right side of a comparison; null is this kernel with the fix flipped. Only in view `compare`. */
  readonly right: Side | null
  /** The schedule of the right side, where that is another line of the same kernel; null = the same schedule. Only in view `compare`. */
  readonly other: RunChoice['schedule'] | null
}

/** The place a scenario opens at when a link says nothing else: the documented schedule before its first step. */
export function home(card: Card): Place {
  return {
    scenario: card.id,
    kernel: card.defaultKernel,
    toggles: card.toggles ?? [],
    settings: {},
    schedule: defaultSchedule(card),
    step: 0,
    power: false,
    view: 'trace',
    talk: false,
    right: null,
    other: null,
  }
}

/** The documented schedule; a scenario without one starts with no choices made. */
export function defaultSchedule(card: Card): Place['schedule'] {
  const first = card.schedules[0]
  return first ? { named: first.name } : { choices: '' }
}

/** The part of a place that decides which run it is. */
export const runOf = (place: Place): RunChoice => ({
  scenario: place.scenario,
  kernel: place.kernel,
  toggles: place.toggles,
  settings: place.settings,
  schedule: place.schedule,
})

/** The part of a place that decides what can happen at all. */
export type Staged = Pick<Place, 'scenario' | 'kernel' | 'toggles' | 'settings'>

/** One text for all places whose interleavings are the same: the search does not depend on the schedule shown. */
export const searchKey = madeOnce(({ scenario, kernel, toggles, settings }: Staged): string =>
  canonical({ scenario, kernel, toggles, settings }),
)

/** The part of a place that a verdict on another release depends on. */
export const releasesKey = ({ scenario, settings }: Pick<Place, 'scenario' | 'settings'>): string => canonical({ scenario, settings })

/** One stretch of choices: a task (a capital, or a small word for one that was spawned) and how many steps it takes. */
const stretches = /([A-Z]|[a-z]+)(\d+)/g

/** `A5B2A1` with neighbours of one task merged; choices that a person typed may have them apart. */
export function mergeChoices(text: string): string {
  let out = ''
  let last = ''
  let count = 0
  for (const [, task = '', times = ''] of text.matchAll(stretches)) {
    if (task === last) count += Number(times)
    else {
      if (count > 0) out += last + String(count)
      last = task
      count = Number(times)
    }
  }
  return count > 0 ? out + last + String(count) : out
}

/** The first `steps` choices of a schedule. */
export function cutChoices(text: string, steps: number): string {
  let out = ''
  let left = steps
  for (const [, task = '', times = ''] of text.matchAll(stretches)) {
    if (left <= 0) break
    out += task + String(Math.min(left, Number(times)))
    left -= Number(times)
  }
  return out
}
