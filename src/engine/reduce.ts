/**
 * Verdict first: which oracles can be violated, every distinct outcome with what it violates, and every stuck end, each with a
 * sample, without visiting every interleaving. Steps that do not depend on each other are taken in one order only:
 * - In each state a *persistent set* of tasks goes on: nothing that the others may ever do depends on the next steps of these.
 *   What a task may ever do is not declared but observed: the footprints of all steps that were seen to follow its present one.
 *   When a pass has learnt something by which an earlier choice would have been wrong, the search is repeated. Steps read
 *   deterministically, so one that would leave its observed footprint in an order not taken first reads something new in the
 *   order taken, and that is noticed. So nobody has to look at what the tasks that are left out would do: each of their steps is
 *   looked at where it is taken.
 * - A set without a step of a must-task is not enough: a may-task need not run at all. A schedule that ends takes, sooner or
 *   later, the next step of each must-task that can run now.
 * - A step that ends all other tasks (the power fails) is no task among tasks but something *observed* of every state: it is
 *   tried in each. So that every state it can tell apart is visited, a step that changes what it looks at goes on by itself
 *   only where all others do too.
 * - Where a set would lead back to a state on the present path, all tasks go on: none is put off for ever.
 * Source of the method: P. Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems" (persistent sets,
 * invisibility and the cycle proviso as in D. Peled's ample sets).
 */
import { canonical } from '../base/plain.ts'
import type { Footprint } from './footprint.ts'
import type { Bounds, Progress } from './graph.ts'
import { Learnt, type Future } from './learnt.ts'
import { Machine } from './machine.ts'
import { Memo } from './memo.ts'
import type { World } from './procedure.ts'
import { printSchedule } from './schedule.ts'
import { Status, widened, type State } from './state.ts'
import { isStuck } from './stuck.ts'
import { compose, inverse, renamed, Symmetry, type Renaming } from './symmetry.ts'
import type { System } from './system.ts'
import type { Letter, Outcome } from './view.ts'
import type { Touch } from './transitions.ts'
import { Visited } from './visited.ts'

/** After so many states the caller is asked in. */
const PAUSE = 128

/** What can happen, without how often. */
export interface Reduced {
  readonly complete: boolean
  /** The bound that stopped an incomplete search, in words. */
  readonly bound: string | null
  readonly states: number
  readonly transitions: number
  /** How often the search was repeated because it had learnt something. */
  readonly passes: number
  /** How often the present path came back to itself, and steps that had been left out were taken after all. */
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

/** A state on the present path. */
interface Level {
  readonly index: number
  /** What the tasks are called that this state was reached by: alike ones may have changed places on the way. */
  readonly names: Renaming
  /** All others were ended on the way here: the components that were replaced unseen then. */
  readonly unread: ReadonlySet<number> | null
  /** Steps still to be taken from it. */
  readonly todo: Touch[]
  /** The slots of the tasks that go on, if any were left out: those do too if the path comes back to itself. */
  chosen: readonly number[] | null
}

/** What was chosen of a state: those that go on, and those that wait for one of them. */
interface Choice {
  readonly set: readonly Live[]
  readonly able: readonly Live[]
}

export interface Reducing extends Bounds {
  /** Of outcomes that differ only in which of several alike tasks did what: give each, or one of them. */
  readonly alike?: 'each' | 'one'
}

/** The search as a generator, so that a caller can show progress between its steps; it returns the verdict. */
export function* reducing<W extends World>(system: System<W>, bounds: Reducing): Generator<Progress, Reduced> {
  const machine = new Machine(system, { footprints: true, late: true })
  const symmetry = new Symmetry(machine)
  const learnt = new Learnt(machine, symmetry)
  const endings = endingsOf(machine)
  for (let passes = 1; ; passes++) {
    const pass = new Pass(machine, learnt, endings, symmetry)
    yield* pass.run(bounds)
    if (!pass.complete || pass.holds()) return pass.verdict(passes)
  }
}

/** The search in one go. Same system and bounds: same result, bit for bit. */
export function reduce<W extends World>(system: System<W>, bounds: Reducing): Reduced {
  const run = reducing(system, bounds)
  for (;;) {
    const next = run.next()
    if (next.done) return next.value
  }
}

interface End {
  readonly outcome: Outcome
  readonly mask: number
  readonly sample: string
}

/** What is found of states in which a schedule ends: the same in every pass. */
interface Endings {
  readonly seen: Memo<{ readonly outcome: Outcome; readonly key: string; readonly foot: Footprint | null }>
  readonly judged: Memo<{ readonly mask: number; readonly foot: Footprint | null }>
  readonly stuck: Endings['judged']
}

const endingsOf = <W extends World>(machine: Machine<W>): Endings => ({
  stuck: judging(machine),
  seen: new Memo((state) => {
    const { value, reads } = machine.seen(state)
    return { value: { outcome: { ...value, stuck: null }, key: canonical(value), foot: machine.lastFootprint }, reads }
  }),
  judged: judging(machine),
})

/** Of states in which all have finished, or of those in which some are stuck: that is not known from what is looked at. */
const judging = <W extends World>(machine: Machine<W>): Endings['judged'] =>
  new Memo((state) => {
    const { value, reads } = machine.judgeEnd(state)
    return { value: { mask: value.mask, foot: machine.lastFootprint }, reads }
  })

/** One search with what is known so far. */
class Pass<W extends World> {
  complete = true
  private bound: string | null = null
  private transitions = 0
  private cycles = 0
  private readonly machine: Machine<W>
  private readonly learnt: Learnt<W>
  private readonly visited: Visited
  /** By state: 1 while it is on the present path. */
  private readonly onPath: number[] = []
  /** By state: the slots of what was chosen, if any task was left out. */
  private readonly chosen: (readonly number[] | undefined)[] = []
  private readonly path: Level[] = []
  private readonly schedule: Letter[] = []
  private readonly verdictMask: number
  private readonly samples: (string | null)[]
  private readonly ends = new Map<string, End>()
  /** Ends that were met, told apart by all that they violate. */
  private readonly known = new Set<string>()
  private always = true
  private alike: 'each' | 'one' = 'each'
  private readonly endings: Endings
  private readonly symmetry: Symmetry<W>
  private state: State
  private next: State

  constructor(machine: Machine<W>, learnt: Learnt<W>, endings: Endings, symmetry: Symmetry<W>) {
    this.machine = machine
    this.learnt = learnt
    this.endings = endings
    this.symmetry = symmetry
    this.visited = new Visited(machine.width)
    this.verdictMask = machine.oracles.reduce((mask, { kind }, bit) => (kind === 'verdict' ? mask | (1 << bit) : mask), 0)
    this.samples = machine.oracles.map(() => null)
    this.state = widened(machine.initial.slice(), machine.width)
    this.next = this.state.slice()
  }

  *run({ maxStates, alike = 'each' }: Reducing): Generator<Progress, void> {
    const { visited, path, schedule, learnt } = this
    this.alike = alike
    this.enter(visited.add(this.state, visited.hashOf(this.state)), null, new Map())
    while (path.length > 0) {
      const level = path[path.length - 1] as Level
      const touch = level.todo.pop()
      if (!touch) {
        this.onPath[level.index] = 0
        path.pop()
        schedule.pop()
        continue
      }
      this.transitions++
      const { next, hash, renaming } = this.after(level.index, touch)
      let to = visited.indexOf(next, hash)
      if (to < 0) {
        if (visited.size >= maxStates) {
          this.complete = false
          this.bound = `stopped at ${maxStates} states`
          return
        }
        to = visited.add(next, hash)
        schedule.push(renamed(this.machine.letter(touch.slot), level.names))
        const unread = touch.ends ? learnt.unread(touch.ends) : level.unread
        this.enter(to, unread, renaming ? compose(inverse(renaming), level.names) : level.names)
        if (visited.size % PAUSE === 0) yield { states: visited.size, frontier: path.length }
      } else if (this.onPath[to] === 1 && level.chosen) this.takeRest(level, level.chosen)
    }
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

  /** Looks at a state that was not seen before, as one that lies on the path now. */
  private enter(index: number, unread: ReadonlySet<number> | null, names: Renaming): void {
    const { machine, learnt } = this
    const state = this.read(index)
    this.onPath[index] = 1
    const observers: Touch[] = []
    const live: Live[] = []
    for (const slot of machine.taskSlots) {
      const status = machine.status(state, slot)
      if (status < Status.mayRuns) continue
      const must = status === Status.mustRuns
      // Who observes is one that need not run; at any other task somebody looks when he needs to know.
      const touch = must ? null : this.touch(state, slot)
      if (touch?.ends) {
        learnt.observe(touch.sum, learnt.unread(touch.ends))
        observers.push(touch)
      } else live.push({ slot, must, future: learnt.future(slot, state[slot] as number), touch })
    }
    const choice = unread ? null : this.choose(state, live, observers.length > 0)
    const chosen = choice && choice.able
    if (choice) this.chosen[index] = choice.set.map(({ slot }) => slot)
    const able = chosen ?? live.filter((one) => (unread ? !this.look(state, one).waits : this.isAble(state, one)))
    if (unread) for (const one of live) learnt.observe(this.look(state, one).sum, unread)
    if (machine.isFinal(state)) this.end(state, false, unread, names)
    else if (!chosen && !able.some(({ must }) => must) && isStuck(machine, state)) this.end(state, true, unread, names)
    this.path.push({
      index,
      names,
      unread,
      todo: [...observers, ...able.map(({ touch }) => touch as Touch)],
      chosen: chosen && chosen.map(({ slot }) => slot),
    })
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

  /** The tasks that go on: a persistent set with a must-task, as small as one that was found; null if all do that can. */
  private choose(state: State, live: readonly Live[], observedNow: boolean): Choice | null {
    let best: Choice | null = null
    for (const first of live) {
      if (!first.must || !this.isAble(state, first)) continue
      const found = this.persistent(state, first, live, best ? best.able.length : live.length)
      if (!found) continue
      if (observedNow && found.able.some((one) => this.isVisible(one))) continue
      best = found
      if (best.able.length === 1) break
    }
    return best
  }

  /**
   * The smallest set of tasks around one such that nothing the others may ever do depends on their next steps; null if `limit` or more
   * of them can go on.
   */
  private persistent(state: State, first: Live, live: readonly Live[], limit: number): Choice | null {
    const { learnt } = this
    const set = [first]
    let enabled = 1
    if (enabled >= limit) return null
    for (const one of set)
      for (const other of live) {
        if (set.includes(other) || !learnt.meets((one.touch as Touch).sum, other.future)) continue
        set.push(other)
        if (this.isAble(state, other) && ++enabled >= limit) return null
      }
    return { set, able: set.length === 1 ? set : live.filter((one) => set.includes(one) && this.isAble(state, one)) }
  }

  /** Would every choice have been right, had it been known what is known now? */
  holds(): boolean {
    for (let index = 0; index < this.visited.size; index++) {
      const chosen = this.chosen[index]
      if (chosen && !this.isRight(this.read(index), chosen)) return false
    }
    return true
  }

  private isRight(state: State, chosen: readonly number[]): boolean {
    const { machine, learnt } = this
    const touches = chosen.map((slot) => this.touch(state, slot))
    let observedNow = false
    for (const slot of machine.taskSlots) {
      const status = machine.status(state, slot)
      if (status < Status.mayRuns || chosen.includes(slot)) continue
      if (status === Status.mayRuns && this.touch(state, slot).ends) observedNow = true
      else {
        const future = learnt.future(slot, state[slot] as number)
        if (touches.some(({ sum }) => learnt.meets(sum, future))) return false
      }
    }
    return !observedNow || !touches.some((touch) => !touch.waits && this.isVisible({ slot: touch.slot, touch }))
  }

  /** The path has come back to itself: those that were left out are taken after all. */
  private takeRest(level: Level, chosen: readonly number[]): void {
    const { machine } = this
    const state = this.read(level.index)
    level.chosen = null
    let more = 0
    for (const slot of machine.taskSlots) {
      const status = machine.status(state, slot)
      if (status < Status.mayRuns || chosen.includes(slot)) continue
      const touch = this.touch(state, slot)
      if (touch.ends && status === Status.mayRuns) continue
      // One that waits while others go round for ever is looked at nowhere else.
      this.learnt.step(this.learnt.future(slot, state[slot] as number), touch)
      if (touch.waits) continue
      level.todo.push(touch)
      more++
    }
    if (more > 0) this.cycles++
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

  /** A schedule may end here; so may one in which alike tasks have changed places. */
  private end(canonicalState: State, stuck: boolean, unread: ReadonlySet<number> | null, names: Renaming): void {
    const { learnt, ends } = this
    const { name, look } = this.endOf(canonicalState, stuck)
    if (unread) for (const foot of look) learnt.observe(foot, unread)
    if (this.known.has(name)) return
    for (const renaming of this.alike === 'one' ? [names] : this.symmetry.renamings()) {
      const state = this.symmetry.rename(canonicalState, renaming)
      const { name: told, key, outcome, mask } = this.endOf(state, stuck)
      this.known.add(told)
      const sample = printSchedule(this.schedule.map((letter) => renamed(letter, compose(inverse(names), renaming))))
      this.samples.forEach((known, bit) => {
        if ((mask & (1 << bit)) !== 0 && known === null) this.samples[bit] = sample
      })
      if ((mask & this.verdictMask) === 0) this.always = false
      const kind = `${mask & this.verdictMask} ${key}`
      if (!ends.has(kind)) ends.set(kind, { outcome, mask: mask & this.verdictMask, sample })
    }
  }

  private endOf(
    state: State,
    stuck: boolean,
  ): {
    readonly name: string
    readonly key: string
    readonly outcome: Outcome
    readonly mask: number
    readonly look: readonly Footprint[]
  } {
    const { machine, endings } = this
    const judged = (stuck ? endings.stuck : endings.judged).of(state, state)
    const mask = stuck ? judged.mask | (1 << (machine.oracles.length - 1)) : judged.mask
    const { outcome, key, foot } = endings.seen.of(state, state)
    const full = stuck ? machine.outcome(state) : outcome
    const whole = stuck ? `${key} ${canonical(full.stuck)}` : key
    return {
      name: `${mask} ${whole}`,
      key: whole,
      outcome: full,
      mask,
      look: [foot, judged.foot].filter((each) => each !== null),
    }
  }

  verdict(passes: number): Reduced {
    const { oracles } = this.machine
    return {
      complete: this.complete,
      bound: this.bound,
      states: this.visited.size,
      transitions: this.transitions,
      passes,
      cycles: this.cycles,
      always: this.always && this.ends.size > 0,
      oracles: oracles.map(({ id, kind }, bit) => ({ id, kind, sample: this.samples[bit] ?? null })),
      outcomes: [...this.ends.values()].map(({ outcome, mask, sample }) => ({
        violates: oracles.flatMap(({ id }, bit) => (mask & (1 << bit) ? [id] : [])),
        sample,
        ...outcome,
      })),
    }
  }
}
