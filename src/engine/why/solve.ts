/**
 * Finds the race window: few short clauses that are so of every violating schedule and of no other. They are learnt from
 * samples and held against the whole graph; schedules that they get wrong are new samples, until there are none.
 */
import type { Graph } from '../graph.ts'
import type { Clause } from './clause.ts'
import { dice, urn } from './draw.ts'
import { affinityOf, type Affinity } from './feet.ts'
import { learn } from './learn.ts'
import { reaching, type Net } from './net.ts'
import { Reach } from './reach.ts'
import { Samples } from './samples.ts'
import { track, type Tracked } from './track.ts'

/** Schedules of either kind to begin with, more of those that are told wrongly, and how often that is tried. */
const FIRST = 24
const MORE = 5
const TRIES = 24
/** Conditions of all alternatives together: longer ones are no answer for a reader. What one costs of the share that is told. */
const CONDITIONS_IN_ALL = 6
const LENGTH = 0.05
/** The score of what is exact, however long. */
const EXACT = 2
/** Less than this tells nothing. */
const LEAST = 0.3
/** All tries together unfold the graph to so many nodes. */
const EFFORT = 3_000_000

/** What all questions about one graph have in common. */
export class Ground {
  readonly net: Net
  readonly reach: Reach
  readonly affinity: Affinity
  /** Nodes that may still be unfolded. */
  effort = EFFORT

  constructor(graph: Graph, net: Net) {
    this.net = net
    this.reach = new Reach(net)
    this.affinity = affinityOf(graph)
  }
}

/**
 * The clauses that come nearest, with the ends of the net counting as they are given; none if there is nothing to tell
 * apart. Whether they are exact has to be counted.
 */
export function solve(ground: Ground, end: Uint8Array): Clause[] {
  const net: Net = { ...ground.net, end }
  const roll = dice(1)
  const ends = (kind: number) => (node: number) => end[node] === kind
  const [bad, good] = [urn(net, ends(2), roll), urn(net, ends(1), roll)]
  if (bad.many === 0 || good.many === 0) return []
  const samples = new Samples(net, reaching(net, ends(1)), ground.reach)
  for (let i = 0; i < FIRST; i++) {
    samples.add(bad.draw())
    samples.add(good.draw())
  }
  let best: Answer = { clauses: [], score: -1 }
  let clear = false
  for (let i = 0; i < TRIES && ground.effort > 0; i++) {
    const clauses = learn(samples, ground.affinity, clear)
    if (clauses.length === 0) break
    const tracked = track(net, clauses)
    if (!tracked) break
    ground.effort -= tracked.nodes
    const [missed, extra] = [urn(tracked, wrongly(tracked, 2), roll), urn(tracked, wrongly(tracked, 1), roll)]
    const answer = shortened(clauses, tracked)
    if (answer.score > best.score) best = answer
    if (answer.score === EXACT || (clear && missed.many === 0 && extra.many === 0)) break
    // Where orders of two steps alone come no nearer, or not in few words, what is taken between them is looked at too.
    if ((missed.many === 0 && extra.many === 0) || i >= TRIES / 2) clear = true
    for (const { many, draw } of [missed, extra]) for (let k = 0; many > 0 && k < MORE; k++) samples.add(folded(net, tracked, draw()))
  }
  return best.score > LEAST ? best.clauses : []
}

interface Answer {
  readonly clauses: Clause[]
  readonly score: number
}

/** Those of the clauses that tell the most in the fewest conditions. */
function shortened(clauses: readonly Clause[], tracked: Tracked): Answer {
  const ways = waysThere(tracked)
  const [bad, good] = [new Float64Array(1 << clauses.length), new Float64Array(1 << clauses.length)]
  tracked.end.forEach((end, node) => {
    if (end > 0) (end === 2 ? bad : good)[tracked.followed[node] as number]! += ways[node] as number
  })
  let best: Answer = { clauses: [], score: -1 }
  for (let some = 1; some < bad.length; some++) {
    const chosen = clauses.filter((_, i) => some & (1 << i))
    const length = chosen.reduce((sum, clause) => sum + clause.length, 0)
    if (length > CONDITIONS_IN_ALL && chosen.length > 1) continue
    let [missed, extra, all] = [0, 0, 0]
    bad.forEach((many, bits) => {
      all += many
      if ((bits & some) === 0) missed += many
      else extra += good[bits] as number
    })
    const score = scoreOf(all, missed, extra)
    // What is exact is worth any length that is allowed.
    const worth = score === 1 ? EXACT : score - length * LENGTH
    if (worth > best.score) best = { clauses: chosen, score: worth }
  }
  return best
}

/** By node: in how many ways it is reached, nearly. */
function waysThere(net: Net): Float64Array {
  const ways = new Float64Array(net.nodes)
  if (net.cyclic) return ways.fill(1)
  ways[0] = 1
  for (const from of net.order)
    for (let e = net.start[from] as number; e < (net.start[from + 1] as number); e++) ways[net.to[e] as number]! += ways[from] as number
  return ways
}

/** Ends of violating schedules of which no clause is so, or of others of which one is. */
const wrongly = (tracked: Tracked, kind: 1 | 2) => (node: number) =>
  tracked.end[node] === kind && (tracked.followed[node] === 0) === (kind === 2)

/** How near they come: the harmonic mean of what is found of the violating ones, and of what violates of the found ones. */
function scoreOf(bad: number, missed: number, extra: number): number {
  const score = (2 * (bad - missed)) / (2 * bad - missed + extra)
  return Number.isFinite(score) ? score : 0
}

/** The same way in the net that was unfolded: every node keeps the order of its edges. */
function folded(net: Net, { start, to, node }: Tracked, edges: readonly number[]): number[] {
  let at = 0
  return edges.map((e) => {
    const edge = (net.start[node[at] as number] as number) + e - (start[at] as number)
    at = to[e] as number
    return edge
  })
}
