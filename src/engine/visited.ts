/** The states a search has seen: vectors of one width in one arena, numbered as they come, found again by hash. */
import { Hashed } from './hashed.ts'
import type { State } from './state.ts'

/**
 * A slot's share of a state's hash; shares add up, so a step that changes few slots changes the hash as cheaply. A slot
 * that is empty adds nothing, so a state has one hash however many slots it was given.
 */
const share = (slot: number, value: number): number => {
  if (value === 0) return 0
  const h = Math.imul(value + 0x7f4a7c15, 0x9e3779b1 + (slot << 1))
  return Math.imul(h ^ (h >>> 15), 0x85ebca6b + (slot << 4))
}

/** What changes add to the hash of a state; no slot is in them twice. */
export function shiftOf(before: State, changes: ArrayLike<number>): number {
  let shift = 0
  for (let i = 0; i < changes.length; i += 2) {
    const slot = changes[i] as number
    shift = (shift - share(slot, before[slot] ?? 0) + share(slot, changes[i + 1] as number)) | 0
  }
  return shift
}

export class Visited {
  /** How many slots a state has. */
  width: number
  /** Numbers are small as a rule: 16 bits each until one does not fit. Half the memory is half the cache misses. */
  private arena: Uint16Array | Int32Array
  private readonly hashed = new Hashed()

  constructor(width: number) {
    this.width = width
    this.arena = new Uint16Array(width << 10)
  }

  get size(): number {
    return this.hashed.size
  }

  /** Bytes held. */
  get bytes(): number {
    return this.size * this.width * this.arena.BYTES_PER_ELEMENT + this.hashed.bytes
  }

  hashOf(state: State): number {
    let hash = 0
    for (let slot = 0; slot < state.length; slot++) hash = (hash + share(slot, state[slot] as number)) | 0
    return hash
  }

  /** Gives every state more slots, empty ones. */
  widen(width: number): void {
    const { arena, size } = this
    const capacity = Math.max(1 << 10, Math.ceil(arena.length / this.width))
    const wide = arena.BYTES_PER_ELEMENT === 2 ? new Uint16Array(width * capacity) : new Int32Array(width * capacity)
    for (let i = 0; i < size; i++) wide.set(arena.subarray(i * this.width, (i + 1) * this.width), i * width)
    this.arena = wide
    this.width = width
  }

  hashAt(index: number): number {
    return this.hashed.hashAt(index)
  }

  /** Copies the state with this number into `target`, and into a second one. */
  read(index: number, target: State, other = target): void {
    const { arena, width } = this
    for (let i = 0, at = index * width; i < width; i++) target[i] = other[i] = arena[at + i] as number
  }

  /** The number of a state, -1 if it was not seen. */
  indexOf(state: State, hash: number): number {
    const { hashed } = this
    for (let index = hashed.first(hash); index >= 0; index = hashed.next(hash)) if (this.matches(index, state)) return index
    return -1
  }

  /** Remembers a state that was not seen before; its number. */
  add(state: State, hash: number): number {
    this.indexOf(state, hash)
    return this.addSought(state, hash)
  }

  /** Remembers a state that `indexOf` has just looked for in vain; its number. */
  addSought(state: State, hash: number): number {
    const index = this.hashed.addSought(hash)
    this.store(index, state)
    return index
  }

  private matches(index: number, state: State): boolean {
    const { arena, width } = this
    for (let i = 0, at = index * width; i < width; i++) if (arena[at + i] !== state[i]) return false
    return true
  }

  private store(index: number, state: State): void {
    const { width } = this
    const at = index * width
    if (at + width > this.arena.length) this.arena = moved(this.arena, this.arena.BYTES_PER_ELEMENT, this.arena.length * 2)
    const { arena } = this
    let bits = 0
    for (let i = 0; i < width; i++) {
      const number = state[i] as number
      bits |= number
      arena[at + i] = number
    }
    if (bits <= 0xffff || arena.BYTES_PER_ELEMENT === 4) return
    this.arena = moved(arena, 4, arena.length)
    this.store(index, state)
  }
}

function moved(from: Uint16Array | Int32Array, bytes: number, length: number): Uint16Array | Int32Array {
  const to = bytes === 2 ? new Uint16Array(length) : new Int32Array(length)
  to.set(from)
  return to
}
