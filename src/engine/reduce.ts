/**
 * Verdict first: which oracles can be violated, every distinct outcome with what it violates, and every stuck end, each with a
 * sample, without visiting every interleaving. Steps that do not depend on each other are taken in one order only:
 * - In each state a *persistent set* of tasks goes on: nothing that the others may ever do depends on the next steps of these.
 *   What a task may ever do is not declared but observed: the footprints of all steps that were seen to follow its present one.
 *   Where something is learnt later by which a choice would have been wrong, it is mended: steps that had been left out are taken
 *   after all, until every choice is right by what is known. Steps read deterministically, so one that would leave its observed
 *   footprint in an order not taken first reads something new in the order taken, and that is noticed. So nobody has to look at
 *   what the tasks that are left out would do: each of their steps is looked at where it is taken.
 * - A set without a step of a must-task is not enough: a may-task need not run at all. A schedule that ends takes, sooner or
 *   later, the next step of each must-task that can run now.
 * - A step that ends all other tasks (the power fails) is no task among tasks but something *observed* of every state: it is
 *   tried in each. So that every state it can tell apart is visited, a step that changes what it looks at goes on by itself
 *   only where all others do too.
 * - Where all states of a cycle would leave somebody out, in one of them all tasks go on: none is put off for ever.
 * Source of the method: P. Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems" (persistent sets,
 * invisibility and the cycle proviso as in D. Peled's ample sets).
 */
import { atOnce } from '../base/at-once.ts'
import { grouped } from '../base/count.ts'
import { Ended, type Alike, type Way } from './ended.ts'
import type { Bounds, Progress } from './graph.ts'
import { Learnt, type Future } from './learnt.ts'
import { Machine } from './machine.ts'
import type { World } from './procedure.ts'
import { Status, widened, type State } from './state.ts'
import { isStuck } from './stuck.ts'
import { compose, inverse, renamed, Symmetry, type Renaming } from './symmetry.ts'
import type { System } from './system.ts'
import type { Letter, Outcome } from './view.ts'
import type { Touch } from './transitions.ts'
import { Visited } from './visited.ts'

/** After so many states the caller is asked in. */
const PAUSE = 128

/** A choice that turns out to be wrong so early is not mended: what followed from it would be visited for nothing. */
const SOON = 256

/** What can happen, without how often. */
export interface Reduced {
  readonly complete: boolean
  /** The bound that stopped an incomplete search, in words. */
  readonly bound: string | null
  readonly states: number
  readonly transitions: number
  /** How many choices had to be mended because something was learnt later. */
  readonly mended: number
  /** How many cycles were found in which somebody would have been put off for ever. */
  readonly cycles: number
  /** Does every schedule that was seen violate a verdict oracle? */
  readonly always: boolean
  readonly oracles: readonly { readonly id: string; readonly kind: 'verdict' | 'info'; readonly sample: string | null }[]
  readonly outcomes: readonly (Outcome & { readonly violates: readonly string[]; readonly sample: string })[]
}

/** A task that has not finished in a state. */
interface Live {
  readonly slot: number
  readonly must: boolean
  readonly future: Future
  /** Its next step; null while nobody has looked at that. */
  touch: Touch | null
}

/** A state from which steps are still to be taken. */
interface Level {
  readonly index: number
  /** All others were ended on the way here: the components that were replaced unseen then. */
  readonly unread: ReadonlySet<number> | null
  readonly todo: Touch[]
}

/** What was chosen of a state: those that go on, and those that wait for one of them. */
interface Choice {
  readonly set: readonly Live[]
  readonly able: readonly Live[]
}

/** A state in which some tasks are left out. */
interface Chosen {
  /** The slots of those that go on, and of those that wait for one of them. */
  set: readonly number[]
  /** The slots of those whose steps have been taken. */
  readonly taken: number[]
  /** Where these lead. */
  readonly next: number[]
}

/** The step by which a state was first reached; alike tasks may have changed places after it. */
interface Arrival {
  readonly from: number
  readonly letter: Letter
  readonly renaming: Renaming | null
}

export interface Reducing extends Bounds {
  readonly alike?: Alike
  /** Up to so many states the search begins anew where a choice turns out to be wrong, beyond them the choice is mended. */
  readonly anew?: number
}

/** The search as a generator, so that a caller can show progress between its steps; it returns the verdict. */
export function* reducing<W extends World>(system: System<W>, bounds: Reducing): Generator<Progress, Reduced> {
  const search = new Reduction(new Machine(system, { footprints: true, late: true }), bounds)
  yield* search.run()
  return search.verdict
}

/** The search in one go. Same system and bounds: same result, bit for bit. */
export function reduce<W extends World>(system: System<W>, bounds: Reducing): Reduced {
  return atOnce(reducing(system, bounds))
}

class Reduction<W extends World> {
  private bound: string | null = null
  private transitions = 0
  private mended = 0
  private cycles = 0
  private readonly machine: Machine<W>
  private readonly symmetry: Symmetry<W>
  private readonly learnt: Learnt<W>
  private readonly ended: Ended<W>
  private readonly maxStates: number
  private readonly anew: number
  private visited: Visited
  /** By state; null where nobody is left out. */
  private chosen: (Chosen | null)[] = []
  /** By state: the components of which a look at it tells nothing, as they were replaced unseen when all others were ended; null where none were. */
  private unreads: (ReadonlySet<number> | null)[] = []
  /** By state; null for the first. */
  private arrivals: (Arrival | null)[] = []
  /** By state, where somebody has asked: what its tasks were called when they took the steps that led to it. */
  private names: (Renaming | undefined)[] = []
  private path: Level[] = []
  private state: State
  private next: State

  constructor(machine: Machine<W>, { maxStates, alike = 'each', anew = SOON }: Reducing) {
    this.machine = machine
    this.symmetry = new Symmetry(machine)
    this.learnt = new Learnt(machine, this.symmetry)
    this.ended = new Ended(machine, this.symmetry, alike)
    this.maxStates = maxStates
    this.anew = anew
    this.visited = new Visited(machine.width)
    this.state = widened(machine.initial.slice(), machine.width)
    this.next = this.state.slice()
  }

  *run(): Generator<Progress, void> {
    const { learnt } = this
    this.begin()
    for (;;) {
      yield* this.follow()
      if (this.bound !== null) return
      this.mendAll()
      // Whoever mends looks at steps, and may learn of them.
      if (this.path.length > 0 || learnt.suspects.size > 0 || learnt.observesMore) continue
      this.breakCycles()
      if (this.path.length === 0) return
    }
  }

  /** From the first state on, with what is known by now. */
  private begin(): void {
    const { machine } = this
    this.visited = new Visited(machine.width)
    this.chosen = []
    this.unreads = []
    this.arrivals = []
    this.names = [new Map()]
    this.path = []
    this.learnt.forgetStates()
    const first = widened(machine.initial.slice(), machine.width)
    this.enter(this.visited.add(first, this.visited.hashOf(first)), null, null)
  }

  /** Takes all steps that are to be taken, and those that these lead to. */
  private *follow(): Generator<Progress, void> {
    const { learnt } = this
    for (let level = this.path.at(-1); level; level = this.path.at(-1)) {
      const { visited, path } = this
      const touch = level.todo.pop()
      if (!touch) {
        if (!learnt.suspects.has(level.index) || !this.mend(level)) path.pop()
        else if (visited.size <= this.anew) this.begin()
        continue
      }
      this.transitions++
      const { next, hash, renaming } = this.after(level.index, touch)
      const unread = touch.ends ? learnt.unread(touch.replaces) : level.unread
      let to = visited.indexOf(next, hash)
      if (to >= 0) this.observeAgain(to, unread)
      else {
        if (visited.size >= this.maxStates) {
          this.bound = `stopped at ${grouped(String(this.maxStates))} states`
          return
        }
        to = visited.addSought(next, hash)
        this.enter(to, unread, { from: level.index, letter: this.machine.letter(touch.slot), renaming })
        if (visited.size % PAUSE === 0) yield { states: visited.size, frontier: path.length }
      }
      this.chosen[level.index]?.next.push(to)
    }
  }

  /** A state is reached again, perhaps by a failure that tells more of what was before: so do looks at it, and at what follows. */
  private observeAgain(index: number, unread: ReadonlySet<number> | null): void {
    const known = this.unreads[index] ?? null
    if (!unread || known === unread) return
    const both = known ? this.learnt.unread([...known].filter((slot) => unread.has(slot))) : unread
    if (both !== known) this.enter(index, both, this.arrivals[index] ?? null)
  }

  /** The state after a step, with alike tasks in order. */
  private after(index: number, { move }: Touch): { readonly next: State; readonly hash: number; readonly renaming: Renaming | null } {
    const { machine, visited } = this
    const { transitions } = machine
    const state = this.read(index)
    const { next } = this
    next.set(state)
    transitions.apply(move, next)
    const renaming = this.symmetry.order(next)
    if (!renaming) return { next, hash: (visited.hashAt(index) + transitions.shift(move, state)) | 0, renaming }
    const ordered = this.symmetry.rename(next, renaming)
    this.learnt.changedPlaces(next, ordered, renaming)
    if (machine.width > visited.width) visited.widen(machine.width)
    return { next: ordered, hash: visited.hashOf(ordered), renaming }
  }

  /** The state with this number, until the next is asked for. */
  private read(index: number): State {
    const { machine, visited } = this
    if (machine.width > visited.width) visited.widen(machine.width)
    if (machine.width > this.state.length) {
      this.state = widened(this.state, machine.width)
      this.next = this.state.slice()
    }
    visited.read(index, this.state)
    return this.state
  }

  private touch(state: State, slot: number): Touch {
    const { transitions } = this.machine
    return transitions.touch(transitions.of(state, slot))
  }

  /** Looks at a state that was not seen before. */
  private enter(index: number, unread: ReadonlySet<number> | null, arrival: Arrival | null): void {
    const { machine, learnt } = this
    const state = this.read(index)
    this.arrivals[index] = arrival
    this.unreads[index] = unread
    const { live, observers } = this.tasks(state)
    this.putFirst(live, arrival)
    const choice = unread ? null : this.choose(state, live, observers.length > 0, [])
    if (choice) this.rely(index, choice, live)
    const able = choice?.able ?? live.filter((one) => (unread ? !this.look(state, one).waits : this.isAble(state, one)))
    this.chosen[index] = choice && { set: slotsOf(choice.set), taken: slotsOf([...observers, ...able]), next: [] }
    if (unread) for (const one of live) learnt.observe(this.look(state, one).sum, unread)
    if (machine.isFinal(state)) this.end(state, false, unread, index)
    else if (!choice && !able.some(({ must }) => must) && isStuck(machine, state)) this.end(state, true, unread, index)
    this.path.push({ index, unread, todo: [...observers, ...able.map(({ touch }) => touch as Touch)] })
  }

  /** The tasks that have not finished; apart, the steps of those that end all others. */
  private tasks(state: State): { readonly live: Live[]; readonly observers: Touch[] } {
    const { machine, learnt } = this
    const [live, observers]: [Live[], Touch[]] = [[], []]
    for (const slot of machine.taskSlots) {
      const status = machine.status(state, slot)
      if (status < Status.mayRuns) continue
      const must = status === Status.mustRuns
      const future = learnt.future(slot, state[slot] as number)
      // Who observes is most often one that need not run; at any other task somebody looks when he needs to know.
      const touch = must && !future.ends ? null : this.touch(state, slot)
      if (touch?.ends) {
        learnt.step(future, touch)
        observers.push(touch)
      } else live.push({ slot, must, future, touch })
    }
    return { live, observers }
  }

  /** Whoever has just taken a step is asked first: what he does next has most often nothing to do with the others, who need not be looked at then. */
  private putFirst(live: Live[], arrival: Arrival | null): void {
    if (!arrival) return
    const { letter, renaming } = arrival
    const slot = this.machine.slotOfTask(renaming ? renamed(letter, renaming) : letter)
    const at = live.findIndex((one) => one.slot === slot)
    if (at > 0) live.unshift(...live.splice(at, 1))
  }

  private look(state: State, one: Live): Touch {
    return (one.touch ??= this.touch(state, one.slot))
  }

  /** Can the task go on? What it would do is learnt. */
  private isAble(state: State, one: Live): boolean {
    const touch = this.look(state, one)
    // One that waits, perhaps for ever, shows what it would have to look at.
    this.learnt.step(one.future, touch)
    return !touch.waits
  }

  /**
   * The tasks that go on: a persistent set with a must-task, of those that were found the one with the fewest steps that were not
   * taken yet; null if all tasks go on. Who may end all others, now or later, would see visible steps, and goes on by himself nowhere.
   */
  private choose(state: State, live: readonly Live[], observedNow: boolean, taken: readonly number[]): Choice | null {
    const least = taken.length === 0 ? 1 : 0
    const observed = observedNow || live.some(({ future }) => future.ends)
    let best: Choice | null = null
    let limit = live.reduce((more, { slot }) => (taken.includes(slot) ? more : more + 1), 0)
    for (const first of live) {
      if (!first.must || !this.isAble(state, first)) continue
      const found = this.persistent(state, first, live, limit, taken)
      if (!found || found.able.some((one) => one.touch?.ends || (observed && this.isVisible(one)))) continue
      best = found
      limit = found.able.reduce((more, { slot }) => (taken.includes(slot) ? more : more + 1), 0)
      if (limit === least) break
    }
    return best
  }

  /**
   * The smallest set of tasks around one such that nothing the others may ever do depends on their next steps; null if `limit` or more
   * of them can go on that have not.
   */
  private persistent(state: State, first: Live, live: readonly Live[], limit: number, taken: readonly number[]): Choice | null {
    const { learnt } = this
    const set = [first]
    let more = taken.includes(first.slot) ? 0 : 1
    if (more >= limit) return null
    for (const one of set)
      for (const other of live) {
        if (set.includes(other) || !learnt.meets((one.touch as Touch).sum, other.future)) continue
        set.push(other)
        if (this.isAble(state, other) && !taken.includes(other.slot) && ++more >= limit) return null
      }
    return { set, able: set.length === 1 ? set : live.filter((one) => set.includes(one) && this.isAble(state, one)) }
  }

  /** Would the choice have been right, had it been known what is known now? */
  private isRight(state: State, chosen: readonly number[]): boolean {
    const { machine, learnt } = this
    const touches = chosen.map((slot) => this.touch(state, slot))
    let observed = false
    for (const slot of machine.taskSlots) {
      if (machine.status(state, slot) < Status.mayRuns || chosen.includes(slot)) continue
      const future = learnt.future(slot, state[slot] as number)
      if (future.ends) observed = true
      // Who ends all others now is taken in any case.
      if (future.ends && this.touch(state, slot).ends) continue
      if (touches.some(({ sum }) => learnt.meets(sum, future))) return false
    }
    return !observed || !touches.some((touch) => !touch.waits && this.isVisible({ slot: touch.slot, touch }))
  }

  /** Chooses again where the choice has turned out to be wrong; are there steps to be taken now? */
  private mend({ index, todo }: Level): boolean {
    const chosen = this.chosen[index]
    this.learnt.suspects.delete(index)
    if (!chosen) return false
    const state = this.read(index)
    if (this.isRight(state, chosen.set)) return false
    this.mended++
    const { live, observers } = this.tasks(state)
    const choice = this.choose(state, live, observers.length > 0, chosen.taken)
    if (choice) {
      chosen.set = slotsOf(choice.set)
      this.rely(index, choice, live)
    } else this.chosen[index] = null
    todo.push(...this.untaken(state, observers, choice?.able ?? live, chosen.taken))
    return todo.length > 0
  }

  /** The steps that have not been taken of those who observe and of some others; from now on they have. */
  private untaken(state: State, observers: readonly Touch[], others: readonly Live[], taken: number[]): Touch[] {
    // One that waits while others go round for ever may have been looked at nowhere else.
    const able = others.filter((one) => this.isAble(state, one)).map((one) => this.look(state, one))
    const left = [...observers, ...able].filter(({ slot }) => !taken.includes(slot))
    taken.push(...slotsOf(left))
    return left
  }

  /** The same everywhere. */
  private mendAll(): void {
    const { learnt, chosen, path } = this
    if (learnt.observesMore) {
      learnt.observesMore = false
      chosen.forEach((one, index) => {
        if (one) learnt.suspects.add(index)
      })
    }
    const suspects = [...learnt.suspects]
    for (const index of suspects) {
      const level: Level = { index, unread: null, todo: [] }
      if (this.mend(level)) path.push(level)
    }
  }

  /** The choice stands as long as nothing of those that are left out meets the steps of the others. */
  private rely(index: number, { set }: Choice, live: readonly Live[]): void {
    for (const other of live) {
      if (set.includes(other)) continue
      for (const { touch } of set) this.learnt.rely(index, (touch as Touch).sum, other.future)
    }
  }

  /** In each cycle of states that all leave somebody out, those that were left out of one are taken after all. */
  private breakCycles(): void {
    const { chosen, visited } = this
    /** By state: looked at and left, or on the way. */
    const looked = new Uint8Array(visited.size)
    for (let root = 0; root < looked.length; root++) {
      if (looked[root] || !chosen[root]) continue
      const way = [{ index: root, at: 0 }]
      looked[root] = ON
      for (let last = way.at(-1); last; last = way.at(-1)) {
        const to = chosen[last.index]?.next[last.at++]
        if (to === undefined) {
          looked[last.index] = OFF
          way.pop()
        } else if (looked[to] === ON && chosen[to]) this.takeRest(last.index)
        else if (!looked[to] && chosen[to]) {
          looked[to] = ON
          way.push({ index: to, at: 0 })
        }
      }
    }
  }

  private takeRest(index: number): void {
    const { taken } = this.chosen[index] as Chosen
    const state = this.read(index)
    this.chosen[index] = null
    const { live, observers } = this.tasks(state)
    const todo = this.untaken(state, observers, live, taken)
    if (todo.length > 0) this.cycles++
    this.path.push({ index, unread: null, todo })
  }

  /** Would an observer see that the step was taken? */
  private isVisible({ slot, touch }: Pick<Live, 'slot' | 'touch'>): boolean {
    const { machine, learnt } = this
    const { sum, changes } = touch as Touch
    if (sum.writes.meets(learnt.observed)) return true
    for (let i = 0; i < changes.length; i += 2) {
      const changed = changes[i] as number
      // It objects; or a task has returned something.
      if (changed === machine.bitsSlot) return true
      if (changed === slot && machine.isDone(slot, changes[i + 1] as number)) return true
    }
    return false
  }

  private end(state: State, stuck: boolean, unread: ReadonlySet<number> | null, index: number): void {
    const look = this.ended.meet(state, stuck, () => this.wayTo(index))
    if (unread) for (const foot of look) this.learnt.observe(foot, unread)
  }

  private wayTo(index: number): Way {
    const letters: Letter[] = []
    for (let at = index, arrival = this.arrivals[at]; arrival; at = arrival.from, arrival = this.arrivals[at])
      letters.push(renamed(arrival.letter, this.namesAt(arrival.from)))
    return { letters: letters.reverse(), names: this.namesAt(index) }
  }

  /** What the tasks of a state are called on the way by which it was first reached. */
  private namesAt(index: number): Renaming {
    const { arrivals, names } = this
    const way: number[] = []
    for (let at = index; !names[at]; at = (arrivals[at] as Arrival).from) way.push(at)
    for (const at of way.reverse()) {
      const { from, renaming } = arrivals[at] as Arrival
      names[at] = renaming ? compose(inverse(renaming), names[from] as Renaming) : names[from]
    }
    return names[index] as Renaming
  }

  get verdict(): Reduced {
    const { bound, transitions, mended, cycles, ended } = this
    const { always, oracles, outcomes } = ended
    return { complete: bound === null, bound, states: this.visited.size, transitions, mended, cycles, always, oracles, outcomes }
  }
}

/** Of a state in a walk: on the way that leads to the present one, or done with. */
const ON = 1
const OFF = 2

const slotsOf = (all: readonly { readonly slot: number }[]): number[] => all.map(({ slot }) => slot)
