/** What the reduced search has observed of tasks: what each may ever do, from each place it was seen at on. */
import { Bits, type Elements } from './footprint.ts'
import type { Machine } from './machine.ts'
import type { World } from './procedure.ts'
import type { State } from './state.ts'
import type { Known, Sum, Sums } from './sums.ts'
import { inverse, type Renaming, type Symmetry } from './symmetry.ts'
import type { Touch } from './transitions.ts'

/** What a task may still do from one value of its component on. */
export interface Future {
  /** The numbers of the sums of its next step and of all that may follow. */
  readonly ever: Bits
  readonly comesFrom: Set<Future>
  /** Values that become this one when alike tasks change places. */
  readonly alike: { readonly future: Future; readonly places: Places }[]
  /** May a step that ends all other tasks follow? */
  ends: boolean
  /** By the number of a sum: states in which it is relied on that such a step meets nothing of this. */
  readonly relying: Map<number, number[]>
}

/** Alike tasks that change places in one way. */
interface Places {
  /** The renaming that leads back. */
  readonly back: Renaming
  /** By slot, then value: is it known what that becomes? */
  readonly known: boolean[][]
  /** By number of a sum: that of the one that it is with the letters changed back. */
  readonly sums: (number | undefined)[]
}

export class Learnt<W extends World> {
  /** What a step that ends all others looks at, or lets be and shows at the end. */
  readonly observed = new Bits()
  /** Has that grown, or who may end all others, since somebody has said that it has not? */
  observesMore = false
  /** States in which something was relied on that does not hold any more. */
  readonly suspects = new Set<number>()
  private readonly machine: Machine<W>
  private readonly symmetry: Symmetry<W>
  private readonly sums: Sums
  private readonly unreads = new Map<string, ReadonlySet<number>>()
  private readonly observers = new Map<ReadonlySet<number>, Set<Pick<Sum, 'reads'>>>()
  /** By slot, then by the number of the task's value. */
  private readonly futures: Future[][] = []
  /** The numbers of the touches that are known. */
  private readonly known = new Bits()
  private readonly places = new Map<Renaming, Places>()

  constructor(machine: Machine<W>, symmetry: Symmetry<W>) {
    this.machine = machine
    this.symmetry = symmetry
    this.sums = machine.sums as Sums
  }

  future(slot: number, value: number): Future {
    const values = (this.futures[slot] ??= [])
    return (values[value] ??= { ever: new Bits(), comesFrom: new Set(), alike: [], ends: false, relying: new Map() })
  }

  /** Observes a step that a task can take next. */
  step(future: Future, { number, sum, changes, ends }: Touch): void {
    if (this.known.has(number)) return
    this.known.add(number)
    this.mayFollow(future, sum.number)
    if (ends) {
      this.mayEnd(future)
      this.observe(sum, this.unread(ends))
    }
    for (let i = 0; i < changes.length; i += 2) {
      const changed = changes[i] as number
      if (!this.machine.isTask(changed)) continue
      const next = this.future(changed, changes[i + 1] as number)
      if (next.comesFrom.has(future)) continue
      next.comesFrom.add(future)
      for (const later of next.ever) this.mayFollow(future, later)
      if (next.ends) this.mayEnd(future)
    }
  }

  /** Notes that a task may end all others from a value on, and so from whatever leads to it. */
  private mayEnd(future: Future): void {
    if (future.ends) return
    future.ends = true
    this.observesMore = true
    for (const earlier of future.comesFrom) this.mayEnd(earlier)
    for (const { future: other } of future.alike) this.mayEnd(other)
  }

  /** Notes what may follow a value, and so whatever leads to it. */
  private mayFollow(future: Future, sum: number): void {
    if (future.ever.has(sum)) return
    future.ever.add(sum)
    for (const [relying, states] of future.relying) {
      if (!this.sums.at(relying).meets.has(sum)) continue
      for (const state of states) this.suspects.add(state)
      future.relying.delete(relying)
    }
    for (const earlier of future.comesFrom) this.mayFollow(earlier, sum)
    for (const { future: other, places } of future.alike) this.mayFollow(other, this.back(sum, places))
  }

  private back(sum: number, { back, sums }: Places): number {
    return (sums[sum] ??= this.sums.mapped(sum, this.symmetry.renameElements(this.machine.elements as Elements, back)))
  }

  /**
   * Alike tasks have changed places: what follows is seen under other letters. So what may follow a value of before is what may follow the
   * one that it has become, with the letters changed back.
   */
  changedPlaces(before: State, after: State, renaming: Renaming): void {
    let places = this.places.get(renaming)
    if (!places) this.places.set(renaming, (places = { back: inverse(renaming), known: [], sums: [] }))
    for (const slot of this.machine.taskSlots) {
      const value = before[slot] ?? 0
      const values = (places.known[slot] ??= [])
      if (value === 0 || values[value]) continue
      values[value] = true
      const to = this.symmetry.slotOf(slot, renaming)
      const [future, become] = [this.future(slot, value), this.future(to, after[to] as number)]
      become.alike.push({ future, places })
      for (const later of become.ever) this.mayFollow(future, this.back(later, places))
      if (become.ends) this.mayEnd(future)
    }
  }

  /** Does the order of a step and of anything that may follow matter? As far as is known by now. */
  meets(sum: Known, { ever }: Future): boolean {
    return sum.meets.meets(ever)
  }

  /** In this state it is relied on that they do not meet. */
  rely(state: number, sum: Known, future: Future): void {
    const states = future.relying.get(sum.number)
    if (states) states.push(state)
    // Whoever chose may have learnt that since.
    else if (this.meets(sum, future)) this.suspects.add(state)
    else future.relying.set(sum.number, [state])
  }

  /** Nobody relies on anything any more: the states are going to have other numbers. */
  forgetStates(): void {
    this.suspects.clear()
    for (const values of this.futures) values?.forEach(({ relying }) => relying.clear())
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
    // Whoever observes alike tasks that have changed places looks at the parts of the other.
    if (this.symmetry.isTrivial) return this.observeAll(bits)
    for (const renaming of this.symmetry.renamings()) {
      const to = this.symmetry.renameElements(elements, renaming)
      const moved = new Bits()
      bits.each((element) => moved.add(to(element)))
      this.observeAll(moved)
    }
  }

  private observeAll(elements: Bits): void {
    if (this.observed.addAll(elements)) this.observesMore = true
  }
}
