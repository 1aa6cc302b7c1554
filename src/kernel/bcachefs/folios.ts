/** Folios of the one file: presence, uptodate, locks, content. A stretch of folios in equal state is handled at once. */
import type { Range } from '../../base/range.ts'
import type { Wait } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { cannotLockRange } from '../lib/locks.ts'
import { setCache } from '../mm/cache.ts'
import { clip, cutOut, gaps, join, splice, type Run } from '../lib/runs.ts'
import type { BcachefsWorld } from './world.ts'

const touching = (): boolean => true

/** Puts folios that are not there yet into the page cache, not uptodate. */
export function insertFolios(s: BcachefsWorld, from: number, to: number): void {
  setCache(s.mapping, from, to, [{ from, to, stamp: '0', dirty: false, writeback: false }])
  s.fresh = splice(s.fresh, from, to, [{ from, to }], touching)
}

/** Takes folios out of the page cache, whatever they hold. */
export function removeFolios(s: BcachefsWorld, from: number, to: number): void {
  setCache(s.mapping, from, to, [])
  s.fresh = cutOut(s.fresh, from, to)
}

/** Their content is valid from now on. */
export function setUptodate(s: BcachefsWorld, from: number, to: number): void {
  s.fresh = cutOut(s.fresh, from, to)
}

/** Is all of it in the page cache and valid? */
export const isUptodate = (s: BcachefsWorld, from: number, to: number): boolean =>
  gaps(s.mapping.runs, from, to).length === 0 && clip(s.fresh, from, to).length === 0

/** What the disk holds of [from, to): data, or zeros for reservations and holes. */
export function onDisk(s: Pick<BcachefsWorld, 'btree'>, from: number, to: number): Run[] {
  const known = clip(s.btree, from, to).map(({ from: a, to: b, stamp }) => ({ from: a, to: b, stamp }))
  const holes = gaps(known, from, to).map((gap) => ({ ...gap, stamp: '0' }))
  return join(
    [...known, ...holes].sort((a, b) => a.from - b.from),
    (a, b) => a.stamp === b.stamp,
  )
}

/** Fills cached folios of [from, to) that are not uptodate from the disk. */
export function readFolios(s: BcachefsWorld, from: number, to: number): void {
  for (const part of clip(s.fresh, from, to))
    setCache(
      s.mapping,
      part.from,
      part.to,
      onDisk(s, part.from, part.to).map((run) => ({ ...run, dirty: false, writeback: false })),
    )
  setUptodate(s, from, to)
}

/** Stores runs into cached folios; dirty and writeback flags stay as they are. */
export function storeInFolios(s: BcachefsWorld, content: readonly Run[]): void {
  for (const run of content)
    setCache(
      s.mapping,
      run.from,
      run.to,
      clip(s.mapping.runs, run.from, run.to).map((old) => ({ ...old, stamp: run.stamp })),
    )
}

/** What a read of [from, to) would find now: valid folios, otherwise the disk. The parts tile the range. */
export function visible(s: Pick<BcachefsWorld, 'mapping' | 'fresh' | 'btree'>, from: number, to: number): Run[] {
  const cached = s.fresh.reduce<Run[]>((runs, part) => cutOut(runs, part.from, part.to), [...s.mapping.runs])
  return cover(onDisk(s, from, to), clip(cached, from, to))
}

/** `base` with what `over` has painted on top. */
const cover = (base: readonly Run[], over: readonly Run[]): Run[] =>
  over.reduce<Run[]>((runs, { from, to, stamp }) => splice(runs, from, to, [{ from, to, stamp }], (a, b) => a.stamp === b.stamp), [...base])

/** What locking these folios would wait for. */
export const cannotLockFolios = (s: Pick<BcachefsWorld, 'mapping'>, folios: Range, who: Letter): Wait | null =>
  cannotLockRange(s.mapping.locked, folios, who, 'folio lock')

export function lockFolios(s: BcachefsWorld, from: number, to: number, by: Letter): void {
  s.mapping.locked = join(
    [...s.mapping.locked, { from, to, by, writing: false }].sort((a, b) => a.from - b.from),
    (a, b) => a.by === b.by,
  )
}

/** Unlocks what the task has locked of [from, to). */
export function unlockFolios(s: BcachefsWorld, from: number, to: number, by: Letter): void {
  s.mapping.locked = s.mapping.locked.flatMap((lock) => (lock.by === by ? cutOut([lock], from, to) : [lock]))
}
