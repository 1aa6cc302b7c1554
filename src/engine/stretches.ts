/**
 * Looks at less than a whole field, so that a step meets fewer others. Lists of stretches (locked ranges, extents, maps), sorted by
 * where they begin, can be looked at and changed in part; counts can go up and down unseen; a step's own changes can be told
 * from what it left alone. A holder is the world or a record of it; the engine's views of either note what is looked at, any
 * other value is just what it is.
 */
import { same } from '../base/plain.ts'
import { overlaps, type Range } from '../base/range.ts'

/** What the engine's views of a holder answer to. */
export const view = Symbol('view')
export interface View {
  /** What is there, without having been looked at. */
  readonly peek: (key: string) => unknown
  /** It has been looked at: all of it, or this part of a list, if need be only for where its stretches lie. */
  readonly look: (key: string, part: Range | null, only?: 'where') => void
  /** What is there now, unlike what was there in what was looked at alone. */
  readonly put: (key: string, value: unknown) => void
  /** What is there becomes so much more, whatever it is. */
  readonly add: (key: string, by: number) => void
}

const viewOf = (holder: object): View | undefined => (holder as { readonly [view]?: View })[view]

const peek = (holder: object, key: string): unknown => {
  const seen = viewOf(holder)
  return seen ? seen.peek(key) : (holder as Readonly<Record<string, unknown>>)[key]
}

/** What a field of a holder is a list of. */
type StretchOf<H, K extends keyof H> = H[K] extends readonly (infer T extends Range)[] ? T : never

/** What of the list shares a byte with `part`, whole; the rest of the list is not looked at. */
export function stretches<H extends object, K extends keyof H & string>(holder: H, key: K, part: Range): readonly StretchOf<H, K>[] {
  const list = peek(holder, key) as readonly StretchOf<H, K>[]
  viewOf(holder)?.look(key, part)
  return list.filter((one) => overlaps(one, part))
}

/** The first that ends after `at`; what follows it is not looked at. */
export function firstFrom<H extends object, K extends keyof H & string>(holder: H, key: K, at: number): StretchOf<H, K> | undefined {
  const found = (peek(holder, key) as readonly StretchOf<H, K>[]).find(({ to }) => at < to)
  viewOf(holder)?.look(key, { from: at, to: found?.to ?? Infinity })
  return found
}

/** Replaces what shares a byte with `part` by what `become` makes of it, which lies within `part` and what was there. */
export function reshape<H extends object, K extends keyof H & string>(
  holder: H,
  key: K,
  part: Range,
  become: (inside: readonly StretchOf<H, K>[]) => readonly StretchOf<H, K>[],
): void {
  const seen = viewOf(holder)
  const list = peek(holder, key) as readonly StretchOf<H, K>[]
  seen?.look(key, part)
  const [inside, outside]: [StretchOf<H, K>[], StretchOf<H, K>[]] = [[], []]
  for (const one of list) (overlaps(one, part) ? inside : outside).push(one)
  const after = [...outside, ...become(inside)].sort((a, b) => a.from - b.from)
  if (seen) seen.put(key, after)
  else holder[key] = after as H[K]
}

/** Does any stretch share a byte with `part`? What they are else is not looked at. */
export function covers<H extends object, K extends keyof H & string>(holder: H, key: K, part: Range): boolean {
  viewOf(holder)?.look(key, part, 'where')
  return (peek(holder, key) as readonly Range[]).some((one) => overlaps(one, part))
}

/**
 * The stretches that a step has taken away or changed, as far as that `counts`: `now` is what it has made of one that still begins
 * there. Of what the step has left alone nothing is looked at.
 */
export function gone<H extends object, K extends keyof H & string>(
  before: H,
  after: H,
  key: K,
  counts: (was: StretchOf<H, K>, now: StretchOf<H, K> | undefined) => boolean,
): readonly Range[] {
  const [old, left] = [peek(before, key), peek(after, key)] as (readonly StretchOf<H, K>[])[]
  if (!old || !left || old === left) return []
  const found = old.filter((one) => {
    const now = left.find(({ from }) => from === one.from)
    return !same(one, now) && counts(one, now)
  })
  // What it was before the step is part of what the step has looked at.
  for (const one of found) viewOf(before)?.look(key, one)
  return found
}

/** Does a step leave something else there than it found? Where it does not, nothing is looked at. */
export function differs<H extends object, K extends keyof H & string>(before: H, after: H, key: K): boolean {
  if (same(peek(before, key), peek(after, key))) return false
  viewOf(before)?.look(key, null)
  viewOf(after)?.look(key, null)
  return true
}

/** Counts up or down without a look at the count: two that do so do not meet. */
export function adjust<K extends string>(holder: { [key in K]: number }, key: K, by: number): void {
  const seen = viewOf(holder)
  if (seen) seen.add(key, by)
  else holder[key] += by
}

const isStretch = (value: unknown): value is Range => {
  const { from, to } = (value ?? {}) as Partial<Range>
  return typeof from === 'number' && typeof to === 'number'
}

export const areStretches = (value: unknown): value is readonly Range[] => Array.isArray(value) && value.every(isStretch)

/** Stretches count by sectors; many share a cell, so that a long list has no more cells than a short one. */
const CELL = 4096
const CELLS = 256

/** The numbers of the cells that a stretch lies in. */
export function* cellsOf({ from, to }: Range): Generator<number> {
  const first = Math.floor(from / CELL)
  const cells = Math.min(CELLS, Math.max(1, Math.ceil(to / CELL) - first))
  for (let i = 0; i < cells; i++) yield (first + i) % CELLS
}
