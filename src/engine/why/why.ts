/** Why some schedules violate: the race window, how the run shown loses, the groups of outcomes. */
import type { Graph } from '../graph.ts'
import type { SearchResult } from '../search.ts'
import { outcomesOf } from '../summarise.ts'
import type { World } from '../procedure.ts'
import type { Letter, Verdict } from '../view.ts'
import { alike, lookOf } from './alike.ts'
import { doom } from './doom.ts'
import { Events } from './events.ts'
import { affinityOf } from './feet.ts'
import { describe, type Fixed, type Run } from './describe.ts'
import { netOf, type Net } from './net.ts'
import { share } from './share.ts'
import { solve, type Affinity } from './solve.ts'
import type { OutcomeGroup, RaceWindow, WhyView } from './view.ts'
import type { Words } from './words.ts'

export type { Fixed, Words }

/** Larger graphs are counted, not explained: of every state it would have to be known which steps lead there. */
const CELLS = 50_000_000
/** Groups are given windows of their own up to so many states times groups. */
const WINDOWS = 12_000

export interface WhyAsked<W extends World> {
  readonly result: SearchResult<W>
  /** The choices of the run shown. */
  readonly choices: readonly Letter[]
  /** The kernel with the fix; null when there is none to compare with. */
  readonly fixed: (() => Fixed<W>) | null
  readonly words: Words
}

/** Bits of the oracles whose violation counts. */
export const verdictBits = (graph: Pick<Graph, 'machine'>): number =>
  graph.machine.oracles.reduce((bits, { kind }, bit) => (kind === 'verdict' ? bits | (1 << bit) : bits), 0)

/** The nodes along a run; it ends where the search has not been. */
export function nodesAlong(graph: Graph, choices: readonly Letter[]): number[] {
  const nodes = [0]
  for (const letter of choices) {
    const from = nodes.at(-1) as number
    let to: number | null = null
    for (let e = graph.edgeStart.at(from); e < graph.edgeStart.at(from + 1); e++)
      if (graph.machine.letter(graph.slotOf(e)) === letter) to = graph.edgeTo.at(e)
    if (to === null) break
    nodes.push(to)
  }
  return nodes
}

export function why<W extends World>({ result, choices, fixed, words }: WhyAsked<W>): WhyView {
  const graph = result.graph as unknown as Graph
  const { verdict } = result
  const bits = verdictBits(graph)
  const net = netOf(graph, (mask) => (mask & bits) !== 0)
  const answer = answerOf(net, verdict)
  // Of a search that was stopped nobody knows what it has not seen.
  const unasked = !verdict.complete
    ? 'only a complete search can tell what sets them apart'
    : net.nodes * net.labels.length > CELLS
      ? 'there are too many states to look for what sets them apart'
      : null
  const small = unasked === null
  const run: Run = { choices, nodes: nodesAlong(graph, choices) }
  let known: { readonly events: Events; readonly affinity: Affinity } | null = null
  const windowOf = (of: Net, other: () => Fixed | null): RaceWindow | null => {
    known ??= knowing(graph, net)
    const courses = solve(of, known.affinity, known.events)
    return courses.length === 0 ? null : describe({ graph, net: of, events: known.events, courses, run, fixed: other, words })
  }
  let other: Fixed | null | undefined
  const fixedOnce = (): Fixed | null => (other === undefined ? (other = (fixed?.() as unknown as Fixed | undefined) ?? null) : other)
  // What the fix makes of it is asked of the whole; groups only say what sets them apart.
  const nothing = (): null => null
  const window = answer === 'some' && small ? windowOf(net, fixedOnce) : null
  const groups = groupsOf(graph, verdict, words, (of, alone) =>
    !small || answer !== 'some' ? null : alone ? window : windowOf(of, nothing),
  )
  const found = {
    answer,
    complete: verdict.complete,
    bound: verdict.bound,
    states: verdict.states,
    schedules: verdict.schedules,
    violating: verdict.violating,
    window,
    ...(unasked !== null && answer === 'some' ? { unasked } : {}),
    doom: verdict.complete ? doom(net, run.nodes) : null,
    groups,
  }
  return { ...found, says: words.why(found) }
}

function answerOf(net: Net, { complete }: Verdict): WhyView['answer'] {
  const [wrong, right] = [net.end.includes(2), net.end.includes(1)]
  if (!complete) return wrong ? 'some' : 'unknown'
  return wrong ? (right ? 'some' : 'every') : 'never'
}

function knowing(graph: Graph, net: Net): { readonly events: Events; readonly affinity: Affinity } {
  const events = new Events(net)
  return { events, affinity: affinityOf(graph, events) }
}

function groupsOf(
  graph: Graph,
  { outcomes, schedules }: Verdict,
  words: Words,
  windowOf: (net: Net, alone: boolean) => RaceWindow | null,
): OutcomeGroup[] {
  const sum = (of: readonly Verdict['outcomes'][number][]): bigint | null =>
    of.reduce<bigint | null>((all, one) => (all === null || one.schedules === null ? null : all + BigInt(one.schedules)), 0n)
  const sorted = [...alike(outcomes)].sort(([, a], [, b]) => {
    const wrong = Number((b[0]?.violates.length ?? 0) > 0) - Number((a[0]?.violates.length ?? 0) > 0)
    const [x, y] = [sum(a) ?? 0n, sum(b) ?? 0n]
    return wrong !== 0 ? wrong : x === y ? 0 : x < y ? 1 : -1
  })
  const wrong = sorted.filter(([, [first]]) => first && first.violates.length > 0)
  return sorted.flatMap(([key, group]): OutcomeGroup[] => {
    const [first] = group
    if (!first) return []
    const { violates, schedules: _, sample, ...outcome } = first
    const part = sum(group)
    const told = wrong.findIndex(([one]) => one === key)
    return [
      {
        says: words.outcome(outcome),
        outcome,
        violates,
        share: part === null || schedules === null ? null : share(part, BigInt(schedules)),
        rounded: part === null || schedules === null ? 'infinitely many schedules' : words.rounded(part, BigInt(schedules)),
        outcomes: group.length,
        sample,
        window:
          told < 0 || (wrong.length > 1 && wrong.length * graph.states > WINDOWS)
            ? null
            : windowOf(netOf(graph, endsIn(graph, key)), wrong.length === 1),
      },
    ]
  })
}

/** Is this end of the group? */
function endsIn(graph: Graph, key: string): (mask: number, index: number) => boolean {
  const { machine } = graph
  const bits = verdictBits(graph)
  const stuck = new Set<number>()
  for (let i = 0; i < graph.states; i++) if (graph.ends.at(i) >= 0 && !machine.isFinal(graph.state(i))) stuck.add(i)
  const outcomeOf = outcomesOf(graph, stuck)
  return (mask, index) => {
    const violates = machine.oracles.flatMap(({ id }, bit) => (mask & bits & (1 << bit) ? [id] : []))
    return key === lookOf(violates, outcomeOf(index).outcome)
  }
}
