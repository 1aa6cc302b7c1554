/**
 * Verdict first: which oracles can be violated, every distinct outcome with what it violates, and every stuck end, each with a
 * sample, without visiting every interleaving. Steps that do not depend on each other are taken in one order only:
 * - In each state a *persistent set* of tasks goes on: nothing that the others may ever do depends on the next steps of these.
 *   What a task may ever do is not declared but observed: the footprints of all steps that were seen to follow its present one.
 *   When a pass has learnt something that would have changed an earlier choice, the search is repeated. Steps read
 *   deterministically, so one that would leave its observed footprint in an order not taken first reads something new in the
 *   order taken, and that is noticed.
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
import type { Changes } from './draft.ts'
import { addSum, Bits, dependent, emptySum, type Elements, type Footprint, type Sum } from './footprint.ts'
import type { Bounds, Progress } from './graph.ts'
import { Machine, type Look } from './machine.ts'
import { Memo } from './memo.ts'
import type { World } from './procedure.ts'
import { printSchedule } from './schedule.ts'
import { widened, type State } from './state.ts'
import { isStuck } from './stuck.ts'
import type { System } from './system.ts'
import type { Letter, Outcome } from './view.ts'
import { Visited } from './visited.ts'

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

/** What a task may still do from one value of its component on. */
interface Future {
  /** Of its next step, and of all that may follow. */
  readonly now: Sum
  readonly ever: Sum
  readonly leadsTo: Set<Future>
  readonly known: Set<Footprint>
}

/** A task that could go on in a state. */
interface Able extends Look {
  readonly slot: number
  readonly must: boolean
  readonly own: Sum
  readonly future: Future
}

/** A state on the present path. */
interface Level {
  readonly index: number
  /** All others were ended on the way here: the components that were replaced unseen then. */
  readonly unread: ReadonlySet<number> | null
  /** Steps still to be taken from it. */
  readonly todo: Able[]
  /** Those that were left out; taken too if the path comes back to itself. */
  rest: Able[]
}

/** The search as a generator, so that a caller can show progress between its steps; it returns the verdict. */
export function* reducing<W extends World>(system: System<W>, bounds: Bounds): Generator<Progress, Reduced> {
  const machine = new Machine(system, { footprints: true })
  const learnt = new Learnt(machine)
  for (let passes = 1; ; passes++) {
    const before = learnt.version
    learnt.close()
    const pass = new Pass(machine, learnt)
    yield* pass.run(bounds)
    if (learnt.version === before || !pass.complete) return pass.verdict(passes)
  }
}

/** The search in one go. Same system and bounds: same result, bit for bit. */
export function reduce<W extends World>(system: System<W>, bounds: Bounds): Reduced {
  const run = reducing(system, bounds)
  for (;;) {
    const next = run.next()
    if (next.done) return next.value
  }
}

/** What all passes so far have observed. */
class Learnt<W extends World> {
  /** Grows with everything that is new. */
  version = 0
  /** What a step that ends all others looks at, or lets be and shows at the end. */
  readonly observed = new Bits()
  private readonly machine: Machine<W>
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
  step(state: State, slot: number, look: Look): Sum {
    const future = this.future(slot, state[slot] as number)
    const own = look.feet.length === 1 ? (look.feet[0] as Sum) : emptySum()
    for (const foot of look.feet) {
      if (look.feet.length > 1) addSum(own, foot)
      if (future.known.has(foot)) continue
      future.known.add(foot)
      if (addSum(future.now, foot)) this.version++
    }
    if (look.wait !== null) return own
    for (let i = 0; i < look.changes.length; i += 2) {
      const changed = look.changes[i] as number
      if (!this.machine.isTask(changed)) continue
      const next = this.future(changed, look.changes[i + 1] as number)
      if (future.leadsTo.has(next)) continue
      future.leadsTo.add(next)
      this.version++
    }
    return own
  }

  /** What somebody looked at who observes: parts of components that were as the observed state had them, but for tasks, which are all ended. */
  observe({ reads }: Footprint, unread: ReadonlySet<number>): void {
    const elements = this.machine.elements as Elements
    const bits = new Bits()
    for (const element of reads) {
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

interface End {
  readonly outcome: Outcome
  readonly mask: number
  readonly sample: string
}

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
  private readonly path: Level[] = []
  private readonly schedule: Letter[] = []
  private readonly verdictMask: number
  private readonly samples: (string | null)[]
  private readonly ends = new Map<string, End>()
  private always = true
  private readonly seen: Memo<{ readonly outcome: Outcome; readonly key: string; readonly foot: Footprint | null }>
  private readonly judged: Memo<{ readonly mask: number; readonly foot: Footprint | null }>
  private state: State
  private next: State

  constructor(machine: Machine<W>, learnt: Learnt<W>) {
    this.machine = machine
    this.learnt = learnt
    this.visited = new Visited(machine.width)
    this.verdictMask = machine.oracles.reduce((mask, { kind }, bit) => (kind === 'verdict' ? mask | (1 << bit) : mask), 0)
    this.samples = machine.oracles.map(() => null)
    this.seen = new Memo((state) => {
      const { value, reads } = machine.seen(state)
      return { value: { outcome: { ...value, stuck: null }, key: canonical(value), foot: machine.lastFootprint }, reads }
    })
    this.judged = new Memo((state) => {
      const { value, reads } = machine.judgeEnd(state)
      return { value: { mask: value.mask, foot: machine.lastFootprint }, reads }
    })
    this.state = widened(machine.initial.slice(), machine.width)
    this.next = this.state.slice()
  }

  *run({ maxStates }: Bounds): Generator<Progress, void> {
    const { visited, path, schedule } = this
    this.enter(visited.add(this.state, visited.hashOf(this.state)), null)
    while (path.length > 0) {
      const level = path[path.length - 1] as Level
      const able = level.todo.pop()
      if (!able) {
        this.onPath[level.index] = 0
        path.pop()
        schedule.pop()
        continue
      }
      this.transitions++
      const { next, hash } = this.after(level.index, able.changes)
      let to = visited.indexOf(next, hash)
      if (to < 0) {
        if (visited.size >= maxStates) {
          this.complete = false
          this.bound = `stopped at ${maxStates} states`
          return
        }
        to = visited.add(next, hash)
        schedule.push(this.machine.letter(able.slot))
        this.enter(to, able.ends ? new Set(able.ends) : level.unread)
        if (visited.size % 1024 === 0) yield { states: visited.size, frontier: path.length }
      } else if (this.onPath[to] === 1 && level.rest.length > 0) {
        this.cycles++
        level.todo.push(...level.rest)
        level.rest = []
      }
    }
  }

  /** The state after a step. */
  private after(index: number, changes: Changes): { readonly next: State; readonly hash: number } {
    const { machine, visited } = this
    if (machine.width > visited.width) visited.widen(machine.width)
    if (machine.width > this.state.length) {
      this.state = widened(this.state, machine.width)
      this.next = this.state.slice()
    }
    const { state, next } = this
    visited.read(index, state)
    next.set(state)
    for (let i = 0; i < changes.length; i += 2) next[changes[i] as number] = changes[i + 1] as number
    return { next, hash: visited.rehash(visited.hashAt(index), state, changes) }
  }

  /** Looks at a state that was not seen before, as one that lies on the path now. */
  private enter(index: number, unread: ReadonlySet<number> | null): void {
    const { machine, learnt } = this
    const state = new Int32Array(machine.width)
    this.visited.read(index, state)
    this.onPath[index] = 1
    const observers: Able[] = []
    const live: Able[] = []
    for (const slot of machine.taskSlots) {
      if (!machine.isUnfinished(state, slot)) continue
      const look = machine.look(state, slot)
      const must = machine.isMust(state, slot)
      const future = learnt.future(slot, state[slot] as number)
      if (look.ends !== null && !must) {
        for (const foot of look.feet) learnt.observe(foot, new Set(look.ends))
        observers.push({ ...look, slot, must, own: emptySum(), future })
        continue
      }
      if (unread) for (const foot of look.feet) learnt.observe(foot, unread)
      live.push({ ...look, slot, must, own: unread ? emptySum() : learnt.step(state, slot, look), future })
    }
    const able = live.filter(({ wait }) => wait === null)
    if (machine.isFinal(state)) this.end(state, false, unread)
    else if (!able.some(({ must }) => must) && isStuck(machine, state)) this.end(state, true, unread)
    const chosen = unread ? able : this.choose(live, able, observers.length > 0)
    this.path.push({
      index,
      unread,
      todo: [...observers, ...chosen],
      rest: chosen.length === able.length ? [] : able.filter((one) => !chosen.includes(one)),
    })
  }

  /** The tasks that go on: a persistent set with a must-task, as small as one that was found. */
  private choose(live: readonly Able[], able: readonly Able[], observedNow: boolean): readonly Able[] {
    if (able.length < 2) return able
    let best = able
    for (const first of able) {
      if (!first.must) continue
      const set = persistent(first, live, best.length)
      if (!set) continue
      const enabled = set.filter(({ wait }) => wait === null)
      if (enabled.length >= best.length) continue
      if (observedNow && enabled.some((one) => this.isVisible(one))) continue
      best = enabled
      if (best.length === 1) break
    }
    return best
  }

  /** Would an observer see that the step was taken? */
  private isVisible({ own, slot, changes }: Able): boolean {
    if (own.writes.meets(this.learnt.observed)) return true
    const { machine } = this
    for (let i = 0; i < changes.length; i += 2) {
      const changed = changes[i] as number
      // It objects; or a task has returned something.
      if (changed === machine.bitsSlot) return true
      if (changed === slot && machine.isDone(slot, changes[i + 1] as number)) return true
    }
    return false
  }

  private end(state: State, stuck: boolean, unread: ReadonlySet<number> | null): void {
    const { machine, samples, ends, learnt } = this
    const schedule = (): string => printSchedule(this.schedule)
    const judged = stuck ? null : this.judged.of(state, state)
    let mask = judged?.mask ?? machine.violated(state) | (1 << (machine.oracles.length - 1))
    const { outcome, key, foot } = this.seen.of(state, state)
    if (unread) for (const look of [foot, judged?.foot]) if (look) learnt.observe(look, unread)
    for (let bit = 0; mask >> bit !== 0; bit++) if ((mask & (1 << bit)) !== 0 && samples[bit] === null) samples[bit] = schedule()
    mask &= this.verdictMask
    if (mask === 0) this.always = false
    const full = stuck ? machine.outcome(state) : outcome
    const name = `${mask} ${key}${stuck ? ` ${canonical(full.stuck)}` : ''}`
    if (!ends.has(name)) ends.set(name, { outcome: full, mask, sample: schedule() })
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

/** The smallest set of tasks around one such that nothing the others may ever do depends on their next steps; null if it has `limit` enabled ones or more. */
function persistent(first: Able, live: readonly Able[], limit: number): readonly Able[] | null {
  const set = [first]
  const inside = new Set(set)
  let enabled = 1
  for (const one of set)
    for (const other of live) {
      if (inside.has(other) || !dependent(one.own, other.future.ever)) continue
      inside.add(other)
      set.push(other)
      if (other.wait === null && ++enabled >= limit) return null
    }
  return set
}
