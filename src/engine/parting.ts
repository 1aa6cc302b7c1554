/**
 * Where two runs part: the first step that one of them cannot take, at which they go different ways, or of which something
 * else has to be said. A step that only one kernel's code has is no parting by itself; what comes of it is.
 */
import { same } from '../base/plain.ts'
import type { Followed } from './followed.ts'
import type { Machine } from './machine.ts'
import type { World } from './procedure.ts'
import type { State } from './state.ts'
import type { Trace } from './trace.ts'
import type { Diverged, Letter, StepInfo } from './view.ts'

/** `n` counts in the run that follows, `of` in the one it follows: the first step that is not the same in both. */
export interface Parted extends Diverged {
  readonly of: number
  readonly instead: string | null
}

/** The first difference between a run and the one that follows it. */
export function parting<W extends World>(original: Trace<W>, followed: Followed<W>): Parted | null {
  const { trace, after, own, held } = followed
  const [theirs, ours] = [foreign(original, trace.machine), foreign(trace, original.machine)]
  const taken = (n: number): boolean => own.includes(n)
  const parted = (here: number, there: number, task: Letter, says?: string): Parted => ({
    n: here,
    of: there,
    task,
    says: says ?? sentence(trace.infos[here - 1], task) ?? absence(trace, task),
    instead: sentence(original.infos[there - 1], task),
  })
  /** They go different ways, at the latest here: from where this task's steps were no longer those of the other run. */
  const forked = (here: number, there: number, task: Letter): Parted => {
    const from = startOf(trace, task, here, (m) => own[m] === null)
    return parted(
      from,
      startOf(original, task, there, (n) => !taken(n)),
      task,
    )
  }
  for (const [i, info] of original.infos.entries()) {
    const n = i + 1
    if (held?.n === n) return parted(held.here, n, info.task, held.says)
    const here = own.indexOf(n)
    const [from, to] = [after[i] ?? 0, after[n] ?? 0]
    // Steps in between that the other kernel's code has as well: this run goes another way.
    for (let m = from + 1; m <= to; m++) {
      const task = trace.infos[m - 1]?.task ?? ''
      if (own[m] === null && !ours[m - 1]) return forked(m, stepOf(original, task, here < 0 || m < here ? n : n + 1), task)
    }
    if (here < 0 && !theirs[i]) return forked(to + 1, n, info.task)
    if (here > 0 && differs(original, n, trace, here)) return parted(here, n, info.task)
  }
  const more = after.at(-1) ?? 0
  if (original.end === 'open' || trace.length <= more) return null
  return parted(more + 1, original.length + 1, trace.infos[more]?.task ?? '')
}

/** Two runs that both follow a third, seen as one that follows the other. */
export function between<W extends World>(base: Followed<W>, other: Followed<W>): Followed<W> {
  const own = matched(base, other)
  const after = [0]
  for (const [i, n] of base.own.entries())
    if (i > 0) after.push(Math.max(after.at(-1) ?? 0, n === null ? own.indexOf(i) : (other.after[n] ?? 0)))
  const { held } = other
  // The first step of the base that the other has not taken when it is held up.
  const at = base.trace.infos.findIndex(({ task }, i) => {
    const here = own.indexOf(i + 1)
    return task === held?.task && (here < 0 || here >= held.here)
  })
  return { trace: other.trace, own, after, held: held && at >= 0 ? { ...held, n: at + 1 } : null }
}

/** By step of `other`: the step of `base` that it is. What the run they follow has not is told by task, label and turn. */
function matched<W extends World>(base: Followed<W>, other: Followed<W>): (number | null)[] {
  const free = new Map<string, number[]>()
  base.own.forEach((n, i) => {
    const name = n === null ? nameOf(base.trace.infos[i - 1]) : ''
    if (name !== '') free.set(name, [...(free.get(name) ?? []), i])
  })
  return other.own.map((n, m) => {
    if (n === null) return free.get(nameOf(other.trace.infos[m - 1]))?.shift() ?? null
    const at = base.own.indexOf(n)
    return at < 0 ? null : at
  })
}

const nameOf = (info: StepInfo | undefined): string => (info ? `${info.task} ${info.procedure}.${info.label}` : '')

/** Where two runs part that follow the same one; `n` counts in the second. It is the same place from whichever side one looks. */
export function partingBetween<W extends World>(left: Followed<W>, right: Followed<W>): Parted | null {
  if (isBase(left, right)) return parting(left.trace, between(left, right))
  const found = parting(right.trace, between(right, left))
  return found && { ...found, n: found.of, of: found.n, says: found.instead ?? absence(right.trace, found.task), instead: found.says }
}

/** The one that is held up first is the one that is said to wait; else the one that keeps closer to what both follow is the measure. */
function isBase<W extends World>(one: Followed<W>, other: Followed<W>): boolean {
  const held = ({ held }: Followed<W>): number => held?.n ?? Infinity
  const strange = ({ own }: Followed<W>): number => own.filter((n) => n === null).length
  if (held(one) !== held(other)) return held(one) > held(other)
  if (strange(one) !== strange(other)) return strange(one) < strange(other)
  return one.trace.choices <= other.trace.choices
}

/** `B in btrfs_page_mkwrite(): locks the page`; null if that is no step of the task. */
const sentence = (info: StepInfo | undefined, task: Letter): string | null =>
  info?.task === task ? `${task} in ${info.procedure}(): ${info.says}` : null

const absence = <W extends World>(trace: Trace<W>, task: Letter): string =>
  taskIn(trace, task) ? `${task} does not do this` : `there is no ${task}`

const taskIn = <W extends World>({ machine, state }: Trace<W>, task: Letter): boolean => machine.task(state, task) !== null

/** The number of the task's first step from step `from` on; `from` itself if there is none. */
function stepOf<W extends World>(trace: Trace<W>, task: Letter, from: number): number {
  const at = trace.infos.findIndex((info, i) => i + 1 >= from && info.task === task)
  return at < 0 ? from : at + 1
}

/** The first of the task's steps that lie before step `at` without another of its own that is no such step between. */
function startOf<W extends World>(trace: Trace<W>, task: Letter, at: number, such: (n: number) => boolean): number {
  let start = at
  for (let n = at - 1; n > 0; n--) {
    if (trace.infos[n - 1]?.task !== task) continue
    if (!such(n)) break
    start = n
  }
  return start
}

/** By step: whether only this kernel's code has it, by a row of its own or by what such a row calls. */
function foreign<W extends World>(trace: Trace<W>, other: Machine<W>): boolean[] {
  const { patches } = other.system.world.kernel
  const inside = new Map<Letter, number>()
  return trace.infos.map(({ task, depth }, i) => {
    const at = trace.machine.at(trace.states[i] as State, task)
    const shared = at !== null && at.row.onlyWith.every((id) => patches[id]) && !at.row.onlyWithout.some((id) => patches[id])
    const outer = inside.get(task)
    if (outer !== undefined && depth > outer) return true
    if (shared) inside.delete(task)
    else inside.set(task, depth)
    return !shared
  })
}

/** Whether something else has to be said of the step in the second run, or its task comes back with something else. */
function differs<W extends World>(a: Trace<W>, n: number, b: Trace<W>, m: number): boolean {
  return a.infos[n - 1]?.says !== b.infos[m - 1]?.says || !same(returned(a, n), returned(b, m))
}

function returned<W extends World>({ machine, states, infos }: Trace<W>, n: number): unknown {
  const task = machine.task(states[n] as State, infos[n - 1]?.task ?? '')
  return task?.done ? task.returned : null
}
