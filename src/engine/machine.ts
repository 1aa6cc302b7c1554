/**
 * A system ready to run: its states, what a step makes of one, and what its oracles say. A step has only to copy, run and
 * intern the components it touches, and is remembered by what it read.
 */
import { invariant } from '../base/assert.ts'
import { copy } from '../base/plain.ts'
import { Attempts } from './attempt.ts'
import { Draft, type Changes } from './draft.ts'
import { Judgement, memoryNames, type Objecting } from './judgement.ts'
import { Elements, unshown, type Footprint } from './footprint.ts'
import type { Found } from './memo.ts'
import { sourceOf, type StepRow, type Wait, type World } from './procedure.ts'
import { Programs, type TaskValue } from './programs.ts'
import { States, type State, type Status } from './state.ts'
import { deadlock, waitingFor } from './stuck.ts'
import { Sums } from './sums.ts'
import type { System } from './system.ts'
import { Transitions } from './transitions.ts'
import type { Letter, OracleView, Outcome, Seen, StepInfo } from './view.ts'

/** The next step of a task. */
export interface At {
  readonly procedure: string
  readonly label: string
  readonly row: StepRow<unknown, unknown>
  /** Call depth, 0 for the task's outermost procedure. */
  readonly depth: number
}

/** What a task would do next, and what that depends on. */
export interface Look {
  readonly wait: Wait | null
  readonly changes: Changes
  /** If it ends all other tasks: the components that it replaces without having looked at them. */
  readonly ends: readonly number[] | null
  readonly feet: readonly Footprint[]
}

export class Machine<W extends World = World> {
  readonly system: System<W>
  /** The system's oracles, then the built-in one of deadlocks. */
  readonly oracles: readonly OracleView[]
  readonly initial: State
  /** Invariants that do not even hold there. */
  readonly initially: readonly Objecting[]
  /** Patches that any step looked at so far. */
  readonly consulted = new Set<string>()

  /** The parts of the world that footprints are made of; null if the machine does not keep any. */
  readonly elements: Elements | null
  /** What steps read and write, if footprints are kept. */
  readonly sums: Sums | null

  /** What steps make of states, oracles' memories and objections too. */
  readonly transitions: Transitions<W>

  private readonly states: States
  private readonly components: readonly string[]
  private readonly programs: Programs
  private readonly draft: Draft<W>
  private readonly attempts: Attempts<W>
  private readonly judgement: Judgement<W>
  /** Patches looked at since somebody asked. */
  private consults = new Set<string>()

  /**
   * `footprints`: also notes what steps read and write. `late`: what is wrong to stay is judged where schedules end, not where it is
   * first so. Both are for the reduced search.
   */
  constructor(system: System<W>, { footprints = false, late = false }: { readonly footprints?: boolean; readonly late?: boolean } = {}) {
    const consult = (id: string): void => {
      this.consults.add(id)
      this.consulted.add(id)
    }
    this.system = system
    this.oracles = [...system.oracles.map(({ id, kind, says, name = says }) => ({ id, kind, name, says })), deadlock]
    this.components = Object.keys(system.world).filter((name) => name !== 'kernel' && name !== 'setting')
    const letters = system.tasks.map((task) => task.letter)
    this.states = new States(system.name, [...this.components, ...memoryNames(system.oracles)], letters)
    this.programs = new Programs(system, consult)
    this.elements = footprints ? new Elements() : null
    this.sums = footprints ? new Sums() : null
    this.draft = new Draft(this.states, system.world, consult, this.elements)
    this.attempts = new Attempts(system.name, this.states, this.draft, this.programs, this.elements)
    this.judgement = new Judgement(system.name, this.states, this.draft, system.oracles, late)
    this.transitions = new Transitions(this.states, this.attempts, this.judgement, this.elements, this.sums)
    this.initial = new Int32Array(this.states.width)
    this.initially = this.begin(this.initial)
  }

  private begin(state: State): readonly Objecting[] {
    const world = this.system.world as unknown as Record<string, unknown>
    for (const name of this.components) {
      const slot = this.states.slot(name)
      state[slot] = this.states.intern(slot, copy(world[name]))
    }
    for (const task of this.system.tasks) {
      const slot = this.states.addTask(task.letter)
      state[slot] = this.states.intern(slot, this.programs.start(task.name, task.must, null, task.procedure, task.locals))
    }
    return this.judgement.begin(state)
  }

  /** How long a state is by now; it grows when a task is spawned whose letter was never met. */
  get width(): number {
    return this.states.width
  }

  /** The slots of all tasks met so far, in task order: declared ones as declared, then spawned ones by letter. */
  get taskSlots(): readonly number[] {
    return this.states.taskSlots
  }

  /** The slot of a component that is no task. @throws AuthorError if there is none. */
  slotOf(name: string): number {
    return this.states.slot(name)
  }

  /** Null as long as no task of that letter was met. */
  slotOfTask(letter: Letter): number | null {
    return this.states.slotOfTask(letter)
  }

  isTask(slot: number): boolean {
    return slot >= this.states.firstTask
  }

  /** The slot of the violation bits. */
  get bitsSlot(): number {
    return this.judgement.bits
  }

  /** The slot of a task, made if there is none. */
  slotFor(letter: Letter): number {
    return this.states.addTask(letter)
  }

  /** The value of a component by its number, frozen. */
  valueOf(slot: number, number: number): unknown {
    return this.states.value(slot, number)
  }

  /** The number of a component's value, which is frozen from now on. */
  intern(slot: number, value: unknown): number {
    return this.states.intern(slot, value)
  }

  letter(slot: number): Letter {
    return this.states.letter(slot)
  }

  /** The value of a component that is no task, by name; frozen. Null when it is not there. */
  value(state: State, name: string): unknown {
    return this.states.at(state, this.states.slot(name)) ?? null
  }

  /** What an oracle remembers, itself or by the recorder that it judges over; null for one without a memory. */
  memory(state: State, oracle: string): unknown {
    const found = this.system.oracles.find(({ id }) => id === oracle)
    if (found?.shape === 'judge' || found?.shape === 'lasting') return this.value(state, `recorder:${found.over.id}`)
    return found?.shape === 'monitor' ? this.value(state, `monitor:${oracle}`) : null
  }

  /** The world of a state, frozen. */
  world(state: State): W {
    const out: Record<string, unknown> = { kernel: this.system.world.kernel, setting: this.system.world.setting }
    for (const name of this.components) out[name] = this.states.at(state, this.states.slot(name))
    return out as unknown as W
  }

  /** The task as it is in a state; null if it is not there. */
  task(state: State, letter: Letter): TaskValue | null {
    const slot = this.states.slotOfTask(letter)
    return slot === null ? null : ((this.states.at(state, slot) as TaskValue | undefined) ?? null)
  }

  /** Where the task stands: its next step; null if it is done or not there. */
  at(state: State, letter: Letter): At | null {
    const task = this.task(state, letter)
    const frame = task?.frames.at(-1)
    if (!task || task.done || !frame) return null
    const row = this.programs.rowAt(frame)
    invariant(row.kind === 'step', `${letter} rests on a flow row`)
    return { procedure: frame.procedure, label: row.label, row, depth: task.frames.length - 1 }
  }

  /** Has the task in `slot` finished when its component has this number? */
  isDone(slot: number, number: number): boolean {
    return this.states.isDone(slot, number)
  }

  /** Is this a state in which a schedule may end, because every must-task has finished? */
  isFinal(state: State): boolean {
    return this.states.isFinal(state)
  }

  /** How far the task in `slot` is: all that the next two ask, at once. */
  status(state: State, slot: number): Status {
    return this.states.status(state, slot)
  }

  isMust(state: State, slot: number): boolean {
    return this.states.isMust(state, slot)
  }

  /** Could this task take a step if nothing blocked it? */
  isUnfinished(state: State, slot: number): boolean {
    return this.states.isUnfinished(state, slot)
  }

  /** Lets the task in `slot` take its next step: what that changes and depends on, with footprints of the step and of the oracles that it made look, its own first. Needs `footprints`. */
  look(state: State, slot: number): Look {
    const { wait, changes, ends, foot } = this.attempts.of(state, slot)
    const feet = [foot]
    const all = wait ? changes : this.judgement.after(state, slot, changes, ends !== null, (_reads, each) => feet.push(each))
    return { wait, changes: all, ends, feet: feet.filter((each) => each !== null) }
  }

  /** The footprint of `seen` or `judgeEnd`, which must have been the last to be asked; null if the machine does not keep footprints. */
  get lastFootprint(): Footprint | null {
    return this.draft.footprint
  }

  /** Lets the task in `slot` take its next step: the state after it, or what it waits for. */
  step(state: State, slot: number): State | Wait {
    const move = this.transitions.of(state, slot)
    const wait = this.transitions.wait(move)
    if (wait) return wait
    const next = new Int32Array(this.states.width)
    next.set(state)
    this.transitions.apply(move, next)
    return next
  }

  /** What the task in `slot` waits for; null if it can take its step. */
  waits(state: State, slot: number): Wait | null {
    return this.attempts.of(state, slot).wait
  }

  /** The step again, with its sentence and what the oracles say to it. Only for a step that can be taken. */
  explain(state: State, slot: number): StepInfo {
    const task = this.states.letter(slot)
    const at = this.at(state, task)
    invariant(at, `${task} has no next step`)
    this.consults.clear()
    const { says, kept } = this.attempts.explain(state, slot)
    const consults = [...this.consults]
    const p = this.programs.procedure(at.procedure)
    return {
      task,
      procedure: p.name,
      label: at.label,
      says,
      source: sourceOf(p, at.row),
      depth: at.depth,
      kept,
      consults,
      violations: this.judgement.toStep(state, slot, this.attempts.of(state, slot).changes),
    }
  }

  /** Which oracles' bits are set in a state: bit i is oracle i. */
  violated(state: State): number {
    return this.judgement.violated(state)
  }

  /** The invariants that do not hold in a state. */
  invariants(state: State): readonly Objecting[] {
    return this.judgement.invariants(state)
  }

  /** A schedule that ends in this state, where all have finished or some are stuck: the bits of what it violates, and what is objected to the end itself. */
  judgeEnd(state: State): Found<{ readonly mask: number; readonly wrong: readonly Objecting[] }> {
    return this.judgement.atEnd(state, this.isFinal(state))
  }

  /** What a user sees of a schedule that ends in this state. */
  seen(state: State): Found<Seen> {
    return this.draft.over(state, state, () => {
      const returned: Record<Letter, unknown> = {}
      for (const slot of this.states.taskSlots) {
        const task = this.draft.peek(slot) as TaskValue | undefined
        // One that was ended, one that returned nothing and one that was never there: to a user they are one.
        if (task?.done && task.returned !== null) returned[this.states.letter(slot)] = task.returned
      }
      return unshown(this.system.outcome(this.draft.before, returned)) as Seen
    })
  }

  /** The outcome of a schedule that ends in this state, finished or stuck. */
  outcome(state: State): Outcome {
    return { ...this.seen(state).value, stuck: this.isFinal(state) ? null : waitingFor(this, state) }
  }
}
