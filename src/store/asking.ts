/** What a reader asks of all schedules at once: why, the map of two tasks, a schedule through one of its cells, one step before another. */
import type { StoreApi } from 'zustand/vanilla'
import { canonical } from '../base/plain.ts'
import type { Client, Failure, Progress } from '../worker/client.ts'
import type { AskView, MapView, RunChoice, StepRef, TraceView, WhyView } from '../worker/protocol.ts'
import { runOf, searchKey, type Place, type Side } from './place.ts'
import type { State } from './state.ts'

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
  /** What became of the last search, if nothing, by `whyKey`. */
  readonly failed: { readonly key: string; readonly failure: Failure } | null
}

export const nothingAsked: Asking = {
  whys: {},
  maps: {},
  pair: null,
  beside: false,
  marked: null,
  question: null,
  searching: null,
  failed: null,
}

/** A search for reasons keeps the whole graph, so it ends earlier than one that only counts. */
const MAX_STATES = 400_000

export const whyKey = (place: Place): string => canonical(runOf(place))
export const mapKey = (place: Place, side: Side, pair: Pair): string => canonical([runOf(place), side.kernel, side.toggles, pair])

/** Step `n` of a run, as it is found in any other schedule. */
export function stepRef(trace: TraceView, n: number): StepRef | null {
  const step = trace.steps[n - 1]
  if (!step) return null
  const { task, procedure, label } = step
  const nth = trace.steps.slice(0, n).filter((one) => one.task === task && one.procedure === procedure && one.label === label).length
  return { task, procedure, label, nth }
}

type Go = (place: Place, how: 'push' | 'replace', more?: Partial<State>) => void

export function createAsking(store: StoreApi<State>, client: Client, go: Go) {
  const get = store.getState
  const set = (more: Partial<Asking>): void => store.setState({ asking: { ...get().asking, ...more } })
  const here = (place: Place): boolean => {
    const now = get().place
    return now !== null && whyKey(now) === whyKey(place)
  }
  const say = (place: Place, says: string): void => {
    if (here(place)) store.setState({ says })
  }

  /** The schedule that is followed on another kernel: choices are carried there by labels, a named one is by itself. */
  async function runOn(place: Place, side: Side): Promise<RunChoice | null> {
    const run = runOf(place)
    const other = { ...run, kernel: side.kernel, toggles: side.toggles }
    if ('named' in run.schedule || canonical(other) === canonical(run)) return other
    const answer = await client.carry(run, place.step, { kernel: side.kernel, toggles: side.toggles, settings: place.settings })
    return answer.ok ? { ...other, schedule: answer.value.schedule } : null
  }

  /** Marks a step; the second one makes it a question, the same one again takes the mark away. */
  async function mark(ref: StepRef): Promise<void> {
    const { place, asking } = get()
    if (!place) return
    const first = asking.marked
    if (first === null) return set({ marked: ref, question: null })
    if (canonical(first) === canonical(ref)) return set({ marked: null })
    const question: Question = { key: searchKey(place), first, second: ref, answer: null }
    set({ marked: null, question })
    const answer = await client.ask(runOf(place), first, ref, MAX_STATES)
    if (get().asking.question !== question) return
    if (answer.ok) return set({ question: { ...question, answer: answer.value } })
    set({ question: null })
    say(place, answer.failure.message)
  }

  return {
    /** Searches for the reason why schedules of this kernel violate, and how this run does. */
    async findWhy(): Promise<void> {
      const { place, asking } = get()
      if (!place) return
      const key = whyKey(place)
      if (asking.whys[key] || asking.searching?.key === key) return
      // Another schedule of the same system is answered from the same graph; another system is a search of its own.
      if (asking.searching && asking.searching.system !== searchKey(place)) client.cancelWhy()
      set({ searching: { key, system: searchKey(place), progress: { states: 0, frontier: 1 } }, failed: null })
      const answer = await client.why(runOf(place), MAX_STATES, (progress) => {
        if (get().asking.searching?.key === key) set({ searching: { key, system: searchKey(place), progress } })
      })
      if (answer.ok) set({ whys: { ...get().asking.whys, [key]: answer.value } })
      if (get().asking.searching?.key !== key) return
      set({ searching: null, failed: answer.ok || answer.failure.reader === 'cancelled' ? null : { key, failure: answer.failure } })
    },

    /** Gets the plane of two tasks on a kernel. */
    async drawMap(side: Side, pair: Pair): Promise<void> {
      const { place, asking } = get()
      if (!place) return
      const key = mapKey(place, side, pair)
      if (asking.maps[key]) return
      const run = await runOn(place, side)
      const answer = run && (await client.map(run, pair, MAX_STATES))
      if (answer?.ok) return set({ maps: { ...get().asking.maps, [key]: answer.value } })
      if (answer && answer.failure.reader !== 'cancelled') say(place, answer.failure.message)
    },

    /** Goes to a schedule through a cell: a violating one where there is one. */
    async goThrough(pair: Pair, cell: readonly [across: number, down: number], want: 'violating' | 'any'): Promise<void> {
      const { place } = get()
      if (!place) return
      const answer = await client.through(runOf(place), { tasks: pair, cell, want }, MAX_STATES)
      if (get().place !== place) return
      if (!answer.ok) return say(place, answer.failure.message)
      const { choices, step } = answer.value
      if (choices === null) return say(place, 'No schedule comes by there.')
      go({ ...place, schedule: { choices }, step }, 'push', { playing: false })
    },

    choosePair: (pair: Pair): void => set({ pair }),
    setBeside: (beside: boolean): void => set({ beside }),

    mark,
    /** Takes back a mark and a question. */
    unmark: (): void => set({ marked: null, question: null }),
    /** Asks the last question again of the kernel that is shown now. */
    async askAgain(): Promise<void> {
      const { place, asking } = get()
      const old = asking.question
      if (!place || !old) return
      set({ marked: old.first, question: null })
      await mark(old.second)
    },
  }
}
