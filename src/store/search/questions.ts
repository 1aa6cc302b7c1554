/**
 * What a reader asks beyond whether and why: how often, the plane of two tasks, a schedule through one of its cells, one step before
 * another. It comes late.
 */
import type { StoreApi } from 'zustand/vanilla'
import { grouped } from '../../base/count.ts'
import { canonical } from '../../base/plain.ts'
import type { Client, Progress } from '../../worker/client.ts'
import { KEPT_STATES } from '../../worker/limits.ts'
import type { RunChoice, StepRef } from '../../worker/protocol.ts'
import { runOf, searchKey, type Place, type Side } from '../place/place.ts'
import type { Go, State } from '../state.ts'
import { mapKey, whyKey, type Asking, type Pair, type Question } from './asked.ts'

/** As far as a search for reasons goes: these are answered from the same one. */
const MAX_STATES = KEPT_STATES
/** Enough for every scenario of the catalogue with every setting, small enough for a phone's memory. */
const COUNTED_STATES = 2_000_000
const TOO_MANY = `More than ${grouped(String(MAX_STATES))} states are counted, but not asked what tells the ways apart.`
/** How often a question that was ended for another one's sake is asked again. */
const AGAIN = 8

export type Questions = ReturnType<typeof createQuestions>

/** What `createAsking` does for them. */
interface Asks {
  /** What is asked changes. */
  readonly set: (more: Partial<Asking>) => void
  /** Is the reader still where he asked? */
  readonly here: (place: Place) => boolean
  /** The system that is asked about from now on. */
  readonly about: (place: Place) => string
  readonly findWhy: () => Promise<void>
}

export function createQuestions(store: StoreApi<State>, client: Client, go: Go, { set, here, about, findWhy }: Asks) {
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
    /** Counts every interleaving of this kernel and these settings. */
    async explore(): Promise<void> {
      const { place, search, documents, asking } = get()
      if (!place) return
      const key = about(place)
      if (documents[key] || (search.status === 'running' && search.key === key)) return
      // It goes on where the search for reasons stands, and that one is answered from what it finds.
      const asksWhy = asking.searching?.system === key
      const mine = (): boolean => {
        const now = get().search
        return now.status === 'running' && now.key === key
      }
      const running = (progress: Progress): void => store.setState({ search: { status: 'running', key, progress } })
      running(asking.searching?.system === key ? asking.searching.progress : { states: 0, frontier: 1 })
      const counting = client.explore(runOf(place), COUNTED_STATES, (progress) => {
        if (mine()) running(progress)
      })
      if (asksWhy) client.cancelWhy()
      const answer = await counting
      if (answer.ok) store.setState({ documents: { ...get().documents, [key]: answer.value } })
      if (!mine()) return
      if (answer.ok || answer.failure.reader === 'cancelled') store.setState({ search: { status: 'idle' } })
      else store.setState({ search: { status: 'failed', key, failure: answer.failure } })
      if (!asksWhy || !answer.ok || !here(place)) return
      if (answer.value.states <= MAX_STATES) void findWhy()
      else set({ failed: { key: whyKey(place), failure: { reader: 'input', message: TOO_MANY } } })
    },
    /** Ends that; what was counted by then is not kept. */
    cancelExplore(): void {
      const { search } = get()
      if (search.status !== 'running') return
      const { key } = search
      store.setState({ search: { status: 'failed', key, failure: { reader: 'cancelled', message: 'The search was cancelled.' } } })
      client.cancelExplore()
    },

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
