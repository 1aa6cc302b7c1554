/**
 * The reachable states as a graph, breadth first: every state once, an edge for every step that can be taken.
 * What limits its rate, measured on the twin of four appenders (347,553 states, 2.7 steps each, 0.7 us a state): no single thing. Finding what
 * a step does takes a fifth of the time, a tenth is waiting for the one word of the hash table that is looked at first, a tenth copying
 * states in and out, a tenth growing arrays; the rest is the walk over tasks and edges itself.
 */
import { grouped } from '../base/count.ts'
import { Ints } from './ints.ts'
import type { Machine } from './machine.ts'
import { Memo } from './memo.ts'
import type { World } from './procedure.ts'
import { Status, widened, type State } from './state.ts'
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
  /** By state: the state it was first reached from; -1 for the first. */
  readonly parents = new Ints()
  /** By state: where its edges begin; one more entry at the end. */
  readonly edgeStart = new Ints()
  /** States from which an edge is missing, because it led beyond a bound. */
  readonly cut = new Set<number>()
  /** Two an edge: where it leads, and twice the slot of the task that steps, plus 1 if it is a must-task. */
  private readonly edges = new Ints()

  private readonly visited: Visited
  /** The state that is being expanded, and the one that a step from it leads to: the same but while that is being looked up. */
  private present: State = new Int32Array(0)
  private next: State = this.present

  constructor(machine: Machine<W>) {
    this.machine = machine
    this.visited = new Visited(machine.width)
  }

  get states(): number {
    return this.parents.length
  }

  get transitions(): number {
    return this.edges.length >> 1
  }

  /** Bytes held per state: vector, hash table, parents and edges. */
  get bytesPerState(): number {
    const ints = this.ends.length + this.parents.length + this.edgeStart.length + this.edges.length
    return Math.round((this.visited.bytes + ints * 4) / Math.max(1, this.states))
  }

  state(index: number): State {
    const state = new Int32Array(this.visited.width)
    this.visited.read(index, state)
    return state
  }

  /** The state that an edge leads to. */
  to(edge: number): number {
    return this.edges.at(edge * 2)
  }

  /** Was the step along this edge taken by a must-task? */
  isMust(edge: number): boolean {
    return this.edges.at(edge * 2 + 1) % 2 === 1
  }

  /** The slot of the task that steps along this edge. */
  slotOf(edge: number): number {
    return this.edges.at(edge * 2 + 1) >> 1
  }

  /** The number of a state of this graph, null if it was not visited. */
  indexOf(state: State): number | null {
    const wide = widened(state, this.visited.width)
    const index = this.visited.indexOf(wide, this.visited.hashOf(wide))
    return index < 0 ? null : index
  }

  /** The task that stepped when a state was first reached. */
  cameBy(index: number): Letter {
    let edge = this.edgeStart.at(this.parents.at(index))
    while (this.to(edge) !== index) edge++
    return this.machine.letter(this.slotOf(edge))
  }

  /** The tasks that stepped from the initial state to this one, by the shortest way. */
  path(index: number): Letter[] {
    const out: Letter[] = []
    for (let i = index; this.parents.at(i) >= 0; i = this.parents.at(i)) out.push(this.cameBy(i))
    return out.reverse()
  }

  /** Visits everything reachable within the bounds, telling now and then how far it is. */
  *explore(bounds: Bounds): Generator<Progress, void> {
    const { machine, visited } = this
    const ends = new Memo<number>((state) => {
      const { value, reads } = machine.judgeEnd(state)
      return { value: value.mask, reads }
    })
    this.present = widened(machine.initial.slice(), visited.width)
    this.next = this.present.slice()
    this.parents.push(-1)
    visited.add(this.present, visited.hashOf(this.present))
    for (let at = 0; at < this.states; at++) {
      this.ends.push(this.expand(at, bounds.maxStates) ? ends.of(this.present, this.present) : -1)
      if (at % PAUSE === PAUSE - 1) yield { states: this.states, frontier: this.states - at }
    }
    this.edgeStart.push(this.transitions)
    machine.transitions.forget()
  }

  /** Takes every step that can be taken from a state, which is `present` from now on. Can a schedule end there? */
  private expand(at: number, maxStates: number): boolean {
    const { machine, visited, edges } = this
    const { transitions } = machine
    let { present, next } = this
    const hash = visited.hashAt(at)
    visited.read(at, present, next)
    this.edgeStart.push(this.transitions)
    let final = true
    const { taskSlots } = machine
    for (let i = 0; i < taskSlots.length; i++) {
      const slot = taskSlots[i] as number
      const status = machine.status(present, slot)
      if (status < Status.mayRuns) continue
      const must = status === Status.mustRuns
      if (must) final = false
      const move = transitions.of(present, slot)
      if (move < 0) continue
      if (machine.width > present.length) {
        this.widen()
        ;({ present, next } = this)
      }
      transitions.apply(move, next)
      const shifted = (hash + transitions.shift(move, present)) | 0
      let to = visited.indexOf(next, shifted)
      if (to < 0 && this.states >= maxStates) this.stop(at, maxStates)
      else {
        if (to < 0) {
          to = visited.addSought(next, shifted)
          this.parents.push(at)
        }
        edges.pushTwo(to, slot * 2 + (must ? 1 : 0))
      }
      transitions.restore(move, next, present)
    }
    return final
  }

  private stop(at: number, maxStates: number): void {
    this.complete = false
    this.bound = `stopped at ${grouped(String(maxStates))} states`
    this.cut.add(at)
  }

  private widen(): void {
    this.visited.widen(this.machine.width)
    this.present = widened(this.present, this.machine.width)
    this.next = this.present.slice()
  }
}
