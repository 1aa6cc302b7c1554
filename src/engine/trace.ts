/** Runs one schedule and remembers every state on the way. */
import { AuthorError } from '../base/assert.ts'
import type { Machine, State } from './machine.ts'
import type { World } from './procedure.ts'
import type { Mark } from './oracle.ts'
import { printSchedule, stepsMax } from './schedule.ts'
import type { Blocked, Diverged, Letter, Next, StepInfo, StepView, Violation } from './view.ts'

/** A run so far. States are kept; nothing is ever undone, one simply looks at an earlier state. */
export class Trace<W extends World = World> {
  readonly machine: Machine<W>
  /** states[n] is the state after step n; states[0] the initial one. */
  readonly states: State[]
  readonly infos: StepInfo[] = []

  constructor(machine: Machine<W>) {
    this.machine = machine
    this.states = [machine.initial]
  }

  get length(): number {
    return this.infos.length
  }

  get state(): State {
    return this.states[this.infos.length] as State
  }

  /** A trace with the same steps, to go on differently. */
  copy(): Trace<W> {
    const other = new Trace(this.machine)
    other.states.push(...this.states.slice(1))
    other.infos.push(...this.infos)
    return other
  }

  /** Lets the task take a step; null when it did, otherwise why not, in words. */
  take(task: Letter): string | null {
    const slot = this.machine.slotOfTask(task)
    if (slot === null) return `there is no task ${task} here`
    if (!this.machine.isUnfinished(this.state, slot))
      return this.machine.task(this.state, task) ? `${task} has finished` : `${task} has not been started yet`
    const next = this.machine.step(this.state, slot)
    if (!(next instanceof Int32Array)) return waitsFor(task, next.on, next.heldBy)
    if (this.length >= stepsMax)
      throw new AuthorError(
        `${this.machine.system.name}: ${task} has not finished after ${stepsMax} steps; does its retry loop make progress?`,
      )
    const info = this.machine.explain(this.state, slot)
    this.states.push(next)
    this.infos.push(info)
    return null
  }

  /** Completes the run in task order: the first must-task that can run goes on; a may-task only when no must-task can. */
  finish(): void {
    for (;;) {
      const { machine, state } = this
      if (machine.isFinal(state)) return
      const able = runnable(machine, state).map((next) => next.task)
      const next = able.find((task) => machine.isMust(state, machine.slotOfTask(task) ?? -1)) ?? able[0]
      if (next === undefined) return
      this.take(next)
    }
  }

  get choices(): string {
    return printSchedule(this.infos.map((info) => info.task))
  }

  get end(): 'final' | 'deadlock' | 'open' {
    if (this.machine.isFinal(this.state)) return 'final'
    return runnable(this.machine, this.state).length === 0 ? 'deadlock' : 'open'
  }

  /** Every violation with the step after which it held, 0 = initially; those judged at the end stand at the last step. */
  get violations(): Violation[] {
    const found = [this.machine.initially, ...this.infos.map((info) => info.violations)]
    const out: Violation[] = found.flatMap((violations, step) => violations.map(({ oracle, says }) => ({ oracle, step, says })))
    if (this.end === 'final')
      for (const { oracle, says } of this.machine.judgeEnd(this.state).says) out.push({ oracle, step: this.length, says })
    return out
  }

  /**
   * What the oracles point at in state i: invariants as they are there, monitors that have objected on the way, and at
   * the end of a run those that judge ends.
   */
  marks(i: number): Mark[] {
    const { machine } = this
    const state = this.states[i] as State
    const monitors = new Set(machine.system.oracles.flatMap((oracle) => (oracle.shape === 'monitor' ? [oracle.id] : [])))
    const noted = this.infos.slice(0, i).flatMap(({ violations }) => violations.filter(({ oracle }) => monitors.has(oracle)))
    const final = i === this.length && this.end === 'final' ? machine.judgeEnd(state).says : []
    return [...machine.marksIn(state), ...noted.flatMap(({ marks }) => marks), ...final.flatMap(({ marks }) => marks)]
  }

  views(): StepView[] {
    return this.infos.map((info, i) => {
      const state = this.states[i + 1] as State
      const { task, procedure, label, says, source, depth, consults } = info
      return {
        n: i + 1,
        task,
        procedure,
        label,
        says,
        source,
        depth,
        consults,
        blocked: blocked(this.machine, state),
        runnable: runnable(this.machine, state),
      }
    })
  }
}

/** `B waits for i_mmap_lock, held by A`. */
export const waitsFor = (task: Letter, on: string, heldBy: readonly Letter[]): string =>
  `${task} waits for ${on}${heldBy.length > 0 ? `, held by ${heldBy.join(' and ')}` : ''}`

/** The tasks that can take a step, in task order. */
export function runnable<W extends World>(machine: Machine<W>, state: State): Next[] {
  return machine.letters.flatMap((task, i) => {
    const at = machine.at(state, task)
    if (!at || machine.waits(state, machine.firstTask + i)) return []
    return [{ task, procedure: at.procedure, label: at.label }]
  })
}

/** The tasks that would go on but cannot, with what they wait for. */
export function blocked<W extends World>(machine: Machine<W>, state: State): Blocked[] {
  return machine.letters.flatMap((task, i) => {
    if (!machine.isUnfinished(state, machine.firstTask + i)) return []
    const wait = machine.waits(state, machine.firstTask + i)
    return wait ? [{ task, on: wait.on, heldBy: [...wait.heldBy] }] : []
  })
}

/** Replays choices; where one cannot run the trace stops and says so. */
export function replay<W extends World>(
  machine: Machine<W>,
  choices: readonly Letter[],
): { readonly trace: Trace<W>; readonly diverged: Diverged | null } {
  const trace = new Trace(machine)
  for (const [i, task] of choices.entries()) {
    const why = trace.take(task)
    if (why !== null) return { trace, diverged: { n: i + 1, task, says: `at choice ${i + 1}: ${why}` } }
  }
  return { trace, diverged: null }
}
