/** Asks for every interleaving: visits each reachable state once and turns the graph into a verdict with exact counts. */
import { canonical } from '../base/plain.ts'
import { countPaths, deadlocks } from './count.ts'
import { Graph, type Bounds, type Progress } from './graph.ts'
import { Machine } from './machine.ts'
import { Memo } from './memo.ts'
import type { World } from './procedure.ts'
import { printSchedule } from './schedule.ts'
import type { System } from './system.ts'
import type { Outcome, Verdict } from './view.ts'

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
  const run = searching(system, bounds)
  for (;;) {
    const next = run.next()
    if (next.done) return next.value
  }
}

/** A number of schedules that may be infinite. */
class Tally {
  private sum: bigint | null = 0n
  add(paths: bigint | null): void {
    this.sum = this.sum === null || paths === null ? null : this.sum + paths
  }
  get text(): string | null {
    return this.sum === null ? null : String(this.sum)
  }
}

const ones = (mask: number): number => (mask === 0 ? 0 : 1 + ones(mask & (mask - 1)))

function summarise<W extends World>(graph: Graph<W>): Verdict {
  const { oracles } = graph.machine.system
  const paths = countPaths(graph as unknown as Graph)
  const verdictMask = oracles.reduce((mask, oracle, bit) => (oracle.kind === 'verdict' ? mask | (1 << bit) : mask), 0)
  const all = new Tally()
  const violating = new Tally()
  const byOracle = oracles.map(() => ({ tally: new Tally(), first: -1 }))
  const byOutcome = new Map<string, { outcome: Outcome; mask: number; shown: number; tally: Tally; first: number }>()
  const outcomes = new Memo<{ outcome: Outcome; key: string }>()
  for (let i = 0; i < graph.ends.length; i++) {
    const mask = graph.ends.at(i)
    if (mask < 0) continue
    const count = paths[i] as bigint | null
    all.add(count)
    if (mask & verdictMask) violating.add(count)
    byOracle.forEach((entry, bit) => {
      if ((mask & (1 << bit)) === 0) return
      entry.tally.add(count)
      if (entry.first < 0) entry.first = i
    })
    const { outcome, key } = outcomeOf(graph, outcomes, i)
    const entry = byOutcome.get(key)
    if (entry) {
      entry.tally.add(count)
      entry.mask |= mask
      // The sample shows as much of what is violated as one schedule can.
      if (ones(mask & verdictMask) > ones(entry.shown)) Object.assign(entry, { first: i, shown: mask & verdictMask })
    } else {
      const tally = new Tally()
      tally.add(count)
      byOutcome.set(key, { outcome, mask, shown: mask & verdictMask, tally, first: i })
    }
  }
  return {
    complete: graph.complete,
    infinite: all.text === null,
    states: graph.states,
    transitions: graph.transitions,
    schedules: all.text,
    violating: violating.text,
    deadlocks: graph.complete ? deadlocks(graph as unknown as Graph).length : 0,
    oracles: oracles.map((oracle, bit) => {
      const { tally, first } = byOracle[bit] as (typeof byOracle)[number]
      return {
        id: oracle.id,
        kind: oracle.kind,
        violatingSchedules: tally.text,
        shortest: first < 0 ? null : printSchedule(graph.path(first)),
      }
    }),
    outcomes: [...byOutcome.values()].map(({ outcome, mask, tally, first }) => ({
      violates: oracles.flatMap((oracle, bit) => (oracle.kind === 'verdict' && mask & (1 << bit) ? [oracle.id] : [])),
      schedules: tally.text,
      sample: printSchedule(graph.path(first)),
      ...outcome,
    })),
    bound: graph.bound,
  }
}

function outcomeOf<W extends World>(
  graph: Graph<W>,
  memo: Memo<{ outcome: Outcome; key: string }>,
  index: number,
): { outcome: Outcome; key: string } {
  const state = graph.state(index)
  const known = memo.get(state, state)
  if (known) return known
  const outcome = graph.machine.outcome(state)
  const entry = { outcome, key: canonical(outcome) }
  memo.put(state, state, graph.machine.reads, entry)
  return entry
}
