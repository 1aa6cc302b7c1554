/**
 * What a step reads and writes, as finely as the world is built: a component that is a record counts key by key, so that
 * two tasks that look at `locks.i_rwsem` and `locks.log_mutex` do not meet. Only the reduced search asks for it.
 */

/** Numbers of elements, one bit each. */
export class Bits {
  private words = new Int32Array(4)

  add(bit: number): void {
    if (bit >> 5 >= this.words.length) this.reserve(bit >> 5)
    this.words[bit >> 5]! |= 1 << (bit & 31)
  }

  /** Adds all of the other's; was any of them new? */
  addAll({ words }: Bits): boolean {
    if (words.length > this.words.length) this.reserve(words.length - 1)
    let grown = false
    for (let i = 0; i < words.length; i++) {
      const before = this.words[i] as number
      const after = before | (words[i] as number)
      if (after === before) continue
      this.words[i] = after
      grown = true
    }
    return grown
  }

  *[Symbol.iterator](): Generator<number> {
    for (let word = 0; word < this.words.length; word++)
      for (let rest = this.words[word] as number; rest !== 0; rest &= rest - 1) yield word * 32 + 31 - Math.clz32(rest & -rest)
  }

  meets({ words }: Bits): boolean {
    const n = Math.min(words.length, this.words.length)
    for (let i = 0; i < n; i++) if (((this.words[i] as number) & (words[i] as number)) !== 0) return true
    return false
  }

  private reserve(word: number): void {
    const more = new Int32Array(Math.max(word + 1, this.words.length * 2))
    more.set(this.words)
    this.words = more
  }
}

/** Elements of the world by component and key, numbered as they are met. */
export class Elements {
  private readonly numbers: Map<string, number>[] = []
  private readonly slots: number[] = []

  /** `key` null: the component itself, that is, any key of it; `whole`: that it was replaced by something without keys. */
  number(slot: number, key: string | null | typeof whole): number {
    const keys = (this.numbers[slot] ??= new Map())
    const name = key === null ? '*' : key === whole ? '=' : `.${key}`
    let number = keys.get(name)
    if (number === undefined) {
      number = this.slots.length
      this.slots.push(slot)
      keys.set(name, number)
    }
    return number
  }

  /** The component that an element belongs to. */
  slotOf(number: number): number {
    return this.slots[number] as number
  }
}

const whole = Symbol('whole')

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What one look at the world has read and written. */
export class Footprint {
  readonly reads = new Bits()
  /** Elements that somebody who reads them would notice. */
  readonly writes = new Bits()
  /** Parts that somebody who writes them too would make differ. */
  readonly stores = new Bits()
  /** Components that were replaced as a whole: whoever writes a part of one comes before or after. */
  readonly replaces = new Bits()
  private readonly elements: Elements

  constructor(elements: Elements) {
    this.elements = elements
  }

  /** A component as it may be shown to somebody who looks: what is read of it is noted. */
  show(slot: number, value: unknown): unknown {
    if (!isRecord(value)) {
      this.readAll(slot)
      return value
    }
    const read = (key: string | symbol): void => this.readKey(slot, String(key))
    const proxy = new Proxy(value, {
      get: (target, key) => {
        read(key)
        return target[key as string]
      },
      // A write is found by comparing what there was with what there is; whether it is one depends on what there was.
      set: (target, key, written) => {
        read(key)
        target[key as string] = unshown(written)
        return true
      },
      deleteProperty: (target, key) => {
        read(key)
        return delete target[key as string]
      },
      has: (target, key) => {
        read(key)
        return key in target
      },
      getOwnPropertyDescriptor: (target, key) => {
        read(key)
        return Reflect.getOwnPropertyDescriptor(target, key)
      },
      ownKeys: (target) => {
        this.readAll(slot)
        return Reflect.ownKeys(target)
      },
    })
    shown.set(proxy, value)
    return proxy
  }

  /** A component was given another value; `same` tells equal parts apart from changed ones. */
  changed(slot: number, before: unknown, after: unknown, same: (a: unknown, b: unknown) => boolean): void {
    const { elements, writes, stores } = this
    if (!isRecord(before) || !isRecord(after)) return this.replaced(slot)
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (same(before[key], after[key])) continue
      const element = elements.number(slot, key)
      writes.add(element)
      stores.add(element)
      writes.add(elements.number(slot, null))
    }
  }

  /** A component was given another value, whatever it had been. */
  replaced(slot: number): void {
    const { elements, writes, replaces } = this
    writes.add(elements.number(slot, whole))
    writes.add(elements.number(slot, null))
    replaces.add(elements.number(slot, null))
  }

  private readKey(slot: number, key: string): void {
    this.reads.add(this.elements.number(slot, key))
    this.reads.add(this.elements.number(slot, whole))
  }

  /** All of a component is looked at, or replaced: whether that changes it depends on what it was. */
  readAll(slot: number): void {
    this.reads.add(this.elements.number(slot, null))
    this.reads.add(this.elements.number(slot, whole))
  }
}

/** What was shown, by the proxy that stood for it. */
const shown = new WeakMap<object, unknown>()

/** The value itself, where somebody writes back what he was shown. */
export const unshown = (value: unknown): unknown => (typeof value === 'object' && value !== null ? (shown.get(value) ?? value) : value)

/** What several looks have read and written together. */
export type Sum = Pick<Footprint, 'reads' | 'writes' | 'stores' | 'replaces'>

export const emptySum = (): Sum => ({ reads: new Bits(), writes: new Bits(), stores: new Bits(), replaces: new Bits() })

/** Adds all of the other's; was any of it new? */
export function addSum(sum: Sum, more: Sum): boolean {
  const reads = sum.reads.addAll(more.reads)
  const writes = sum.writes.addAll(more.writes)
  const stores = sum.stores.addAll(more.stores)
  return sum.replaces.addAll(more.replaces) || reads || writes || stores
}

/** Does the order of the two matter? */
export const dependent = (a: Sum, b: Sum): boolean =>
  a.writes.meets(b.reads) || a.reads.meets(b.writes) || a.stores.meets(b.stores) || a.replaces.meets(b.writes) || a.writes.meets(b.replaces)
