/** The reachable states as a graph, breadth first: every state once, an edge for every step that can be taken. */
import { Memo } from './memo.ts'
import type { Machine, State } from './machine.ts'
import type { Letter } from './view.ts'
import type { World } from './procedure.ts'
import { Ints } from './ints.ts'

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
  readonly edgeTask = new Ints()
  /** By edge: 1 if the task was a must-task. */
  readonly edgeMust = new Ints()

  private readonly width: number
  private readonly arena: Ints
  private table = new Int32Array(1 << 12)
  private tableUsed = 0

  constructor(machine: Machine<W>) {
    this.machine = machine
    this.width = machine.slots.length
    this.arena = new Ints(this.width << 10)
  }

  get states(): number {
    return this.parents.length
  }

  get transitions(): number {
    return this.edgeTo.length
  }

  /** Bytes held per state: vector, hash table, parents and edges. */
  get bytesPerState(): number {
    const ints =
      this.arena.length + this.table.length + this.ends.length + this.parents.length * 2 + this.edgeStart.length + this.edgeTo.length * 3
    return Math.round((ints * 4) / Math.max(1, this.states))
  }

  state(index: number): State {
    return this.arena.slice(index * this.width, (index + 1) * this.width)
  }

  /** The number of a state of this graph, null if it was not visited. */
  indexOf(state: State): number | null {
    const entry = this.table[this.find(state)] ?? 0
    return entry === 0 ? null : entry - 1
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
    const { machine } = this
    const judged = new Memo<number>()
    const first = machine.firstTask
    const tasks = machine.letters.length
    this.add(machine.initial, -1, -1)
    const state = new Int32Array(this.width)
    const next = new Int32Array(this.width)
    for (let at = 0; at < this.states; at++) {
      this.arena.read(at * this.width, state)
      this.ends.push(machine.isFinal(state) ? this.judge(judged, state) : -1)
      this.edgeStart.push(this.edgeTo.length)
      for (let i = 0; i < tasks; i++) {
        if (!machine.isUnfinished(state, first + i)) continue
        if (machine.stepInto(state, first + i, next) !== null) continue
        let to = this.indexOf(next)
        if (to === null) {
          if (this.states >= bounds.maxStates) {
            this.complete = false
            this.bound = `stopped at ${bounds.maxStates} states; raise --max-states to go on`
            continue
          }
          to = this.add(next, at, i)
        }
        this.edgeTo.push(to)
        this.edgeTask.push(i)
        this.edgeMust.push(machine.isMust(state, first + i) ? 1 : 0)
      }
      if (at % 4096 === 4095) yield { states: this.states, frontier: this.states - at }
    }
    this.edgeStart.push(this.edgeTo.length)
  }

  private add(state: State, parent: number, task: number): number {
    const index = this.states
    if (this.tableUsed * 2 >= this.table.length) this.grow()
    this.table[this.find(state)] = index + 1
    this.tableUsed++
    this.arena.append(state)
    this.parents.push(parent)
    this.parentTasks.push(task)
    return index
  }

  /** The hash table's place of a state: where it is, or where it would go. */
  private find(state: State): number {
    let h = 0x811c9dc5
    for (let i = 0; i < state.length; i++) h = Math.imul(h ^ (state[i] as number), 0x01000193) ^ (h >>> 15)
    const mask = this.table.length - 1
    let place = (h ^ (h >>> 13)) & mask
    for (;;) {
      const entry = this.table[place] as number
      if (entry === 0 || this.arena.matches((entry - 1) * this.width, state)) return place
      place = (place + 1) & mask
    }
  }

  private grow(): void {
    this.table = new Int32Array(this.table.length * 2)
    const state = new Int32Array(this.width)
    for (let i = 0; i < this.states; i++) {
      this.arena.read(i * this.width, state)
      this.table[this.find(state)] = i + 1
    }
  }

  private judge(memo: Memo<number>, state: State): number {
    const known = memo.get(state, state)
    if (known !== undefined) return known
    const { mask } = this.machine.judgeEnd(state)
    memo.put(state, state, this.machine.reads, mask)
    return mask
  }
}
