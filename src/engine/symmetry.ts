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
  private readonly groups: readonly (readonly Letter[])[]
  /** By slot, then number: what the value says of its task whatever its letter. */
  private readonly signatures: Map<number, number>[] = []
  private readonly known = new Map<string, number>()
  /** By renaming and slot, then number: the number of the renamed value in the slot that it moves to. */
  private readonly moved = new Map<string, (number | undefined)[][]>()
  /** By renaming, then element. */
  private readonly elements = new Map<string, Map<number, number>>()

  /** @throws AuthorError if tasks that were declared to be alike do not begin alike. */
  constructor(machine: Machine<W>) {
    this.machine = machine
    this.groups = (machine.system.symmetric ?? []).filter((group) => group.length > 1)
    for (const [first = '', ...others] of this.groups)
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

  /** How the tasks of a state have to be renamed so that alike ones stand in one order; null if they do. */
  order(state: State): Renaming | null {
    let renaming: Map<Letter, Letter> | null = null
    for (const group of this.groups) {
      const signs = group.map((letter) => this.signature(state, letter))
      if (signs.every((sign, i) => i === 0 || (signs[i - 1] as number) <= sign)) continue
      const sorted = group.map((_, i) => i).sort((a, b) => (signs[a] as number) - (signs[b] as number) || a - b)
      renaming ??= new Map()
      // The task that comes i-th takes the i-th letter.
      for (const [i, from] of sorted.entries()) renaming.set(group[from] as Letter, group[i] as Letter)
    }
    return renaming
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
    for (const order of orders(group))
      yield* this.over(index + 1, new Map([...so, ...group.map((from, i) => [from, order[i] as Letter] as const)]))
  }

  /** The state in which every task has done what the one did whose place it takes. */
  rename(state: State, renaming: Renaming): State {
    const { machine } = this
    const name = [...renaming].join(' ')
    let slots = this.moved.get(name)
    if (!slots) this.moved.set(name, (slots = []))
    const out = new Int32Array(state.length)
    for (let slot = 0; slot < state.length; slot++) {
      const number = state[slot] as number
      if (number === 0) continue
      const to = this.slotOf(slot, renaming)
      const moved = ((slots[slot] ??= [])[number] ??= machine.intern(to, this.renameValue(machine.valueOf(slot, number), renaming)))
      if (to >= out.length) return this.rename(widened(state, machine.width), renaming)
      out[to] = moved
    }
    return out
  }

  /** The part of the world that an element is when every task has done what the one did whose place it takes. */
  renameElement(elements: Elements, number: number, renaming: Renaming): number {
    const name = [...renaming].join(' ')
    let known = this.elements.get(name)
    if (!known) this.elements.set(name, (known = new Map()))
    let to = known.get(number)
    if (to === undefined) {
      const { place, part, cell } = elements.element(number)
      const root = elements.place(this.slotOf(place.slot, renaming))
      const renamedPlace = place.path.reduce((at, key) => at.at(this.renameText(key, renaming)), root)
      known.set(number, (to = elements.number(renamedPlace, part, cell)))
    }
    return to
  }

  /** The slot of the task that takes this one's place; that of another component stays. */
  slotOf(slot: number, renaming: Renaming): number {
    const { machine } = this
    return machine.isTask(slot) && machine.letter(slot) !== '' ? machine.slotFor(renamed(machine.letter(slot), renaming)) : slot
  }

  private signature(state: State, letter: Letter): number {
    const slot = this.machine.slotOfTask(letter) as number
    const numbers = (this.signatures[slot] ??= new Map())
    const number = state[slot] as number
    let sign = numbers.get(number)
    if (sign === undefined) {
      const text = canonical(this.renameValue(this.machine.valueOf(slot, number), new Map([[letter, '*']])))
      sign = this.known.get(text) ?? this.known.size
      this.known.set(text, sign)
      numbers.set(number, sign)
    }
    return sign
  }

  private renameValue(value: unknown, renaming: Renaming): unknown {
    if (typeof value === 'string') return this.renameText(value, renaming)
    if (typeof value === 'number') return this.renameMark(value, renaming)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((entry) => this.renameValue(entry, renaming))
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [this.renameText(key, renaming), this.renameValue(entry, renaming)]),
    )
  }

  private renameMark(value: number, renaming: Renaming): number {
    const { marks = {} } = this.machine.system
    for (const [letter, numbers] of Object.entries(marks)) {
      const i = numbers.indexOf(value)
      const to = renaming.get(letter)
      // Of a task without a letter, the number is none in particular.
      if (i >= 0 && to !== undefined) return marks[to]?.[i] ?? -1 - i
    }
    return value
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
