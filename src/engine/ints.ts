/** A growing array of 32-bit integers. */
export class Ints {
  length = 0
  private data: Int32Array

  constructor(capacity = 1024) {
    this.data = new Int32Array(capacity)
  }

  push(value: number): void {
    if (this.length === this.data.length) this.grow()
    this.data[this.length++] = value
  }

  /** Two, one after the other; for an array that nothing else is pushed to. */
  pushTwo(first: number, second: number): void {
    const { length } = this
    if (length === this.data.length) this.grow()
    const { data } = this
    data[length] = first
    data[length + 1] = second
    this.length = length + 2
  }

  at(index: number): number {
    return this.data[index] as number
  }

  set(index: number, value: number): void {
    this.data[index] = value
  }

  /** All of them, in an array of their own. */
  all(): Int32Array {
    return this.data.slice(0, this.length)
  }

  private grow(): void {
    const bigger = new Int32Array(Math.max(16, this.data.length * 2))
    bigger.set(this.data)
    this.data = bigger
  }
}
