/**
 * Lists of stretches (locked ranges, extents, maps), sorted by where they begin: a step that says which part of one it looks
 * at or changes does not meet steps that keep to another part. A holder is the world or a record of it; the engine's views of
 * either note what is looked at, any other value is just what it is.
 */
import { overlaps, type Range } from '../base/range.ts'

/** What a view of a holder answers to: the whole list, of which only `part` is looked at; with `list` it is replaced, unlike in that part alone. */
export const stretchesIn = Symbol('stretches')
export type StretchesIn = (key: string, part: Range, list?: readonly Range[]) => readonly Range[]

type Holder<K extends string, T extends Range> = { readonly [key in K]: readonly T[] }

const viewOf = (holder: object): StretchesIn | undefined => (holder as { readonly [stretchesIn]?: StretchesIn })[stretchesIn]

/** What of the list shares a byte with `part`, whole; the rest of the list is not looked at. */
export function stretches<K extends string, T extends Range>(holder: Holder<K, T>, key: K, part: Range): readonly T[] {
  const list = (viewOf(holder)?.(key, part) ?? holder[key]) as readonly T[]
  return list.filter((one) => overlaps(one, part))
}

/** Replaces what shares a byte with `part` by what `become` makes of it, which lies within `part` and what was there. */
export function reshape<K extends string, T extends Range>(
  holder: { [key in K]: readonly T[] },
  key: K,
  part: Range,
  become: (inside: readonly T[]) => readonly T[],
): void {
  const view = viewOf(holder)
  const list = (view?.(key, part) ?? holder[key]) as readonly T[]
  const inside = list.filter((one) => overlaps(one, part))
  const after = [...list.filter((one) => !overlaps(one, part)), ...become(inside)].sort((a, b) => a.from - b.from)
  if (view) view(key, part, after)
  else holder[key] = after as never
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
