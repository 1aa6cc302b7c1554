/** What became of the parts of a picture since the picture before; a part is the same thing if it has the same id. */
import { same } from '../base/plain.ts'

export type Change = 'same' | 'new' | 'changed'

export interface Changes<T> {
  readonly of: (id: string) => Change
  readonly before: (id: string) => T | null
  /** Parts that the picture before had and this one has not. */
  readonly gone: readonly T[]
}

/** What an oracle says of a part is no change of it. */
const bare = (part: object | undefined): object => ({ ...part, damaged: false })

/** Compares two lists of parts; without a list before nothing counts as changed. */
export function changesBetween<T extends { readonly id: string }>(before: readonly T[] | null, now: readonly T[]): Changes<T> {
  const old = new Map((before ?? []).map((part) => [part.id, part]))
  const state = new Map<string, Change>(
    now.map((part) => [
      part.id,
      before === null ? 'same' : !old.has(part.id) ? 'new' : same(bare(old.get(part.id)), bare(part)) ? 'same' : 'changed',
    ]),
  )
  return {
    of: (id) => state.get(id) ?? 'same',
    before: (id) => old.get(id) ?? null,
    gone: (before ?? []).filter((part) => !state.has(part.id)),
  }
}
