/**
 * Carries a schedule to another kernel by step labels, not by counts. Steps that only the other kernel has run together
 * with the step before them; steps that only the first one has are passed over; so every other task's step keeps its
 * place among the labels both share. A step that is blocked is owed and tried again before every later step. Whatever the
 * other system lacks (a task, a call that goes further) is passed over too: carrying never fails.
 */
import type { Followed } from './followed.ts'
import { parting, type Parted } from './parting.ts'
import type { Machine } from './machine.ts'
import type { World } from './procedure.ts'
import { stepsMax } from './schedule.ts'
import { Trace } from './trace.ts'
import type { Letter } from './view.ts'

export interface Carried<W extends World> extends Followed<W> {
  /** Where the two runs part; null if they never do. */
  readonly diverged: Parted | null
}

const key = (at: { readonly procedure: string; readonly label: string }): string => `${at.procedure}.${at.label}`

/** Follows `original` on `machine`; with `finish`, goes on to the end in task order. */
export function carry<W extends World>(original: Trace<W>, machine: Machine<W>, finish: boolean): Carried<W> {
  const followed = follow(original, machine, finish)
  return { ...followed, diverged: parting(original, followed) }
}

function follow<W extends World>(original: Trace<W>, machine: Machine<W>, finish: boolean): Followed<W> {
  const trace = new Trace(machine)
  const after: number[] = [0]
  const own: (number | null)[] = [null]
  let held: Followed<W>['held'] = null
  // What each task still does in the original or would go on to do there, and what it owes here because it was blocked.
  const ahead = new Map<Letter, Map<string, number>>()
  for (const info of toTheEnd(original).infos) count(ahead, info.task, key(info), 1)
  const owed = new Map<Letter, Owed[]>()

  const standing = (task: Letter): string | null => {
    const at = machine.at(trace.state, task)
    return at && key(at)
  }
  const take = (task: Letter, n: number | null): string | null => {
    const why = trace.take(task)
    if (why === null) own.push(n)
    return why
  }
  /** Takes the step with this label if it is what comes next, then the steps only this kernel has; why not, in words. */
  const advance = (task: Letter, { n, wanted }: Owed): string | null => {
    const stuck = runOwn(task, wanted)
    if (stuck !== null) return stuck
    if (standing(task) !== wanted) return null // only the first kernel has this step
    const why = take(task, n)
    if (why === null) runOwn(task, null)
    return why
  }
  /** Takes steps that the original does not have; null when one it has comes next. */
  const runOwn = (task: Letter, wanted: string | null): string | null => {
    for (;;) {
      const next = standing(task)
      if (next === null || next === wanted || (ahead.get(task)?.get(next) ?? 0) > 0) return null
      if (owed.get(task)?.some((debt) => debt.wanted === next)) return null
      const why = take(task, null)
      if (why !== null) return why
    }
  }
  const payDebts = (): void => {
    for (const [task, debts] of owed) {
      while (debts[0] && advance(task, debts[0]) === null) debts.shift()
      if (debts.length === 0) owed.delete(task)
    }
  }

  for (const [i, info] of original.infos.entries()) {
    payDebts()
    const debt = { n: i + 1, wanted: key(info) }
    count(ahead, info.task, debt.wanted, -1)
    const debts = owed.get(info.task)
    if (debts) debts.push(debt)
    else {
      const why = advance(info.task, debt)
      if (why !== null) {
        owed.set(info.task, [debt])
        held ??= { n: i + 1, here: trace.length + 1, task: info.task, says: why }
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
    while (own.length <= trace.length) own.push(null)
  }
  return { trace, after, own, held }
}

/** A step of the original that is still to be taken. */
interface Owed {
  readonly n: number
  readonly wanted: string
}

/** The trace gone on: a label that lies beyond its last step is one that both kernels have. */
function toTheEnd<W extends World>(original: Trace<W>): Trace<W> {
  const whole = original.copy()
  whole.finish()
  // A may-task need not go on, so finishing leaves it where it is.
  for (const { task } of original.infos) while (whole.length < stepsMax && whole.take(task) === null);
  return whole
}

function count(ahead: Map<Letter, Map<string, number>>, task: Letter, label: string, by: number): void {
  let labels = ahead.get(task)
  if (!labels) ahead.set(task, (labels = new Map()))
  labels.set(label, (labels.get(label) ?? 0) + by)
}
