/** What can be asked of all schedules, what came back, and by which names it is kept. */
import { canonical, madeOnce } from '../../base/plain.ts'
import type { Failure, Progress } from '../../worker/client.ts'
import type { AskView, MapView, StepRef, TraceView, VerdictView, WhyView } from '../../worker/protocol.ts'
import { runOf, type Place, type Side } from '../place/place.ts'

/** Two tasks of the map: across and down. */
export type Pair = readonly [string, string]

/** Can `first` come before `second`? Asked of one kernel with its settings. */
export interface Question {
  readonly key: string
  readonly first: StepRef
  readonly second: StepRef
  readonly answer: AskView | null
}

export interface Asking {
  /** By `searchKey`: whether it can go wrong, known before anything is counted. */
  readonly verdicts: Readonly<Record<string, VerdictView>>
  /** By `whyKey`. */
  readonly whys: Readonly<Record<string, WhyView>>
  /** By `mapKey`; each for the run whose path is drawn in it. */
  readonly maps: Readonly<Record<string, MapView>>
  /** The tasks chosen for the map; null until one is drawn. */
  readonly pair: Pair | null
  /** Is the map of the other kernel drawn beside this one? */
  readonly beside: boolean
  /** The step that a question begins with. */
  readonly marked: StepRef | null
  readonly question: Question | null
  readonly searching: { readonly key: string; readonly system: string; readonly progress: Progress } | null
  /** What became of the last search, if nothing, by `whyKey`; a reader may have stopped it. */
  readonly failed: { readonly key: string; readonly failure: Failure } | null
}

export const nothingAsked: Asking = {
  verdicts: {},
  whys: {},
  maps: {},
  pair: null,
  beside: false,
  marked: null,
  question: null,
  searching: null,
  failed: null,
}

/** Many parts of the page ask for it at every step. */
export const whyKey = madeOnce((place: Place): string => canonical(runOf(place)))
export const mapKey = (place: Place, side: Side, pair: Pair): string => canonical([runOf(place), side.kernel, side.toggles, pair])

/** Step `n` of a run, as it is found in any other schedule. */
export function stepRef(trace: TraceView, n: number): StepRef | null {
  const step = trace.steps[n - 1]
  if (!step) return null
  const { task, procedure, label } = step
  const nth = trace.steps.slice(0, n).filter((one) => one.task === task && one.procedure === procedure && one.label === label).length
  return { task, procedure, label, nth }
}
