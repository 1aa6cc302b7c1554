/** What a step does by itself, before any oracle is asked: it waits, or some components change. */
import { AuthorError, EngineBug, invariant } from '../base/assert.ts'
import type { Attempt } from './attempted.ts'
import { effective, type Draft } from './draft.ts'
import type { Elements } from './footprint.ts'
import { letterOf } from './letters.ts'
import { Memo, type Found } from './memo.ts'
import type { Self, SpawnedTask, StepRow, Wait, World } from './procedure.ts'
import type { Frame, Programs, TaskValue } from './programs.ts'
import { Replays } from './replay.ts'
import type { State, States } from './state.ts'
import type { Letter } from './view.ts'

/** What an attempt comes to on the way. */
interface Running {
  endsOthers: boolean
  /** The slots of tasks that were spawned and take their first step at once. */
  readonly prompt: number[]
}

type Told = (row: StepRow<unknown, unknown>, frame: Frame, self: Self, task: TaskValue) => void

export class Attempts<W extends World> {
  private readonly name: string
  private readonly states: States
  private readonly draft: Draft<W>
  private readonly programs: Programs
  /** By slot of the task - firstTask. */
  private memos: Memo<Attempt>[] = []
  /** How long states were when the first of these was remembered. */
  private width = 0

  /** Null if the machine does not keep footprints. */
  private readonly replays: Replays | null

  constructor(name: string, states: States, draft: Draft<W>, programs: Programs, elements: Elements | null) {
    this.name = name
    this.states = states
    this.draft = draft
    this.programs = programs
    this.replays = elements && new Replays(states, elements)
  }

  /** The attempt of the task in `slot` to take its next step. */
  of(state: State, slot: number): Attempt {
    const attempt = this.memo(slot).of(state, state)
    const changes = effective(state, attempt.changes)
    return changes === attempt.changes ? attempt : { ...attempt, changes }
  }

  /** The same with what it depends on. Its changes may leave a component what it is that the step replaced unseen: see `effective`. */
  found(state: State, slot: number): Found<Attempt> {
    return this.memo(slot).found(state, state)
  }

  private memo(slot: number): Memo<Attempt> {
    // A step that ends every task has looked at the tasks that there could be; now there can be more.
    if (this.width !== this.states.width) {
      this.width = this.states.width
      this.memos = []
    }
    return (this.memos[slot - this.states.firstTask] ??= this.newMemo(slot))
  }

  private newMemo(slot: number): Memo<Attempt> {
    return new Memo(
      (before) => this.replays?.find(before, slot) ?? this.first(before, slot),
      (ended, number) => this.states.ended(ended, number),
    )
  }

  /** A step that nobody has taken yet where all that it looks at is as it is now. */
  private first(state: State, slot: number): Found<Attempt> {
    const found = this.run(state, slot, () => undefined)
    this.replays?.keep(state, slot, found, this.draft.assigned)
    return found
  }

  /** The sentence of a step that can be taken, and how many of the task's frames, outermost first, outlast it. */
  explain(state: State, slot: number): { readonly says: string; readonly kept: number } {
    let says = ''
    this.run(state, slot, (row, frame, self, task) => {
      says = typeof row.says === 'string' ? row.says : row.says(this.draft.world, frame.locals, self)
      this.programs.kept = task.frames.length
    })
    return { says, kept: this.programs.kept }
  }

  /** Runs the step; `told` is called when it has been taken, before the task goes on to its next step. */
  private run(state: State, slot: number, told: Told): Found<Attempt> {
    return this.draft.over(state, state, () => {
      const now: Running = { endsOthers: false, prompt: [] }
      const wait = this.take(slot, told, now)
      if (wait) return { wait, changes: [], ends: null, foot: this.draft.footprint }
      // What these spawn goes on the list in its turn.
      for (const spawned of now.prompt) this.take(spawned, () => undefined, now)
      return { wait: null, changes: this.draft.changes(), ends: now.endsOthers ? this.draft.unread : null, foot: this.draft.footprint }
    })
  }

  /** Takes the next step of a task, and those that follow it at once. @returns what the first waits for. */
  private take(slot: number, told: Told, now: Running): Wait | null {
    const { programs } = this
    const task = this.draft.open(slot) as TaskValue
    const letter = this.states.letter(slot)
    let { frame, row } = this.next(task, letter)
    const self: Self = {
      letter,
      spawn: (site, what) => {
        const spawned = this.spawn(letter, task, row, site, what)
        if (programs.goesOn(`${frame.procedure}.${row.label}>${site}`)) now.prompt.push(this.states.addTask(spawned))
        return spawned
      },
      endOthers: () => {
        now.endsOthers = true
        this.endOthers(slot)
      },
    }
    try {
      const wait = row.when === null ? null : row.when(this.draft.world, frame.locals, self)
      if (wait) return wait
      for (;;) {
        const control = row.run(this.draft.world, frame.locals, self)
        told(row, frame, self, task)
        programs.follow(task, frame, control ?? null)
        programs.settle(task)
        if (task.done) return null
        const then = this.next(task, letter)
        if (!programs.goesOn(`${then.frame.procedure}.${then.row.label}`)) return null
        if (then.row.when !== null && then.row.when(this.draft.world, then.frame.locals, self)) return null
        ;({ frame, row } = then)
      }
    } catch (error) {
      if (error instanceof EngineBug) throw error
      const says = error instanceof Error ? error.message : String(error)
      throw new AuthorError(`${this.name}: ${frame.procedure}.${row.label} of task ${letter} failed: ${says}`, { cause: error })
    }
  }

  /** The step on which the task rests. */
  private next(task: TaskValue, letter: Letter): { readonly frame: Frame; readonly row: StepRow<unknown, unknown> } {
    const frame = task.frames.at(-1)
    if (!frame || task.done) throw new EngineBug(`${letter} has no next step`)
    const row = this.programs.rowAt(frame)
    invariant(row.kind === 'step', 'a task rests on a flow row')
    return { frame, row }
  }

  private spawn(parent: Letter, task: TaskValue, row: StepRow<unknown, unknown>, site: string, what: SpawnedTask): Letter {
    if (!row.spawns.includes(site))
      throw new AuthorError(`${this.name}: the step ${row.label} spawns at ${site}; say so in its options: spawns: ['${site}']`)
    const occurrence = (task.spawned[site] ?? 0) + 1
    task.spawned[site] = occurrence
    const { sites } = this.programs
    const letter = letterOf({ parent, site: sites.indexOf(site), occurrence }, sites.length)
    this.draft.put(this.states.addTask(letter), this.programs.start(what.name, what.may !== true, parent, what.procedure, what.locals))
    return letter
  }

  private endOthers(self: number): void {
    for (let slot = this.states.firstTask; slot < this.states.width; slot++) if (slot !== self) this.draft.end(slot)
  }
}
