/** What a reader asks beyond whether and why: the plane of two tasks, a schedule through one of its cells, one step before another. It comes late. */
import type { StoreApi } from 'zustand/vanilla'
import { canonical } from '../../base/plain.ts'
import type { Client } from '../../worker/client.ts'
import { KEPT_STATES } from '../../worker/limits.ts'
import type { RunChoice, StepRef } from '../../worker/protocol.ts'
import { runOf, searchKey, type Place, type Side } from '../place/place.ts'
import type { Go, State } from '../state.ts'
import { mapKey, type Asking, type Pair, type Question } from './asked.ts'

/** As far as a search for reasons goes: these are answered from the same one. */
const MAX_STATES = KEPT_STATES
/** How often a question that was ended for another one's sake is asked again. */
const AGAIN = 8

export type Questions = ReturnType<typeof createQuestions>

/** `set` and `here` are those of `createAsking`: what is asked changes, and whether the reader is still where he asked. */
export function createQuestions(
  store: StoreApi<State>,
  client: Client,
  go: Go,
  set: (more: Partial<Asking>) => void,
  here: (place: Place) => boolean,
) {
  const get = store.getState
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
    /** Gets the plane of two tasks on a kernel. */
    async drawMap(side: Side, pair: Pair): Promise<void> {
      const { place, asking } = get()
      if (!place) return
      const key = mapKey(place, side, pair)
      if (asking.maps[key]) return
      const run = await runOn(place, side)
      if (!run) return
      let answer = await client.map(run, pair, MAX_STATES)
      // A search for reasons that is begun anew ends this one too, while the reader still looks at it.
      for (let again = 0; !answer.ok && answer.failure.reader === 'cancelled' && here(place) && again < AGAIN; again++)
        answer = await client.map(run, pair, MAX_STATES)
      if (answer.ok) return set({ maps: { ...get().asking.maps, [key]: answer.value } })
      if (answer.failure.reader !== 'cancelled') say(place, answer.failure.message)
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

    mark,
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
