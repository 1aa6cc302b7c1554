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

  append(values: Int32Array): void {
    this.reserve(values.length)
    this.data.set(values, this.length)
    this.length += values.length
  }

  at(index: number): number {
    return this.data[index] as number
  }

  set(index: number, value: number): void {
    this.data[index] = value
  }

  slice(from: number, to: number): Int32Array {
    return this.data.slice(from, to)
  }

  /** Copies the integers from `from` on into `target`. */
  read(from: number, target: Int32Array): void {
    for (let i = 0; i < target.length; i++) target[i] = this.data[from + i] as number
  }

  /** Do the integers from `from` on equal `values`? */
  matches(from: number, values: Int32Array): boolean {
    for (let i = 0; i < values.length; i++) if (this.data[from + i] !== values[i]) return false
    return true
  }

  private reserve(more: number): void {
    if (this.length + more <= this.data.length) return
    const bigger = new Int32Array(Math.max(this.data.length * 2, this.length + more))
    bigger.set(this.data.subarray(0, this.length))
    this.data = bigger
  }
}
