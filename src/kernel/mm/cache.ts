/** The page cache as runs; helpers that say how its state changes. A stretch of pages in equal state is handled at once. */
import { alignDown, alignUp, type Range } from '../../base/range.ts'
import type { Wait } from '../../engine/procedure.ts'
import { reshape, stretches } from '../../engine/stretches.ts'
import type { Letter } from '../../engine/view.ts'
import { cannotLockRange } from '../lib/locks.ts'
import { clip, cutOut, gaps, join, mix, splice, type Run } from '../lib/runs.ts'
import { PAGE, type Batch, type CacheRun, type Mapping } from './world.ts'

const alike = (a: CacheRun, b: CacheRun): boolean => a.stamp === b.stamp && a.dirty === b.dirty && a.writeback === b.writeback
const byStart = (a: Range, b: Range): number => a.from - b.from

/** The pages that [from, to) touches. */
export const pagesOf = ({ from, to }: Range): Range => ({ from: alignDown(from, PAGE), to: alignUp(to, PAGE) })

/** A stretch with what touches it: what is put there may become one with that. */
const around = ({ from, to }: Range): Range => ({ from: Math.max(0, from - 1), to: to + 1 })

/** What is cached of [from, to). */
export const cached = (mapping: Mapping, from: number, to: number): CacheRun[] =>
  from < to ? clip(stretches(mapping, 'runs', { from, to }), from, to) : []

/** What of it is not. */
export const uncached = (mapping: Mapping, from: number, to: number): Range[] => gaps(cached(mapping, from, to), from, to)

/** Replaces [from, to) by these runs. */
export function setCache(mapping: Mapping, from: number, to: number, runs: readonly CacheRun[]): void {
  if (to <= from) return
  keepHeld(mapping, { from, to }, runs)
  reshape(mapping, 'runs', around({ from, to }), (near) => splice(near, from, to, runs, alike))
}

const bare = ({ from, to, stamp }: Run): Run => ({ from, to, stamp })

/** Whoever has found a page before it leaves the cache reads what it holds then; whoever copies it while it changes may read either. */
function keepHeld(mapping: Mapping, part: Range, runs: readonly CacheRun[]): void {
  if (stretches(mapping, 'held', part).length === 0) return
  const was = cached(mapping, part.from, part.to)
  reshape(mapping, 'held', part, (held) => held.map((batch) => kept(batch, part, was, runs)))
}

/** What a batch is when the part of the cache is no more what it was. */
function kept(batch: Batch, part: Range, was: readonly CacheRun[], runs: readonly CacheRun[]): Batch {
  const old = batch.gone.reduce<CacheRun[]>(
    (parts, gone) => cutOut(parts, gone.from, gone.to),
    clip(was, Math.max(part.from, batch.from), Math.min(part.to, batch.to)),
  )
  const leaving = old.flatMap((run) => gaps(runs, run.from, run.to).map((gap) => bare({ ...run, ...gap })))
  const gone = leaving.length > 0 ? [...batch.gone, ...leaving].sort(byStart) : batch.gone
  if (!batch.before) return gone === batch.gone ? batch : { ...batch, gone }
  const changing = old.flatMap((run) =>
    clip(runs, run.from, run.to)
      .filter(({ stamp }) => stamp !== run.stamp)
      .map((now) => bare({ ...now, stamp: run.stamp })),
  )
  return { ...batch, gone, before: changing.reduce(laid, batch.before) }
}

/** What pages held before, and this too. */
const laid = (before: readonly Run[], part: Run): readonly Run[] =>
  [...mix(before, [part]), ...gaps(before, part.from, part.to).map((gap) => ({ ...part, ...gap }))].sort(byStart)

/** Content that is cached and equal to what is on disk. */
export const cleanRun = ({ from, to, stamp }: Run): CacheRun => ({ from, to, stamp, dirty: false, writeback: false })

/** Changes the flags of what is cached in [from, to). */
export function mark(mapping: Mapping, from: number, to: number, flags: Partial<Pick<CacheRun, 'dirty' | 'writeback'>>): void {
  setCache(
    mapping,
    from,
    to,
    cached(mapping, from, to).map((run) => ({ ...run, ...flags })),
  )
}

/** Stores content into pages that are cached; dirty and writeback flags stay as they are. */
export function storeInPages(mapping: Mapping, content: readonly Run[]): void {
  for (const { from, to, stamp } of content)
    setCache(
      mapping,
      from,
      to,
      cached(mapping, from, to).map((old) => ({ ...old, stamp })),
    )
}

/** Zero bytes in cached pages; what is dirty stays dirty, what is clean stays clean. */
export const zeroPages = (mapping: Mapping, from: number, to: number): void => storeInPages(mapping, [{ from, to, stamp: '0' }])

/** The pages that a read has found, of which one is at this position. */
export const heldAt = (mapping: Mapping, by: Letter, at: number): Batch | undefined =>
  stretches(mapping, 'held', { from: at, to: at + 1 }).find((batch) => batch.by === by)

/** A read takes references to these pages. */
export function hold(mapping: Mapping, by: Letter, { from, to }: Range): void {
  reshape(mapping, 'held', { from, to }, (held) => [...held, { from, to, by, gone: [] }].sort((a, b) => (a.by < b.by ? -1 : 1)))
}

const changeBatch = (mapping: Mapping, batch: Batch, become: readonly Batch[]): void =>
  reshape(mapping, 'held', batch, (held) => held.flatMap((one) => (one.by === batch.by ? become : [one])))

/**
 * The pages are found, and the read begins to copy them. The first was there; which of those that have left the cache since were found before
 * they did nobody knows, and the search for pages ends at the first that is missing. `end`: up to where it copies. @returns those that it
 * may have found.
 */
export function beginCopy(mapping: Mapping, batch: Batch, end: number): Run[] {
  const second = batch.from + PAGE
  const perhaps = clip(batch.gone, second, batch.to)
  const to = perhaps[0]?.from ?? batch.to
  // A page is copied at one moment, several are not.
  const before = Math.min(to, end) > second ? { before: [] } : {}
  changeBatch(mapping, batch, [{ ...batch, to, gone: clip(batch.gone, batch.from, second), ...before }])
  return perhaps
}

/** The read gives its references back. */
export const release = (mapping: Mapping, batch: Batch): void => changeBatch(mapping, batch, [])

/** What is copied of held pages: what they had when they left the cache, or what they have now; where that has changed meanwhile, either. */
export const heldContent = (mapping: Mapping, batch: Batch, from: number, to: number): Run[] =>
  mix(
    batch.gone
      .reduce<Run[]>((runs, gone) => splice(runs, gone.from, gone.to, [gone], (a, b) => a.stamp === b.stamp), cached(mapping, from, to))
      .flatMap((run) => clip([run], from, to)),
    batch.before ?? [],
  )

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

/** The first part of it that is not in the page cache, or not valid there; null = all of it is. */
export function notUptodate(mapping: Mapping, from: number, to: number): Range | null {
  const parts = [...uncached(mapping, from, to), ...clip(stretches(mapping, 'fresh', { from, to }), from, to)].sort(byStart)
  return parts[0] ?? null
}

/** Is all of it in the page cache and valid? */
export const isUptodate = (mapping: Mapping, from: number, to: number): boolean => notUptodate(mapping, from, to) === null

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
  const dirty = cached(mapping, from, to).filter((run) => run.dirty)
  const claimed = clip(stretches(mapping, 'locked', { from, to }), from, to).filter((lock) => lock.writing)
  const found = join<Range>([...dirty, ...claimed].map((run) => ({ from: run.from, to: run.to })).sort(byStart), () => true)
  return found[0] ?? null
}

export const isCached = (mapping: Mapping, from: number, to: number): boolean => cached(mapping, from, to).length > 0
export const underWriteback = (mapping: Mapping, from: number, to: number): boolean =>
  cached(mapping, from, to).some((run) => run.writeback)

/** Pages under writeback hold whoever wants them stable. */
export const waitForWriteback = (mapping: Mapping, from: number, to: number): Wait | null =>
  underWriteback(mapping, from, to) ? { on: 'page writeback', heldBy: [] } : null

/** Drops clean pages of [from, to); those that are dirty, under writeback or locked by somebody stay. */
export function dropClean(mapping: Mapping, from: number, to: number): void {
  const runs = cached(mapping, from, to)
  const locked = stretches(mapping, 'locked', { from, to }).flatMap((lock) => clip(runs, lock.from, lock.to))
  const busy = runs.filter((run) => run.dirty || run.writeback)
  const keep = [...busy, ...locked.filter((run) => !run.dirty && !run.writeback)].sort(byStart)
  setCache(mapping, from, to, keep)
}

/** What locking these pages would wait for; since 5.16 they are called folios. */
export const cannotLockPages = (mapping: Mapping, pages: Range, who: Letter, name: 'page lock' | 'folio lock' = 'page lock'): Wait | null =>
  cannotLockRange(stretches(mapping, 'locked', pages), pages, who, name)

/** Locks pages. `writing`: their dirty bits have been cleared, to write them back. */
export function lockPages(mapping: Mapping, { from, to }: Range, by: Letter, writing = false): void {
  reshape(mapping, 'locked', around({ from, to }), (near) =>
    join([...near, { from, to, by, writing }].sort(byStart), (a, b) => a.by === b.by && a.writing === b.writing),
  )
}

/** Unlocks what the task has locked of them. */
export function unlockPages(mapping: Mapping, pages: Range, by: Letter): void {
  reshape(mapping, 'locked', pages, (near) => near.flatMap((lock) => (lock.by === by ? cutOut([lock], pages.from, pages.to) : [lock])))
}

/** Write protection comes back: the next store to these pages faults. */
export function writeProtect(mapping: Mapping, pages: Range): void {
  reshape(mapping, 'writable', pages, (near) => cutOut(near, pages.from, pages.to))
}
