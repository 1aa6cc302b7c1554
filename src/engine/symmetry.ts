/**
 * Tasks that differ in nothing but their letters: states that differ only in which of them did what are one, as far as what
 * can happen is asked. Which tasks are alike is declared with the system, because an oracle could tell them apart in ways
 * that cannot be seen from outside; that they begin alike is checked.
 */
import { AuthorError } from '../base/assert.ts'
import { canonical } from '../base/plain.ts'
import type { Elements } from './footprint.ts'
import type { Machine } from './machine.ts'
import type { World } from './procedure.ts'
import { widened, type State } from './state.ts'
import type { Letter } from './view.ts'

/** Which letter takes whose place; letters that are not in it keep theirs. */
export type Renaming = ReadonlyMap<Letter, Letter>

/** Tasks that are alike. */
interface Group {
  readonly letters: readonly Letter[]
  /** The letters, one after the other. */
  readonly name: string
  readonly slots: readonly number[]
}

/** What is known of a renaming. */
interface Moved {
  /** By slot of a component that is there: the one that it moves to. */
  readonly slots: (number | undefined)[]
  /** By slot, then number: the number of the renamed value in the slot that it moves to. */
  readonly values: (number | undefined)[][]
  /** By element of the world. */
  readonly elements: (number | undefined)[]
  /** By a part of a value that cannot change. */
  readonly parts: WeakMap<object, unknown>
}

export const inverse = (renaming: Renaming): Renaming => new Map([...renaming].map(([from, to]) => [to, from]))

/** `first`, then `then`. */
export const compose = (first: Renaming, then: Renaming): Renaming =>
  new Map(
    [...new Set([...first.keys(), ...then.keys()])].map((from) => {
      const middle = first.get(from) ?? from
      return [from, then.get(middle) ?? middle]
    }),
  )

/** Every order of the letters. */
function* orders(letters: readonly Letter[]): Generator<readonly Letter[]> {
  if (letters.length === 0) yield []
  for (const first of letters) for (const rest of orders(letters.filter((letter) => letter !== first))) yield [first, ...rest]
}

export class Symmetry<W extends World> {
  private readonly machine: Machine<W>
  private readonly groups: readonly Group[]
  /** Numbers by which tasks can be told apart: whose each is, and which of that one's. */
  private readonly marks = new Map<number, { readonly letter: Letter; readonly i: number }>()
  /** By slot, then number: what the value says of its task whatever its letter. */
  private readonly signatures: (number | undefined)[][] = []
  private readonly known = new Map<string, number>()
  /** By slot: the renaming that takes the letter away. */
  private readonly nobodies: Renaming[] = []
  private readonly named = new Map<string, Moved>()
  private readonly moved = new WeakMap<Renaming, Moved>()
  /** By the order in which the letters of all groups come. */
  private readonly orders = new Map<string, Renaming>()

  /** @throws AuthorError if tasks that were declared to be alike do not begin alike. */
  constructor(machine: Machine<W>) {
    this.machine = machine
    for (const [letter, numbers] of Object.entries(machine.system.marks ?? {}))
      numbers.forEach((number, i) => {
        if (!this.marks.has(number)) this.marks.set(number, { letter, i })
      })
    this.groups = (machine.system.symmetric ?? [])
      .filter((letters) => letters.length > 1)
      .map((letters) => ({ letters, name: letters.join(''), slots: letters.map((letter) => machine.slotOfTask(letter) as number) }))
    for (const { letters } of this.groups) {
      const [first = '', ...others] = letters
      for (const other of others) {
        const swap = new Map([
          [first, other],
          [other, first],
        ])
        const swapped = this.rename(widened(machine.initial.slice(), machine.width), swap)
        if (swapped.some((number, slot) => number !== (machine.initial[slot] ?? 0)))
          throw new AuthorError(`${machine.system.name}: ${first} and ${other} are declared to be alike, but they do not begin alike`)
      }
    }
  }

  /** Are no tasks alike? */
  get isTrivial(): boolean {
    return this.groups.length === 0
  }

  /** How the tasks of a state have to be renamed so that alike ones stand in one order; null if they do. One and the same for equal ones. */
  order(state: State): Renaming | null {
    let name = ''
    let inOrder = true
    for (const group of this.groups) {
      const sorted = this.isSorted(state, group)
      if (!sorted) inOrder = false
      name += sorted ? group.name : this.sorted(state, group)
    }
    if (inOrder) return null
    let renaming = this.orders.get(name)
    // The task that comes i-th takes the i-th letter.
    if (!renaming)
      this.orders.set(name, (renaming = new Map(this.groups.flatMap(({ letters }) => letters).map((to, i) => [name.charAt(i), to]))))
    return renaming
  }

  private isSorted(state: State, { slots }: Group): boolean {
    let last = -1
    for (const slot of slots) {
      const sign = this.sign(state, slot)
      if (sign < last) return false
      last = sign
    }
    return true
  }

  /** The letters of a group in the order of what their tasks are. */
  private sorted(state: State, { letters, slots }: Group): string {
    const signs = slots.map((slot) => this.sign(state, slot))
    const order = signs.map((_, i) => i).sort((a, b) => (signs[a] as number) - (signs[b] as number) || a - b)
    return order.map((i) => letters[i]).join('')
  }

  /** Every renaming of alike tasks. */
  *renamings(): Generator<Renaming> {
    yield* this.over(0, new Map())
  }

  private *over(index: number, so: Renaming): Generator<Renaming> {
    const group = this.groups[index]
    if (!group) {
      yield so
      return
    }
    for (const order of orders(group.letters))
      yield* this.over(index + 1, new Map([...so, ...group.letters.map((from, i) => [from, order[i] as Letter] as const)]))
  }

  /** The state in which every task has done what the one did whose place it takes. */
  rename(state: State, renaming: Renaming): State {
    const { machine } = this
    const { slots, values, parts } = this.movedBy(renaming)
    const out = new Int32Array(state.length)
    for (let slot = 0; slot < state.length; slot++) {
      const number = state[slot] as number
      if (number === 0) continue
      const to = (slots[slot] ??= this.slotOf(slot, renaming))
      const moved = ((values[slot] ??= [])[number] ??= machine.intern(to, this.renameValue(machine.valueOf(slot, number), renaming, parts)))
      if (to >= out.length) return this.rename(widened(state, machine.width), renaming)
      out[to] = moved
    }
    return out
  }

  /** The parts of the world that elements are when every task has done what the one did whose place it takes. */
  renameElements(elements: Elements, renaming: Renaming): (number: number) => number {
    const known = this.movedBy(renaming).elements
    return (number) => (known[number] ??= this.renameElement(elements, number, renaming))
  }

  private renameElement(elements: Elements, number: number, renaming: Renaming): number {
    const { place, part, cell } = elements.element(number)
    const root = elements.place(this.slotOf(place.slot, renaming))
    return elements.number(
      place.path.reduce((at, key) => at.at(this.renameText(key, renaming)), root),
      part,
      cell,
    )
  }

  private movedBy(renaming: Renaming): Moved {
    let moved = this.moved.get(renaming)
    if (!moved) {
      const name = [...renaming].join(' ')
      moved = this.named.get(name) ?? { slots: [], values: [], elements: [], parts: new WeakMap() }
      this.named.set(name, moved)
      this.moved.set(renaming, moved)
    }
    return moved
  }

  /** The slot of the task that takes this one's place; that of another component stays. */
  slotOf(slot: number, renaming: Renaming): number {
    const { machine } = this
    return machine.isTask(slot) && machine.letter(slot) !== '' ? machine.slotFor(renamed(machine.letter(slot), renaming)) : slot
  }

  private sign(state: State, slot: number): number {
    const number = state[slot] as number
    return ((this.signatures[slot] ??= [])[number] ??= this.signature(slot, number))
  }

  private signature(slot: number, number: number): number {
    const nobody = (this.nobodies[slot] ??= new Map([[this.machine.letter(slot), '*']]))
    const text = canonical(this.renameValue(this.machine.valueOf(slot, number), nobody, this.movedBy(nobody).parts))
    const sign = this.known.get(text) ?? this.known.size
    this.known.set(text, sign)
    return sign
  }

  /** Parts that cannot change any more are renamed once. */
  private renameValue(value: unknown, renaming: Renaming, parts: WeakMap<object, unknown>): unknown {
    if (typeof value === 'string') return this.renameText(value, renaming)
    if (typeof value === 'number') return this.renameMark(value, renaming)
    if (typeof value !== 'object' || value === null) return value
    let out = parts.get(value)
    if (out === undefined) {
      out = this.renameParts(value, renaming, parts)
      if (Object.isFrozen(value)) parts.set(value, out)
    }
    return out
  }

  private renameParts(value: object, renaming: Renaming, parts: WeakMap<object, unknown>): object {
    if (Array.isArray(value)) return value.map((entry) => this.renameValue(entry, renaming, parts))
    const out: Record<string, unknown> = {}
    for (const key in value)
      out[this.renameText(key, renaming)] = this.renameValue((value as Record<string, unknown>)[key], renaming, parts)
    return out
  }

  private renameMark(value: number, renaming: Renaming): number {
    const mark = this.marks.get(value)
    const to = mark && renaming.get(mark.letter)
    if (!mark || to === undefined) return value
    // Of a task without a letter, the number is none in particular.
    return this.machine.system.marks?.[to]?.[mark.i] ?? -1 - mark.i
  }

  /** Letters of tasks, and stamps made of them (`A`, `0A`). */
  private renameText(text: string, renaming: Renaming): string {
    const bare = text.replace(/^0(?=[A-Z]$)/, '')
    const isLetter = /^[A-Z]$/.test(bare) || this.machine.slotOfTask(bare) !== null
    return isLetter ? text.slice(0, text.length - bare.length) + renamed(bare, renaming) : text
  }
}

/** A spawned task goes with the one that spawned it: its word begins with that one's letter. */
export function renamed(letter: Letter, renaming: Renaming): Letter {
  const first = letter.charAt(0)
  const to = renaming.get(first.toUpperCase())
  if (to === undefined) return letter
  return (first === first.toUpperCase() ? to : to.toLowerCase()) + letter.slice(1)
}
