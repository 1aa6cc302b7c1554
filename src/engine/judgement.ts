/** What the oracles say: to each step, and where a schedule ends. */
import { AuthorError } from '../base/assert.ts'
import { copy } from '../base/plain.ts'
import type { Changes, Draft } from './draft.ts'
import type { Footprint } from './footprint.ts'
import { Memo, Read, readOf, type Found } from './memo.ts'
import {
  objectionOf,
  type Always,
  type Judge,
  type Lasting,
  type Monitor,
  type Noting,
  type Objection,
  type Oracle,
  type Recorder,
} from './oracle.ts'
import type { World } from './procedure.ts'
import type { State, States } from './state.ts'

/** The slot of the violation bits: bit i is oracle i. */
export const bitsName = 'violated'

/** An objection with whose it is. */
export interface Objecting extends Objection {
  readonly oracle: string
}

/** What somebody who watches steps makes of one: the number of its new memory, and whether it objects. */
interface Opinion {
  readonly memory: number
  readonly objects: boolean
  readonly foot: Footprint | null
}

/** Whether a step may mend what oracles would object to. */
interface Mending {
  readonly mends: boolean
  readonly foot: Footprint | null
}

/** What a recorder notes, with whose it is. */
interface Note<W> extends Noting<W>, Pick<Recorder<W>, 'shape' | 'id' | 'start'> {}

/** Is told what the present answer depends on: what was read, and by somebody who was asked with which footprint. */
export type Asked = (reads: readonly number[], foot: Footprint | null) => void

interface Watcher<W> {
  readonly who: Always<W> | Monitor<W> | Judge<W> | Lasting<W> | Note<W>
  /** Its bit among all oracles; -1 for a recorder, which never objects. */
  readonly bit: number
  /** The slot of the memory that it writes; -1 if it writes none. */
  readonly writes: number
  /** The slot of the memory that it reads, be it its own; -1 if it reads none. */
  readonly memory: number
  /** By slot of the task - firstTask; if it is not told of the task, one for all. */
  readonly opinions: Memo<Opinion>[]
}

/** The recorders that some oracle judges over. */
const recordersOf = <W>(oracles: readonly Oracle<W>[]): Recorder<W>[] => [
  ...new Set(oracles.flatMap((oracle) => (oracle.shape === 'judge' || oracle.shape === 'lasting' ? [oracle.over as Recorder<W>] : []))),
]

/** The names of the components that oracles need: the violation bits and their memories. */
export const memoryNames = <W>(oracles: readonly Oracle<W>[]): string[] => [
  bitsName,
  ...recordersOf(oracles).map(({ id }) => `recorder:${id}`),
  ...oracles.flatMap(({ shape, id }) => (shape === 'monitor' ? [`monitor:${id}`] : [])),
]

export class Judgement<W extends World> {
  private readonly states: States
  private readonly draft: Draft<W>
  readonly bits: number
  /** What recorders note first, so that who judges over them sees their memory after the step. */
  private readonly watchers: readonly Watcher<W>[]
  /** By slot: bits of the watchers that want to know when it changes. */
  private readonly watched: Int32Array
  private readonly oracles: readonly Oracle<W>[]
  /** Who has objected is not asked again: an answer depends on the bits. */
  private readonly readsBits: readonly number[]
  /** Oracles whose violations last are asked where a schedule ends, and by steps only whether these may mend something. */
  private readonly late: boolean
  /** Bits of the watchers that are to judge before a step that ends all others. */
  private readonly lastCalled: number
  /** By what the oracles say of it; only where they are asked late. */
  private readonly mendings = new Map<Lasting<W>['mends'], Memo<Mending>>()
  /** The state after the step that is being judged. */
  private next: State = new Int32Array(0)

  constructor(name: string, states: States, draft: Draft<W>, oracles: readonly Oracle<W>[], late: boolean) {
    if (oracles.length > 30) throw new AuthorError(`${name}: at most 30 oracles, it has ${oracles.length}`)
    this.states = states
    this.draft = draft
    this.oracles = oracles
    this.late = late
    this.bits = states.slot(bitsName)
    this.readsBits = [readOf(this.bits, Read.before)]
    const notes = recordersOf(oracles).flatMap(({ shape, id, start, notes: all }) => {
      const slot = states.slot(`recorder:${id}`)
      return all.map((note): Watcher<W> => ({ who: { shape, id, start, ...note }, bit: -1, writes: slot, memory: slot, opinions: [] }))
    })
    const others = oracles.flatMap((who, bit): Watcher<W>[] => {
      if (who.shape === 'finally') return []
      const writes = who.shape === 'monitor' ? states.slot(`monitor:${who.id}`) : -1
      const memory = 'over' in who ? states.slot(`recorder:${who.over.id}`) : writes
      return [{ who, bit, writes, memory, opinions: [] }]
    })
    this.watchers = [...notes, ...others]
    if (this.watchers.length > 32) throw new AuthorError(`${name}: at most 32 that watch steps, it has ${this.watchers.length}`)
    this.watched = new Int32Array(states.firstTask)
    this.watchers.forEach(({ who, memory }, i) => {
      for (const component of who.watch) this.watched[states.slot(component)]! |= 1 << i
      if ('over' in who) this.watched[memory]! |= 1 << i
    })
    this.lastCalled = late ? this.watchers.reduce((bits, { who }, i) => (who.shape === 'lasting' ? bits | (1 << i) : bits), 0) : 0
  }

  /** Writes the memories that monitors and recorders begin with, and the bits of the invariants that do not even hold there. */
  begin(state: State): readonly Objecting[] {
    for (const { who, writes } of this.watchers) if ('start' in who) state[writes] = this.states.intern(writes, copy(who.start))
    const wrong = this.invariants(state)
    const mask = wrong.reduce((bits, { oracle }) => bits | (1 << this.oracles.findIndex(({ id }) => id === oracle)), 0)
    state[this.bits] = this.states.intern(this.bits, mask)
    return wrong
  }

  /** Does somebody judge the state before a step that ends all others? */
  get looksBack(): boolean {
    return this.lastCalled !== 0
  }

  /** Which oracles' bits are set in a state. */
  violated(state: State): number {
    return this.states.value(this.bits, state[this.bits] as number) as number
  }

  /**
   * A step's own changes with what they make the oracles remember and object. `asked` is told what these depend on besides;
   * `ends`: the step ends all other tasks.
   */
  after(state: State, slot: number, changes: Changes, ends: boolean, asked: Asked): Changes {
    let watchers = this.whoWatches(changes) | (ends ? this.lastCalled : 0)
    if (watchers === 0) return changes
    const next = this.apply(state, changes)
    const all = [...changes]
    const remembering: number[] = []
    const violated = this.violated(state)
    asked(this.readsBits, null)
    let mask = violated
    for (let i = 0; i < this.watchers.length; i++) {
      if ((watchers & (1 << i)) === 0) continue
      const watcher = this.watchers[i] as Watcher<W>
      const { writes, bit } = watcher
      // Once it has objected, nothing that it says can change anything.
      if (writes < 0 && (violated & (1 << bit)) !== 0) continue
      if (this.late && watcher.who.shape === 'lasting' && !ends) {
        // Several judge for as long as one and the same may be mended.
        const { value, reads } = this.mending(watcher.who).found(state, next)
        asked(reads, value.foot)
        if (!value.mends) continue
      }
      const { value, reads } = this.opinions(watcher, slot).found(state, next)
      const { memory, objects, foot } = value
      asked(reads, foot)
      if (writes >= 0 && memory !== next[writes]) {
        next[writes] = memory
        watchers |= this.watched[writes] as number
        if (!remembering.includes(writes)) remembering.push(writes)
      }
      if (objects) mask |= 1 << bit
    }
    for (const slot of remembering) if (next[slot] !== state[slot]) all.push(slot, next[slot] as number)
    if (mask !== violated) all.push(this.bits, this.states.intern(this.bits, mask))
    return all
  }

  /** What the oracles that have not objected yet object to a step, in words. */
  toStep(state: State, slot: number, changes: Changes): readonly Objecting[] {
    let watchers = this.whoWatches(changes)
    const next = this.apply(state, changes)
    const violated = this.violated(state)
    return this.watchers.flatMap((watcher, i) => {
      if ((watchers & (1 << i)) === 0) return []
      const { memory, wrong } = this.opine(watcher, state, next, slot).value
      if (watcher.writes >= 0 && memory !== next[watcher.writes]) {
        next[watcher.writes] = memory
        watchers |= this.watched[watcher.writes] as number
      }
      return wrong === null || (violated & (1 << watcher.bit)) !== 0 ? [] : [{ oracle: watcher.who.id, ...wrong }]
    })
  }

  /** The invariants that do not hold in a state. */
  invariants(state: State): readonly Objecting[] {
    return this.watchers.flatMap(({ who }) => {
      if (who.shape !== 'always') return []
      const wrong = objectionOf(this.draft.over(state, state, () => who.judge(this.draft.after)).value)
      return wrong === null ? [] : [{ oracle: who.id, ...wrong }]
    })
  }

  /** A schedule that ends here, with all tasks finished or stuck: the bits of what it violates, and what is objected to the end itself. */
  atEnd(state: State, finished: boolean): Found<{ readonly mask: number; readonly wrong: readonly Objecting[] }> {
    return this.draft.over(state, state, () => {
      let mask = this.draft.peek(this.bits) as number
      const wrong: Objecting[] = []
      this.oracles.forEach((oracle, bit) => {
        const objection = this.lastWord(oracle, finished)
        if (objection === null) return
        wrong.push({ oracle: oracle.id, ...objection })
        mask |= 1 << bit
      })
      return { mask, wrong }
    })
  }

  private lastWord(oracle: Oracle<W>, finished: boolean): Objection | null {
    const { draft, late } = this
    if (oracle.shape === 'finally') return finished ? objectionOf(oracle.judge(draft.before)) : null
    if (oracle.shape !== 'lasting' || !late) return null
    return objectionOf(oracle.judge(draft.peek(this.states.slot(`recorder:${oracle.over.id}`)) as never, draft.before))
  }

  private whoWatches(changes: Changes): number {
    let watchers = 0
    for (let i = 0; i < changes.length; i += 2) {
      const slot = changes[i] as number
      if (slot < this.watched.length) watchers |= this.watched[slot] as number
    }
    return watchers
  }

  private apply(state: State, changes: Changes): State {
    if (this.next.length !== this.states.width) this.next = new Int32Array(this.states.width)
    const { next } = this
    if (state.length < next.length) next.fill(0)
    next.set(state)
    for (let i = 0; i < changes.length; i += 2) next[changes[i] as number] = changes[i + 1] as number
    return next
  }

  /** May the step mend what such an oracle would object to? */
  private mending({ mends }: Lasting<W>): Memo<Mending> {
    let memo = this.mendings.get(mends)
    if (!memo) {
      const { draft } = this
      memo = new Memo((before, after) => {
        const { value, reads } = draft.over(before, after, () => mends(draft.before, draft.after))
        return { value: { mends: value, foot: draft.footprint }, reads }
      })
      this.mendings.set(mends, memo)
    }
    return memo
  }

  private opinions(watcher: Watcher<W>, slot: number): Memo<Opinion> {
    const { shape } = watcher.who
    const i = shape === 'always' || shape === 'lasting' ? 0 : slot - this.states.firstTask
    return (watcher.opinions[i] ??= this.newOpinions(watcher, slot))
  }

  private newOpinions(watcher: Watcher<W>, slot: number): Memo<Opinion> {
    return new Memo((before, after) => {
      const { value, reads } = this.opine(watcher, before, after, slot)
      return { value: { memory: value.memory, objects: value.wrong !== null, foot: this.draft.footprint }, reads }
    })
  }

  private opine(
    { who, memory: slot }: Watcher<W>,
    state: State,
    next: State,
    stepped: number,
  ): Found<{ readonly memory: number; readonly wrong: Objection | null }> {
    const { draft, states } = this
    const { before, after } = draft
    return draft.over(state, next, () => {
      if (who.shape === 'always') return { memory: 0, wrong: objectionOf(who.judge(after)) }
      if (who.shape === 'lasting') {
        const [memory, s] = this.late ? [draft.peek(slot), before] : [draft.peekAfter(slot), after]
        return { memory: 0, wrong: objectionOf(who.judge(memory as never, s)) }
      }
      const taken = { task: states.letter(stepped) }
      if (who.shape === 'judge') {
        const memory = { before: draft.peek(slot), after: draft.peekAfter(slot) } as never
        return { memory: 0, wrong: objectionOf(who.judge(memory, before, after, taken)) }
      }
      // As those before it have left it.
      const memory = draft.openAfter(slot) as never
      const answer = who.shape === 'monitor' ? who.observe(memory, before, after, taken) : who.follow(memory, before, after, taken)
      return { memory: draft.changes()[1] ?? (state[slot] as number), wrong: objectionOf(answer ?? null) }
    })
  }
}
