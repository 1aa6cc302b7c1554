/** Why some schedules violate: the race window, how the run shown loses, the groups of outcomes. */
import type { Graph } from '../graph.ts'
import type { Decided } from '../inquiry.ts'
import type { SearchResult } from '../search.ts'
import type { World } from '../procedure.ts'
import type { Letter, Verdict } from '../view.ts'
import { doom } from './doom.ts'
import { describe, type Fixed, type Run } from './describe.ts'
import { groupsOf, uncounted } from './groups.ts'
import { netOf, verdictBits, type Net } from './net.ts'
import { Ground, solve } from './solve.ts'
import type { RaceWindow, WhyView } from './view.ts'
import type { Words } from './words.ts'

export type { Fixed, Words }

/** Larger graphs are counted, not explained: they would have to be unfolded. */
const STATES = 400_000
/** Groups are given windows of their own, the commonest first, until so many nodes have been unfolded. */
const GROUPS = 90_000

export interface WhyAsked<W extends World> {
  readonly result: SearchResult<W>
  /** What is known of what can happen, if that search was stopped: a reduced one looks at ends that it has not come to. */
  readonly decided: Decided | null
  /** The choices of the run shown. */
  readonly choices: readonly Letter[]
  /** The kernel with the fix; null when there is none to compare with. */
  readonly fixed: (() => Fixed<W>) | null
  readonly words: Words
}

/** The nodes along a run; it ends where the search has not been. */
export function nodesAlong(graph: Graph, choices: readonly Letter[]): number[] {
  const nodes = [0]
  for (const letter of choices) {
    const from = nodes.at(-1) as number
    let to: number | null = null
    for (let e = graph.edgeStart.at(from); e < graph.edgeStart.at(from + 1); e++)
      if (graph.machine.letter(graph.slotOf(e)) === letter) to = graph.to(e)
    if (to === null) break
    nodes.push(to)
  }
  return nodes
}

export function why<W extends World>({ result, decided, choices, fixed, words }: WhyAsked<W>): WhyView {
  const graph = result.graph as unknown as Graph
  const { verdict } = result
  const bits = verdictBits(graph)
  const net = netOf(graph, (mask) => (mask & bits) !== 0)
  const answer = decided?.answer ?? answerOf(net, verdict)
  // Of a search that was stopped nobody knows what it has not seen.
  const unasked = !verdict.complete
    ? 'only a complete search can tell what sets them apart'
    : net.nodes > STATES
      ? 'there are too many states to look for what sets them apart'
      : null
  const small = unasked === null
  const run: Run = { choices, nodes: nodesAlong(graph, choices) }
  const ground = new Ground(graph, net)
  const windowOf = (end: Uint8Array, other: () => Fixed | null): RaceWindow | null => {
    const clauses = solve(ground, end)
    return clauses.length === 0 ? null : describe({ graph, net: { ...net, end }, clauses, run, fixed: other, words })
  }
  let other: Fixed | null | undefined
  const fixedOnce = (): Fixed | null => (other === undefined ? (other = (fixed?.() as unknown as Fixed | undefined) ?? null) : other)
  // What the fix makes of it is asked of the whole; groups only say what sets them apart.
  const nothing = (): null => null
  const window = answer === 'some' && small ? windowOf(net.end, fixedOnce) : null
  ground.effort = Math.min(ground.effort, GROUPS)
  const groups = decided
    ? uncounted(decided.outcomes, words).map((group) => ({ ...group, window: null }))
    : groupsOf(graph, verdict, words, (end, alone) =>
        !small ? null : alone ? window : ground.effort > 0 ? windowOf(end, nothing) : 'unasked',
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
