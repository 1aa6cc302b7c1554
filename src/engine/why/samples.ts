/** Schedules that were looked at one by one: which steps they take when, and at which one they lose. */
import type { Step } from './clause.ts'
import type { Net } from './net.ts'
import type { Reach } from './reach.ts'

/** A label that goes round in a cycle is not told apart more often than this. */
export const OFTEN = 4

/** By its number: a step that some sample takes. */
export interface Seen extends Step {
  readonly task: string
  /** Where it was met: nodes that were left, and edges. */
  readonly met: (readonly [from: number, edge: number])[]
}

export interface Sample {
  /** By number of step: when, from 1; 0 or nothing: never. */
  readonly at: readonly number[]
  /** The node from which a step was taken after which nothing right could follow; -1 if none was. */
  readonly from: number
  /** By number of step: when it is taken does not follow from all being lost already. */
  readonly tells: readonly boolean[]
}

/** So many places are kept for each step. */
const MET = 2

export class Samples {
  readonly steps: Seen[] = []
  readonly bad: Sample[] = []
  readonly good: Sample[] = []
  /** By number of step: in how many samples it is the one after which nothing right could follow. */
  readonly loses: number[] = []
  private readonly numbers = new Map<number, number>()
  private readonly net: Net
  /** By node: 1 if something right can follow. */
  private readonly right: Uint8Array

  readonly reach: Reach

  constructor(net: Net, right: Uint8Array, reach: Reach) {
    this.net = net
    this.right = right
    this.reach = reach
  }

  add(edges: readonly number[]): void {
    const { net, right } = this
    const often = new Map<number, number>()
    const at: number[] = []
    let node = 0
    let [lost, left] = [0, -1]
    edges.forEach((e, i) => {
      const label = net.step[e] as number
      const nth = (often.get(label) ?? 0) + 1
      often.set(label, nth)
      const to = net.to[e] as number
      if (nth <= OFTEN) {
        const number = this.number(label, nth)
        at[number] = i + 1
        const { met } = this.steps[number] as Seen
        if (met.length < MET && met.every(([from]) => from !== node)) met.push([node, e])
        if (right[node] === 1 && right[to] === 0) this.loses[number] = (this.loses[number] ?? 0) + 1
      }
      if (right[node] === 1 && right[to] === 0) [lost, left] = [i + 1, node]
      node = to
    })
    const tells: boolean[] = []
    at.forEach((when, number) => {
      const { label, nth } = this.steps[number] as Seen
      // Whether a step is taken that comes after all is lost may be owed to just that; unless it had to come anyhow.
      const next = nth === 1 || (at[this.number(label, nth - 1)] ?? Infinity) <= lost
      tells[number] = when <= lost || (next && left >= 0 && this.reach.avoidable(label)[left] === 0)
    })
    ;(net.end[node] === 2 ? this.bad : this.good).push({ at, from: left, tells })
  }

  private number(label: number, nth: number): number {
    const key = label * (OFTEN + 1) + nth
    let number = this.numbers.get(key)
    if (number === undefined) {
      this.numbers.set(key, (number = this.steps.length))
      this.steps.push({ label, nth, task: this.net.labels[label]?.task ?? '', met: [] })
    }
    return number
  }
}
