/**
 * What the machine is made of: one vector of numbers. Every component (a field of the world, the memory of an oracle, the
 * violation bits, a task) has a slot in it, and its values are interned, so equal states are equal vectors. Tasks come
 * last, in the order in which their letters were first met: the vector can grow while a search runs. A slot beyond the
 * end of an older state reads 0, "not there".
 */
import { AuthorError } from '../base/assert.ts'
import { Interned } from './interned.ts'
import type { TaskValue } from './programs.ts'
import type { Letter } from './view.ts'

/** One number a component. Never written to after it was made. */
export type State = Int32Array

/** How far a task is. */
export const Status = { absent: 0, done: 1, mayRuns: 2, mustRuns: 3 } as const
export type Status = (typeof Status)[keyof typeof Status]

/** So many slots are added at once when a spawned task has none. */
const CHUNK = 4

export class States {
  /** The first slot of a task. */
  readonly firstTask: number
  /** How long a state is from now on. */
  width: number
  /** The slots of all tasks met so far, in task order: declared tasks as declared, then spawned ones by letter. */
  taskSlots: readonly number[]

  private readonly name: string
  private readonly names: string[]
  private readonly slots: Map<string, number>
  private readonly declared: number
  /** By slot - firstTask. */
  private readonly letters: Letter[] = []
  private readonly letterSlots = new Map<Letter, number>()
  private readonly tables: Interned[]
  /** By slot - firstTask, then by number. */
  private readonly statuses: Status[][] = []
  /** By slot - firstTask, then by number: the number of what the task is when it was ended there; 0 while nobody has asked. */
  private readonly endings: number[][] = []

  /** `name` is the system's, for messages; `fixed` names all components that are no tasks. */
  constructor(name: string, fixed: readonly string[], declared: readonly Letter[]) {
    const names = [...fixed, ...declared.map((letter) => `task:${letter}`)]
    if (new Set(names).size !== names.length)
      throw new AuthorError(`${name}: two tasks or components have one name among ${names.join(' ')}`)
    this.name = name
    this.names = [...fixed]
    this.slots = new Map(fixed.map((component, slot) => [component, slot]))
    this.tables = fixed.map(() => new Interned())
    this.firstTask = fixed.length
    this.width = fixed.length
    this.declared = declared.length
    this.taskSlots = []
    for (const letter of declared) this.addTask(letter)
  }

  /** The slot of a component that is no task. @throws AuthorError if there is none. */
  slot(name: string): number {
    const slot = this.slots.get(name)
    if (slot === undefined) throw new AuthorError(`${this.name}: there is no component ${name}; it has ${this.names.join(' ')}`)
    return slot
  }

  /** The slot of a task; null as long as no task of that letter was met. */
  slotOfTask(letter: Letter): number | null {
    return this.letterSlots.get(letter) ?? null
  }

  letter(slot: number): Letter {
    return this.letters[slot - this.firstTask] ?? ''
  }

  /** The slot of a task that is going to be there; made if it is the first of that letter. */
  addTask(letter: Letter): number {
    const known = this.letterSlots.get(letter)
    if (known !== undefined) return known
    const slot = this.firstTask + this.letters.length
    this.letters.push(letter)
    this.letterSlots.set(letter, slot)
    this.tables.push(new Interned())
    this.statuses.push([Status.absent])
    this.endings.push([0])
    if (slot >= this.width) this.width = this.letters.length <= this.declared ? slot + 1 : slot + CHUNK
    const spawned = this.letters.slice(this.declared).sort()
    this.taskSlots = [...this.letters.slice(0, this.declared), ...spawned].map((each) => this.letterSlots.get(each) as number)
    return slot
  }

  /** The value with this number, frozen; undefined if it is not there. */
  value(slot: number, number: number): unknown {
    return this.tables[slot]?.value(number)
  }

  /** The component of a state, frozen; undefined if it is not there. */
  at(state: State, slot: number): unknown {
    return this.tables[slot]?.value(state[slot] ?? 0)
  }

  /** The number of a value, which is frozen from now on. */
  intern(slot: number, value: unknown): number {
    const table = this.tables[slot] as Interned
    const { size } = table
    const number = table.intern(value)
    if (slot >= this.firstTask && table.size > size) {
      const { done, must } = value as TaskValue
      this.statuses[slot - this.firstTask]?.push(done ? Status.done : must ? Status.mustRuns : Status.mayRuns)
    }
    return number
  }

  /** The number of what a task is when it was ended where it stands, without having returned anything; of one that is done or not there its own. */
  ended(slot: number, number: number): number {
    const status = this.statuses[slot - this.firstTask]?.[number]
    if (status !== Status.mustRuns && status !== Status.mayRuns) return number
    const known = this.endings[slot - this.firstTask] as number[]
    // Nothing will look at how far it was; two states that differ in that alone are one.
    return (known[number] ||= this.intern(slot, { ...(this.value(slot, number) as TaskValue), frames: [], spawned: {}, done: true }))
  }

  /** How far the task in `slot` is. */
  status(state: State, slot: number): Status {
    return this.statuses[slot - this.firstTask]?.[state[slot] ?? 0] ?? Status.absent
  }

  /** Has the task finished that has the value with this number? */
  isDone(slot: number, number: number): boolean {
    return this.statuses[slot - this.firstTask]?.[number] === Status.done
  }

  /** Has every must-task finished? */
  isFinal(state: State): boolean {
    for (let slot = this.firstTask; slot < state.length; slot++) if (this.status(state, slot) === Status.mustRuns) return false
    return true
  }

  isMust(state: State, slot: number): boolean {
    return this.status(state, slot) === Status.mustRuns
  }

  /** Could this task take a step if nothing blocked it? */
  isUnfinished(state: State, slot: number): boolean {
    return this.status(state, slot) >= Status.mayRuns
  }
}

/** The state as long as states are now. */
export function widened(state: State, width: number): State {
  if (state.length >= width) return state
  const wide = new Int32Array(width)
  wide.set(state)
  return wide
}
