/**
 * What a step reads and writes, as finely as the world is built: a component that is a record counts key by key, two levels deep,
 * so that two tasks that look at `locks.i_rwsem` and `locks.log_mutex` do not meet; a list of stretches counts by the part of it
 * that is looked at (stretches.ts). Only the searches that ask what depends on what want to know.
 */
import { copy } from '../base/plain.ts'
import type { Range } from '../base/range.ts'
import { areStretches, cellsOf, view, type View } from './stretches.ts'

/** Numbers, of elements or of sums, one bit each. */
export class Bits {
  private readonly words: number[] = []

  add(bit: number): void {
    const { words } = this
    const word = bit >> 5
    while (words.length <= word) words.push(0)
    words[word]! |= 1 << (bit & 31)
  }

  has(bit: number): boolean {
    return ((this.words[bit >> 5] ?? 0) & (1 << (bit & 31))) !== 0
  }

  /** Adds all of the other's; was any of them new? */
  addAll({ words: more }: Bits): boolean {
    const { words } = this
    while (words.length < more.length) words.push(0)
    let grown = false
    for (let i = 0; i < more.length; i++) {
      const before = words[i] as number
      const after = before | (more[i] as number)
      if (after === before) continue
      words[i] = after
      grown = true
    }
    return grown
  }

  /** As they are now: what is added meanwhile may be left out. */
  each(see: (bit: number) => void): void {
    const { words } = this
    for (let word = 0; word < words.length; word++)
      for (let rest = words[word] as number; rest !== 0; rest &= rest - 1) see(word * 32 + 31 - Math.clz32(rest & -rest))
  }

  *[Symbol.iterator](): Generator<number> {
    for (let word = 0; word < this.words.length; word++)
      for (let rest = this.words[word] as number; rest !== 0; rest &= rest - 1) yield word * 32 + 31 - Math.clz32(rest & -rest)
  }

  /** The same for equal sets, whatever hash they are added to. */
  hash(so: number): number {
    let hash = so
    for (let i = 0; i < this.words.length; i++)
      if (this.words[i] !== 0) hash = Math.imul(hash ^ (this.words[i] as number) ^ Math.imul(i, 0x9e3779b1), 0x85ebca6b) ^ (hash >>> 15)
    return hash
  }

  equals({ words }: Bits): boolean {
    for (let i = Math.max(words.length, this.words.length) - 1; i >= 0; i--) if ((this.words[i] ?? 0) !== (words[i] ?? 0)) return false
    return true
  }

  meets({ words }: Bits): boolean {
    const n = Math.min(words.length, this.words.length)
    for (let i = 0; i < n; i++) if (((this.words[i] as number) & (words[i] as number)) !== 0) return true
    return false
  }
}

/** What there is to see of a place. */
export const Part = { whole: 0, kind: 1, keys: 2, cell: 3, where: 4 } as const
export type Part = (typeof Part)[keyof typeof Part]

/**
 * A path of keys below a component. Its elements: the value there with all below it (`whole`); that there is a value of its kind,
 * whatever its parts are; which keys it has; and of a list of stretches its cells, each with what lies there and where.
 */
export class Place {
  readonly slot: number
  readonly path: readonly string[]
  private readonly elements: Elements
  private readonly below = new Map<string | symbol, Place>()
  private readonly numbers: number[] = []
  private readonly cells: number[] = []
  private readonly wheres: number[] = []

  constructor(elements: Elements, slot: number, path: readonly string[]) {
    this.elements = elements
    this.slot = slot
    this.path = path
  }

  at(key: string | symbol): Place {
    let place = this.below.get(key)
    if (!place) this.below.set(key, (place = new Place(this.elements, this.slot, [...this.path, key as string])))
    return place
  }

  get whole(): number {
    return (this.numbers[0] ??= this.elements.next(this, Part.whole))
  }

  get kind(): number {
    return (this.numbers[1] ??= this.elements.next(this, Part.kind))
  }

  get keys(): number {
    return (this.numbers[2] ??= this.elements.next(this, Part.keys))
  }

  cell(cell: number): number {
    return (this.cells[cell] ??= this.elements.next(this, Part.cell, cell))
  }

  whereIn(cell: number): number {
    return (this.wheres[cell] ??= this.elements.next(this, Part.where, cell))
  }
}

/** What the number of an element stands for. */
export interface Element {
  readonly place: Place
  readonly part: Part
  /** Of a cell, and of where things lie in it. */
  readonly cell: number
}

/** Elements of the world, numbered as they are met. */
export class Elements {
  private readonly all: Element[] = []
  private readonly places: Place[] = []

  /** A component. */
  place(slot: number): Place {
    return (this.places[slot] ??= new Place(this, slot, []))
  }

  /** The number of one more element. */
  next(place: Place, part: Part, cell = 0): number {
    return this.all.push({ place, part, cell }) - 1
  }

  /** The number of a part of a place. */
  number(place: Place, part: Part, cell: number): number {
    if (part === Part.cell) return place.cell(cell)
    if (part === Part.where) return place.whereIn(cell)
    return part === Part.whole ? place.whole : part === Part.kind ? place.kind : place.keys
  }

  element(number: number): Element {
    return this.all[number] as Element
  }

  /** The component that an element belongs to. */
  slotOf(number: number): number {
    return this.element(number).place.slot
  }
}

type Fields = Record<string, unknown>
type Same = (a: unknown, b: unknown) => boolean

export const isRecord = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Records count key by key down to here. */
export const DEPTH = 2

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
  private readonly proxies = new Map<Place, Fields>()
  /** What was counted up or down. */
  readonly counted = new Bits()

  constructor(elements: Elements) {
    this.elements = elements
  }

  /** A component as it may be shown to somebody who looks: what is read of it is noted. */
  show(slot: number, value: unknown): unknown {
    return this.showAt(this.elements.place(slot), value, 0)
  }

  showAt(place: Place, value: unknown, depth: number): unknown {
    if (!isRecord(value) || depth >= DEPTH) {
      this.reads.add(place.whole)
      return value
    }
    this.reads.add(place.kind)
    const known = this.proxies.get(place)
    // Asked again, it is the same: whoever compares two values by identity finds what he would find without us.
    if (known && shown.get(known)?.value === value) return known
    // A frozen value could not stand for itself: its parts would have to be what they are.
    const proxy = new Proxy<Fields>({}, new Shown(this, place, value, depth))
    this.proxies.set(place, proxy)
    shown.set(proxy, { value, foot: this, place })
    return proxy
  }

  /** A component is looked at, of a list of stretches perhaps only a part. */
  look(slot: number, part: Range | null, value: unknown, only?: 'where'): void {
    this.lookAt(this.elements.place(slot), part, value, only)
  }

  lookAt(place: Place, part: Range | null, value: unknown, only?: 'where'): void {
    if (!part || !areStretches(value)) {
      this.reads.add(place.whole)
      return
    }
    this.reads.add(place.kind)
    for (const cell of cellsOf(part)) this.reads.add(only ? place.whereIn(cell) : place.cell(cell))
  }

  /** A component was given another value; `same` tells equal parts apart from changed ones. */
  changed(slot: number, before: unknown, after: unknown, same: Same): void {
    this.compare(this.elements.place(slot), before, after, same, 0)
  }

  private compare(place: Place, before: unknown, after: unknown, same: Same, depth: number): void {
    if (same(before, after)) return
    this.writes.add(place.whole)
    if (depth < DEPTH && isRecord(before) && isRecord(after)) {
      for (const key in before) this.compareAt(place, key, before, after, same, depth)
      for (const key in after) if (!(key in before)) this.compareAt(place, key, before, after, same, depth)
      return
    }
    // Who only counts does not make what others count differ, as long as nobody has looked.
    if (this.counted.has(place.whole) && !this.reads.has(place.whole)) return
    const differing = areStretches(before) && areStretches(after) ? differences(before, after, same) : null
    if (!differing) return this.store(place.kind)
    const { cells, wheres } = differing
    for (const cell of cells) this.store(place.cell(cell))
    for (const cell of wheres ?? cells) this.writes.add(place.whereIn(cell))
  }

  private compareAt(place: Place, key: string, before: Fields, after: Fields, same: Same, depth: number): void {
    if ((before[key] === undefined) !== (after[key] === undefined)) this.writes.add(place.keys)
    this.compare(place.at(key), before[key], after[key], same, depth + 1)
  }

  /** A component was given another value, whatever it had been. */
  replaced(slot: number): void {
    const { whole, kind } = this.elements.place(slot)
    this.writes.add(whole)
    this.writes.add(kind)
    this.replaces.add(whole)
  }

  /** All of a component is looked at, or replaced: whether that changes it depends on what it was. */
  readAll(slot: number): void {
    const { whole, kind } = this.elements.place(slot)
    this.reads.add(whole)
    this.reads.add(kind)
  }

  private store(element: number): void {
    this.writes.add(element)
    this.stores.add(element)
  }
}

/** A copy that may be written to by whoever is shown it: of a record that is shown part by part, the parts are still those of the original. */
export const writable = (value: unknown, depth: number): unknown => (isRecord(value) && depth < DEPTH ? { ...value } : copy(value))

/** Stands for a record, and notes what is read of it. */
class Shown implements ProxyHandler<Fields> {
  private readonly foot: Footprint
  private readonly place: Place
  private readonly value: Fields
  private readonly depth: number

  constructor(foot: Footprint, place: Place, value: Fields, depth: number) {
    this.foot = foot
    this.place = place
    this.value = value
    this.depth = depth
  }

  get(_: Fields, key: string | symbol): unknown {
    if (key === view) return this.view()
    return this.foot.showAt(this.place.at(key), this.part(key as string), this.depth + 1)
  }

  /** What a step is shown it may write to: of its own record, each part becomes its own when it looks. */
  private part(key: string): unknown {
    const { value } = this
    const part = value[key]
    if (typeof part !== 'object' || part === null || !Object.isFrozen(part) || Object.isFrozen(value)) return part
    return (value[key] = writable(part, this.depth + 1))
  }

  // A write is found by comparing what there was with what there is; whether it is one depends on what there was.
  set(_: Fields, key: string | symbol, written: unknown): boolean {
    this.foot.reads.add(this.place.at(key).whole)
    this.value[key as string] = written
    return true
  }

  deleteProperty(_: Fields, key: string | symbol): boolean {
    this.foot.reads.add(this.place.at(key).whole)
    return delete this.value[key as string]
  }

  has(_: Fields, key: string | symbol): boolean {
    this.foot.reads.add(this.place.at(key).kind)
    return key in this.value
  }

  // Asked of each key by whoever lists them; the values are got one by one.
  getOwnPropertyDescriptor(_: Fields, key: string | symbol): PropertyDescriptor | undefined {
    const { value } = this
    this.foot.reads.add(this.place.keys)
    return Object.hasOwn(value, key) ? { value: value[key as string], writable: true, enumerable: true, configurable: true } : undefined
  }

  ownKeys(): (string | symbol)[] {
    this.foot.reads.add(this.place.keys)
    return Reflect.ownKeys(this.value)
  }

  private view(): View {
    const { foot, place, value } = this
    return {
      peek: (key) => this.part(key),
      look: (key, part, only) => foot.lookAt(place.at(key), part, value[key], only),
      put: (key, written) => (value[key] = written),
      add: (key, by) => {
        foot.counted.add(place.at(key).whole)
        value[key] = (value[key] as number) + by
      },
    }
  }
}

/** The cells in which two lists of stretches differ, at all and in where the stretches lie; null if they differ in their order. */
function differences(
  before: readonly Range[],
  after: readonly Range[],
  same: Same,
): { readonly cells: Set<number>; readonly wheres: Set<number> | null } | null {
  // Most of a list is as it was.
  let from = 0
  let [to, end] = [before.length, after.length]
  while (from < to && from < end && same(before[from], after[from])) from++
  while (to > from && end > from && same(before[to - 1], after[end - 1])) [to, end] = [to - 1, end - 1]
  const [old, now] = [before.slice(from, to), after.slice(from, end)]
  const cells = differingCells(old, now, (one, other) => one.from === other.from && same(one, other))
  return cells && { cells, wheres: differingCells(old, now, samePlace) }
}

const samePlace = (one: Range, other: Range): boolean => one.from === other.from && one.to === other.to

function differingCells(
  before: readonly Range[],
  after: readonly Range[],
  isOne: (one: Range, other: Range) => boolean,
): Set<number> | null {
  const gone = before.filter((one) => !after.some((other) => isOne(one, other)))
  const come = after.filter((one) => !before.some((other) => isOne(one, other)))
  // What stays has to stay in its order.
  const [kept, left] = [before.filter((one) => !gone.includes(one)), after.filter((one) => !come.includes(one))]
  if (kept.length !== left.length || !kept.every((one, i) => isOne(one, left[i] as Range))) return null
  const cells = new Set<number>()
  for (const list of [gone, come]) for (const one of list) for (const cell of cellsOf(one)) cells.add(cell)
  return cells
}

/** What was shown, by the proxy that stood for it, and to whom. */
const shown = new WeakMap<object, { readonly value: unknown; readonly foot: Footprint; readonly place: Place }>()

/** The value itself, where somebody keeps what he was shown, or has made something of it: whoever keeps it depends on all of it. */
export function unshown(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const kept = shown.get(value)
  if (kept !== undefined) {
    kept.foot.reads.add(kept.place.whole)
    return unshown(kept.value)
  }
  if (Object.isFrozen(value)) return value
  for (const key in value) {
    const part = (value as Fields)[key]
    const kept = unshown(part)
    if (kept !== part) (value as Fields)[key] = kept
  }
  return value
}
