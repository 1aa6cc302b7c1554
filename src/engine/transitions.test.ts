// Random systems: their power failure replaces components that it has not looked at and ends tasks, their tasks spawn others, and an
// oracle remembers who wrote. So what a transition depends on is more than what its step has read.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { boxOf, plans } from '../testing/random-systems.ts'
import { Graph } from './graph.ts'
import { Machine } from './machine.ts'
import { widened, type State } from './state.ts'
import { Visited } from './visited.ts'

/** The state after the step, by the step and then each oracle, one by one; null if it waits. */
function stepByStep(machine: Machine<never>, state: State, slot: number): State | null {
  const { wait, changes } = machine.look(state, slot)
  if (wait) return null
  const next = widened(state, machine.width).slice()
  for (let i = 0; i < changes.length; i += 2) next[changes[i] as number] = changes[i + 1] as number
  return next
}

/** Calls for every step that can or cannot be taken in a reachable state, in an order that is not that of the search. */
function everyStep(graph: Graph, call: (state: State, slot: number) => void): void {
  const { machine } = graph
  for (let i = graph.states - 1; i >= 0; i--) {
    const state = graph.state(i)
    for (const slot of machine.taskSlots) if (machine.isUnfinished(state, slot)) call(state, slot)
  }
}

function explored(plan: Parameters<typeof boxOf>[0]): Graph {
  const graph = new Graph(new Machine(boxOf(plan)))
  for (const _ of graph.explore({ maxStates: 400 })) continue
  return graph as unknown as Graph
}

it('is what the step and the oracles make of the state when each is asked by itself', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const graph = explored(plan)
      const machine = graph.machine as unknown as Machine<never>
      everyStep(graph, (state, slot) => {
        const next = machine.step(state, slot)
        expect(next instanceof Int32Array ? next : null).toEqual(stepByStep(machine, state, slot))
      })
    }),
    { numRuns: 60, seed: 5 },
  )
})

it('adds to the hash of a state what makes it that of the next, and leaves nothing behind when it is undone', () => {
  let taken = 0
  fc.assert(
    fc.property(plans, (plan) => {
      const graph = explored(plan)
      const { transitions } = graph.machine
      everyStep(graph, (short, slot) => {
        const move = transitions.of(short, slot)
        if (transitions.wait(move)) return
        taken++
        const state = widened(short, graph.machine.width)
        const visited = new Visited(state.length)
        const next = state.slice()
        transitions.apply(move, next)
        expect((visited.hashOf(state) + transitions.shift(move, state)) | 0).toBe(visited.hashOf(next))
        transitions.restore(move, next, state)
        expect(next).toEqual(state)
      })
    }),
    { numRuns: 60, seed: 6 },
  )
  expect(taken).toBeGreaterThan(1000)
})
