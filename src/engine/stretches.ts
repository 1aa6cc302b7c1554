/**
 * Lists of stretches (locked ranges, extents, maps), sorted by where they begin: a step that says which part of one it looks
 * at or changes does not meet steps that keep to another part. A holder is the world or a record of it; the engine's views of
 * either note what is looked at, any other value is just what it is.
 */
import { overlaps, type Range } from '../base/range.ts'

/** What a view of a holder answers to: the whole list, of which only `part` is looked at, if any; with `list` it is replaced, unlike in that part alone. */
export const stretchesIn = Symbol('stretches')
export type StretchesIn = (key: string, part: Range | null, list?: readonly Range[]) => readonly Range[]

/** What a field of a holder is a list of. */
type StretchOf<H, K extends keyof H> = H[K] extends readonly (infer T extends Range)[] ? T : never

const viewOf = (holder: object): StretchesIn | undefined => (holder as { readonly [stretchesIn]?: StretchesIn })[stretchesIn]

/** What of the list shares a byte with `part`, whole; the rest of the list is not looked at. */
export function stretches<H extends object, K extends keyof H & string>(holder: H, key: K, part: Range): readonly StretchOf<H, K>[] {
  const list = (viewOf(holder)?.(key, part) ?? holder[key]) as readonly StretchOf<H, K>[]
  return list.filter((one) => overlaps(one, part))
}

/** The first that ends after `at`; what follows it is not looked at. */
export function firstFrom<H extends object, K extends keyof H & string>(holder: H, key: K, at: number): StretchOf<H, K> | undefined {
  const view = viewOf(holder)
  const found = ((view?.(key, null) ?? holder[key]) as readonly StretchOf<H, K>[]).find(({ to }) => at < to)
  view?.(key, { from: at, to: found?.to ?? Infinity })
  return found
}

/** Replaces what shares a byte with `part` by what `become` makes of it, which lies within `part` and what was there. */
export function reshape<H extends object, K extends keyof H & string>(
  holder: H,
  key: K,
  part: Range,
  become: (inside: readonly StretchOf<H, K>[]) => readonly StretchOf<H, K>[],
): void {
  const view = viewOf(holder)
  const list = (view?.(key, part) ?? holder[key]) as readonly StretchOf<H, K>[]
  const [inside, outside]: [StretchOf<H, K>[], StretchOf<H, K>[]] = [[], []]
  for (const one of list) (overlaps(one, part) ? inside : outside).push(one)
  const after = [...outside, ...become(inside)].sort((a, b) => a.from - b.from)
  if (view) view(key, part, after)
  else holder[key] = after as H[K]
}

/** The stretches of one list that the other does not have, and the other way round: of what two views share nothing is looked at. */
export function differing<H extends object, K extends keyof H & string>(
  before: H,
  after: H,
  key: K,
  alike: (a: unknown, b: unknown) => boolean,
): readonly Range[] {
  const [old, now] = [before, after].map((holder) => (viewOf(holder)?.(key, null) ?? holder[key]) as readonly Range[]) as [Range[], Range[]]
  if (old === now) return []
  const gone = old.filter((one) => !now.some((other) => alike(one, other)))
  const come = now.filter((one) => !old.some((other) => alike(one, other)))
  // Whether these differ is what has been looked at.
  for (const one of gone) viewOf(before)?.(key, one)
  for (const one of come) viewOf(after)?.(key, one)
  return [...gone, ...come]
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
