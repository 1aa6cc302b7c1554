/** The reachable states as a graph, breadth first: every state once, an edge for every step that can be taken. */
import type { Changes } from './draft.ts'
import { Ints } from './ints.ts'
import type { Machine } from './machine.ts'
import { Memo } from './memo.ts'
import { isWait, type World } from './procedure.ts'
import { widened, type State } from './state.ts'
import type { Letter } from './view.ts'
import { Visited } from './visited.ts'

/** After so many states the caller is asked in: a few milliseconds of work. */
const PAUSE = 512

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
  private readonly parentTasks = new Ints()
  /** By state: where its edges begin; one more entry at the end. */
  readonly edgeStart = new Ints()
  readonly edgeTo = new Ints()
  /** States from which an edge is missing, because it led beyond a bound. */
  readonly cut = new Set<number>()
  /** By edge: twice the slot of the task that steps, plus 1 if it is a must-task. */
  private readonly edgeTask = new Ints()

  private readonly visited: Visited

  constructor(machine: Machine<W>) {
    this.machine = machine
    this.visited = new Visited(machine.width)
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
    const state = new Int32Array(this.visited.width)
    this.visited.read(index, state)
    return state
  }

  /** Was the step along this edge taken by a must-task? */
  isMust(edge: number): boolean {
    return this.edgeTask.at(edge) % 2 === 1
  }

  /** The slot of the task that steps along this edge. */
  slotOf(edge: number): number {
    return this.edgeTask.at(edge) >> 1
  }

  /** The number of a state of this graph, null if it was not visited. */
  indexOf(state: State): number | null {
    const wide = widened(state, this.visited.width)
    const index = this.visited.indexOf(wide, this.visited.hashOf(wide))
    return index < 0 ? null : index
  }

  /** The task that stepped when a state was first reached. */
  cameBy(index: number): Letter {
    return this.machine.letter(this.parentTasks.at(index))
  }

  /** The tasks that stepped from the initial state to this one, by the shortest way. */
  path(index: number): Letter[] {
    const out: Letter[] = []
    for (let i = index; (this.parents.at(i) ?? -1) >= 0; i = this.parents.at(i)) out.push(this.machine.letter(this.parentTasks.at(i)))
    return out.reverse()
  }

  /** Visits everything reachable within the bounds, telling now and then how far it is. */
  *explore(bounds: Bounds): Generator<Progress, void> {
    const { machine, visited } = this
    const ends = new Memo<number>((state) => {
      const { value, reads } = machine.judgeEnd(state)
      return { value: value.mask, reads }
    })
    let state = widened(machine.initial.slice(), visited.width)
    this.add(state, visited.hashOf(state), -1, -1)
    // Equal to `state` but while a step's changes are being looked up.
    let next = state.slice()
    for (let at = 0; at < this.states; at++) {
      visited.read(at, state)
      next.set(state)
      this.ends.push(machine.isFinal(state) ? ends.of(state, state) : -1)
      this.edgeStart.push(this.edgeTo.length)
      for (const slot of machine.taskSlots) {
        if (!machine.isUnfinished(state, slot)) continue
        const changes = machine.changes(state, slot)
        if (isWait(changes)) continue
        if (machine.width > state.length) {
          visited.widen(machine.width)
          state = widened(state, machine.width)
          next = state.slice()
        }
        for (let i = 0; i < changes.length; i += 2) next[changes[i] as number] = changes[i + 1] as number
        this.reach(next, visited.rehash(visited.hashAt(at), state, changes), at, slot, machine.isMust(state, slot), bounds)
        undo(next, state, changes)
      }
      if (at % PAUSE === PAUSE - 1) yield { states: this.states, frontier: this.states - at }
    }
    this.edgeStart.push(this.edgeTo.length)
  }

  /** Adds the edge to a state, and the state if it is new and the bounds allow it. */
  private reach(next: State, hash: number, from: number, slot: number, must: boolean, bounds: Bounds): void {
    let to = this.visited.indexOf(next, hash)
    if (to < 0) {
      if (this.states >= bounds.maxStates) {
        this.complete = false
        this.bound = `stopped at ${bounds.maxStates} states; raise --max-states to go on`
        this.cut.add(from)
        return
      }
      to = this.add(next, hash, from, slot)
    }
    this.edgeTo.push(to)
    this.edgeTask.push(slot * 2 + (must ? 1 : 0))
  }

  private add(state: State, hash: number, parent: number, slot: number): number {
    this.parents.push(parent)
    this.parentTasks.push(slot)
    return this.visited.add(state, hash)
  }
}

function undo(next: State, state: State, changes: Changes): void {
  for (let i = 0; i < changes.length; i += 2) {
    const slot = changes[i] as number
    next[slot] = state[slot] as number
  }
}
