/** What the reduced search has observed of tasks: what each may ever do, from each place it was seen at on. */
import { addSum, Bits, dependent, emptySum, type Elements, type Known, type Sum } from './footprint.ts'
import type { Machine } from './machine.ts'
import type { World } from './procedure.ts'
import type { Touch } from './transitions.ts'

/** What a task may still do from one value of its component on. */
export interface Future {
  /** Of its next step and all that may follow. */
  readonly ever: Sum
  readonly comesFrom: Set<Future>
  /** By number of a sum: does it depend on what may follow? Of those that were asked for. */
  readonly depends: (boolean | undefined)[]
}

/** What all passes so far have observed. */
export class Learnt<W extends World> {
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
    return (values[value] ??= { ever: emptySum(), comesFrom: new Set(), depends: [] })
  }

  /** Observes a step that a task can take next. */
  step(future: Future, { number, sum, changes }: Touch): void {
    if (this.known.has(number)) return
    this.known.add(number)
    this.mayFollow(future, sum)
    for (let i = 0; i < changes.length; i += 2) {
      const changed = changes[i] as number
      if (!this.machine.isTask(changed)) continue
      const next = this.future(changed, changes[i + 1] as number)
      if (next.comesFrom.has(future)) continue
      next.comesFrom.add(future)
      this.mayFollow(future, next.ever)
    }
  }

  /** Notes what may follow a value, and so whatever leads to it. */
  private mayFollow(future: Future, sum: Sum): void {
    if (!addSum(future.ever, sum)) return
    future.depends.length = 0
    for (const earlier of future.comesFrom) this.mayFollow(earlier, future.ever)
  }

  /** Does the order of a step and of anything that may follow matter? As far as is known by now. */
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
    this.observed.addAll(bits)
  }
}
