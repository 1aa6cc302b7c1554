/** What is asked of all schedules at once: whether, and why; how often, and what a reader asks beyond that, is in `questions.ts`. */
import type { StoreApi } from 'zustand/vanilla'
import type { Client, Progress } from '../../worker/client.ts'
import { KEPT_STATES } from '../../worker/limits.ts'
import type { StepRef, VerdictView } from '../../worker/protocol.ts'
import { whyKey, type Asking, type Pair } from './asked.ts'
import { releasesKey, runOf, searchKey, type Place, type Staged } from '../place/place.ts'
import type { Go, State } from '../state.ts'
import type { Questions } from './questions.ts'

/** A search for reasons is not asked for and kept, so it ends earlier than one that only counts. */
const MAX_STATES = KEPT_STATES

/** The verdict where it is known without asking the worker; null where it is not. */
export type Known = (place: Staged) => Promise<VerdictView | null>

export function createAsking(store: StoreApi<State>, client: Client, go: Go, known: Known | null) {
  const get = store.getState
  /** The system that all schedules were asked of last. */
  let asked: string | null = null
  /** And the scenario with its settings whose releases may be on their way. */
  let surveyed: string | null = null
  let coming: Promise<Questions | null> | null = null
  /** What a first step does without; null where it cannot be had, which the page says. */
  const questions = (): Promise<Questions | null> =>
    (coming ??= import('./questions.ts').then(
      ({ createQuestions }) => createQuestions(store, client, go, { set, here, about, findWhy }),
      () => (coming = null),
    ))
  const set = (more: Partial<Asking>): void => store.setState({ asking: { ...get().asking, ...more } })
  const here = (place: Place): boolean => {
    const now = get().place
    return now !== null && whyKey(now) === whyKey(place)
  }

  /** Another schedule of the same system is answered from the same search; for another system that one is given up. */
  function about(place: Place): string {
    const system = searchKey(place)
    if (asked !== null && asked !== system) client.leave()
    asked = system
    const releases = releasesKey(place)
    if (surveyed !== null && surveyed !== releases) client.cancelReleases()
    surveyed = releases
    return system
  }

  /** How far the search for reasons is, or the one for a verdict that goes before it. */
  function tell(system: string, progress: Progress): void {
    const { searching } = get().asking
    if (searching?.system === system) set({ searching: { ...searching, progress } })
  }

  const keepVerdict = (system: string, verdict: VerdictView): void => set({ verdicts: { ...get().asking.verdicts, [system]: verdict } })

  /** The verdict of a place that the reader goes to, where it is known: reasons are asked for when there is time. */
  async function lookUp(place: Place): Promise<void> {
    const system = searchKey(place)
    if (!known || get().asking.verdicts[system]) return
    const verdict = await known(place)
    if (verdict) keepVerdict(system, verdict)
  }

  async function findVerdict(place: Place, system: string): Promise<void> {
    const answer = await client.verdict(runOf(place), MAX_STATES, (progress) => tell(system, progress))
    // What went wrong, if it did, is said of the search that follows.
    if (answer.ok) keepVerdict(system, answer.value)
  }

  /**
   * Asks of a kernel and its settings first whether it can go wrong, then why, and how a run of it does: the one shown, or another one that
   * stands beside it.
   */
  async function findWhy(of?: Place): Promise<void> {
    const { asking } = get()
    const place = of ?? get().place
    if (!place) return
    const [key, system] = [whyKey(place), about(place)]
    if (asking.whys[key] || asking.searching?.key === key) return
    set({ searching: { key, system, progress: { states: 0, frontier: 1 } }, failed: null })
    if (!asking.verdicts[system]) void findVerdict(place, system)
    const answer = await client.why(runOf(place), MAX_STATES, (progress) => tell(system, progress))
    if (answer.ok) set({ whys: { ...get().asking.whys, [key]: answer.value } })
    // The count went further than what decided it: the same worker has it at hand.
    if (answer.ok && get().asking.verdicts[system]?.complete === false && asked === system) void findVerdict(place, system)
    if (get().asking.searching?.key !== key) return
    set({ searching: null, failed: answer.ok ? null : { key, failure: answer.failure } })
  }

  return {
    lookUp,
    findWhy,
    /** Ends that search; what is known by then stays. */
    stopWhy: (): void => client.cancelWhy(),

    explore: async () => (await questions())?.explore(),
    // Nothing runs that nobody has asked for yet.
    cancelExplore: async () => (await coming)?.cancelExplore(),

    choosePair: (pair: Pair): void => set({ pair }),
    setBeside: (beside: boolean): void => set({ beside }),

    drawMap: async (...what: Parameters<Questions['drawMap']>) => (await questions())?.drawMap(...what),
    goThrough: async (...what: Parameters<Questions['goThrough']>) => (await questions())?.goThrough(...what),
    mark: async (ref: StepRef) => (await questions())?.mark(ref),
    askAgain: async () => (await questions())?.askAgain(),
    /** Takes back a mark and a question. */
    unmark: (): void => set({ marked: null, question: null }),
  }
}
