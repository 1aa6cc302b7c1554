/** Turns a graph into a verdict: exact counts, and every way in which a schedule can end. */
import { canonical } from '../base/plain.ts'
import { countPaths, stuckStates } from './count.ts'
import type { Graph } from './graph.ts'
import { Memo } from './memo.ts'
import type { World } from './procedure.ts'
import { printSchedule } from './schedule.ts'
import { waitingFor } from './stuck.ts'
import type { Outcome, Seen, Verdict } from './view.ts'

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

/** Schedules of a kind: how many, and a state in which the shortest of them ends. */
class Kind {
  readonly tally = new Tally()
  first = -1
  add(index: number, paths: bigint | null): void {
    this.tally.add(paths)
    if (this.first < 0) this.first = index
  }
}

interface OutcomeKind {
  readonly outcome: Outcome
  /** Bits of the verdict oracles that each of its schedules violates. */
  readonly mask: number
  readonly kind: Kind
  /** By bit of an oracle that need not hold: the schedules of this outcome in which it does not. */
  readonly watched: Map<number, Tally>
}

/** Marks the stuck states of an explored graph as ends, which violate the last oracle, and summarises all ends. */
export function summarise<W extends World>(graph: Graph<W>): Verdict {
  const { oracles } = graph.machine
  const stuck = markStuck(graph)
  const paths = countPaths(graph as unknown as Graph)
  const verdictMask = oracles.reduce((mask, oracle, bit) => (oracle.kind === 'verdict' ? mask | (1 << bit) : mask), 0)
  const watchedBits = oracles.flatMap(({ kind }, bit) => (kind === 'info' ? [bit] : []))
  const all = new Tally()
  const violating = new Tally()
  const byOracle = oracles.map(() => new Kind())
  const byOutcome = new Map<string, OutcomeKind>()
  const outcomeOf = outcomesOf(graph, stuck)
  for (let i = 0; i < graph.ends.length; i++) {
    const mask = graph.ends.at(i)
    if (mask < 0) continue
    const count = paths(i)
    all.add(count)
    if (mask & verdictMask) violating.add(count)
    byOracle.forEach((kind, bit) => {
      if (mask & (1 << bit)) kind.add(i, count)
    })
    const { outcome, key } = outcomeOf(i)
    const told = `${mask & verdictMask} ${key}`
    let entry = byOutcome.get(told)
    if (!entry) byOutcome.set(told, (entry = { outcome, mask: mask & verdictMask, kind: new Kind(), watched: new Map() }))
    entry.kind.add(i, count)
    for (const bit of watchedBits) if (mask & (1 << bit)) found(entry.watched, bit).add(count)
  }
  const shortest = ({ first }: Kind): string | null => (first < 0 ? null : printSchedule(graph.path(first)))
  return {
    complete: graph.complete,
    infinite: all.text === null,
    states: graph.states,
    transitions: graph.transitions,
    schedules: all.text,
    violating: violating.text,
    deadlocks: stuck.size,
    oracles: oracles.map(({ id, kind }, bit) => {
      const broken = byOracle[bit] as Kind
      return { id, kind, violatingSchedules: broken.tally.text, shortest: shortest(broken) }
    }),
    outcomes: [...byOutcome.values()].map(({ outcome, mask, kind, watched }) => ({
      violates: oracles.flatMap(({ id }, bit) => (mask & (1 << bit) ? [id] : [])),
      watched: Object.fromEntries([...watched].map(([bit, { text }]) => [oracles[bit]?.id ?? '', text])),
      schedules: kind.tally.text,
      sample: shortest(kind) ?? '',
      ...outcome,
    })),
    bound: graph.bound,
  }
}

function found(tallies: Map<number, Tally>, bit: number): Tally {
  const tally = tallies.get(bit) ?? new Tally()
  tallies.set(bit, tally)
  return tally
}

function markStuck<W extends World>(graph: Graph<W>): ReadonlySet<number> {
  const stuck = stuckStates(graph as unknown as Graph)
  const bit = 1 << (graph.machine.oracles.length - 1)
  for (const i of stuck) graph.ends.set(i, graph.machine.violated(graph.state(i)) | bit)
  return new Set(stuck)
}

/** The outcome in a state, with a text that is the same for equal ones. */
export function outcomesOf<W extends World>(
  graph: Graph<W>,
  stuck: ReadonlySet<number>,
): (index: number) => { readonly outcome: Outcome; readonly key: string } {
  const { machine } = graph
  const known = new Memo<{ readonly seen: Seen; readonly key: string }>((state) => {
    const { value, reads } = machine.seen(state)
    return { value: { seen: value, key: canonical(value) }, reads }
  })
  return (index) => {
    const state = graph.state(index)
    const { seen, key } = known.of(state, state)
    if (!stuck.has(index)) return { outcome: { ...seen, stuck: null }, key }
    const waiting = waitingFor(machine, state)
    return { outcome: { ...seen, stuck: waiting }, key: `${key} ${canonical(waiting)}` }
  }
}
