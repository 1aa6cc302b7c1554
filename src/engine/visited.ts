/** The states a search has seen: vectors of one width in one arena, numbered as they come, found again by hash. */
import { Ints } from './ints.ts'
import type { State } from './machine.ts'

/** A slot's share of a state's hash; shares add up, so a step that changes few slots changes the hash as cheaply. */
const share = (slot: number, value: number): number => {
  const h = Math.imul(value + 0x7f4a7c15, 0x9e3779b1 + (slot << 1))
  return Math.imul(h ^ (h >>> 15), 0x85ebca6b + (slot << 4))
}

export class Visited {
  private readonly width: number
  private readonly arena: Ints
  private readonly hashes = new Ints()
  /** Open addressing: number of the state + 1; 0 = empty. */
  private table = new Int32Array(1 << 12)

  constructor(width: number) {
    this.width = width
    this.arena = new Ints(width << 10)
  }

  get size(): number {
    return this.hashes.length
  }

  /** How many integers are held. */
  get ints(): number {
    return this.arena.length + this.hashes.length + this.table.length
  }

  hashOf(state: State): number {
    let hash = 0
    for (let slot = 0; slot < state.length; slot++) hash = (hash + share(slot, state[slot] as number)) | 0
    return hash
  }

  /** The hash of `after`, which differs from `before` in these slots only. */
  rehash(hash: number, before: State, after: State, slots: readonly number[]): number {
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i] as number
      hash = (hash - share(slot, before[slot] as number) + share(slot, after[slot] as number)) | 0
    }
    return hash
  }

  hashAt(index: number): number {
    return this.hashes.at(index)
  }

  /** Copies the state with this number into `target`. */
  read(index: number, target: State): void {
    this.arena.read(index * this.width, target)
  }

  /** The number of a state, -1 if it was not seen. */
  indexOf(state: State, hash: number): number {
    const mask = this.table.length - 1
    for (let place = (hash ^ (hash >>> 16)) & mask; ; place = (place + 1) & mask) {
      const index = (this.table[place] as number) - 1
      if (index < 0 || (this.hashes.at(index) === hash && this.arena.matches(index * this.width, state))) return index
    }
  }

  /** Remembers a state that was not seen before; its number. */
  add(state: State, hash: number): number {
    const index = this.hashes.length
    if (index * 2 >= this.table.length) this.grow()
    this.arena.append(state)
    this.hashes.push(hash)
    this.place(index, hash)
    return index
  }

  private place(index: number, hash: number): void {
    const mask = this.table.length - 1
    let place = (hash ^ (hash >>> 16)) & mask
    while (this.table[place] !== 0) place = (place + 1) & mask
    this.table[place] = index + 1
  }

  private grow(): void {
    this.table = new Int32Array(this.table.length * 2)
    for (let index = 0; index < this.hashes.length; index++) this.place(index, this.hashes.at(index))
  }
}
