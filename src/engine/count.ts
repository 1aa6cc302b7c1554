/** Exact numbers about a graph: schedules by counting paths, states that are stuck, states that are beyond rescue. */
import { ExactCounts } from './exact.ts'
import type { Graph } from './graph.ts'

/** By state: the number of ways that lead to it; null = infinitely many, because a cycle lies on the way. */
export function countPaths(graph: Graph): (index: number) => bigint | null {
  const n = graph.states
  const incoming = new Int32Array(n)
  for (let e = 0; e < graph.transitions; e++) incoming[graph.to(e)]!++
  const paths = new ExactCounts(n)
  paths.start(0)
  // Kahn's order. States that never come free lie on a cycle or behind one, so infinitely many paths lead to them.
  const ready = new Int32Array(n)
  let filled = 0
  for (let i = 0; i < n; i++) if (incoming[i] === 0) ready[filled++] = i
  for (let at = 0; at < filled; at++) {
    const from = ready[at] as number
    for (let e = graph.edgeStart.at(from); e < graph.edgeStart.at(from + 1); e++) {
      const to = graph.to(e)
      paths.add(to, from)
      if (--incoming[to]! === 0) ready[filled++] = to
    }
  }
  return (index) => (incoming[index] === 0 ? paths.at(index) : null)
}

/** Grows `marked` backwards until nothing changes. */
function spreadBack(graph: Graph, marked: Uint8Array): void {
  for (let changed = true; changed;) {
    changed = false
    for (let from = graph.states - 1; from >= 0; from--) {
      if (marked[from] === 1 || !leadsToMarked(graph, from, marked)) continue
      marked[from] = 1
      changed = true
    }
  }
}

function leadsToMarked(graph: Graph, from: number, marked: Uint8Array): boolean {
  for (let e = graph.edgeStart.at(from); e < graph.edgeStart.at(from + 1); e++) if (marked[graph.to(e)] === 1) return true
  return false
}

function hasMustEdge(graph: Graph, from: number): boolean {
  for (let e = graph.edgeStart.at(from); e < graph.edgeStart.at(from + 1); e++) if (graph.isMust(e)) return true
  return false
}

/** States in which a must-task is unfinished and none can ever run, whatever may-tasks still do. */
export function stuckStates(graph: Graph): number[] {
  const alive = new Uint8Array(graph.states)
  let able = 0
  for (let i = 0; i < graph.states; i++) {
    if (!hasMustEdge(graph, i) && !graph.cut.has(i)) continue
    alive[i] = 1
    able++
  }
  if (able < graph.states) spreadBack(graph, alive)
  const stuck: number[] = []
  for (let i = 0; i < graph.states; i++) if (alive[i] === 0 && graph.ends.at(i) < 0) stuck.push(i)
  return stuck
}

/** By state: 1 if some schedule through it ends without setting any bit of `mask`; 0 marks the point of no return. */
export function rescuable(graph: Graph, mask: number): Uint8Array {
  const safe = new Uint8Array(graph.states)
  for (let i = 0; i < graph.states; i++) if (graph.ends.at(i) >= 0 && (graph.ends.at(i) & mask) === 0) safe[i] = 1
  spreadBack(graph, safe)
  return safe
}
