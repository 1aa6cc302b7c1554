/**
 * Whole numbers by index, exact however large, as sums of each other. A bigint is an object made anew by every addition; these
 * are columns of doubles, each with so many bits that a sum of two is exact, and as many columns as the largest number needs.
 */
const BITS = 52
const BASE = 2 ** BITS

export class ExactCounts {
  private readonly size: number
  /** The lowest first. */
  private readonly columns: Float64Array[]

  /** All are 0. */
  constructor(size: number) {
    this.size = size
    this.columns = [new Float64Array(size)]
  }

  /** Sets a number that is 0 to 1. */
  start(index: number): void {
    ;(this.columns[0] as Float64Array)[index] = 1
  }

  /** Adds one of the numbers to another, which is not the same. */
  add(to: number, from: number): void {
    const { columns } = this
    let carry = 0
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i] as Float64Array
      const sum = (column[to] as number) + (column[from] as number) + carry
      carry = sum < BASE ? 0 : 1
      column[to] = sum < BASE ? sum : sum - BASE
    }
    if (carry === 0) return
    const higher = new Float64Array(this.size)
    higher[to] = 1
    columns.push(higher)
  }

  at(index: number): bigint {
    return this.columns.reduceRight((sum, column) => (sum << BigInt(BITS)) + BigInt(column[index] as number), 0n)
  }
}
