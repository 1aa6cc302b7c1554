/**
 * Runs steps. The whole machine is one vector of component numbers: every component (a field of the world, a task, a
 * monitor's memory, the violation bits) is interned, so equal states are equal vectors, and a step only has to copy,
 * run and intern the components it touches. Step code sees an ordinary mutable object and need not know.
 */
import { AuthorError, EngineBug, invariant } from '../base/assert.ts'
import { copy } from '../base/plain.ts'
import { Components } from './components.ts'
import { Memo } from './memo.ts'
import { objectionOf, type Always, type Answer, type Mark, type Monitor, type Objection } from './oracle.ts'
import { sourceOf, type Self, type StepRow, type Wait, type World } from './procedure.ts'
import { Programs, watched, type TaskValue } from './programs.ts'
import type { System } from './system.ts'
import type { Letter, StepInfo } from './view.ts'

/** One number a component; 0 is "not there". Never written to after it was made. */
export type State = Int32Array

/** What a step does by itself, before any oracle is asked: it waits, or these components change. */
interface Attempt {
  readonly wait: Wait | null
  /** slot, number, slot, number, ... */
  readonly writes: readonly number[]
  /** Bits of the watchers that have to look at it. */
  readonly watchers: number
}

/** What an oracle makes of a step: its new memory, and whether it objects. */
interface Opinion {
  readonly memory: number
  readonly objects: boolean
}

interface Watcher<W> {
  readonly oracle: Always<W> | Monitor<W>
  /** Its bit among all oracles. */
  readonly bit: number
  /** The slot of its memory; -1 for an invariant. */
  readonly slot: number
  /** Opinions by what it read; a monitor's also by the task. */
  readonly opinions: readonly Memo<Opinion>[]
}

/** An oracle's objection, with whose it is. */
interface OracleSays extends Objection {
  readonly oracle: string
}

const Status = { absent: 0, mustRuns: 1, mayRuns: 2, done: 3 } as const
type Status = (typeof Status)[keyof typeof Status]

export class Machine<W extends World = World> {
  readonly system: System<W>
  /** Names of the components, by slot; tasks come last. */
  readonly slots: readonly string[]
  readonly firstTask: number
  /** Letters by slot - firstTask: declared tasks in order, then spawned ones. */
  readonly letters: readonly Letter[]
  readonly initial: State
  /** Invariants that do not even hold there. */
  readonly initially: OracleSays[] = []
  /** Patches that any step looked at so far. */
  readonly consulted = new Set<string>()
  /** Slots in the order in which the last attempt or judgement first read them. */
  readonly reads: number[] = []
  /** Slots that the last `stepInto` changed. */
  readonly written: number[] = []

  /** The slot of the violation bits. */
  private readonly bits: number
  private readonly components: Components
  private readonly statuses: Status[][]
  private readonly programs: Programs
  private readonly letterOf: ReadonlyMap<Letter, number>
  private readonly watchers: readonly Watcher<W>[]
  /** By slot: bits of the watchers that want to know when it changes. */
  private readonly watched: Int32Array
  private readonly finals: readonly { readonly judge: (s: W) => Answer; readonly id: string; readonly bit: number }[]
  private readonly attempts: readonly Memo<Attempt>[]

  // The draft of the step being taken.
  private base: State
  private readonly drafts: unknown[]
  private readonly drafted: Uint8Array
  private readonly seen: Uint8Array
  private touched: number[] = []
  private consults: string[] = []
  private readonly draft: W
  /** The state before the step, and the one after it, as an oracle sees them. */
  private readonly before: W
  private readonly after: W
  private result: State

  constructor(system: System<W>) {
    this.system = system
    const components = Object.keys(system.world).filter((name) => name !== 'kernel' && name !== 'setting')
    const monitored = system.oracles.filter((oracle) => oracle.shape === 'monitor')
    this.letters = [...system.tasks.map((task) => task.letter), ...[...new Set(Object.values(system.letters))].sort()]
    this.slots = [
      ...components,
      'violated',
      ...monitored.map((oracle) => `monitor:${oracle.id}`),
      ...this.letters.map((letter) => `task:${letter}`),
    ]
    if (new Set(this.slots).size !== this.slots.length)
      throw new AuthorError(`${system.name}: two tasks or components have one name among ${this.slots.join(' ')}`)
    if (system.oracles.length > 30) throw new AuthorError(`${system.name}: at most 30 oracles, it has ${system.oracles.length}`)
    this.components = new Components(this.slots)
    this.firstTask = this.slots.length - this.letters.length
    this.bits = this.slot('violated')
    this.letterOf = new Map(this.letters.map((letter, i) => [letter, this.firstTask + i]))
    this.statuses = this.letters.map(() => [Status.absent])
    this.programs = new Programs(system, (id) => this.consult(id))
    this.watched = new Int32Array(this.slots.length)
    this.watchers = system.oracles.flatMap((oracle, bit) => {
      if (oracle.shape === 'finally') return []
      const isMonitor = oracle.shape === 'monitor'
      return [
        {
          oracle,
          bit,
          slot: isMonitor ? this.slot(`monitor:${oracle.id}`) : -1,
          opinions: (isMonitor ? this.letters : [0]).map(() => new Memo<Opinion>()),
        },
      ]
    })
    this.watchers.forEach(({ oracle }, i) => oracle.watch.forEach((name) => (this.watched[this.slot(name)]! |= 1 << i)))
    this.finals = system.oracles.flatMap((oracle, bit) => (oracle.shape === 'finally' ? [{ judge: oracle.judge, id: oracle.id, bit }] : []))
    this.attempts = this.letters.map(() => new Memo<Attempt>())
    this.drafts = this.slots.map(() => undefined)
    this.drafted = new Uint8Array(this.slots.length)
    this.seen = new Uint8Array(this.slots.length * 2)
    this.base = new Int32Array(this.slots.length)
    this.result = this.base
    this.draft = this.view(components, (slot) => this.open(slot), true)
    this.before = this.view(components, (slot) => this.peek(slot), false)
    this.after = this.view(components, (slot) => this.peekAfter(slot), false)
    this.initial = this.begin(components)
  }

  /** The value of a component, by name; frozen. Null when it is not there. */
  value(state: State, name: string): unknown {
    const slot = this.slot(name)
    return this.components.value(slot, state[slot] ?? 0) ?? null
  }

  /** The world of a state, frozen. */
  world(state: State): W {
    const out: Record<string, unknown> = { kernel: this.system.world.kernel, setting: this.system.world.setting }
    for (let slot = 0; this.slots[slot] !== 'violated'; slot++) out[this.slots[slot] ?? ''] = this.components.value(slot, state[slot] ?? 0)
    return out as unknown as W
  }

  /** The task as it is in a state; null if it was never spawned. */
  task(state: State, letter: Letter): TaskValue | null {
    return this.value(state, `task:${letter}`) as TaskValue | null
  }

  /** Where the task stands: procedure and label of its next step; null if it is done or not there. */
  at(
    state: State,
    letter: Letter,
  ): { readonly procedure: string; readonly label: string; readonly row: StepRow<unknown, unknown>; readonly depth: number } | null {
    const task = this.task(state, letter)
    const frame = task?.frames.at(-1)
    if (!task || task.done || !frame) return null
    const row = this.programs.rowAt(frame)
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
    return (this.components.value(this.bits, state[this.bits] as number) as number | undefined) ?? 0
  }

  /** What the invariants point at in a state. */
  marksIn(state: State): Mark[] {
    return this.watchers.flatMap((watcher) =>
      watcher.oracle.shape === 'always' ? (this.opine(watcher, state, state, this.firstTask).wrong?.marks ?? []) : [],
    )
  }

  /** The bits of a schedule that ends in this state; leaves what it read in `reads`. */
  judgeEnd(state: State): { readonly mask: number; readonly says: readonly OracleSays[] } {
    this.rebase(state)
    let mask = (this.peek(this.bits) as number | undefined) ?? 0
    const says: OracleSays[] = []
    for (const { judge, id, bit } of this.finals) {
      const wrong = objectionOf(judge(this.before))
      if (wrong === null) continue
      says.push({ oracle: id, ...wrong })
      mask |= 1 << bit
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
    return this.system.outcome(this.before, returned)
  }

  /** Lets the task in `slot` take its next step: the state after it, or what it waits for. */
  step(state: State, slot: number): State | Wait {
    const next = state.slice()
    return this.stepInto(state, slot, next) ?? next
  }

  /**
   * The same for a search, which has no time to copy: `next` equals `state` on entry and becomes the state after the step;
   * `written` then lists the slots that differ. Null if the step was taken.
   */
  stepInto(state: State, slot: number, next: State): Wait | null {
    const memo = this.attempts[slot - this.firstTask]
    let attempt = memo?.get(state, state)
    if (!attempt) {
      attempt = this.attempt(state, slot, null)
      memo?.put(state, state, this.reads, attempt)
    }
    this.written.length = 0
    if (attempt.wait) return attempt.wait
    const { writes } = attempt
    for (let i = 0; i < writes.length; i += 2) this.write(next, writes[i] as number, writes[i + 1] as number)
    if (attempt.watchers !== 0) this.ask(state, next, slot, attempt.watchers)
    return null
  }

  private write(next: State, slot: number, value: number): void {
    next[slot] = value
    this.written.push(slot)
  }

  /** What the task in `slot` waits for; null if it can take its step. */
  waits(state: State, slot: number): Wait | null {
    const next = this.step(state, slot)
    return next instanceof Int32Array ? null : next
  }

  /** The step again, with its sentence and what the oracles say to it. Only for a step that can be taken. */
  explain(state: State, slot: number): StepInfo {
    const at = this.at(state, this.letters[slot - this.firstTask] ?? '')
    invariant(at, `${this.slots[slot]} has no next step`)
    const words = { says: '', consults: [] as readonly string[] }
    const { watchers, writes } = this.attempt(state, slot, words)
    const next = state.slice()
    for (let i = 0; i < writes.length; i += 2) next[writes[i] as number] = writes[i + 1] as number
    const violations = this.watchers.flatMap((watcher, i) => {
      if ((watchers & (1 << i)) === 0 || (this.violated(state) & (1 << watcher.bit)) !== 0) return []
      const wrong = this.opine(watcher, state, next, slot).wrong
      return wrong === null ? [] : [{ oracle: watcher.oracle.id, ...wrong }]
    })
    const p = this.programs.procedure(at.procedure)
    return {
      task: this.letters[slot - this.firstTask] ?? '',
      procedure: p.name,
      label: at.label,
      says: words.says,
      source: sourceOf(p, at.row),
      depth: at.depth,
      consults: words.consults,
      violations,
    }
  }

  /** Runs the step by itself. What the result depends on is left in `reads`; its sentence goes to `words`. */
  private attempt(state: State, slot: number, words: { says: string; consults: readonly string[] } | null): Attempt {
    this.rebase(state)
    const task = this.open(slot) as TaskValue
    const frame = task.frames.at(-1)
    if (!frame || task.done) throw new EngineBug(`${this.slots[slot]} has no next step`)
    const row = this.programs.rowAt(frame)
    invariant(row.kind === 'step', 'a task rests on a flow row')
    const letter = this.letters[slot - this.firstTask] ?? ''
    const self: Self = { letter, spawn: (site, what) => this.spawn(letter, task, site, what), endOthers: () => this.endOthers(slot) }
    try {
      const wait = row.when === null ? null : row.when(this.draft, frame.locals, self)
      if (wait) return { wait, writes: [], watchers: 0 }
      const control = row.run(this.draft, frame.locals, self)
      if (words) words.says = typeof row.says === 'string' ? row.says : row.says(this.draft, frame.locals, self)
      this.programs.follow(task, frame, control ?? null)
      this.programs.settle(task)
      if (words) words.consults = [...new Set(this.consults)]
      const writes = this.commit()
      let watchers = 0
      for (let i = 0; i < writes.length; i += 2) watchers |= this.watched[writes[i] as number] as number
      return { wait: null, writes, watchers }
    } catch (error) {
      if (error instanceof AuthorError || error instanceof EngineBug) throw error
      throw new AuthorError(
        `${this.system.name}: ${frame.procedure}.${row.label} of task ${letter} failed: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      )
    }
  }

  /** Asks the oracles about a step and writes their memories and objections into the state after it. */
  private ask(state: State, next: State, slot: number, watchers: number): void {
    let objections = 0
    for (let i = 0; i < this.watchers.length; i++) {
      if ((watchers & (1 << i)) === 0) continue
      const watcher = this.watchers[i] as Watcher<W>
      const memo = watcher.opinions[watcher.slot < 0 ? 0 : slot - this.firstTask]
      let opinion = memo?.get(state, next)
      if (!opinion) {
        const { memory, wrong } = this.opine(watcher, state, next, slot)
        opinion = { memory, objects: wrong !== null }
        memo?.put(state, next, this.reads, opinion)
      }
      if (watcher.slot >= 0 && opinion.memory !== next[watcher.slot]) this.write(next, watcher.slot, opinion.memory)
      if (opinion.objects) objections |= 1 << watcher.bit
    }
    if (objections === 0) return
    const bits = this.intern(this.bits, this.violated(next) | objections)
    if (bits !== next[this.bits]) this.write(next, this.bits, bits)
  }

  /** One oracle's opinion of a step, computed; what it depends on is left in `reads`. */
  private opine(
    { oracle, slot: memorySlot }: Watcher<W>,
    state: State,
    next: State,
    slot: number,
  ): { readonly memory: number; readonly wrong: Objection | null } {
    this.rebase(state)
    this.result = next
    if (oracle.shape === 'always') return { memory: 0, wrong: objectionOf(oracle.judge(this.after)) }
    const memory = copy(this.peek(memorySlot)) as never
    const wrong = objectionOf(oracle.observe(memory, this.before, this.after, { task: this.letters[slot - this.firstTask] ?? '' }))
    return { memory: this.intern(memorySlot, memory), wrong }
  }

  private slot(name: string): number {
    const slot = this.components.slot(name)
    if (slot === undefined) throw new AuthorError(`${this.system.name}: there is no component ${name}; it has ${this.slots.join(' ')}`)
    return slot
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
    return this.components.value(slot, this.base[slot] ?? 0)
  }

  /** The component after the step an oracle looks at, frozen. Its reads count apart from those of the state before. */
  private peekAfter(slot: number): unknown {
    this.note(slot + this.slots.length)
    return this.components.value(slot, this.result[slot] ?? 0)
  }

  /** The step's own copy of the component. */
  private open(slot: number): unknown {
    if (this.drafted[slot] === 1) return this.drafts[slot]
    this.note(slot)
    const value = copy(this.components.value(slot, this.base[slot] ?? 0))
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
    const { release, patches } = this.system.world.kernel
    const out = { kernel: { release, patches: watched(patches, (id) => this.consult(id)) }, setting: this.system.world.setting }
    for (const name of components) {
      const slot = this.slot(name)
      Object.defineProperty(
        out,
        name,
        writable ? { get: () => get(slot), set: (value: unknown) => this.put(slot, value) } : { get: () => get(slot) },
      )
    }
    return out as unknown as W
  }

  private consult(id: string): void {
    this.consults.push(id)
    this.consulted.add(id)
  }

  private intern(slot: number, value: unknown): number {
    if (slot < this.firstTask) return this.components.intern(slot, value)
    return this.components.intern(slot, value, (fresh) => {
      const { done, must } = fresh as TaskValue
      this.statuses[slot - this.firstTask]?.push(done ? Status.done : must ? Status.mustRuns : Status.mayRuns)
    })
  }

  private commit(): number[] {
    const writes: number[] = []
    for (const slot of this.touched) {
      const number = this.intern(slot, this.drafts[slot])
      if (number !== this.base[slot]) writes.push(slot, number)
    }
    return writes
  }

  private spawn(
    parent: Letter,
    task: TaskValue,
    site: string,
    what: { name: string; procedure: string; locals: object; may?: boolean },
  ): Letter {
    const occurrence = (task.spawned[site] ?? 0) + 1
    task.spawned[site] = occurrence
    const key = `${parent}/${site}/${occurrence}`
    const letter = this.system.letters[key]
    const slot = letter === undefined ? undefined : this.letterOf.get(letter)
    if (letter === undefined || slot === undefined)
      throw new AuthorError(`${this.system.name}: no letter for the spawned task ${key}; add it to the scenario's letters`)
    if (this.open(slot) !== undefined)
      throw new AuthorError(`${this.system.name}: the letter ${letter} of ${key} is taken; letters belong to one spawn each`)
    const child = this.programs.start(what.name, what.may !== true, parent, what.procedure, what.locals)
    this.put(slot, child)
    return letter
  }

  private endOthers(self: number): void {
    for (let slot = this.firstTask; slot < this.slots.length; slot++) {
      if (slot === self || this.open(slot) === undefined) continue
      const task = this.open(slot) as TaskValue
      if (task.done) continue
      task.done = true
      task.frames.length = 0
      // Nothing will look at it again; two states that differ in it alone are one.
      for (const site of Object.keys(task.spawned)) delete task.spawned[site]
    }
  }

  private begin(components: readonly string[]): State {
    const state = new Int32Array(this.slots.length)
    const world = this.system.world as unknown as Record<string, unknown>
    for (const name of components) state[this.slot(name)] = this.intern(this.slot(name), copy(world[name]))
    for (const { oracle, slot } of this.watchers) if (oracle.shape === 'monitor') state[slot] = this.intern(slot, copy(oracle.start))
    this.rebase(state)
    for (const task of this.system.tasks) {
      const slot = this.slot(`task:${task.letter}`)
      state[slot] = this.intern(slot, this.programs.start(task.name, task.must, null, task.procedure, task.locals))
    }
    let mask = 0
    for (const watcher of this.watchers) {
      if (watcher.oracle.shape !== 'always') continue
      const { wrong } = this.opine(watcher, state, state, this.firstTask)
      if (wrong === null) continue
      this.initially.push({ oracle: watcher.oracle.id, ...wrong })
      mask |= 1 << watcher.bit
    }
    state[this.bits] = this.intern(this.bits, mask)
    return state
  }
}
