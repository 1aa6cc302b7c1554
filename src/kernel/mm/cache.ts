/** The page cache as runs; helpers that say how its state changes. */
import type { Range } from '../../base/range.ts'
import type { Wait } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { cannotLockRange } from '../lib/locks.ts'
import { clip, cutOut, join, splice } from '../lib/runs.ts'
import type { CacheRun, Mapping } from './world.ts'

const alike = (a: CacheRun, b: CacheRun): boolean => a.stamp === b.stamp && a.dirty === b.dirty && a.writeback === b.writeback

/** Replaces [from, to) by these runs. */
export function setCache(mapping: Mapping, from: number, to: number, runs: readonly CacheRun[]): void {
  mapping.runs = splice(mapping.runs, from, to, runs, alike)
}

/** Changes the flags of what is cached in [from, to). */
export function mark(mapping: Mapping, from: number, to: number, flags: Partial<Pick<CacheRun, 'dirty' | 'writeback'>>): void {
  setCache(
    mapping,
    from,
    to,
    clip(mapping.runs, from, to).map((run) => ({ ...run, ...flags })),
  )
}

/**
 * The first stretch of [from, to) that a scan for dirty pages finds; null if there is none. A page that somebody else is
 * about to write is still found, by its tag: the scan then waits for its lock.
 */
export function firstDirty(mapping: Mapping, from: number, to: number): Range | null {
  const dirty = clip(mapping.runs, from, to).filter((run) => run.dirty)
  const claimed = clip(mapping.locked, from, to).filter((lock) => lock.writing)
  const found = join<Range>(
    [...dirty, ...claimed].map((run) => ({ from: run.from, to: run.to })).sort((a, b) => a.from - b.from),
    () => true,
  )
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
  const keep = [...busy, ...locked.filter((run) => !run.dirty && !run.writeback)].sort((a, b) => a.from - b.from)
  setCache(mapping, from, to, keep)
}

export const cannotLockPages = (mapping: Mapping, pages: Range, who: Letter): Wait | null =>
  cannotLockRange(mapping.locked, pages, who, 'page lock')
export function lockPages(mapping: Mapping, { from, to }: Range, by: Letter, writing = false): void {
  mapping.locked = [...mapping.locked, { from, to, by, writing }].sort((a, b) => a.from - b.from)
}
export function unlockPages(mapping: Mapping, pages: Range, by: Letter): void {
  mapping.locked = mapping.locked.filter((lock) => lock.by !== by || lock.from >= pages.to || lock.to <= pages.from)
}

/** Write protection comes back: the next store to these pages faults. */
export function writeProtect(mapping: Mapping, pages: Range): void {
  mapping.writable = cutOut(mapping.writable, pages.from, pages.to)
}
