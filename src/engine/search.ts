/** Asks for every interleaving: visits each reachable state once and turns the graph into a verdict with exact counts. */
import { atOnce } from '../base/at-once.ts'
import { Graph, type Bounds, type Progress } from './graph.ts'
import { Machine } from './machine.ts'
import type { World } from './procedure.ts'
import { summarise } from './summarise.ts'
import type { System } from './system.ts'
import type { Verdict } from './view.ts'

/** Enough for every scenario of the catalogue, small enough for a phone's memory. */
export const maxStatesDefault = 2_000_000

export interface SearchResult<W extends World> {
  readonly graph: Graph<W>
  readonly verdict: Verdict
}

/** The search as a generator, so that a caller can show progress between its steps; it returns the result. */
export function* searching<W extends World>(system: System<W>, bounds: Bounds): Generator<Progress, SearchResult<W>> {
  const graph = new Graph(new Machine(system))
  yield* graph.explore(bounds)
  return { graph, verdict: summarise(graph) }
}

/** The search in one go. Same system and bounds: same result, bit for bit. */
export function search<W extends World>(system: System<W>, bounds: Bounds = { maxStates: maxStatesDefault }): SearchResult<W> {
  return atOnce(searching(system, bounds))
}
