/** A state graph as bare numbers: nodes, edges with the step that each of them is, and the nodes at which a schedule can end. */
import type { Graph } from '../graph.ts'
import type { Letter } from '../view.ts'

/** What a step is called, whoever takes it how often. */
export interface Label {
  readonly task: Letter
  readonly procedure: string
  readonly label: string
}

export interface Net {
  readonly nodes: number
  /** By node: where its edges begin; one more entry at the end. */
  readonly start: Int32Array
  readonly to: Int32Array
  /** By edge: an index of `labels`. */
  readonly step: Int32Array
  readonly labels: readonly Label[]
  /** By node: 0 where no schedule can end, 1 where one ends well, 2 where one ends violating. */
  readonly end: Uint8Array
  /** Nodes, each before those that its edges lead to; those on or behind a cycle come last, in any order. */
  readonly order: Int32Array
  readonly cyclic: boolean
}

/** Bits of the oracles whose violation counts. */
export const verdictBits = (graph: Pick<Graph, 'machine'>): number =>
  graph.machine.oracles.reduce((bits, { kind }, bit) => (kind === 'verdict' ? bits | (1 << bit) : bits), 0)

/** The graph of a finished search; `violates` says of the bits of an end whether it is one that is asked about. */
export function netOf(graph: Graph, violates: (mask: number, index: number) => boolean): Net {
  const nodes = graph.states
  const start = new Int32Array(nodes + 1)
  const to = new Int32Array(graph.transitions)
  const step = new Int32Array(graph.transitions)
  const end = new Uint8Array(nodes)
  const { labels, labelOf } = labelling(graph)
  for (let i = 0; i < nodes; i++) {
    start[i] = graph.edgeStart.at(i)
    const mask = graph.ends.at(i)
    if (mask >= 0) end[i] = violates(mask, i) ? 2 : 1
    if (graph.edgeStart.at(i) === graph.edgeStart.at(i + 1)) continue
    const state = graph.state(i)
    for (let e = graph.edgeStart.at(i); e < graph.edgeStart.at(i + 1); e++) {
      to[e] = graph.to(e)
      step[e] = labelOf(graph.slotOf(e), state)
    }
  }
  start[nodes] = graph.transitions
  return { nodes, start, to, step, labels, end, ...sorted(nodes, start, to) }
}

/** Numbers the labels as they are met; where a task stands depends on its own component alone. */
function labelling(graph: Graph): { readonly labels: Label[]; readonly labelOf: (slot: number, state: Int32Array) => number } {
  const { machine } = graph
  const labels: Label[] = []
  const numbers = new Map<string, number>()
  const known = new Map<number, Map<number, number>>()
  const look = (slot: number, state: Int32Array): number => {
    const task = machine.letter(slot)
    const at = machine.at(state, task)
    const key = `${task} ${at?.procedure}.${at?.label}`
    let number = numbers.get(key)
    if (number === undefined) {
      numbers.set(key, (number = labels.length))
      labels.push({ task, procedure: at?.procedure ?? '', label: at?.label ?? '' })
    }
    return number
  }
  const labelOf = (slot: number, state: Int32Array): number => {
    let bySlot = known.get(slot)
    if (!bySlot) known.set(slot, (bySlot = new Map()))
    const value = state[slot] ?? 0
    let number = bySlot.get(value)
    if (number === undefined) bySlot.set(value, (number = look(slot, state)))
    return number
  }
  return { labels, labelOf }
}

/** Kahn's order. */
export function sorted(nodes: number, start: Int32Array, to: Int32Array): Pick<Net, 'order' | 'cyclic'> {
  const incoming = new Int32Array(nodes)
  for (const node of to) incoming[node]!++
  const order = new Int32Array(nodes)
  let filled = 0
  for (let i = 0; i < nodes; i++) if (incoming[i] === 0) order[filled++] = i
  for (let at = 0; at < filled; at++) {
    const from = order[at] as number
    for (let e = start[from] as number; e < (start[from + 1] as number); e++) {
      const node = to[e] as number
      if (--incoming[node]! === 0) order[filled++] = node
    }
  }
  const cyclic = filled < nodes
  for (let i = 0; cyclic && i < nodes; i++) if (incoming[i]! > 0) order[filled++] = i
  return { order, cyclic }
}

/** By node: 1 if one of the marked nodes can be reached from it, it being one counts. Edges that are `closed` are not taken. */
export function reaching(net: Net, marked: (node: number) => boolean, closed?: Uint8Array): Uint8Array {
  const can = new Uint8Array(net.nodes)
  for (let i = 0; i < net.nodes; i++) if (marked(i)) can[i] = 1
  for (let changed = true; changed;) {
    changed = false
    for (let k = net.nodes - 1; k >= 0; k--) {
      const from = net.order[k] as number
      if (can[from] === 1) continue
      for (let e = net.start[from] as number; e < (net.start[from + 1] as number); e++) {
        if (can[net.to[e] as number] === 0 || closed?.[e] === 1) continue
        can[from] = 1
        changed = true
        break
      }
    }
    // Every node comes before those it leads to: once is enough.
    if (!net.cyclic) break
  }
  return can
}

/** By node: 1 if it can be reached from the first without a closed edge. */
export function reached(net: Net, closed?: Uint8Array): Uint8Array {
  const seen = new Uint8Array(net.nodes)
  seen[0] = 1
  const list = [0]
  for (const from of list)
    for (let e = net.start[from] as number; e < (net.start[from + 1] as number); e++) {
      const to = net.to[e] as number
      if (seen[to] === 1 || closed?.[e] === 1) continue
      seen[to] = 1
      list.push(to)
    }
  return seen
}

/** By node: in how many ways it is reached. Null when a cycle makes some of them infinite. */
export function waysTo(net: Net): bigint[] | null {
  if (net.cyclic) return null
  const ways = new Array<bigint>(net.nodes).fill(0n)
  ways[0] = 1n
  for (const from of net.order) {
    const count = ways[from] as bigint
    if (count === 0n) continue
    for (let e = net.start[from] as number; e < (net.start[from + 1] as number); e++) {
      const to = net.to[e] as number
      ways[to] = (ways[to] as bigint) + count
    }
  }
  return ways
}

/** By node: how many ways there are from it to such an end, ending at once counts. Null when a cycle makes some of them infinite. */
export function waysOn(net: Net, ends: (node: number) => boolean, closed?: Uint8Array): bigint[] | null {
  if (net.cyclic) return null
  const ways = new Array<bigint>(net.nodes).fill(0n)
  for (let k = net.nodes - 1; k >= 0; k--) {
    const from = net.order[k] as number
    let count = ends(from) ? 1n : 0n
    for (let e = net.start[from] as number; e < (net.start[from + 1] as number); e++)
      if (closed?.[e] !== 1) count += ways[net.to[e] as number] as bigint
    ways[from] = count
  }
  return ways
}

/** The edges of a shortest way from the first node along which `last` is the first edge that satisfies it; null if there is none. */
export function shortest(net: Net, from: number, goal: (node: number) => boolean, closed?: Uint8Array): number[] | null {
  const by = new Int32Array(net.nodes).fill(-1)
  const parent = new Int32Array(net.nodes).fill(-1)
  const list = [from]
  const seen = new Uint8Array(net.nodes)
  seen[from] = 1
  for (const node of list) {
    if (goal(node)) {
      const way: number[] = []
      for (let at = node; at !== from; at = parent[at] as number) way.push(by[at] as number)
      return way.reverse()
    }
    for (let e = net.start[node] as number; e < (net.start[node + 1] as number); e++) {
      const to = net.to[e] as number
      if (seen[to] === 1 || closed?.[e] === 1) continue
      seen[to] = 1
      by[to] = e
      parent[to] = node
      list.push(to)
    }
  }
  return null
}
