/**
 * Steps that were taken before, found again by the parts of the world that they looked at: what another task has done to the other
 * parts of the same components does not matter. What a step has changed is kept as an edit of what it found. Only a machine that
 * notes what steps look at can do so; running a step under its eyes costs ten times as much.
 */
import { same } from '../base/plain.ts'
import type { Range } from '../base/range.ts'
import type { Attempt } from './attempted.ts'
import { DEPTH, isRecord, Part, type Elements, type Footprint, type Place } from './footprint.ts'
import type { Found } from './memo.ts'
import type { State, States } from './state.ts'
import { areStretches, cellsOf } from './stretches.ts'

type Fields = Readonly<Record<string, unknown>>

/** What a step saw of a place: by what is looked at, the value itself, its keys, or the stretches in some cells. */
interface Look {
  readonly place: Place
  readonly part: Part
  readonly value: unknown
  readonly cells: Set<number> | null
}

/** What a step does to a place: it leaves a value, or counts, or takes stretches away and adds others. */
type Edit = { readonly path: readonly string[] } & (
  { readonly set: unknown } | { readonly add: number } | { readonly gone: readonly Range[]; readonly come: readonly Range[] }
)

/** A component that a step has changed: its number, where what was looked at decides it, or else the edits. */
interface Change {
  readonly slot: number
  readonly number: number
  readonly edits: readonly Edit[] | null
}

/** What a step saw of a component. */
interface Seen {
  readonly slot: number
  /** The component itself: where that is the same, so is what was seen of it. */
  readonly component: unknown
  readonly looks: Look[]
  /** By the number of another value of it: does that show the same? */
  readonly again: (boolean | undefined)[]
}

interface Kept {
  readonly found: Found<Attempt>
  readonly seen: readonly Seen[]
  readonly changes: readonly Change[]
}

/** More of one step are not kept: to look through them would take longer than to take it. */
const KEPT = 24

export class Replays {
  private readonly states: States
  private readonly elements: Elements
  /** By slot of the task, then by the number of its value. */
  private readonly kept: Kept[][][] = []

  constructor(states: States, elements: Elements) {
    this.states = states
    this.elements = elements
  }

  /** What the next step of the task makes of this state, if one was taken that saw what this one would see; null if not. */
  find(state: State, slot: number): Found<Attempt> | null {
    const known = this.kept[slot]?.[state[slot] as number]
    if (!known) return null
    const at = known.findIndex(({ seen }) => seen.every((one) => this.seesAgain(one, state[one.slot] ?? 0)))
    const kept = known[at]
    if (!kept) return null
    // What was just seen is likely to be seen again.
    if (at > 0) known.unshift(...known.splice(at, 1))
    const { value, reads } = kept.found
    const changes: number[] = []
    for (const { slot: changed, number, edits } of kept.changes)
      changes.push(changed, edits ? this.states.intern(changed, edited(this.states.at(state, changed), edits)) : number)
    return { value: { ...value, changes }, reads }
  }

  private seesAgain({ slot, component, looks, again }: Seen, number: number): boolean {
    return (again[number] ??= this.showsAgain(component, looks, this.states.value(slot, number)))
  }

  private showsAgain(component: unknown, looks: readonly Look[], now: unknown): boolean {
    return now === component || looks.every((look) => sees(look, now))
  }

  /** Keeps what the next step of the task has made of this state; `assigned`: components that it gave another value as a whole. */
  keep(state: State, slot: number, found: Found<Attempt>, assigned: readonly number[]): void {
    const { foot, changes, ends } = found.value
    if (!foot || ends) return
    const kept: Change[] = []
    for (let i = 0; i < changes.length; i += 2) {
      const [changed, number] = [changes[i] as number, changes[i + 1] as number]
      const place = this.elements.place(changed)
      if (changed === slot || assigned.includes(changed) || foot.reads.has(place.whole)) kept.push({ slot: changed, number, edits: null })
      else {
        const [before, after] = [this.states.at(state, changed), this.states.value(changed, number)]
        const edits = editsOf(foot, place, before, after)
        if (!same(edited(before, edits), after)) return
        kept.push({ slot: changed, number, edits })
      }
    }
    const values = (this.kept[slot] ??= [])
    const known = (values[state[slot] as number] ??= [])
    known.unshift({ found, seen: this.seenBy(state, slot, foot), changes: kept })
    if (known.length > KEPT) known.pop()
  }

  private seenBy(state: State, own: number, foot: Footprint): Seen[] {
    const all = new Map<number, Seen>()
    const lists = new Map<string, Set<number>>()
    for (const number of foot.reads) {
      const { place, part, cell } = this.elements.element(number)
      const { slot } = place
      // What the task itself is, is where this is kept.
      if (slot === own) continue
      const component = this.states.at(state, slot)
      const seen = all.get(slot) ?? { slot, component, looks: [], again: [] }
      all.set(slot, seen)
      const value = valueAt(component, place.path)
      if (part === Part.cell || part === Part.where) {
        const name = `${part} ${place.whole}`
        const cells = lists.get(name) ?? new Set()
        if (cells.size === 0) seen.looks.push({ place, part, value, cells })
        lists.set(name, cells.add(cell))
      } else seen.looks.push({ place, part, value: part === Part.keys ? keysOf(value) : value, cells: null })
    }
    for (const { looks } of all.values())
      looks.forEach((look, i) => {
        if (look.cells) looks[i] = { ...look, value: inCells(look.value as readonly Range[], look.cells) }
      })
    return [...all.values()]
  }
}

const valueAt = (component: unknown, path: readonly string[]): unknown => {
  let value = component
  for (const key of path) value = (value as Fields | undefined)?.[key]
  return value
}

/** That of a value which is there is all that one sees of it who asks whether it is there. */
const kindOf = (value: unknown): 'absent' | 'record' | 'stretches' | 'other' =>
  value === undefined ? 'absent' : isRecord(value) ? 'record' : areStretches(value) ? 'stretches' : 'other'

const keysOf = (value: unknown): string => (isRecord(value) ? Object.keys(value).join() : '')

const inCells = (list: readonly Range[], cells: ReadonlySet<number>): Range[] =>
  list.filter((one) => {
    for (const cell of cellsOf(one)) if (cells.has(cell)) return true
    return false
  })

/** Does a component show what was seen of another value of it? */
function sees({ place, part, value, cells }: Look, component: unknown): boolean {
  const now = valueAt(component, place.path)
  if (part === Part.whole) return same(value, now)
  if (part === Part.keys) return keysOf(now) === value
  if (part === Part.kind) return kindOf(value) === kindOf(now)
  if (!areStretches(now)) return false
  const inside = inCells(now, cells as Set<number>)
  const seen = value as readonly Range[]
  if (inside.length !== seen.length) return false
  return inside.every((one, i) => {
    const other = seen[i] as Range
    return one.from === other.from && (part === Part.where ? one.to === other.to : same(one, other))
  })
}

/** What has to be done to one value to get the other, as far as what the step saw does not decide it. */
function editsOf(foot: Footprint, place: Place, before: unknown, after: unknown): Edit[] {
  if (same(before, after)) return []
  const { path } = place
  if (foot.reads.has(place.whole)) return [{ path, set: after }]
  if (path.length < DEPTH && isRecord(before) && isRecord(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      editsOf(foot, place.at(key), before[key], after[key]),
    )
  if (foot.counted.has(place.whole)) return [{ path, add: (after as number) - (before as number) }]
  if (!areStretches(before) || !areStretches(after)) return [{ path, set: after }]
  const gone = before.filter((one) => !after.some((other) => same(one, other)))
  return [{ path, gone, come: after.filter((one) => !before.some((other) => same(one, other))) }]
}

/** What the edits make of a component, whose parts may be frozen. */
const edited = (component: unknown, edits: readonly Edit[]): unknown =>
  edits.reduce((value, edit) => editedAt(value, edit, edit.path), component)

function editedAt(value: unknown, edit: Edit, [key, ...path]: readonly string[]): unknown {
  if (key !== undefined) {
    const { [key]: old, ...others } = value as Fields
    const now = editedAt(old, edit, path)
    return now === undefined ? others : { ...(value as Fields), [key]: now }
  }
  if ('set' in edit) return edit.set
  if ('add' in edit) return (value as number) + edit.add
  const left = (value as readonly Range[]).filter((one) => !edit.gone.some((other) => same(one, other)))
  return edit.come.length === 0 ? left : [...left, ...edit.come].sort((a, b) => a.from - b.from)
}
