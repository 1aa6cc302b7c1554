/**
 * Where steps and oracles see the world. A step gets its own copy of each component that it touches, made when it first
 * touches it; an oracle sees the frozen components of the state before and after. Whatever is read is noted, so that
 * the result can be remembered by what it depends on. Step code sees an ordinary mutable object and need not know.
 */
import { copy, same } from '../base/plain.ts'
import type { Found } from './memo.ts'
import type { Kernel, World } from './procedure.ts'
import { watched } from './programs.ts'
import type { State, States } from './state.ts'

/** Slots and their new numbers: slot, number, slot, number, ... */
export type Changes = readonly number[]

export class Draft<W extends World> {
  /** The world as a step writes it. */
  readonly world: W
  /** The world before the step, and after it, frozen. */
  readonly before: W
  readonly after: W

  private readonly states: States
  private state: State = new Int32Array(0)
  private next: State = this.state
  private reads: number[] = []
  /** By what was read: 1 if it was noted. */
  private noted = new Uint8Array(64)
  /** The step's copies by slot, and which slots have one, in the order in which they were made. */
  private copies: unknown[] = []
  private opened = new Uint8Array(64)
  private touched: number[] = []

  /** `consult` is told of every patch that is looked up. */
  constructor(states: States, world: W, consult: (patch: string) => void) {
    this.states = states
    this.world = this.view(
      world,
      consult,
      (slot) => this.open(slot),
      (slot, value) => this.put(slot, value),
    )
    this.before = this.view(world, consult, (slot) => this.peek(slot))
    this.after = this.view(world, consult, (slot) => this.peekAfter(slot))
  }

  /** Runs `look` over a state and its successor: what it answers, and what it read for that. One at a time. */
  over<T>(state: State, next: State, look: () => T): Found<T> {
    for (const slot of this.touched) {
      this.copies[slot] = undefined
      this.opened[slot] = 0
    }
    for (const read of this.reads) this.noted[read] = 0
    this.touched = []
    this.reads = []
    this.state = state
    this.next = next
    return { value: look(), reads: this.reads }
  }

  /** The component as the step found it, frozen. */
  peek(slot: number): unknown {
    this.note(slot * 2)
    return this.states.at(this.state, slot)
  }

  /** The component after the step, frozen. */
  peekAfter(slot: number): unknown {
    this.note(slot * 2 + 1)
    return this.states.at(this.next, slot)
  }

  /** The step's own copy of the component. */
  open(slot: number): unknown {
    if (this.opened[slot] === 1) return this.copies[slot]
    const value = copy(this.peek(slot))
    this.put(slot, value)
    return value
  }

  /** Replaces the component. */
  put(slot: number, value: unknown): void {
    if (this.opened[slot] !== 1) {
      this.note(slot * 2)
      if (slot >= this.opened.length) this.opened = larger(this.opened, slot)
      this.opened[slot] = 1
      this.touched.push(slot)
    }
    this.copies[slot] = value
  }

  /** What the step has changed. */
  changes(): Changes {
    const changes: number[] = []
    for (const slot of this.touched) {
      const value = this.copies[slot]
      if (!same(value, this.states.at(this.state, slot))) changes.push(slot, this.states.intern(slot, value))
    }
    return changes
  }

  private note(read: number): void {
    if (this.noted[read] === 1) return
    if (read >= this.noted.length) this.noted = larger(this.noted, read)
    this.noted[read] = 1
    this.reads.push(read)
  }

  private view(
    { kernel, setting, ...components }: W,
    consult: (patch: string) => void,
    get: (slot: number) => unknown,
    set?: (slot: number, value: unknown) => void,
  ): W {
    const seen: Kernel = { release: kernel.release, patches: watched(kernel.patches, consult) }
    const view = { kernel: seen, setting }
    for (const name of Object.keys(components)) {
      const slot = this.states.slot(name)
      Object.defineProperty(view, name, {
        get: () => get(slot),
        ...(set ? { set: (value: unknown) => set(slot, value) } : {}),
      })
    }
    return view as unknown as W
  }
}

function larger(flags: Uint8Array<ArrayBuffer>, index: number): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(Math.max(flags.length * 2, index + 1))
  more.set(flags)
  return more
}
