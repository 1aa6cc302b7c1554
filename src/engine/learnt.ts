/** What the reduced search has observed of tasks: what each may ever do, from each place it was seen at on. */
import type { Changes } from './draft.ts'
import { addSum, Bits, emptySum, type Elements, type Footprint, type Sum } from './footprint.ts'
import type { Look, Machine } from './machine.ts'
import type { World } from './procedure.ts'
import { widened, type State } from './state.ts'

/** The footprint of what does nothing. */
export const nothing: Sum = emptySum()

/** What a task may still do from one value of its component on. */
export interface Future {
  /** Of its next step, and of all that may follow. */
  readonly now: Sum
  readonly ever: Sum
  readonly leadsTo: Set<Future>
  readonly known: Set<Footprint>
}

/** What all passes so far have observed. */
export class Learnt<W extends World> {
  /** Grows with everything that is new. */
  version = 0
  /** What a step that ends all others looks at, or lets be and shows at the end. */
  readonly observed = new Bits()
  private readonly machine: Machine<W>
  private readonly sums = new Map<Sum, Map<Footprint, Sum>>()
  private readonly unreads = new Map<string, ReadonlySet<number>>()
  private readonly observers = new Map<ReadonlySet<number>, Set<Footprint>>()
  /** By slot, then by the number of the task's value. */
  private readonly futures: Map<number, Future>[] = []

  constructor(machine: Machine<W>) {
    this.machine = machine
  }

  future(slot: number, value: number): Future {
    const values = (this.futures[slot] ??= new Map())
    let future = values.get(value)
    if (!future) {
      values.set(value, (future = { now: emptySum(), ever: emptySum(), leadsTo: new Set(), known: new Set() }))
      this.version++
    }
    return future
  }

  /** Observes the next step of a task. */
  step(future: Future, look: Look): Sum {
    for (const foot of look.feet) {
      if (future.known.has(foot)) continue
      future.known.add(foot)
      if (addSum(future.now, foot)) this.version++
    }
    if (look.wait === null)
      for (let i = 0; i < look.changes.length; i += 2) {
        const changed = look.changes[i] as number
        if (!this.machine.isTask(changed)) continue
        const next = this.future(changed, look.changes[i + 1] as number)
        if (future.leadsTo.has(next)) continue
        future.leadsTo.add(next)
        this.version++
      }
    return this.together(look.feet)
  }

  /** Several footprints as one. */
  private together([first, ...more]: readonly Footprint[]): Sum {
    let sum: Sum = first ?? nothing
    for (const foot of more) {
      const known = this.sums.get(sum) ?? new Map<Footprint, Sum>()
      let both = known.get(foot)
      if (!both) {
        both = emptySum()
        addSum(both, sum)
        addSum(both, foot)
        known.set(foot, both)
        this.sums.set(sum, known)
      }
      sum = both
    }
    return sum
  }

  /** The set of these components, one and the same for equal ones. */
  unread(slots: readonly number[]): ReadonlySet<number> {
    const name = slots.join()
    let set = this.unreads.get(name)
    if (!set) this.unreads.set(name, (set = new Set(slots)))
    return set
  }

  /** What somebody looked at who observes: parts of components that were as the observed state had them, but for tasks, which are all ended. */
  observe(foot: Footprint, unread: ReadonlySet<number>): void {
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
    const all = this.futures.flatMap((values) => [...(values?.values() ?? [])])
    for (const future of all) addSum(future.ever, future.now)
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
const WALKS = 48
const WALK = 400

/** Learns what tasks do from a few runs in which any task may be next; a search that knows more has to be repeated less often. */
export function wander<W extends World>(machine: Machine<W>, learnt: Learnt<W>): void {
  // Any fixed sequence will do: the same request takes the same runs.
  let seed = 1
  const below = (n: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0
    return (seed >>> 8) % n
  }
  for (let walk = 0; walk < WALKS; walk++) {
    let state: State = machine.initial
    let last = -1
    for (let n = 0; n < WALK; n++) {
      const able: { readonly slot: number; readonly changes: Changes }[] = []
      for (const slot of machine.taskSlots) {
        if (!machine.isUnfinished(state, slot)) continue
        const look = machine.look(state, slot)
        if (look.ends !== null && !machine.isMust(state, slot)) continue
        learnt.step(learnt.future(slot, state[slot] as number), look)
        if (look.wait === null) able.push({ slot, changes: look.changes })
      }
      // A task goes on for a while as a rule: most of what can be learnt lies behind few switches.
      const again = below(4) > 0 ? able.find(({ slot }) => slot === last) : undefined
      const next = again ?? able[below(Math.max(1, able.length))]
      if (!next) break
      last = next.slot
      const after = widened(state.slice(), machine.width)
      for (let i = 0; i < next.changes.length; i += 2) after[next.changes[i] as number] = next.changes[i + 1] as number
      state = after
    }
  }
}
