/** The values that one component has had, each with a number: equal values have one number, however they came about. */
import { same, structuralHash } from '../base/plain.ts'

export class Interned {
  /** By number; 0 is "not there". */
  private readonly values: unknown[] = [undefined]
  /** By hash: the value met last; and by number: the one met before it with that hash, 0 if there is none. */
  private readonly latest = new Map<number, number>()
  private readonly earlier: number[] = [0]

  /** How many numbers are in use. */
  get size(): number {
    return this.values.length
  }

  /** The value with this number, frozen. */
  value(number: number): unknown {
    return this.values[number]
  }

  /** The number of a value; it is frozen from now on. */
  intern(value: unknown): number {
    if (value === undefined) return 0
    const hash = structuralHash(value)
    const latest = this.latest.get(hash) ?? 0
    for (let number = latest; number !== 0; number = this.earlier[number] as number) if (same(this.values[number], value)) return number
    const number = this.values.length
    this.values.push(freeze(value))
    this.earlier.push(latest)
    this.latest.set(hash, number)
    return number
  }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const key in value) freeze((value as Record<string, unknown>)[key])
  }
  return value
}
