/**
 * Runs steps. The whole machine is one vector of component numbers: every component (a field of the world, a task, a
 * monitor's memory, the violation bits) is interned, so equal states are equal vectors, and a step only has to copy,
 * run and intern the components it touches. Step code sees an ordinary mutable object and need not know.
 */
import { AuthorError, EngineBug, invariant } from '../base/assert.ts'
import { canonical, copy } from '../base/plain.ts'
import type { Oracle } from './oracle.ts'
import { sourceOf, type Control, type Procedure, type Self, type StepRow, type Wait, type World } from './procedure.ts'
import type { System } from './system.ts'
import type { Letter, Source } from './view.ts'

/** One number a component; 0 is "not there". Never written to after it was made. */
export type State = Int32Array

interface Frame {
  readonly procedure: string
  pc: number
  readonly locals: Record<string, unknown>
  /** The caller's local that takes the return value. */
  readonly into: string | null
}

/** A task as a component. */
export interface TaskValue {
  readonly name: string
  readonly must: boolean
  readonly parent: Letter | null
  readonly frames: Frame[]
  readonly spawned: Record<string, number>
  done: boolean
  returned: unknown
}

/** What a step was, for traces. */
export interface StepInfo {
  readonly task: Letter
  readonly procedure: string
  readonly label: string
  readonly says: string
  readonly source: Source
  readonly depth: number
  readonly consults: readonly string[]
  readonly violations: readonly { readonly oracle: string; readonly says: string }[]
}

/** The result of trying to let a task take its next step: it waits, or these components change. */
export interface Attempt {
  readonly wait: Wait | null
  /** slot, number, slot, number, ... */
  readonly writes: readonly number[]
  readonly info: StepInfo | null
}

const Status = { absent: 0, mustRuns: 1, mayRuns: 2, done: 3 } as const
type Status = (typeof Status)[keyof typeof Status]

const flowMax = 1000

interface Interned {
  readonly numbers: Map<string, number>
  readonly values: unknown[]
}

export class Machine<W extends World = World> {
  readonly system: System<W>
  /** Names of the components, by slot; tasks come last. */
  readonly slots: readonly string[]
  readonly firstTask: number
  /** Letters by slot - firstTask: declared tasks in order, then spawned ones. */
  readonly letters: readonly Letter[]
  readonly initial: State
  /** Patches that any step looked at so far. */
  readonly consulted = new Set<string>()
  /** Slots in the order in which the last attempt or judgement first read them. */
  readonly reads: number[] = []

  private readonly tables: Interned[]
  private readonly statuses: Status[][]
  private readonly procedures: ReadonlyMap<string, Procedure>
  private readonly enabled: ReadonlyMap<string, readonly boolean[]>
  private readonly slotOf: ReadonlyMap<string, number>
  private readonly letterOf: ReadonlyMap<Letter, number>
  private readonly monitors: readonly { readonly oracle: Oracle<W>; readonly bit: number; readonly slot: number; readonly watch: readonly number[] }[]
  private readonly finals: readonly { readonly oracle: Oracle<W>; readonly bit: number }[]

  // The draft of the step being taken.
  private base: State
  private readonly drafts: unknown[]
  private readonly drafted: Uint8Array
  private readonly seen: Uint8Array
  private touched: number[] = []
  private consults: string[] = []
  private readonly draft: W
  private readonly settled: W

  constructor(system: System<W>) {
    this.system = system
    const components = Object.keys(system.world).filter((name) => name !== 'kernel' && name !== 'setting')
    const monitored = system.oracles.filter((oracle) => oracle.shape === 'monitor')
    this.letters = [...system.tasks.map((task) => task.letter), ...[...new Set(Object.values(system.letters))].sort()]
    this.slots = [...components, 'violated', ...monitored.map((oracle) => `monitor:${oracle.id}`), ...this.letters.map((letter) => `task:${letter}`)]
    if (new Set(this.slots).size !== this.slots.length) throw new AuthorError(`${system.name}: two tasks or components have one name among ${this.slots.join(' ')}`)
    if (system.oracles.length > 30) throw new AuthorError(`${system.name}: at most 30 oracles, it has ${system.oracles.length}`)
    this.slotOf = new Map(this.slots.map((name, slot) => [name, slot]))
    this.firstTask = this.slots.length - this.letters.length
    this.letterOf = new Map(this.letters.map((letter, i) => [letter, this.firstTask + i]))
    this.tables = this.slots.map(() => ({ numbers: new Map(), values: [undefined] }))
    this.statuses = this.letters.map(() => [Status.absent])
    this.procedures = new Map(system.procedures.map((p) => [p.name, p]))
    const on = (id: string): boolean => system.world.kernel.patches[id] === true
    this.enabled = new Map(system.procedures.map((p) => [p.name, p.rows.map((row) => row.kind === 'flow' || (row.onlyWith.every(on) && !row.onlyWithout.some(on)))]))
    const watch = (names: readonly string[]): number[] => names.map((name) => this.slot(name))
    this.monitors = system.oracles.flatMap((oracle, bit) => {
      if (oracle.shape === 'finally') return []
      return [{ oracle, bit, slot: oracle.shape === 'monitor' ? this.slot(`monitor:${oracle.id}`) : -1, watch: watch(oracle.watch) }]
    })
    this.finals = system.oracles.flatMap((oracle, bit) => (oracle.shape === 'finally' ? [{ oracle, bit }] : []))
    this.drafts = this.slots.map(() => undefined)
    this.drafted = new Uint8Array(this.slots.length)
    this.seen = new Uint8Array(this.slots.length)
    this.base = new Int32Array(this.slots.length)
    this.draft = this.view(components, (slot) => this.open(slot), true)
    this.settled = this.view(components, (slot) => this.peek(slot), false)
    this.initial = this.begin(components)
  }

  /** The value of a component, by name; frozen. Null when it is not there. */
  value(state: State, name: string): unknown {
    const slot = this.slot(name)
    return this.tables[slot]?.values[state[slot] ?? 0] ?? null
  }

  /** The world of a state, frozen. */
  world(state: State): W {
    const out: Record<string, unknown> = { kernel: this.system.world.kernel, setting: this.system.world.setting }
    for (let slot = 0; this.slots[slot] !== 'violated'; slot++) out[this.slots[slot] ?? ''] = this.tables[slot]?.values[state[slot] ?? 0]
    return out as unknown as W
  }

  /** The task as it is in a state; null if it was never spawned. */
  task(state: State, letter: Letter): TaskValue | null {
    return this.value(state, `task:${letter}`) as TaskValue | null
  }

  /** Where the task stands: procedure and label of its next step; null if it is done or not there. */
  at(state: State, letter: Letter): { readonly procedure: string; readonly label: string; readonly row: StepRow<unknown, unknown>; readonly depth: number } | null {
    const task = this.task(state, letter)
    const frame = task?.frames.at(-1)
    if (!task || task.done || !frame) return null
    const row = this.rowAt(frame)
    invariant(row.kind === 'step', `${letter} rests on a flow row`)
    return { procedure: frame.procedure, label: row.label, row, depth: task.frames.length - 1 }
  }

  /** Is this a state in which a schedule may end? */
  isFinal(state: State): boolean {
    for (let i = 0; i < this.letters.length; i++) if (this.statuses[i]?.[state[this.firstTask + i] ?? 0] === Status.mustRuns) return false
    return true
  }

  isMust(state: State, slot: number): boolean {
    return this.statuses[slot - this.firstTask]?.[state[slot] ?? 0] === Status.mustRuns
  }

  /** Could this task take a step if nothing blocked it? */
  isUnfinished(state: State, slot: number): boolean {
    const status = this.statuses[slot - this.firstTask]?.[state[slot] ?? 0]
    return status === Status.mustRuns || status === Status.mayRuns
  }

  slotOfTask(letter: Letter): number | null {
    return this.letterOf.get(letter) ?? null
  }

  /** Which oracles' bits are set in a state: bit i is oracle i. */
  violated(state: State): number {
    return (this.value(state, 'violated') as number | null) ?? 0
  }

  /** The bits of a schedule that ends in this state; leaves what it read in `reads`. */
  judgeEnd(state: State): { readonly mask: number; readonly says: readonly { readonly oracle: string; readonly says: string }[] } {
    this.rebase(state)
    let mask = (this.peek(this.slot('violated')) as number | undefined) ?? 0
    const says: { oracle: string; says: string }[] = []
    for (const { oracle, bit } of this.finals) {
      const wrong = oracle.shape === 'finally' ? oracle.judge(this.settled) : null
      if (wrong !== null) says.push({ oracle: oracle.id, says: wrong })
      if (wrong !== null) mask |= 1 << bit
    }
    return { mask, says }
  }

  /** The outcome of a schedule that ends in this state; leaves what it read in `reads`. */
  outcome(state: State): ReturnType<System<W>['outcome']> {
    this.rebase(state)
    const returned: Record<Letter, unknown> = {}
    this.letters.forEach((letter, i) => {
      const task = this.peek(this.firstTask + i) as TaskValue | undefined
      if (task?.done) returned[letter] = task.returned
    })
    return this.system.outcome(this.settled, returned)
  }

  /** The state that differs from `state` by `writes`. */
  apply(state: State, writes: readonly number[]): State {
    const next = state.slice()
    for (let i = 0; i < writes.length; i += 2) next[writes[i] ?? 0] = writes[i + 1] ?? 0
    return next
  }

  /**
   * Lets the task in `slot` try its next step. What the result depends on is left in `reads`.
   * With `explain` the sentence and the source come too.
   */
  attempt(state: State, slot: number, explain: boolean): Attempt {
    this.rebase(state)
    const task = this.open(slot) as TaskValue
    const frame = task.frames.at(-1)
    if (!frame || task.done) throw new EngineBug(`${this.slots[slot]} has no next step`)
    const row = this.rowAt(frame)
    invariant(row.kind === 'step', 'a task rests on a flow row')
    const letter = this.letters[slot - this.firstTask] ?? ''
    const self: Self = { letter, spawn: (site, what) => this.spawn(letter, task, site, what) }
    const depth = task.frames.length - 1
    try {
      const wait = row.when === null ? null : row.when(this.draft, frame.locals, self)
      if (wait) return { wait, writes: [], info: null }
      const control = row.run(this.draft, frame.locals, self)
      const says = explain ? (typeof row.says === 'string' ? row.says : row.says(this.draft, frame.locals, self)) : ''
      this.follow(task, frame, control ?? null)
      this.settle(task)
      const violations = this.observe(letter, frame.procedure, row.label, explain)
      const writes = this.commit()
      if (!explain) return { wait: null, writes, info: null }
      const p = this.procedure(frame.procedure)
      const info = { task: letter, procedure: p.name, label: row.label, says, source: sourceOf(p, row), depth, consults: [...new Set(this.consults)], violations }
      return { wait: null, writes, info }
    } catch (error) {
      if (error instanceof AuthorError || error instanceof EngineBug) throw error
      throw new AuthorError(`${this.system.name}: ${frame.procedure}.${row.label} of task ${letter} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  }

  private slot(name: string): number {
    const slot = this.slotOf.get(name)
    if (slot === undefined) throw new AuthorError(`${this.system.name}: there is no component ${name}; it has ${this.slots.join(' ')}`)
    return slot
  }

  private procedure(name: string): Procedure {
    const p = this.procedures.get(name)
    if (!p) throw new AuthorError(`${this.system.name}: there is no procedure ${name}; add it to the procedures of its subsystem`)
    return p
  }

  private rowAt(frame: Frame): Procedure['rows'][number] {
    const row = this.procedure(frame.procedure).rows[frame.pc]
    invariant(row, `${frame.procedure} has no row ${frame.pc}`)
    return row
  }

  private rebase(state: State): void {
    for (const slot of this.touched) {
      this.drafts[slot] = undefined
      this.drafted[slot] = 0
    }
    for (const slot of this.reads) this.seen[slot] = 0
    this.touched = []
    this.reads.length = 0
    this.consults = []
    this.base = state
  }

  private note(slot: number): void {
    if (this.seen[slot] === 1) return
    this.seen[slot] = 1
    this.reads.push(slot)
  }

  /** The component as the step found it, frozen. */
  private peek(slot: number): unknown {
    this.note(slot)
    return this.tables[slot]?.values[this.base[slot] ?? 0]
  }

  /** The step's own copy of the component. */
  private open(slot: number): unknown {
    if (this.drafted[slot] === 1) return this.drafts[slot]
    this.note(slot)
    const value = copy(this.tables[slot]?.values[this.base[slot] ?? 0])
    this.put(slot, value)
    return value
  }

  private put(slot: number, value: unknown): void {
    if (this.drafted[slot] === 0) {
      this.note(slot)
      this.drafted[slot] = 1
      this.touched.push(slot)
    }
    this.drafts[slot] = value
  }

  private view(components: readonly string[], get: (slot: number) => unknown, writable: boolean): W {
    const patches = new Proxy(this.system.world.kernel.patches, {
      get: (target, id) => {
        this.consult(String(id))
        return target[String(id)]
      },
    })
    const out = { kernel: { release: this.system.world.kernel.release, patches }, setting: this.system.world.setting }
    for (const name of components) {
      const slot = this.slot(name)
      Object.defineProperty(out, name, writable ? { get: () => get(slot), set: (value: unknown) => this.put(slot, value) } : { get: () => get(slot) })
    }
    return out as unknown as W
  }

  private consult(id: string): void {
    this.consults.push(id)
    this.consulted.add(id)
  }

  private intern(slot: number, value: unknown): number {
    const table = this.tables[slot]
    invariant(table, `no table for slot ${slot}`)
    if (value === undefined) return 0
    const key = canonical(value)
    const known = table.numbers.get(key)
    if (known !== undefined) return known
    const number = table.values.length
    table.numbers.set(key, number)
    table.values.push(freeze(value))
    if (slot >= this.firstTask) {
      const task = value as TaskValue
      this.statuses[slot - this.firstTask]?.push(task.done ? Status.done : task.must ? Status.mustRuns : Status.mayRuns)
    }
    return number
  }

  private commit(): number[] {
    const writes: number[] = []
    for (const slot of this.touched) {
      const number = this.intern(slot, this.drafts[slot])
      if (number !== this.base[slot]) writes.push(slot, number)
    }
    return writes
  }

  private changed(slot: number): boolean {
    return this.drafted[slot] === 1 && this.intern(slot, copy(this.drafts[slot])) !== this.base[slot]
  }

  /** Tells the oracles; sets the bits of those that object. */
  private observe(task: Letter, procedureName: string, label: string, explain: boolean): { oracle: string; says: string }[] {
    const violations: { oracle: string; says: string }[] = []
    const verdicts = new Map<number, boolean>()
    const moved = (slot: number): boolean => {
      let answer = verdicts.get(slot)
      if (answer === undefined) verdicts.set(slot, (answer = this.changed(slot)))
      return answer
    }
    for (const { oracle, bit, slot, watch } of this.monitors) {
      if (!watch.some(moved)) continue
      let wrong: string | null = null
      if (oracle.shape === 'always') wrong = oracle.judge(this.draft)
      else if (oracle.shape === 'monitor') {
        const memory = this.open(slot) as never
        wrong = oracle.observe(memory, this.settled, this.draft, { task, procedure: procedureName, label })
      }
      if (wrong === null) continue
      const mask = this.open(this.slot('violated')) as number
      if (explain && (mask & (1 << bit)) === 0) violations.push({ oracle: oracle.id, says: wrong })
      this.put(this.slot('violated'), mask | (1 << bit))
    }
    return violations
  }

  private spawn(parent: Letter, task: TaskValue, site: string, what: { name: string; procedure: string; locals: object; may?: boolean }): Letter {
    const occurrence = (task.spawned[site] ?? 0) + 1
    task.spawned[site] = occurrence
    const key = `${parent}/${site}/${occurrence}`
    const letter = this.system.letters[key]
    const slot = letter === undefined ? undefined : this.letterOf.get(letter)
    if (letter === undefined || slot === undefined) throw new AuthorError(`${this.system.name}: no letter for the spawned task ${key}; add it to the scenario's letters`)
    if (this.open(slot) !== undefined) throw new AuthorError(`${this.system.name}: the letter ${letter} of ${key} is taken; letters belong to one spawn each`)
    const child = this.newTask(what.name, what.may !== true, parent, what.procedure, what.locals)
    this.put(slot, child)
    return letter
  }

  private newTask(name: string, must: boolean, parent: Letter | null, procedureName: string, locals: object): TaskValue {
    this.procedure(procedureName)
    const task: TaskValue = { name, must, parent, frames: [{ procedure: procedureName, pc: 0, locals: copy(locals) as Record<string, unknown>, into: null }], spawned: {}, done: false, returned: null }
    this.settle(task)
    return task
  }

  /** Applies what a row answered to the frame it belongs to (the top one). */
  private follow(task: TaskValue, frame: Frame, control: Control | null): void {
    if (control === null) {
      frame.pc++
    } else if (control.go === 'label') {
      const target = this.procedure(frame.procedure).labels.get(control.label)
      if (target === undefined) throw new AuthorError(`${frame.procedure} has no row ${control.label} to go to`)
      frame.pc = target
    } else if (control.go === 'call') {
      this.procedure(control.procedure)
      frame.pc++
      task.frames.push({ procedure: control.procedure, pc: 0, locals: copy(control.locals) as Record<string, unknown>, into: control.into })
    } else {
      task.frames.pop()
      const caller = task.frames.at(-1)
      if (!caller) {
        task.done = true
        task.returned = control.value
      } else if (frame.into !== null) caller.locals[frame.into] = control.value
    }
  }

  /** Runs flow rows until the task rests on a step or is done. */
  private settle(task: TaskValue): void {
    for (let n = 0; n < flowMax; n++) {
      const frame = task.frames.at(-1)
      if (!frame) return
      const p = this.procedure(frame.procedure)
      const row = p.rows[frame.pc]
      if (!row) {
        this.follow(task, frame, { go: 'return', value: null })
        continue
      }
      if (row.kind === 'step') {
        for (const id of row.onlyWith) this.consult(id)
        for (const id of row.onlyWithout) this.consult(id)
        if (this.enabled.get(p.name)?.[frame.pc]) return
        frame.pc++
      } else this.follow(task, frame, row.go(frame.locals, this.draft) ?? null)
    }
    throw new AuthorError(`${this.system.name}: the flow of ${task.frames.at(-1)?.procedure} never reaches a step; does its loop make progress?`)
  }

  private begin(components: readonly string[]): State {
    const state = new Int32Array(this.slots.length)
    const world = this.system.world as unknown as Record<string, unknown>
    for (const name of components) state[this.slot(name)] = this.intern(this.slot(name), copy(world[name]))
    for (const { oracle, slot } of this.monitors) if (oracle.shape === 'monitor') state[slot] = this.intern(slot, copy(oracle.start))
    this.rebase(state)
    for (const task of this.system.tasks) {
      const slot = this.slot(`task:${task.letter}`)
      state[slot] = this.intern(slot, this.newTask(task.name, task.must, null, task.procedure, task.locals))
    }
    let mask = 0
    this.rebase(state)
    for (const { oracle, bit } of this.monitors) if (oracle.shape === 'always' && oracle.judge(this.settled) !== null) mask |= 1 << bit
    state[this.slot('violated')] = this.intern(this.slot('violated'), mask)
    return state
  }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const key in value) freeze((value as Record<string, unknown>)[key])
  }
  return value
}
