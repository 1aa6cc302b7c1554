/**
 * Remembers what depends on a few components of one state, or of a state and its successor. Which component is read next
 * depends on what was read before, but hardly ever on more than the first: below each value of that, what was remembered has
 * one list of components to look at, rarely a few. All values on such a list are looked up at once, in one hash table of
 * integers, because this is where a search spends its time.
 */
import { invariant } from '../base/assert.ts'
import { Hashed } from './hashed.ts'
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

/** No component was looked at. */
const NOTHING = -1

export class Memo<T> {
  private readonly ended: Ended
  private readonly compute: (state: State, next: State) => Found<T>
  /** What is read first. */
  private root = NOTHING
  /** By the value of that: a list to look at, 0 if nothing is known, or -1 - (entry) if nothing else is read. */
  private readonly heads = new Ints(16)
  /** By list: what is read, the root first, and the next list below the same value of the root. List 0: nothing but the root, if that. */
  private readonly lists: (readonly number[])[] = [[]]
  private readonly others = new Ints(16)
  /** By entry: what was computed, and where its list and the values on that begin in `keys`. */
  private readonly values: T[] = []
  private readonly keyStart = new Ints(16)
  private readonly keys = new Ints(64)
  private readonly hashed = new Hashed()
  /** The values on the list that is being looked at. */
  private key = new Int32Array(16)

  constructor(compute: (state: State, next: State) => Found<T>, ended: Ended = (_slot, number) => number) {
    this.compute = compute
    this.ended = ended
    this.others.push(0)
  }

  /** The result for a state and its successor, computed if none was that agrees with them in all it read. */
  of(state: State, next: State): T {
    const entry = this.find(state, next)
    return entry < 0 ? this.remember(state, next).value : (this.values[entry] as T)
  }

  /** The same with what it depends on. */
  found(state: State, next: State): Found<T> {
    const entry = this.find(state, next)
    if (entry < 0) return this.remember(state, next)
    return { value: this.values[entry] as T, reads: this.lists[this.keys.at(this.keyStart.at(entry))] as readonly number[] }
  }

  /** The entry for a state and its successor; -1 if there is none. */
  private find(state: State, next: State): number {
    const { heads, hashed, others } = this
    const value = this.rootValue(state, next)
    let list = value < heads.length ? heads.at(value) : 0
    if (list < 0) return -1 - list
    for (; list > 0; list = others.at(list)) {
      const hash = this.gather(list, state, next)
      for (let entry = hashed.first(hash); entry >= 0; entry = hashed.next(hash)) if (this.matches(entry, list)) return entry
    }
    return -1
  }

  private rootValue(state: State, next: State): number {
    return this.root === NOTHING ? 0 : this.valueAt(this.root, state, next)
  }

  /** Puts the values on the list, without the root's, into `key`; their hash. */
  private gather(list: number, state: State, next: State): number {
    const { key } = this
    const reads = this.lists[list] as readonly number[]
    let hash = Math.imul(list, 0x9e3779b1)
    for (let i = 1; i < reads.length; i++) {
      const look = reads[i] as number
      const value = this.valueAt(look, state, next)
      key[i] = value
      hash = (hash + Math.imul(value, Math.imul(look + 1, 0x85ebca6b) | 1)) | 0
    }
    return Math.imul(hash ^ (hash >>> 15), 0x9e3779b1)
  }

  /** Is the entry of this list, with the values in `key`? */
  private matches(entry: number, list: number): boolean {
    const { keys, key } = this
    const start = this.keyStart.at(entry)
    if (keys.at(start) !== list) return false
    const { length } = this.lists[list] as readonly number[]
    for (let i = 1; i < length; i++) if (keys.at(start + i) !== key[i]) return false
    return true
  }

  private remember(state: State, next: State): Found<T> {
    const found = this.compute(state, next)
    const { reads } = found
    const [root = NOTHING] = reads
    invariant(this.values.length === 0 || root === this.root, 'what is read first depends on nothing')
    this.root = root
    const value = this.rootValue(state, next)
    while (this.heads.length <= value) this.heads.push(0)
    const list = this.list(value, reads)
    const entry = this.hashed.add(this.gather(list, state, next))
    this.values.push(found.value)
    this.keyStart.push(this.keys.length)
    this.keys.push(list)
    for (let i = 1; i < reads.length; i++) this.keys.push(this.key[i] as number)
    if (list === 0) this.heads.set(value, -1 - entry)
    return found
  }

  /** The list with these reads below a value of the root; made if there is none. */
  private list(value: number, reads: readonly number[]): number {
    if (reads.length < 2) {
      this.lists[0] = reads
      return 0
    }
    let last = 0
    for (let list = this.heads.at(value); list > 0; list = this.others.at(list)) {
      const known = this.lists[list] as readonly number[]
      if (known.length === reads.length && known.every((read, i) => read === reads[i])) return list
      last = list
    }
    const list = this.lists.length
    this.lists.push(reads)
    this.others.push(0)
    if (last === 0) this.heads.set(value, list)
    else this.others.set(last, list)
    if (reads.length > this.key.length) this.key = new Int32Array(reads.length * 2)
    return list
  }

  /** A slot beyond the end of a state reads 0. */
  private valueAt(look: number, state: State, next: State): number {
    const slot = look >> 2
    const number = ((look & 3) === Read.after ? next : state)[slot] ?? 0
    return (look & 3) === Read.ended ? this.ended(slot, number) : number
  }
}
