/** What a user sees of bcachefs when everything has finished. */
import { clip, gaps, type Piece } from '../lib/runs.ts'
import { outcomeWith } from '../vfs/outcome.ts'
import { visible } from './folios.ts'
import type { BcachefsWorld } from './world.ts'

/** What the btree says of [0, i_size): data, preallocated space, holes. */
export function layoutOf(s: Pick<BcachefsWorld, 'btree' | 'inode'>, end = s.inode.i_size): Piece[] {
  const known = clip(s.btree, 0, end).map(({ from, to, kind, stamp }): Piece =>
    kind === 'data' ? { from, to, kind, stamp } : { from, to, kind: 'unwritten', stamp: null },
  )
  const holes = gaps(known, 0, end).map((gap): Piece => ({ ...gap, kind: 'hole', stamp: null }))
  return [...known, ...holes].sort((a, b) => a.from - b.from)
}

export const outcomeOf = outcomeWith<BcachefsWorld>({
  layout: layoutOf,
  content: (s) => visible(s, 0, s.inode.i_size),
  // Only write(2) leaves a position behind; what pwrite(2) brings is nobody's afterwards.
  positions: 'f_pos',
})
