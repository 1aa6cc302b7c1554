/** The reachable states as a graph, breadth first: every state once, an edge for every step that can be taken. */
import { Memo } from './memo.ts'
import type { Machine, State } from './machine.ts'
import type { Letter } from './view.ts'
import type { World } from './procedure.ts'
import { Ints } from './ints.ts'
import { Visited } from './visited.ts'

export interface Bounds {
  /** The most states to visit. */
  readonly maxStates: number
}

export interface Progress {
  readonly states: number
  /** States seen but not yet expanded. */
  readonly frontier: number
}

export class Graph<W extends World = World> {
  readonly machine: Machine<W>
  /** False when a bound stopped the search. */
  complete = true
  bound: string | null = null
  /** By state: bits of the oracles a schedule ending there violates; -1 where none can end. */
  readonly ends = new Ints()
  /** By state: the state it was first reached from and the task that stepped; -1 for the first. */
  readonly parents = new Ints()
  readonly parentTasks = new Ints()
  /** By state: where its edges begin; one more entry at the end. */
  readonly edgeStart = new Ints()
  readonly edgeTo = new Ints()
  /** By edge: twice the number of the task that steps, plus 1 if it is a must-task. */
  private readonly edgeTask = new Ints()

  private readonly visited: Visited

  constructor(machine: Machine<W>) {
    this.machine = machine
    this.visited = new Visited(machine.slots.length)
  }

  get states(): number {
    return this.parents.length
  }

  get transitions(): number {
    return this.edgeTo.length
  }

  /** Bytes held per state: vector, hash table, parents and edges. */
  get bytesPerState(): number {
    const ints = this.ends.length + this.parents.length * 2 + this.edgeStart.length + this.edgeTo.length * 2
    return Math.round((this.visited.bytes + ints * 4) / Math.max(1, this.states))
  }

  state(index: number): State {
    const state = new Int32Array(this.machine.slots.length)
    this.visited.read(index, state)
    return state
  }

  /** Was the step along this edge taken by a must-task? */
  isMust(edge: number): boolean {
    return this.edgeTask.at(edge) % 2 === 1
  }

  /** The number of a state of this graph, null if it was not visited. */
  indexOf(state: State): number | null {
    const index = this.visited.indexOf(state, this.visited.hashOf(state))
    return index < 0 ? null : index
  }

  /** The tasks that stepped from the initial state to this one, by the shortest way. */
  path(index: number): Letter[] {
    const out: Letter[] = []
    for (let i = index; (this.parents.at(i) ?? -1) >= 0; i = this.parents.at(i))
      out.push(this.machine.letters[this.parentTasks.at(i)] ?? '')
    return out.reverse()
  }

  /** Visits everything reachable within the bounds, telling now and then how far it is. */
  *explore(bounds: Bounds): Generator<Progress, void> {
    const { machine, visited } = this
    const judged = new Memo<number>()
    const first = machine.firstTask
    const tasks = machine.letters.length
    this.add(machine.initial, visited.hashOf(machine.initial), -1, -1)
    const state = new Int32Array(machine.slots.length)
    const next = new Int32Array(machine.slots.length)
    for (let at = 0; at < this.states; at++) {
      visited.read(at, state)
      visited.read(at, next)
      this.ends.push(machine.isFinal(state) ? this.judge(judged, state) : -1)
      this.edgeStart.push(this.edgeTo.length)
      for (let i = 0; i < tasks; i++) {
        if (!machine.isUnfinished(state, first + i)) continue
        if (machine.stepInto(state, first + i, next) === null)
          this.reach(
            next,
            visited.rehash(visited.hashAt(at), state, next, machine.written),
            at,
            i,
            machine.isMust(state, first + i),
            bounds,
          )
        for (const slot of machine.written) next[slot] = state[slot] as number
      }
      if (at % 4096 === 4095) yield { states: this.states, frontier: this.states - at }
    }
    this.edgeStart.push(this.edgeTo.length)
  }

  /** Adds the edge to a state, and the state if it is new and the bounds allow it. */
  private reach(next: State, hash: number, from: number, task: number, must: boolean, bounds: Bounds): void {
    let to = this.visited.indexOf(next, hash)
    if (to < 0) {
      if (this.states >= bounds.maxStates) {
        this.complete = false
        this.bound = `stopped at ${bounds.maxStates} states; raise --max-states to go on`
        return
      }
      to = this.add(next, hash, from, task)
    }
    this.edgeTo.push(to)
    this.edgeTask.push(task * 2 + (must ? 1 : 0))
  }

  private add(state: State, hash: number, parent: number, task: number): number {
    this.parents.push(parent)
    this.parentTasks.push(task)
    return this.visited.add(state, hash)
  }

  private judge(memo: Memo<number>, state: State): number {
    const known = memo.get(state, state)
    if (known !== undefined) return known
    const { mask } = this.machine.judgeEnd(state)
    memo.put(state, state, this.machine.reads, mask)
    return mask
  }
}
