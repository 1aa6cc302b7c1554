/** What the reduced search has observed of tasks: what each may ever do, from each place it was seen at on. */
import { addSum, Bits, dependent, emptySum, type Elements, type Known, type Sum } from './footprint.ts'
import type { Machine } from './machine.ts'
import type { World } from './procedure.ts'
import { widened } from './state.ts'
import type { Touch } from './transitions.ts'

/** What a task may still do from one value of its component on. */
export interface Future {
  /** Of its next step, and of all that may follow. */
  readonly now: Sum
  readonly ever: Sum
  readonly leadsTo: Set<Future>
  /** By number of a sum: does it depend on what may follow? Of those that were asked for. */
  readonly depends: (boolean | undefined)[]
}

/** What all passes so far have observed. */
export class Learnt<W extends World> {
  /** Grows with everything that is new. */
  version = 0
  /** What a step that ends all others looks at, or lets be and shows at the end. */
  readonly observed = new Bits()
  private readonly machine: Machine<W>
  private readonly unreads = new Map<string, ReadonlySet<number>>()
  private readonly observers = new Map<ReadonlySet<number>, Set<Pick<Sum, 'reads'>>>()
  /** By slot, then by the number of the task's value. */
  private readonly futures: Future[][] = []
  /** The numbers of the touches that are known. */
  private readonly known = new Bits()

  constructor(machine: Machine<W>) {
    this.machine = machine
  }

  future(slot: number, value: number): Future {
    const values = (this.futures[slot] ??= [])
    let future = values[value]
    if (!future) {
      values[value] = future = { now: emptySum(), ever: emptySum(), leadsTo: new Set(), depends: [] }
      this.version++
    }
    return future
  }

  /** Observes a step that a task can take next. */
  step(future: Future, { number, sum, changes }: Touch): void {
    if (this.known.has(number)) return
    this.known.add(number)
    if (addSum(future.now, sum)) this.version++
    for (let i = 0; i < changes.length; i += 2) {
      const changed = changes[i] as number
      if (!this.machine.isTask(changed)) continue
      const next = this.future(changed, changes[i + 1] as number)
      if (future.leadsTo.has(next)) continue
      future.leadsTo.add(next)
      this.version++
    }
  }

  /** Does the order of a step and of anything that may follow matter? As far as was known when `close` was last called. */
  meets(sum: Known, { ever, depends }: Future): boolean {
    return (depends[sum.number] ??= dependent(sum, ever))
  }

  /** The set of these components, one and the same for equal ones. */
  unread(slots: readonly number[]): ReadonlySet<number> {
    const name = slots.join()
    let set = this.unreads.get(name)
    if (!set) this.unreads.set(name, (set = new Set(slots)))
    return set
  }

  /** What somebody looked at who observes: parts of components that were as the observed state had them, but for tasks, which are all ended. */
  observe(foot: Pick<Sum, 'reads'>, unread: ReadonlySet<number>): void {
    let known = this.observers.get(unread)
    if (!known) this.observers.set(unread, (known = new Set()))
    if (known.has(foot)) return
    known.add(foot)
    const elements = this.machine.elements as Elements
    const bits = new Bits()
    for (const element of foot.reads) {
      const slot = elements.slotOf(element)
      if (!this.machine.isTask(slot) && !unread.has(slot)) bits.add(element)
    }
    if (this.observed.addAll(bits)) this.version++
  }

  /** Sums up what may ever follow each value. */
  close(): void {
    const all = this.futures.flatMap((values) => values.filter(() => true))
    for (const future of all) {
      addSum(future.ever, future.now)
      future.depends.length = 0
    }
    for (let changed = true; changed;) {
      changed = false
      for (let i = all.length - 1; i >= 0; i--) {
        const future = all[i] as Future
        for (const next of future.leadsTo) if (addSum(future.ever, next.ever)) changed = true
      }
    }
  }
}

/** So many runs from the start to an end, and steps in each of them, are taken to learn what tasks do before the first pass. */
const WALKS = Number(process.env.WALKS ?? 48)
const WALK = 400

/** Learns what tasks do from a few runs in which any task may be next; a search that knows more has to be repeated less often. */
export function wander<W extends World>(machine: Machine<W>, learnt: Learnt<W>): void {
  const { transitions } = machine
  // Any fixed sequence will do: the same request takes the same runs.
  let seed = 1
  const below = (n: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0
    return (seed >>> 8) % n
  }
  for (let walk = 0; walk < WALKS; walk++) {
    let run = widened(machine.initial.slice(), machine.width)
    let last = -1
    for (let n = 0; n < WALK; n++) {
      const tasks = machine.taskSlots.filter((slot) => machine.isUnfinished(run, slot))
      let taken: Touch | null = null
      while (tasks.length > 0 && !taken) {
        // A task goes on for a while as a rule: most of what can be learnt lies behind few switches.
        const again = below(4) > 0 ? tasks.indexOf(last) : -1
        const [slot = 0] = tasks.splice(again >= 0 ? again : below(tasks.length), 1)
        const touch = transitions.touch(transitions.of(run, slot))
        if (touch.waits || (touch.ends !== null && !machine.isMust(run, slot))) continue
        taken = touch
      }
      if (!taken) break
      learnt.step(learnt.future(taken.slot, run[taken.slot] as number), taken)
      last = taken.slot
      run = widened(run, machine.width)
      transitions.apply(taken.move, run)
    }
  }
}
