/** Runs one schedule and remembers every state on the way. */
import { AuthorError } from '../base/assert.ts'
import { canonical } from '../base/plain.ts'
import type { Machine } from './machine.ts'

import { isWait, type World } from './procedure.ts'
import { isDeclared } from './letters.ts'
import { printSchedule, stepsMax } from './schedule.ts'
import type { State } from './state.ts'
import { deadlock, isStuck, waitingFor } from './stuck.ts'
import type { Blocked, Diverged, Letter, Mark, Next, Outcome, StepInfo, StepView, Violation } from './view.ts'

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
    if (slot === null || !this.machine.isUnfinished(this.state, slot)) {
      if (this.machine.task(this.state, task)) return `${task} has finished`
      return isDeclared(task) ? `there is no task ${task} here` : `no task ${task} has been started`
    }
    const next = this.machine.step(this.state, slot)
    if (isWait(next)) return waitsFor(task, next.on, next.heldBy)
    if (this.length >= stepsMax)
      throw new AuthorError(
        `${this.machine.system.name}: ${task} has not finished after ${stepsMax} steps; does its retry loop make progress?`,
      )
    const info = this.machine.explain(this.state, slot)
    this.states.push(next)
    this.infos.push(info)
    return null
  }

  /** Completes the run in task order: the first must-task that can run goes on; a may-task only when no must-task can. Stops when stuck. */
  finish(): void {
    for (;;) {
      const { machine, state } = this
      if (machine.isFinal(state)) return
      const able = runnable(machine, state).map((next) => next.task)
      const must = able.find((task) => machine.isMust(state, machine.slotOfTask(task) ?? -1))
      const next = must ?? able[0]
      if (next === undefined || (must === undefined && isStuck(machine, state))) return
      this.take(next)
    }
  }

  get choices(): string {
    return printSchedule(this.infos.map((info) => info.task))
  }

  /** `final`: every must-task has finished; `stuck`: one waits for ever; `open`: it can go on. */
  get end(): 'final' | 'stuck' | 'open' {
    if (this.machine.isFinal(this.state)) return 'final'
    return isStuck(this.machine, this.state) ? 'stuck' : 'open'
  }

  /** What a user sees at the end; null while it can go on. */
  get outcome(): Outcome | null {
    return this.end === 'open' ? null : this.machine.outcome(this.state)
  }

  /** Every violation with the step after which it held, 0 = initially; those judged at the end stand at the last step. */
  get violations(): Violation[] {
    const found = [this.machine.initially, ...this.infos.map((info) => info.violations)]
    const out: Violation[] = found.flatMap((violations, step) => violations.map((violation) => ({ ...violation, step })))
    for (const violation of this.atEnd()) out.push({ ...violation, step: this.length })
    return out
  }

  /**
   * What the verdict oracles point at in state `i`: invariants that do not hold in it, monitors that have objected up to
   * it, and, if it is the end, what has to hold there.
   */
  marks(i: number): readonly Mark[] {
    const { machine } = this
    const shapes = new Map(machine.system.oracles.map(({ id, shape }) => [id, shape]))
    const verdicts = new Set(machine.oracles.flatMap(({ id, kind }) => (kind === 'verdict' ? [id] : [])))
    const wrong = [
      ...machine.invariants(this.states[i] as State),
      ...this.infos.slice(0, i).flatMap(({ violations }) => violations.filter(({ oracle }) => shapes.get(oracle) !== 'always')),
      ...(i === this.length ? this.atEnd() : []),
    ]
    const marks = wrong.flatMap((violation) => (verdicts.has(violation.oracle) ? violation.marks : []))
    return [...new Map(marks.map((mark) => [canonical(mark), mark])).values()]
  }

  /** What is objected to the end itself. */
  private atEnd(): readonly Omit<Violation, 'step'>[] {
    if (this.end === 'final') return this.machine.judgeEnd(this.state).value.wrong
    if (this.end === 'open') return []
    const waiting = waitingFor(this.machine, this.state)
    const says = waiting.map(({ task, on, heldBy }) => waitsFor(task, on, heldBy)).join('; ')
    const marks = waiting.flatMap(({ task, on, heldBy }): Mark[] => [
      { in: 'task', part: task },
      ...heldBy.map((holder) => ({ in: `held:${holder}`, part: on })),
    ])
    return [{ oracle: deadlock.id, says, marks }]
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
  return machine.taskSlots.flatMap((slot) => {
    const task = machine.letter(slot)
    const at = machine.at(state, task)
    if (!at || machine.waits(state, slot)) return []
    return [{ task, procedure: at.procedure, label: at.label }]
  })
}

/** The tasks that would go on but cannot, with what they wait for. */
export function blocked<W extends World>(machine: Machine<W>, state: State): Blocked[] {
  return machine.taskSlots.flatMap((slot) => {
    if (!machine.isUnfinished(state, slot)) return []
    const wait = machine.waits(state, slot)
    return wait ? [{ task: machine.letter(slot), on: wait.on, heldBy: [...wait.heldBy] }] : []
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
