/** What steps read and write of the world, so that of orders that tell the same the one is named that matters. */
import { invariant } from '../../base/assert.ts'
import { Bits } from '../footprint.ts'
import type { Graph } from '../graph.ts'
import { Machine } from '../machine.ts'
import { isWait, type World } from '../procedure.ts'
import type { State } from '../state.ts'
import { OFTEN, type Seen } from './samples.ts'

/** How well two steps go together: above 0 if the order between them matters by what they read and write. */
export type Affinity = (a: Seen, b: Seen) => number

/** 2 where the first writes what the other reads or writes; 1 where only the second writes what the first reads; 0 otherwise. */
export function affinityOf<W extends World>(graph: Graph<W>): Affinity {
  const look = looking(graph)
  const feet = new Map<number, Foot>()
  const known = new Map<number, number>()
  const footOf = (step: Seen): Foot => {
    const key = keyOf(step)
    let foot = feet.get(key)
    if (!foot) {
      feet.set(key, (foot = { reads: new Bits(), writes: new Bits() }))
      for (const [from, edge] of step.met) look(from, edge, foot)
    }
    return foot
  }
  const compare = (a: Seen, b: Seen): number => {
    const [x, y] = [footOf(a), footOf(b)]
    if (x.writes.meets(y.reads) || x.writes.meets(y.writes)) return 2
    return x.reads.meets(y.writes) ? 1 : 0
  }
  return (a, b) => {
    const key = keyOf(a) * MANY + keyOf(b)
    let found = known.get(key)
    if (found === undefined) known.set(key, (found = compare(a, b)))
    return found
  }
}

const MANY = 2 ** 20
const keyOf = ({ label, nth }: Seen): number => label * (OFTEN + 1) + nth

/** What a step has read and written of the world; no task is part of it. */
interface Foot {
  readonly reads: Bits
  readonly writes: Bits
}

/** Adds what the step along an edge reads and writes, without what oracles look at. */
function looking<W extends World>(graph: Graph<W>): (from: number, edge: number, foot: Foot) => void {
  const machine = new Machine(graph.machine.system, { footprints: true })
  const states = new Map([[0, machine.initial]])
  const stateOf = (node: number): State => {
    const way: number[] = []
    for (let at = node; !states.has(at); at = graph.parents.at(at)) way.push(at)
    for (const at of way.reverse()) {
      const slot = machine.slotOfTask(graph.cameBy(at))
      const next = machine.step(states.get(graph.parents.at(at)) as State, slot as number)
      invariant(!isWait(next), 'a step that was taken once can be taken again')
      states.set(at, next)
    }
    return states.get(node) as State
  }
  const add = (bits: Bits, more: Bits): void => {
    for (const element of more) if (!machine.isTask(machine.elements?.slotOf(element) ?? 0)) bits.add(element)
  }
  return (from, edge, foot) => {
    const found = machine.look(stateOf(from), machine.slotOfTask(graph.machine.letter(graph.slotOf(edge))) as number).feet[0]
    if (!found) return
    add(foot.reads, found.reads)
    add(foot.writes, found.writes)
  }
}
