/** The parts that states are made of, interned: equal values of a component have one number, so equal states are equal vectors. */
import { invariant } from '../base/assert.ts'
import { canonical } from '../base/plain.ts'

interface Table {
  readonly numbers: Map<string, number>
  readonly values: unknown[]
}

export class Components {
  /** Names by slot. */
  readonly names: readonly string[]
  private readonly slots: ReadonlyMap<string, number>
  private readonly tables: readonly Table[]

  constructor(names: readonly string[]) {
    this.names = names
    this.slots = new Map(names.map((name, slot) => [name, slot]))
    this.tables = names.map(() => ({ numbers: new Map(), values: [undefined] }))
  }

  /** The slot of a name; undefined if there is none. */
  slot(name: string): number | undefined {
    return this.slots.get(name)
  }

  /** The value with this number, frozen; number 0 is "not there". */
  value(slot: number, number: number): unknown {
    return this.tables[slot]?.values[number]
  }

  /** The number of a value; it is frozen from now on. `onNew` is told of values never seen before. */
  intern(slot: number, value: unknown, onNew: ((value: unknown) => void) | null = null): number {
    const table = this.tables[slot]
    invariant(table, `no table for slot ${slot}`)
    if (value === undefined) return 0
    const key = canonical(value)
    const known = table.numbers.get(key)
    if (known !== undefined) return known
    const number = table.values.length
    table.numbers.set(key, number)
    table.values.push(freeze(value))
    onNew?.(value)
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
