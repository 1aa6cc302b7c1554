/** What the model said of runs: asked for once, and kept for who comes back. */
import { canonical } from '../../base/plain.ts'
import type { Answer, Client } from '../../worker/client.ts'
import type { CompareView, PlugView, RightSide, RunChoice, TraceView } from '../../worker/protocol.ts'
import { keep } from '../keep.ts'
import { besideKey } from '../place/beside.ts'
import { runOf, type Place } from '../place/place.ts'

/** One that is kept is there at once; for any other somebody has to wait. */
type Soon<T> = Answer<T> | Promise<Answer<T>>

const KEPT_ANSWERS = 32

export function createAnswers(client: Client) {
  const traces = answersOf<TraceView>()
  const compares = answersOf<CompareView>()
  const plugs = answersOf<PlugView | null>()
  return {
    trace: (run: RunChoice): Soon<TraceView> => traces.ask(canonical(run), () => client.trace(run)),
    compare: (place: Place, right: RightSide): Soon<CompareView> =>
      compares.ask(besideKey(place, right), () => client.compare(runOf(place), right)),
    plug: (place: Place): Soon<PlugView | null> =>
      plugs.ask(canonical([runOf(place), place.step]), () => client.plug(runOf(place), place.step)),
    /** Known without asking. */
    putTrace: (run: RunChoice, trace: TraceView): void => traces.put(canonical(run), trace),
    putCompare: (place: Place, right: RightSide, compare: CompareView): void => compares.put(besideKey(place, right), compare),
  }
}

function answersOf<T>() {
  const kept = keep<T>(KEPT_ANSWERS)
  /** Who asks for what was asked for already waits for the same answer. */
  const coming = new Map<string, Promise<Answer<T>>>()
  const wait = async (key: string, asking: Promise<Answer<T>>): Promise<Answer<T>> => {
    const answer = await asking
    coming.delete(key)
    if (answer.ok) kept.put(key, answer.value)
    return answer
  }
  return {
    put: kept.put,
    ask(key: string, ask: () => Promise<Answer<T>>): Soon<T> {
      const value = kept.get(key)
      if (value !== undefined) return { ok: true, value }
      const asking = coming.get(key) ?? wait(key, ask())
      coming.set(key, asking)
      return asking
    },
  }
}
