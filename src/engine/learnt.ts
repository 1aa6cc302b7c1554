/** What the reduced search has observed of tasks: what each may ever do, from each place it was seen at on. */
import { addSum, Bits, dependent, emptySum, mapped, type Elements, type Known, type Sum } from './footprint.ts'
import type { Machine } from './machine.ts'
import type { World } from './procedure.ts'
import type { State } from './state.ts'
import { inverse, type Renaming, type Symmetry } from './symmetry.ts'
import type { Touch } from './transitions.ts'

/** What a task may still do from one value of its component on. */
export interface Future {
  /** Of its next step and all that may follow. */
  readonly ever: Sum
  readonly comesFrom: Set<Future>
  /** Values that become this one when alike tasks change places, each with the renaming that leads back. */
  readonly alike: { readonly future: Future; readonly back: Renaming }[]
  /** Does this sum depend on what may follow? Of those that were asked for. */
  readonly depends: Map<Known, boolean>
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

  private readonly symmetry: Symmetry<W>
  /** By renaming, slot and value: is it known what that becomes? */
  private readonly changed = new Map<string, boolean[][]>()

  constructor(machine: Machine<W>, symmetry: Symmetry<W>) {
    this.machine = machine
    this.symmetry = symmetry
  }

  future(slot: number, value: number): Future {
    const values = (this.futures[slot] ??= [])
    return (values[value] ??= { ever: emptySum(), comesFrom: new Set(), alike: [], depends: new Map() })
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
    future.depends.clear()
    for (const earlier of future.comesFrom) this.mayFollow(earlier, sum)
    for (const { future: other, back } of future.alike) this.mayFollow(other, this.renamed(sum, back))
  }

  private renamed(sum: Sum, renaming: Renaming): Sum {
    const elements = this.machine.elements as Elements
    return mapped(sum, (element) => this.symmetry.renameElement(elements, element, renaming))
  }

  /**
   * Alike tasks have changed places: what follows is seen under other letters. So what may follow a value of before is what may follow the
   * one that it has become, with the letters changed back.
   */
  changedPlaces(before: State, after: State, renaming: Renaming): void {
    const name = [...renaming].join(' ')
    let known = this.changed.get(name)
    if (!known) this.changed.set(name, (known = []))
    for (const slot of this.machine.taskSlots) {
      const value = before[slot] ?? 0
      const values = (known[slot] ??= [])
      if (value === 0 || values[value]) continue
      values[value] = true
      const to = this.symmetry.slotOf(slot, renaming)
      const [future, become] = [this.future(slot, value), this.future(to, after[to] as number)]
      const back = inverse(renaming)
      become.alike.push({ future, back })
      this.mayFollow(future, this.renamed(become.ever, back))
    }
  }

  /** Does the order of a step and of anything that may follow matter? As far as is known by now. */
  meets(sum: Known, { ever, depends }: Future): boolean {
    let depend = depends.get(sum)
    if (depend === undefined) depends.set(sum, (depend = dependent(sum, ever)))
    return depend
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
