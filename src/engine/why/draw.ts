/** Schedules drawn from a net: each that ends as asked is as likely as any other, where they are not infinitely many. */
import type { Net } from './net.ts'

/** The same numbers every time: what is found does not depend on the day. */
export function dice(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface Urn {
  /** How many there are, nearly; infinite where a cycle makes them so. */
  readonly many: number
  /** The edges of one of them. */
  readonly draw: () => number[]
}

/** A walk round a cycle is cut short after so many steps. */
const LONG = 2_000

/** Those that end where `goal` says. */
export function urn(net: Net, goal: (node: number) => boolean, roll: () => number): Urn {
  const weights = net.cyclic ? nearness(net, goal) : ways(net, goal)
  const draw = (): number[] => {
    const edges: number[] = []
    for (let at = 0; ;) {
      const [first, last] = [net.start[at] as number, net.start[at + 1] as number]
      let sum = goal(at) ? 1 : 0
      for (let e = first; e < last; e++) sum += weights[net.to[e] as number] as number
      let left = roll() * sum - (goal(at) ? 1 : 0)
      if (left < 0 || sum === 0 || (goal(at) && edges.length > LONG)) return edges
      let chosen = -1
      for (let e = first; e < last; e++) {
        const weight = weights[net.to[e] as number] as number
        if (weight === 0) continue
        chosen = e
        if ((left -= weight) < 0) break
      }
      if (chosen < 0) return edges
      edges.push(chosen)
      at = net.to[chosen] as number
    }
  }
  return { many: net.cyclic && (weights[0] as number) > 0 ? Infinity : (weights[0] as number), draw }
}

/** By node: how many ways there are from it to such an end. */
function ways(net: Net, goal: (node: number) => boolean): Float64Array {
  const many = new Float64Array(net.nodes)
  for (let k = net.nodes - 1; k >= 0; k--) {
    const from = net.order[k] as number
    let sum = goal(from) ? 1 : 0
    for (let e = net.start[from] as number; e < (net.start[from + 1] as number); e++) sum += many[net.to[e] as number] as number
    many[from] = sum
  }
  return many
}

/** By node: the nearer such an end, the more: who walks so arrives. */
function nearness(net: Net, goal: (node: number) => boolean): Float64Array {
  const back: number[][] = Array.from({ length: net.nodes }, () => [])
  for (let from = 0; from < net.nodes; from++)
    for (let e = net.start[from] as number; e < (net.start[from + 1] as number); e++) back[net.to[e] as number]?.push(from)
  const near = new Float64Array(net.nodes)
  let layer: number[] = []
  for (let node = 0; node < net.nodes; node++)
    if (goal(node)) {
      near[node] = 1
      layer.push(node)
    }
  for (let weight = 0.5; layer.length > 0; weight = Math.max(weight / 2, Number.MIN_VALUE)) {
    const next: number[] = []
    for (const node of layer)
      for (const from of back[node] ?? [])
        if (near[from] === 0) {
          near[from] = weight
          next.push(from)
        }
    layer = next
  }
  return near
}
