/**
 * Runs one task to its end, and whatever it spawned, on one world that is changed in place. There are two orders only: the
 * task goes first, what it spawned when it has to wait, and the rest after it; or what it spawned goes first. No state is ever looked at again, so none
 * is interned and no step costs more than what it does: the same procedures as on a machine, without its search.
 */
import { AuthorError, EngineBug, invariant } from '../base/assert.ts'
import { copy } from '../base/plain.ts'
import type { Self, Wait, World } from './procedure.ts'
import { Programs, type TaskValue } from './programs.ts'
import type { System, TaskDeclaration } from './system.ts'
import type { Letter } from './view.ts'

interface Running {
  readonly letter: Letter
  readonly task: TaskValue
}

/** More steps than this in one run mean that a loop makes no progress. */
const stepsMax = 10_000_000

/** Who goes first where both can. */
export type First = 'caller' | 'workers'

export class Sequential<W extends World = World> {
  /** Steps taken so far, of all tasks. */
  steps = 0
  private readonly name: string
  private readonly programs: Programs
  private readonly goesFirst: First

  constructor(system: System<W>, goesFirst: First = 'caller') {
    this.name = system.name
    this.goesFirst = goesFirst
    this.programs = new Programs(system, () => undefined)
  }

  /** Runs the task and what it spawns. The world is the next call's. @returns what its outermost procedure returned. */
  run(world: W, { letter, name, must, procedure, locals }: TaskDeclaration): unknown {
    const first: Running = { letter, task: this.programs.start(name, must, null, procedure, locals) }
    const all = [first]
    let waits: Wait | null = null
    const step = (one: Running): boolean => {
      if (one.task.done) return false
      const wait = this.step(world, one, all)
      if (one === first) waits = wait
      return wait === null
    }
    const last = this.steps + stepsMax
    const inOrder = (): readonly Running[] => (this.goesFirst === 'caller' ? all : [...all.slice(1), first])
    while (inOrder().some(step))
      if (this.steps > last)
        throw new AuthorError(`${this.name}: ${name} has not finished after ${stepsMax} steps; does its retry loop make progress?`)
    const stuck = all.find(({ task }) => !task.done && task.must)
    if (stuck) {
      const frame = stuck.task.frames.at(-1)
      const row = frame && this.programs.rowAt(frame)
      throw new AuthorError(
        `${this.name}: ${stuck.task.name} never ends: it waits at ${frame?.procedure}.${row?.label} for ${(waits as Wait | null)?.on ?? 'another task'}`,
      )
    }
    return first.task.returned
  }

  /** One step of a task; what it waits for if it cannot take it. */
  private step(world: W, one: Running, all: Running[]): Wait | null {
    const { letter, task } = one
    const frame = task.frames.at(-1)
    if (!frame) throw new EngineBug(`${task.name} has no next step`)
    const row = this.programs.rowAt(frame)
    invariant(row.kind === 'step', 'a task rests on a flow row')
    const self: Self = { letter, spawn: (site, what) => this.spawn(one, all, site, what), endOthers: () => endOthers(one, all) }
    try {
      const wait = row.when?.(world, frame.locals, self) ?? null
      if (wait) return wait
      const control = row.run(world, frame.locals, self)
      this.programs.follow(task, frame, control ?? null)
      this.programs.settle(task)
    } catch (error) {
      if (error instanceof AuthorError || error instanceof EngineBug) throw error
      throw new AuthorError(
        `${this.name}: ${frame.procedure}.${row.label} of ${task.name} failed: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      )
    }
    this.steps++
    // What a step put into its locals is its own from here on, whatever part of the world it came from.
    for (const { locals } of task.frames.slice(-2)) for (const key in locals) locals[key] = copy(locals[key])
    return null
  }

  private spawn(parent: Running, all: Running[], site: string, what: Parameters<Self['spawn']>[1]): Letter {
    const occurrence = (parent.task.spawned[site] ?? 0) + 1
    parent.task.spawned[site] = occurrence
    const letter = `${parent.letter}/${site}/${occurrence}`
    all.push({ letter, task: this.programs.start(what.name, what.may !== true, parent.letter, what.procedure, what.locals) })
    return letter
  }
}

function endOthers(self: Running, all: readonly Running[]): void {
  for (const { task } of all.filter((other) => other !== self)) {
    task.done = true
    task.frames.length = 0
  }
}
