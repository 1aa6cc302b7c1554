/**
 * What a step reads and writes, as finely as the world is built: a component that is a record counts key by key, two levels deep,
 * so that two tasks that look at `locks.i_rwsem` and `locks.log_mutex` do not meet; a list of stretches counts by the part of it
 * that is looked at (stretches.ts). Only the searches that ask what depends on what want to know.
 */
import type { Range } from '../base/range.ts'
import { areStretches, cellsOf, view, type View } from './stretches.ts'

/** Numbers of elements, one bit each. */
export class Bits {
  private words = new Int32Array(4)

  add(bit: number): void {
    if (bit >> 5 >= this.words.length) this.reserve(bit >> 5)
    this.words[bit >> 5]! |= 1 << (bit & 31)
  }

  has(bit: number): boolean {
    return ((this.words[bit >> 5] ?? 0) & (1 << (bit & 31))) !== 0
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

  /** One text for equal sets. */
  get name(): string {
    const { words } = this
    let end = words.length
    while (end > 0 && words[end - 1] === 0) end--
    return words.subarray(0, end).join()
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

/**
 * Elements of the world, numbered as they are met. For every path of keys below a component there are: the value there with all
 * below it; `=`, that there is a value of its kind, whatever its parts are; `#`, which keys it has;
 * and of a list of stretches its cells, each with what lies there (`#3`) and where (`@3`).
 */
export class Elements {
  private readonly numbers: Map<string, number>[] = []
  private readonly slots: number[] = []
  private readonly sums = new Map<string, Known>()

  /** Several footprints as one: one and the same for equal ones. */
  sum(feet: readonly Footprint[]): Known {
    const sum = emptySum()
    for (const foot of feet) addSum(sum, foot)
    const name = `${sum.reads.name};${sum.writes.name};${sum.stores.name};${sum.replaces.name}`
    let known = this.sums.get(name)
    if (!known) this.sums.set(name, (known = { ...sum, number: this.sums.size }))
    return known
  }

  number(slot: number, name: string): number {
    const names = (this.numbers[slot] ??= new Map())
    let number = names.get(name)
    if (number === undefined) {
      number = this.slots.length
      this.slots.push(slot)
      names.set(name, number)
    }
    return number
  }

  /** The component that an element belongs to. */
  slotOf(number: number): number {
    return this.slots[number] as number
  }
}

const kind = (path: string): string => `${path}=`
const keys = (path: string): string => `${path}#`

const cellIn = (path: string, cell: number): string => `${path}#${cell}`
const placeIn = (path: string, cell: number): string => `${path}@${cell}`

type Fields = Record<string, unknown>

const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Records count key by key down to here. */
const DEPTH = 2

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
  private readonly proxies = new Map<string, Fields>()
  /** What was counted up or down. */
  private readonly counted = new Bits()

  constructor(elements: Elements) {
    this.elements = elements
  }

  /** A component as it may be shown to somebody who looks: what is read of it is noted. */
  show(slot: number, value: unknown): unknown {
    return this.showAt(slot, '', value, 0)
  }

  private showAt(slot: number, path: string, value: unknown, depth: number): unknown {
    if (!isRecord(value) || depth >= DEPTH) {
      this.read(slot, path)
      return value
    }
    this.read(slot, kind(path))
    const name = `${slot}${path}`
    const known = this.proxies.get(name)
    // Asked again, it is the same: whoever compares two values by identity finds what he would find without us.
    if (known && shown.get(known) === value) return known
    const proxy = this.standFor(slot, path, value, depth)
    this.proxies.set(name, proxy)
    return proxy
  }

  private standFor(slot: number, path: string, value: Fields, depth: number): Fields {
    const at = (key: string | symbol): string => `${path}.${String(key)}`
    const seen: View = {
      peek: (key) => value[key],
      look: (key, part, only) => this.look(slot, at(key), part, value[key], only),
      put: (key, written) => (value[key] = written),
      add: (key, by) => {
        this.counted.add(this.elements.number(slot, at(key)))
        value[key] = (value[key] as number) + by
      },
    }
    // A frozen value could not stand for itself: its parts would have to be what they are.
    const proxy = new Proxy<Fields>(
      {},
      {
        get: (_, key) => (key === view ? seen : this.showAt(slot, at(key), value[key as string], depth + 1)),
        // A write is found by comparing what there was with what there is; whether it is one depends on what there was.
        set: (_, key, written) => {
          this.read(slot, at(key))
          value[key as string] = written
          return true
        },
        deleteProperty: (_, key) => {
          this.read(slot, at(key))
          return delete value[key as string]
        },
        has: (_, key) => {
          this.read(slot, kind(at(key)))
          return key in value
        },
        // Asked of each key by whoever lists them; the values are got one by one.
        getOwnPropertyDescriptor: (_, key) => {
          this.read(slot, keys(path))
          return Object.hasOwn(value, key)
            ? { value: value[key as string], writable: true, enumerable: true, configurable: true }
            : undefined
        },
        ownKeys: () => {
          this.read(slot, keys(path))
          return Reflect.ownKeys(value)
        },
      },
    )
    shown.set(proxy, value)
    return proxy
  }

  /** Something is looked at, of a list of stretches perhaps only a part. */
  look(slot: number, path: string, part: Range | null, value: unknown, only?: 'where'): void {
    if (!part || !areStretches(value)) return this.read(slot, path)
    this.read(slot, kind(path))
    for (const cell of cellsOf(part)) this.read(slot, only ? placeIn(path, cell) : cellIn(path, cell))
  }

  /** A component was given another value; `same` tells equal parts apart from changed ones. */
  changed(slot: number, before: unknown, after: unknown, same: (a: unknown, b: unknown) => boolean): void {
    this.compare(slot, '', before, after, same, 0)
  }

  private compare(
    slot: number,
    path: string,
    before: unknown,
    after: unknown,
    same: (a: unknown, b: unknown) => boolean,
    depth: number,
  ): boolean {
    if (same(before, after)) return false
    this.write(slot, path)
    if (depth < DEPTH && isRecord(before) && isRecord(after)) {
      for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
        const isThere = [before, after].map((one) => one[key] !== undefined)
        if (isThere[0] !== isThere[1]) this.write(slot, keys(path))
        this.compare(slot, `${path}.${key}`, before[key], after[key], same, depth + 1)
      }
      return true
    }
    // Who only counts does not make what others count differ, as long as nobody has looked.
    const element = this.elements.number(slot, path)
    if (this.counted.has(element) && !this.reads.has(element)) return true
    const cells = differingCells(before, after, same)
    if (!cells) {
      this.store(slot, kind(path))
      return true
    }
    for (const cell of cells) this.store(slot, cellIn(path, cell))
    for (const cell of differingCells(places(before), places(after), same) ?? cells) this.write(slot, placeIn(path, cell))
    return true
  }

  /** A component was given another value, whatever it had been. */
  replaced(slot: number): void {
    this.write(slot, '')
    this.write(slot, kind(''))
    this.replaces.add(this.elements.number(slot, ''))
  }

  /** All of a component is looked at, or replaced: whether that changes it depends on what it was. */
  readAll(slot: number): void {
    this.read(slot, '')
    this.read(slot, kind(''))
  }

  private read(slot: number, name: string): void {
    this.reads.add(this.elements.number(slot, name))
  }

  private write(slot: number, name: string): void {
    this.writes.add(this.elements.number(slot, name))
  }

  private store(slot: number, name: string): void {
    this.write(slot, name)
    this.stores.add(this.elements.number(slot, name))
  }
}

/** Where the stretches of a list lie, whatever they are else. */
const places = (list: unknown): unknown => (list as readonly Range[]).map(({ from, to }) => ({ from, to }))

/** The cells in which two lists of stretches differ; null if they are none, or differ in their order. */
function differingCells(before: unknown, after: unknown, same: (a: unknown, b: unknown) => boolean): Set<number> | null {
  if (!areStretches(before) || !areStretches(after)) return null
  const [kept, left] = [
    before.filter((one) => after.some((other) => same(one, other))),
    after.filter((one) => before.some((other) => same(one, other))),
  ]
  if (!same(kept, left)) return null
  return new Set(
    [...before.filter((one) => !kept.includes(one)), ...after.filter((one) => !left.includes(one))].flatMap((one) => [...cellsOf(one)]),
  )
}

/** What was shown, by the proxy that stood for it. */
const shown = new WeakMap<object, unknown>()

/** The value itself, where somebody keeps what he was shown, or has made something of it. */
export function unshown(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const plain = shown.get(value)
  if (plain !== undefined) return unshown(plain)
  if (Object.isFrozen(value)) return value
  for (const key in value) {
    const part = (value as Fields)[key]
    const kept = unshown(part)
    if (kept !== part) (value as Fields)[key] = kept
  }
  return value
}

/** What several looks have read and written together. */
export type Sum = Pick<Footprint, 'reads' | 'writes' | 'stores' | 'replaces'>

/** A sum that is not added to any more, with a number of its own. */
export interface Known extends Sum {
  readonly number: number
}

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
