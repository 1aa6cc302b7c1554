/** Where tasks stand in their procedures: frames, calls, returns, and the flow between two steps. All of it plain data. */
import { AuthorError, invariant } from '../base/assert.ts'
import { copy } from '../base/plain.ts'
import type { Control, Procedure, World } from './procedure.ts'
import type { System } from './system.ts'
import type { Letter } from './view.ts'

/** One activation of a procedure. */
export interface Frame {
  readonly procedure: string
  pc: number
  readonly locals: Record<string, unknown>
  /** The caller's local that takes the return value. */
  readonly into: string | null
}

/** A task as a component of the state. */
export interface TaskValue {
  readonly name: string
  readonly must: boolean
  readonly parent: Letter | null
  readonly frames: Frame[]
  /** How often each spawn site was passed. */
  readonly spawned: Record<string, number>
  done: boolean
  returned: unknown
}

/** More flow rows than this between two steps mean that a loop makes no progress. */
const flowMax = 1000

export class Programs {
  /** All spawn sites, by name, so that it does not matter which procedure stands where. */
  readonly sites: readonly string[]
  /** The least number of frames that a stack came down to since somebody set this: those are the same activations as before. */
  kept = 0
  private readonly name: string
  private readonly constants: World
  private readonly procedures: ReadonlyMap<string, Procedure>
  private readonly operations: Readonly<Record<string, string>>
  /** By procedure: which rows this kernel has. */
  private readonly enabled: ReadonlyMap<string, readonly boolean[]>
  private readonly consult: (patch: string) => void
  private readonly fused: ReadonlySet<string> | undefined

  /** `consult` is told of every patch that decides whether a row is there. */
  constructor(
    system: Pick<System<never>, 'name' | 'procedures' | 'operations' | 'fused'> & { readonly world: World },
    consult: (patch: string) => void,
  ) {
    const { patches } = system.world.kernel
    const on = (id: string): boolean => patches[id] === true
    this.name = system.name
    this.consult = consult
    this.fused = system.fused
    this.constants = { kernel: { release: system.world.kernel.release, patches: watched(patches, consult) }, setting: system.world.setting }
    this.procedures = new Map(system.procedures.map((p) => [p.name, p]))
    this.operations = system.operations
    const spawning = system.procedures.flatMap(({ rows }) => rows.flatMap((row) => (row.kind === 'step' ? row.spawns : [])))
    this.sites = [...new Set(spawning)].sort()
    this.enabled = new Map(
      system.procedures.map((p) => [
        p.name,
        p.rows.map((row) => row.kind === 'flow' || (row.onlyWith.every(on) && !row.onlyWithout.some(on))),
      ]),
    )
  }

  /** A task at the first step of a procedure. */
  start(name: string, must: boolean, parent: Letter | null, procedure: string, locals: object): TaskValue {
    const { name: own } = this.procedure(procedure)
    const task: TaskValue = {
      name,
      must,
      parent,
      frames: [{ procedure: own, pc: 0, locals: copy(locals) as Record<string, unknown>, into: null }],
      spawned: {},
      done: false,
      returned: null,
    }
    this.settle(task)
    return task
  }

  /** A procedure by its own name, or by that of the operation it is for this file system: `f_op->write_iter`. */
  procedure(name: string): Procedure {
    const p = this.procedures.get(name.includes('->') ? this.operation(name) : name)
    if (!p) throw new AuthorError(`${this.name}: there is no procedure ${name}; add it to the procedures of its subsystem`)
    return p
  }

  private operation(name: string): string {
    const procedure = this.operations[name]
    if (procedure === undefined)
      throw new AuthorError(`${this.name}: nothing does ${name} here; it has ${Object.keys(this.operations).join(', ') || 'no operations'}`)
    return procedure
  }

  rowAt(frame: Frame): Procedure['rows'][number] {
    const row = this.procedure(frame.procedure).rows[frame.pc]
    invariant(row, `${frame.procedure} has no row ${frame.pc}`)
    return row
  }

  /** Does a step follow the one before it at once? */
  goesOn(name: string): boolean {
    return this.fused !== undefined && this.fused.has(name)
  }

  /** Applies what a row answered to the frame it belongs to (the top one). */
  follow(task: TaskValue, frame: Frame, control: Control | null): void {
    if (control === null) {
      frame.pc++
    } else if (control.go === 'label') {
      const target = this.procedure(frame.procedure).labels.get(control.label)
      if (target === undefined) throw new AuthorError(`${frame.procedure} has no row ${control.label} to go to`)
      frame.pc = target
    } else if (control.go === 'call') {
      const { name: procedure } = this.procedure(control.procedure)
      frame.pc++
      task.frames.push({ procedure, pc: 0, locals: copy(control.locals) as Record<string, unknown>, into: control.into })
    } else {
      task.frames.pop()
      this.kept = Math.min(this.kept, task.frames.length)
      const caller = task.frames.at(-1)
      if (!caller) {
        task.done = true
        task.returned = control.value
      } else if (frame.into !== null) caller.locals[frame.into] = control.value
    }
  }

  /** Runs flow rows until the task rests on a step that this kernel has, or is done. */
  settle(task: TaskValue): void {
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
      } else this.follow(task, frame, row.go(frame.locals, this.constants) ?? null)
    }
    throw new AuthorError(`${this.name}: the flow of ${task.frames.at(-1)?.procedure} never reaches a step; does its loop make progress?`)
  }
}

/** The patches of a kernel, such that looking one up is noticed. */
export const watched = (patches: Readonly<Record<string, true>>, consult: (id: string) => void): Readonly<Record<string, true>> =>
  new Proxy(patches, {
    get: (target, id) => {
      consult(String(id))
      return target[String(id)]
    },
  })
