/**
 * Carries a schedule to another kernel by step labels, not by counts. Steps that only the other kernel has run together
 * with the step before them; steps that only the first one has are passed over; so every other task's step keeps its
 * place among the labels both share. A step that is blocked is owed and tried again before every later step.
 */
import type { Machine } from './machine.ts'
import type { World } from './procedure.ts'
import { Trace } from './trace.ts'
import type { Diverged, Letter } from './view.ts'

export interface Carried<W extends World> {
  readonly trace: Trace<W>
  /** after[i]: how many steps the carried run had taken when step i of the original (1-based; 0 = start) was done. */
  readonly after: readonly number[]
  /** The first step that could not run in its place. */
  readonly diverged: Diverged | null
}

const key = (at: { readonly procedure: string; readonly label: string }): string => `${at.procedure}.${at.label}`

/** Follows `original` on `machine`; with `finish`, goes on to the end in task order. */
export function carry<W extends World>(original: Trace<W>, machine: Machine<W>, finish: boolean): Carried<W> {
  const trace = new Trace(machine)
  const after: number[] = [0]
  let diverged: Diverged | null = null
  // What each task still does in the original or would go on to do there, and what it owes here because it was blocked.
  const ahead = new Map<Letter, Map<string, number>>()
  for (const info of toTheEnd(original).infos) count(ahead, info.task, key(info), 1)
  const owed = new Map<Letter, string[]>()

  /** Takes the step with this label if it is what comes next, then the steps only this kernel has; why not, in words. */
  const advance = (task: Letter, wanted: string): string | null => {
    const stuck = runOwn(task, wanted)
    if (stuck !== null) return stuck
    const at = machine.at(trace.state, task)
    if (!at || key(at) !== wanted) return null // only the first kernel has this step
    const why = trace.take(task)
    if (why === null) runOwn(task, null)
    return why
  }
  /** Takes steps that the original does not have; null when one it has comes next. */
  const runOwn = (task: Letter, wanted: string | null): string | null => {
    for (;;) {
      const at = machine.at(trace.state, task)
      if (!at || key(at) === wanted || (ahead.get(task)?.get(key(at)) ?? 0) > 0 || owed.get(task)?.includes(key(at))) return null
      const why = trace.take(task)
      if (why !== null) return why
    }
  }
  const payDebts = (): void => {
    for (const [task, debts] of owed) {
      while (debts.length > 0 && advance(task, debts[0] as string) === null) debts.shift()
      if (debts.length === 0) owed.delete(task)
    }
  }

  for (const [i, info] of original.infos.entries()) {
    payDebts()
    const wanted = key(info)
    count(ahead, info.task, wanted, -1)
    const debts = owed.get(info.task)
    if (debts) debts.push(wanted)
    else {
      const why = advance(info.task, wanted)
      if (why !== null) {
        owed.set(info.task, [wanted])
        diverged ??= { n: i + 1, task: info.task, says: `diverged at step ${trace.length + 1}: ${why}` }
      }
    }
    after.push(trace.length)
  }
  payDebts()
  if (finish) {
    for (let before = -1; before !== trace.length && owed.size > 0;) {
      before = trace.length
      payDebts()
    }
    trace.finish()
  }
  return { trace, after, diverged }
}

/** The trace gone on: a label that lies beyond its last step is one that both kernels have. */
function toTheEnd<W extends World>(original: Trace<W>): Trace<W> {
  const whole = original.copy()
  whole.finish()
  // A may-task need not go on, so finishing leaves it where it is.
  for (const { task } of original.infos) while (whole.take(task) === null);
  return whole
}

function count(ahead: Map<Letter, Map<string, number>>, task: Letter, label: string, by: number): void {
  let labels = ahead.get(task)
  if (!labels) ahead.set(task, (labels = new Map()))
  labels.set(label, (labels.get(label) ?? 0) + by)
}
