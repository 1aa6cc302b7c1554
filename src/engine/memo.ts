/**
 * Remembers what depends on a few components of one state, or of a state and its successor. Which component is
 * read next depends on what was read before, so the memory is a tree: at each node the component to look at, below it
 * one branch a value. All branches of a tree share one hash table of integers, because this is where a search spends
 * its time.
 */
import { Ints } from './ints.ts'
import type { State } from './state.ts'

/** Something computed, with what it depends on. */
export interface Found<T> {
  readonly value: T
  /**
   * What was read, in the order in which it was first read: see `readOf`. What is read next may depend on nothing but the values
   * read before.
   */
  readonly reads: readonly number[]
}

/** What there is to read of a slot: its component before or after, or what its task would be if it were ended where it stands. */
export const Read = { before: 0, after: 1, ended: 2 } as const

/** The number by which a read is noted. */
export const readOf = (slot: number, what: (typeof Read)[keyof typeof Read]): number => slot * 4 + what

/** The number of the value that a task's value, by slot and number, becomes when it is ended. */
export type Ended = (slot: number, number: number) => number

export class Memo<T> {
  private readonly ended: Ended
  private readonly compute: (state: State, next: State) => Found<T>
  /** By node: what to look at, or -1 - (number of a value) for a leaf. */
  private readonly looks = new Ints(64)
  private readonly values: T[] = []
  /** Open addressing: node, value, child + 1 (0 = empty). */
  private table = new Int32Array(3 * 64)
  private used = 0

  constructor(compute: (state: State, next: State) => Found<T>, ended: Ended = (_slot, number) => number) {
    this.compute = compute
    this.ended = ended
  }

  /** The result for a state and its successor, computed if none was that agrees with them in all it read. */
  of(state: State, next: State): T {
    const { looks } = this
    for (let node = looks.length === 0 ? -1 : 0; node >= 0;) {
      const look = looks.at(node)
      if (look < 0) return this.values[-1 - look] as T
      node = this.child(node, this.valueAt(look, state, next))
    }
    const { value, reads } = this.compute(state, next)
    this.put(state, next, reads, value)
    return value
  }

  private put(state: State, next: State, reads: readonly number[], value: T): void {
    const { looks } = this
    const leaf = -1 - this.values.length
    this.values.push(value)
    if (looks.length === 0) looks.push(reads[0] ?? leaf)
    let node = 0
    for (let i = 0; i < reads.length; i++) {
      const key = this.valueAt(reads[i] as number, state, next)
      let child = this.child(node, key)
      if (child < 0) {
        child = looks.length
        looks.push(i + 1 < reads.length ? (reads[i + 1] as number) : leaf)
        this.insert(node, key, child)
      }
      node = child
    }
  }

  /** A slot beyond the end of a state reads 0. */
  private valueAt(look: number, state: State, next: State): number {
    const slot = look >> 2
    const number = ((look & 3) === Read.after ? next : state)[slot] ?? 0
    return (look & 3) === Read.ended ? this.ended(slot, number) : number
  }

  private child(node: number, value: number): number {
    const { table } = this
    const size = table.length / 3
    for (let place = placeFor(node, value, size); ; place = (place + 1) & (size - 1)) {
      const child = table[place * 3 + 2] as number
      if (child === 0) return -1
      if (table[place * 3] === node && table[place * 3 + 1] === value) return child - 1
    }
  }

  private insert(node: number, value: number, child: number): void {
    if (this.used * 2 * 3 >= this.table.length) this.grow()
    const size = this.table.length / 3
    let place = placeFor(node, value, size)
    while (this.table[place * 3 + 2] !== 0) place = (place + 1) & (size - 1)
    this.table[place * 3] = node
    this.table[place * 3 + 1] = value
    this.table[place * 3 + 2] = child + 1
    this.used++
  }

  private grow(): void {
    const old = this.table
    this.table = new Int32Array(old.length * 2)
    this.used = 0
    for (let i = 0; i < old.length; i += 3)
      if (old[i + 2] !== 0) this.insert(old[i] as number, old[i + 1] as number, (old[i + 2] as number) - 1)
  }
}

const placeFor = (node: number, value: number, size: number): number => {
  const h = Math.imul(node, 0x9e3779b1) ^ Math.imul(value, 0x85ebca6b)
  return (h ^ (h >>> 15)) & (size - 1)
}
