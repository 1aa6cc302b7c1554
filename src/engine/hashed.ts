/**
 * Things that are numbered as they come and found again by their hash. What they are, and whether one that is found is the one
 * looked for, the caller knows.
 */
import { Ints } from './ints.ts'

export class Hashed {
  private readonly hashes = new Ints(16)
  /**
   * Open addressing; 0 = empty. So many bits as count the places are the number + 1, all others the hash's own: nearly every
   * other thing on the way is passed by without touching it, which would be a cache miss.
   */
  private words = new Int32Array(32)
  /** Where the last search stands. */
  private place = 0

  /** How many there are. */
  get size(): number {
    return this.hashes.length
  }

  /** Bytes held. */
  get bytes(): number {
    return (this.hashes.length + this.words.length) * 4
  }

  hashAt(number: number): number {
    return this.hashes.at(number)
  }

  /** The first number that may be under this hash, -1 if there is none; `next` gives the others. */
  first(hash: number): number {
    this.place = home(hash) & (this.words.length - 1)
    return this.seek(hash)
  }

  /** The number after the one that `first` or `next` has just found under this hash. */
  next(hash: number): number {
    this.place = (this.place + 1) & (this.words.length - 1)
    return this.seek(hash)
  }

  /** Gives the next number to something with this hash. */
  add(hash: number): number {
    let found = this.first(hash)
    while (found >= 0) found = this.next(hash)
    return this.addSought(hash)
  }

  /** The same for what `first` and `next` have just looked for in vain: it goes where they ended. */
  addSought(hash: number): number {
    const number = this.hashes.length
    this.hashes.push(hash)
    const { words } = this
    if (number * 2 >= words.length) this.grow()
    else words[this.place] = wordOf(hash, number, words.length - 1)
    return number
  }

  private seek(hash: number): number {
    const { words } = this
    const mask = words.length - 1
    let { place } = this
    let word = words[place] as number
    while (word !== 0 && ((word ^ hash) & ~mask) !== 0) {
      place = (place + 1) & mask
      word = words[place] as number
    }
    this.place = place
    return (word & mask) - 1
  }

  private put(number: number, hash: number): void {
    const { words } = this
    const mask = words.length - 1
    let place = home(hash) & mask
    while (words[place] !== 0) place = (place + 1) & mask
    words[place] = wordOf(hash, number, mask)
  }

  private grow(): void {
    this.words = new Int32Array(this.words.length * 2)
    for (let number = 0; number < this.hashes.length; number++) this.put(number, this.hashes.at(number))
  }
}

const wordOf = (hash: number, number: number, mask: number): number => (hash & ~mask) | (number + 1)

/** Where a search begins. The upper bits are in it too: the lower ones of a sum of products are the worse ones. */
const home = (hash: number): number => hash ^ (hash >>> 16)
