/**
 * Where steps and oracles see the world. A step gets its own copy of each component that it touches, made when it first
 * touches it; an oracle sees the frozen components of the state before and after. Whatever is read is noted, so that
 * the result can be remembered by what it depends on. Step code sees an ordinary mutable object and need not know.
 */
import { copy, same } from '../base/plain.ts'
import { Footprint, unshown, writable, type Elements } from './footprint.ts'
import { Read, readOf, type Found } from './memo.ts'
import { Noted } from './noted.ts'
import type { Kernel, World } from './procedure.ts'
import { watched } from './programs.ts'
import type { State, States } from './state.ts'
import { view, type View } from './stretches.ts'

/** Slots and their new numbers: slot, number, slot, number, ... */
export type Changes = readonly number[]

/** The changes without those that leave a component of this state what it is. */
export function effective(state: State, changes: Changes): Changes {
  let idle = 0
  for (let i = 0; i < changes.length; i += 2) if ((state[changes[i] as number] ?? 0) === changes[i + 1]) idle++
  if (idle === 0) return changes
  const out: number[] = []
  for (let i = 0; i < changes.length; i += 2)
    if ((state[changes[i] as number] ?? 0) !== changes[i + 1]) out.push(changes[i] as number, changes[i + 1] as number)
  return out
}

export class Draft<W extends World> {
  /** The world as a step writes it. */
  readonly world: W
  /** The world before the step, and after it, frozen. */
  readonly before: W
  readonly after: W

  private readonly states: States
  private state: State = new Int32Array(0)
  private next: State = this.state
  private readonly reads = new Noted()
  /** The step's copies by slot, and which slots have one, in the order in which they were made. */
  private copies: unknown[] = []
  private readonly opened = new Noted()
  private replaced: number[] = []
  private puts: number[] = []
  private endedTasks: number[] = []
  private readonly elements: Elements | null
  /** Of the present look; null if nobody wants to know. */
  private foot: Footprint | null = null

  /** `consult` is told of every patch that is looked up. With `elements` it is noted which parts of components are read and written. */
  constructor(states: States, world: W, consult: (patch: string) => void, elements: Elements | null = null) {
    this.states = states
    this.elements = elements
    this.world = this.view(
      world,
      consult,
      (slot) => this.own(slot),
      (slot, value) => this.put(slot, value),
    )
    this.before = this.view(world, consult, (slot) => this.found(slot))
    this.after = this.view(world, consult, (slot) => this.left(slot))
  }

  /** Runs `look` over a state and its successor: what it answers, and what it read for that. One at a time. */
  over<T>(state: State, next: State, look: () => T): Found<T> {
    for (const slot of this.opened.all) this.copies[slot] = undefined
    this.opened.clear()
    this.reads.clear()
    this.replaced = []
    this.puts = []
    this.endedTasks = []
    this.state = state
    this.next = next
    this.foot = this.elements && new Footprint(this.elements)
    return { value: look(), reads: this.reads.all }
  }

  /** What the present look has read and written so far; null if nobody wanted to know. */
  get footprint(): Footprint | null {
    return this.foot
  }

  /** The component as the step found it, frozen. */
  peek(slot: number): unknown {
    return this.shown(slot, this.found(slot))
  }

  /** The component after the step, frozen. */
  peekAfter(slot: number): unknown {
    return this.shown(slot, this.left(slot))
  }

  /** The step's own copy of the component. */
  open(slot: number): unknown {
    return this.shown(slot, this.own(slot))
  }

  /** A copy of the component after the step, to be changed further. */
  openAfter(slot: number): unknown {
    if (!this.opened.has(slot)) this.keep(slot, this.copied(this.left(slot)))
    return this.shown(slot, this.copies[slot])
  }

  private copied(value: unknown): unknown {
    return this.foot ? writable(value, 0) : copy(value)
  }

  private found(slot: number): unknown {
    this.reads.note(readOf(slot, Read.before))
    return this.states.at(this.state, slot)
  }

  private left(slot: number): unknown {
    this.reads.note(readOf(slot, Read.after))
    return this.states.at(this.next, slot)
  }

  private own(slot: number): unknown {
    if (!this.opened.has(slot)) {
      this.reads.note(readOf(slot, Read.before))
      this.keep(slot, this.copied(this.states.at(this.state, slot)))
    }
    return this.copies[slot]
  }

  /** Replaces the component; what it was does not matter, unless it was looked at before. */
  put(slot: number, value: unknown): void {
    this.puts.push(slot)
    if (!this.opened.has(slot)) {
      this.replaced.push(slot)
      this.foot?.readAll(slot)
    }
    this.keep(slot, value)
  }

  /** Ends a task where it stands. */
  end(slot: number): void {
    this.reads.note(readOf(slot, Read.ended))
    this.endedTasks.push(slot)
  }

  /** Components that the present look has replaced without having looked at them. */
  get unread(): readonly number[] {
    return this.replaced
  }

  /** Components that the present look has given another value as a whole: that was made of nothing but what it has read. */
  get assigned(): readonly number[] {
    return this.puts
  }

  private keep(slot: number, value: unknown): void {
    this.opened.note(slot)
    this.copies[slot] = value
  }

  private shown(slot: number, value: unknown): unknown {
    return this.foot ? this.foot.show(slot, value) : value
  }

  /** What the step has changed. What it replaced unseen or ended is among it even where that is what it was: see `effective`. */
  changes(): Changes {
    const changes: number[] = []
    for (const slot of this.endedTasks) changes.push(slot, this.states.ended(slot, this.state[slot] ?? 0))
    for (const slot of this.opened.all) {
      // What somebody was shown may be part of what he left.
      const value = this.foot ? unshown(this.copies[slot]) : this.copies[slot]
      if (this.replaced.includes(slot)) {
        this.foot?.replaced(slot)
        changes.push(slot, this.states.intern(slot, value))
        continue
      }
      const before = this.states.at(this.state, slot)
      if (same(value, before)) continue
      this.foot?.changed(slot, before, value, same)
      changes.push(slot, this.states.intern(slot, value))
    }
    return changes
  }

  private view(
    { kernel, setting, ...components }: W,
    consult: (patch: string) => void,
    value: (slot: number) => unknown,
    set?: (slot: number, value: unknown) => void,
  ): W {
    const seen: Kernel = { release: kernel.release, patches: watched(kernel.patches, consult) }
    const slotOf = (name: string): number => this.states.slot(name)
    const seenAs: View = {
      peek: (name) => value(slotOf(name)),
      look: (name, part, only) => this.foot?.look(slotOf(name), part, value(slotOf(name)), only),
      put: (name, written) => this.keep(slotOf(name), written),
      add: (name, by) => this.keep(slotOf(name), (this.open(slotOf(name)) as number) + by),
    }
    const world = { kernel: seen, setting, [view]: seenAs }
    for (const name of Object.keys(components)) {
      const slot = this.states.slot(name)
      Object.defineProperty(world, name, {
        get: () => this.shown(slot, value(slot)),
        ...(set ? { set: (written: unknown) => set(slot, written) } : {}),
      })
    }
    return world as unknown as W
  }
}
