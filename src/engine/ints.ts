/** A growing array of 32-bit integers. */
export class Ints {
  length = 0
  private data: Int32Array

  constructor(capacity = 1024) {
    this.data = new Int32Array(capacity)
  }

  push(value: number): void {
    this.reserve(1)
    this.data[this.length++] = value
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

  private reserve(more: number): void {
    if (this.length + more <= this.data.length) return
    const bigger = new Int32Array(Math.max(this.data.length * 2, this.length + more))
    bigger.set(this.data.subarray(0, this.length))
    this.data = bigger
  }
}
