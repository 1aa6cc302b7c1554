/** What a read of a bcachefs file finds: folios, and under them the disk. */
import { clip, gaps, join, type Run } from '../lib/runs.ts'
import { fillPages, readThrough } from '../mm/cache.ts'
import type { BcachefsWorld } from './world.ts'

/** What the disk holds of [from, to): data, or zeros for reservations and holes. */
function onDisk(s: Pick<BcachefsWorld, 'btree'>, from: number, to: number): Run[] {
  const known = clip(s.btree, from, to).map(({ from: a, to: b, stamp }) => ({ from: a, to: b, stamp }))
  const holes = gaps(known, from, to).map((gap) => ({ ...gap, stamp: '0' }))
  return join(
    [...known, ...holes].sort((a, b) => a.from - b.from),
    (a, b) => a.stamp === b.stamp,
  )
}

/** bch2_read_single_folio(), readahead: fills cached folios of [from, to) that are not uptodate from the disk. */
export const readFolios = (s: BcachefsWorld, from: number, to: number): void =>
  fillPages(s.mapping, from, to, (start, end) => onDisk(s, start, end))

/** What a read of [from, to) would find now: valid folios, otherwise the disk. The parts tile the range. */
export const visible = (s: Pick<BcachefsWorld, 'mapping' | 'btree'>, from: number, to: number): Run[] =>
  readThrough(s.mapping, onDisk(s, from, to), from, to)
