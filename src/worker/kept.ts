/** The search of the system that was asked about last: it is kept, since one question follows another. */
import { canonical } from '../base/plain.ts'
import type { Graph } from '../engine/graph.ts'
import { Inquiry, type Decided } from '../engine/inquiry.ts'
import type { World } from '../engine/procedure.ts'
import type { SearchResult } from '../engine/search.ts'
import { netOf, verdictBits, type Net } from '../engine/why/net.ts'
import type { Staged } from '../scenarios/run.ts'
import { KEPT_STATES } from './limits.ts'
import type { RunChoice } from './protocol.ts'
import { inSlices, type Asker } from './slices.ts'

interface Kept {
  readonly system: string
  maxStates: number
  readonly inquiry: Inquiry
  result: SearchResult<World> | null
  net: Net | null
}

let kept: Kept | null = null

/** A search of the same system that went as far, or to the end, has the answer already; one that has not met its bound goes on to a further one. */
function keptFor(staged: Staged, { scenario, kernel, toggles, settings }: RunChoice, maxStates: number): Kept {
  const system = canonical({ scenario, kernel, toggles: [...toggles], settings: { ...settings } })
  if (kept?.system === system && (kept.maxStates >= maxStates || kept.result?.verdict.complete === true)) return kept
  if (kept?.system === system && kept.inquiry.extend(maxStates)) {
    kept.maxStates = maxStates
    return kept
  }
  kept = { system, maxStates, inquiry: new Inquiry(staged.system, { maxStates }), result: null, net: null }
  return kept
}

/** Can it go wrong, and in which ways? */
export const decided = (staged: Staged, choice: RunChoice, maxStates: number, asker: Asker): Promise<Decided> =>
  inSlices(keptFor(staged, choice, maxStates).inquiry.decide(), asker)

/** Every interleaving. */
export async function counted(staged: Staged, choice: RunChoice, maxStates: number, asker: Asker): Promise<SearchResult<World>> {
  const found = keptFor(staged, choice, maxStates)
  found.result ??= await inSlices(found.inquiry.count(), asker)
  if (found.result.graph.states > KEPT_STATES && kept === found) kept = null
  return found.result
}

export interface Searched {
  readonly result: SearchResult<World>
  readonly graph: Graph
  readonly net: Net
}

/** Every interleaving, and who violates in it. */
export async function searched(staged: Staged, choice: RunChoice, maxStates: number, asker: Asker): Promise<Searched> {
  const found = keptFor(staged, choice, maxStates)
  const result = await counted(staged, choice, maxStates, asker)
  const graph = result.graph as unknown as Graph
  const bits = verdictBits(graph)
  found.net ??= netOf(graph, (mask) => (mask & bits) !== 0)
  return { result, graph, net: found.net }
}
