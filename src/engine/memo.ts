/**
 * Remembers a result that depends on a few components of one state, or of a state and its successor. Which component is
 * read next depends on what was read before, so the memory is a tree: at each node the component to look at, below it
 * one branch a value. Slots from the width of a state on mean the successor. All branches of a tree share one hash table
 * of integers, because this is where a search spends its time.
 */
import { Ints } from './ints.ts'
import type { State } from './machine.ts'

export class Memo<T> {
  /** By node: the slot to look at, or -1 - (number of a value) for a leaf. */
  private readonly slots = new Ints(64)
  private readonly values: T[] = []
  /** Open addressing: node, value, child + 1 (0 = empty). */
  private table = new Int32Array(3 * 64)
  private used = 0

  get(state: State, next: State): T | undefined {
    if (this.slots.length === 0) return undefined
    const width = state.length
    for (let node = 0; ;) {
      const slot = this.slots.at(node)
      if (slot < 0) return this.values[-1 - slot]
      node = this.child(node, (slot < width ? state[slot] : next[slot - width]) as number)
      if (node < 0) return undefined
    }
  }

  /** `reads`: the slots in the order in which the computation first read them; deterministic in what was read before. */
  put(state: State, next: State, reads: readonly number[], value: T): void {
    const leaf = -1 - this.values.length
    this.values.push(value)
    if (this.slots.length === 0) this.slots.push(reads[0] ?? leaf)
    let node = 0
    for (let i = 0; i < reads.length; i++) {
      const slot = reads[i] as number
      const key = (slot < state.length ? state[slot] : next[slot - state.length]) as number
      let child = this.child(node, key)
      if (child < 0) {
        child = this.slots.length
        this.slots.push(i + 1 < reads.length ? (reads[i + 1] as number) : leaf)
        this.insert(node, key, child)
      }
      node = child
    }
  }

  private child(node: number, value: number): number {
    const { table } = this
    const size = table.length / 3
    for (let place = slotFor(node, value, size); ; place = (place + 1) & (size - 1)) {
      const child = table[place * 3 + 2] as number
      if (child === 0) return -1
      if (table[place * 3] === node && table[place * 3 + 1] === value) return child - 1
    }
  }

  private insert(node: number, value: number, child: number): void {
    if (this.used * 2 * 3 >= this.table.length) this.grow()
    const size = this.table.length / 3
    let place = slotFor(node, value, size)
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

const slotFor = (node: number, value: number, size: number): number => {
  const h = Math.imul(node, 0x9e3779b1) ^ Math.imul(value, 0x85ebca6b)
  return (h ^ (h >>> 15)) & (size - 1)
}
