/** The page cache as runs; helpers that say how its state changes. A stretch of pages in equal state is handled at once. */
import { alignDown, alignUp, type Range } from '../../base/range.ts'
import type { Wait } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { cannotLockRange } from '../lib/locks.ts'
import { clip, cutOut, gaps, join, splice, type Run } from '../lib/runs.ts'
import { PAGE, type Batch, type CacheRun, type Mapping } from './world.ts'

const alike = (a: CacheRun, b: CacheRun): boolean => a.stamp === b.stamp && a.dirty === b.dirty && a.writeback === b.writeback
const byStart = (a: Range, b: Range): number => a.from - b.from

/** The pages that [from, to) touches. */
export const pagesOf = ({ from, to }: Range): Range => ({ from: alignDown(from, PAGE), to: alignUp(to, PAGE) })

/** Replaces [from, to) by these runs. */
export function setCache(mapping: Mapping, from: number, to: number, runs: readonly CacheRun[]): void {
  if (mapping.held) keepHeld(mapping, mapping.held, from, to, runs)
  mapping.runs = splice(mapping.runs, from, to, runs, alike)
}

/** Whoever has found a page before it leaves the cache reads what it holds then. */
function keepHeld(mapping: Mapping, held: Record<Letter, Batch>, from: number, to: number, runs: readonly CacheRun[]): void {
  for (const batch of Object.values(held)) {
    const leaving = gaps(runs, Math.max(from, batch.from), Math.min(to, batch.to)).flatMap((gap) => clip(mapping.runs, gap.from, gap.to))
    const first = batch.gone.reduce<Range[]>((parts, gone) => cutOut(parts, gone.from, gone.to), leaving)
    if (first.length > 0)
      batch.gone = [
        ...batch.gone,
        ...first.flatMap((part) => clip(leaving, part.from, part.to).map((run) => ({ from: run.from, to: run.to, stamp: run.stamp }))),
      ].sort(byStart)
  }
}

/** Content that is cached and equal to what is on disk. */
export const cleanRun = ({ from, to, stamp }: Run): CacheRun => ({ from, to, stamp, dirty: false, writeback: false })

/** Changes the flags of what is cached in [from, to). */
export function mark(mapping: Mapping, from: number, to: number, flags: Partial<Pick<CacheRun, 'dirty' | 'writeback'>>): void {
  setCache(
    mapping,
    from,
    to,
    clip(mapping.runs, from, to).map((run) => ({ ...run, ...flags })),
  )
}

/** Stores content into pages that are cached; dirty and writeback flags stay as they are. */
export function storeInPages(mapping: Mapping, content: readonly Run[]): void {
  for (const { from, to, stamp } of content)
    setCache(
      mapping,
      from,
      to,
      clip(mapping.runs, from, to).map((old) => ({ ...old, stamp })),
    )
}

/** Zero bytes in cached pages; what is dirty stays dirty, what is clean stays clean. */
export const zeroPages = (mapping: Mapping, from: number, to: number): void => storeInPages(mapping, [{ from, to, stamp: '0' }])

/** A read takes references to these pages. */
export function hold(mapping: Mapping, letter: Letter, { from, to }: Range): void {
  mapping.held = { ...mapping.held, [letter]: { from, to, gone: [] } }
}

/** It gives them back. */
export function release(mapping: Mapping, letter: Letter): void {
  const { [letter]: _, ...others } = mapping.held ?? {}
  if (Object.keys(others).length > 0) mapping.held = others
  else delete mapping.held
}

/** What a held page has: what it had when it left the cache, or what it has now. */
export const heldContent = (mapping: Mapping, batch: Batch, from: number, to: number): Run[] =>
  batch.gone
    .reduce<Run[]>((runs, gone) => splice(runs, gone.from, gone.to, [gone], (a, b) => a.stamp === b.stamp), clip(mapping.runs, from, to))
    .flatMap((run) => clip([run], from, to))

/** Puts pages that are not there yet into the page cache, not uptodate. */
export function insertPages(mapping: Mapping, from: number, to: number): void {
  setCache(mapping, from, to, [cleanRun({ from, to, stamp: '0' })])
  mapping.fresh = splice(mapping.fresh, from, to, [{ from, to }], () => true)
}

/** Takes pages out of the page cache, whatever they hold. */
export function removePages(mapping: Mapping, from: number, to: number): void {
  setCache(mapping, from, to, [])
  mapping.fresh = cutOut(mapping.fresh, from, to)
}

/** Their content is valid from now on. */
export function setUptodate(mapping: Mapping, from: number, to: number): void {
  mapping.fresh = cutOut(mapping.fresh, from, to)
}

/** Is all of it in the page cache and valid? */
export const isUptodate = (mapping: Mapping, from: number, to: number): boolean =>
  gaps(mapping.runs, from, to).length === 0 && clip(mapping.fresh, from, to).length === 0

/** Fills cached pages of [from, to) that are not uptodate with what the disk holds. */
export function fillPages(mapping: Mapping, from: number, to: number, onDisk: (from: number, to: number) => readonly Run[]): void {
  for (const part of clip(mapping.fresh, from, to)) setCache(mapping, part.from, part.to, onDisk(part.from, part.to).map(cleanRun))
  setUptodate(mapping, from, to)
}

/** What a read would find: valid pages, otherwise what the disk holds. */
export function readThrough(mapping: Pick<Mapping, 'runs' | 'fresh'>, onDisk: readonly Run[], from: number, to: number): Run[] {
  const valid = mapping.fresh.reduce<Run[]>((runs, part) => cutOut(runs, part.from, part.to), [...mapping.runs])
  return clip(valid, from, to).reduce<Run[]>(
    (runs, run) => splice(runs, run.from, run.to, [{ from: run.from, to: run.to, stamp: run.stamp }], (a, b) => a.stamp === b.stamp),
    [...onDisk],
  )
}

/**
 * The first stretch of [from, to) that a scan for dirty pages finds; null if there is none. A page that somebody else is
 * about to write is still found, by its tag: the scan then waits for its lock.
 */
export function firstDirty(mapping: Mapping, from: number, to: number): Range | null {
  const dirty = clip(mapping.runs, from, to).filter((run) => run.dirty)
  const claimed = clip(mapping.locked, from, to).filter((lock) => lock.writing)
  const found = join<Range>([...dirty, ...claimed].map((run) => ({ from: run.from, to: run.to })).sort(byStart), () => true)
  return found[0] ?? null
}

export const isCached = (mapping: Mapping, from: number, to: number): boolean => clip(mapping.runs, from, to).length > 0
export const underWriteback = (mapping: Mapping, from: number, to: number): boolean =>
  clip(mapping.runs, from, to).some((run) => run.writeback)

/** Pages under writeback hold whoever wants them stable. */
export const waitForWriteback = (mapping: Mapping, from: number, to: number): Wait | null =>
  underWriteback(mapping, from, to) ? { on: 'page writeback', heldBy: [] } : null

/** Drops clean pages of [from, to); those that are dirty, under writeback or locked by somebody stay. */
export function dropClean(mapping: Mapping, from: number, to: number): void {
  const runs = clip(mapping.runs, from, to)
  const locked = mapping.locked.flatMap((lock) => clip(runs, lock.from, lock.to))
  const busy = runs.filter((run) => run.dirty || run.writeback)
  const keep = [...busy, ...locked.filter((run) => !run.dirty && !run.writeback)].sort(byStart)
  setCache(mapping, from, to, keep)
}

/** What locking these pages would wait for; since 5.16 they are called folios. */
export const cannotLockPages = (mapping: Mapping, pages: Range, who: Letter, name: 'page lock' | 'folio lock' = 'page lock'): Wait | null =>
  cannotLockRange(mapping.locked, pages, who, name)

/** Locks pages. `writing`: their dirty bits have been cleared, to write them back. */
export function lockPages(mapping: Mapping, { from, to }: Range, by: Letter, writing = false): void {
  mapping.locked = join([...mapping.locked, { from, to, by, writing }].sort(byStart), (a, b) => a.by === b.by && a.writing === b.writing)
}

/** Unlocks what the task has locked of them. */
export function unlockPages(mapping: Mapping, pages: Range, by: Letter): void {
  mapping.locked = mapping.locked.flatMap((lock) => (lock.by === by ? cutOut([lock], pages.from, pages.to) : [lock]))
}

/** Write protection comes back: the next store to these pages faults. */
export function writeProtect(mapping: Mapping, pages: Range): void {
  mapping.writable = cutOut(mapping.writable, pages.from, pages.to)
}
