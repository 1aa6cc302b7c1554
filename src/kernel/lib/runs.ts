/** Content as runs of one stamp each: sorted, not overlapping, no two equal neighbours, gaps allowed. */
import type { Range } from '../../base/range.ts'

export interface Run {
  readonly from: number
  readonly to: number
  readonly stamp: string
}

/** Past every file and every run. */
export const endOfFiles = 2 ** 53 - 4096

/** A stretch of a file as the file system's maps have it. */
export interface Piece extends Range {
  readonly kind: 'data' | 'hole' | 'unwritten'
  /** The stamp found there, `?` for data never written; null where there are no data. */
  readonly stamp: string | null
}

/** The index of the first run that begins at `at` or later, of runs in order. */
function firstFrom(runs: readonly Range[], at: number): number {
  let [low, high] = [0, runs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((runs[middle] as Range).from < at) low = middle + 1
    else high = middle
  }
  return low
}

/** The index of the first run that ends after `at`, of runs in order that do not overlap. */
export function firstAfter(runs: readonly Range[], at: number): number {
  const next = firstFrom(runs, at)
  const before = runs[next - 1]
  return before && at < before.to ? next - 1 : next
}

/** The runs that have a part in [from, to), whole, of runs in order that do not overlap: found without looking at the others. */
export const within = <T extends Range>(runs: readonly T[], from: number, to: number): readonly T[] =>
  from < to ? runs.slice(firstAfter(runs, from), firstFrom(runs, to)) : []

/** The runs inside [from, to), clipped. */
export function clip<T extends Range>(runs: readonly T[], from: number, to: number): T[] {
  const out: T[] = []
  if (from >= to) return out
  for (const run of runs)
    if (run.from < to && from < run.to)
      out.push(from <= run.from && run.to <= to ? run : { ...run, from: Math.max(run.from, from), to: Math.min(run.to, to) })
  return out
}

/** The runs outside [from, to); those that straddle a border are cut. */
export function cutOut<T extends Range>(runs: readonly T[], from: number, to: number): T[] {
  const out: T[] = []
  for (const run of runs) {
    if (run.to <= from || to <= run.from) {
      out.push(run)
      continue
    }
    if (run.from < from) out.push({ ...run, to: from })
    if (to < run.to) out.push({ ...run, from: to })
  }
  return out
}

const inOrder = (runs: readonly Range[]): boolean => runs.every((run, i) => i === 0 || (runs[i - 1] as Range).from <= run.from)

/** The runs with [from, to) replaced by `pieces` of it, sorted; neighbours there that `alike` calls equal become one. */
export function splice<T extends Range>(
  runs: readonly T[],
  from: number,
  to: number,
  pieces: readonly T[],
  alike: (a: T, b: T) => boolean,
): T[] {
  // Runs elsewhere are as they were: only what begins just before [from, to) and what follows it can change or join.
  const first = Math.max(0, firstFrom(runs, from) - 1)
  const last = Math.min(runs.length, firstFrom(runs, to) + 1)
  const near = runs.slice(first, last)
  const left = cutOut(near, from, Infinity)
  const right = cutOut(near, -Infinity, to)
  const inside = inOrder(pieces) ? pieces : [...pieces].sort((a, b) => a.from - b.from)
  return [...runs.slice(0, first), ...join([...left, ...inside, ...right], alike), ...runs.slice(last)]
}

/** The runs with others laid over them, both in order; what is under one of those is gone. */
export function overlay<T extends Range>(runs: readonly T[], over: readonly T[]): T[] {
  const out: T[] = []
  let at = 0
  for (const top of over) {
    let below = runs[at]
    for (; below && below.from < top.from; below = runs[at]) {
      const start = Math.max(below.from, out.at(-1)?.to ?? -Infinity)
      const end = Math.min(below.to, top.from)
      if (start < end) out.push(start === below.from && end === below.to ? below : { ...below, from: start, to: end })
      if (below.to > top.from) break
      at++
    }
    out.push(top)
    while ((runs[at]?.to ?? Infinity) <= top.to) at++
  }
  for (const below of runs.slice(at)) {
    const start = Math.max(below.from, out.at(-1)?.to ?? -Infinity)
    if (start < below.to) out.push(start === below.from ? below : { ...below, from: start })
  }
  return out
}

/** Joins touching neighbours that are alike. */
export function join<T extends Range>(runs: readonly T[], alike: (a: T, b: T) => boolean): T[] {
  const out: T[] = []
  for (const run of runs) {
    const last = out.at(-1)
    if (last && last.to === run.from && alike(last, run)) out[out.length - 1] = { ...last, to: run.to }
    else out.push(run)
  }
  return out
}

const sameStamp = (a: Run, b: Run): boolean => a.stamp === b.stamp

/** Writes `stamp` over [from, to). */
export const paint = (runs: readonly Run[], from: number, to: number, stamp: string): Run[] =>
  splice(runs, from, to, from < to ? [{ from, to, stamp }] : [], sameStamp)

/** Copies what `source` has in [from, from + length) to `at` of `target`. */
export function transfer(target: readonly Run[], at: number, source: readonly Run[], from: number, length: number): Run[] {
  const moved = clip(within(source, from, from + length), from, from + length).map((run) => ({
    ...run,
    from: run.from - from + at,
    to: run.to - from + at,
  }))
  return splice(target, at, at + length, moved, sameStamp)
}

/** The ranges of [from, to) that no run covers. */
export function gaps(runs: readonly Range[], from: number, to: number): Range[] {
  const out: Range[] = []
  let at = from
  for (const run of clip(runs, from, to)) {
    if (at < run.from) out.push({ from: at, to: run.from })
    at = Math.max(at, run.to)
  }
  if (at < to) out.push({ from: at, to })
  return out
}

/** A stamp names who wrote the bytes; `0` and stamps that begin with it (`0A`: zeros from A's buffer) are zero bytes. */
export const valueOf = (stamp: string): string => (!stamp.startsWith('0') || stamp.includes(OR) ? stamp : '0')

/**
 * Between the values of bytes of which each may have any: what is read while somebody else writes it, page after page or within a page,
 * in no order that anybody promises.
 */
const OR = '|'

/** The values that a byte of this stamp may have; one, but where two copies met. */
export const valuesOf = (stamp: string): string[] => stamp.split(OR).map(valueOf)

/** Any value of the two. */
export function either(a: string, b: string): string {
  const values = [...new Set([...valuesOf(a), ...valuesOf(b)])].sort()
  return values.length === 1 ? a : values.join(OR)
}

/** The runs, of which each byte may as well have what `others` has there. */
export const mix = <T extends Run>(runs: readonly T[], others: readonly Run[]): T[] =>
  others.reduce<T[]>(
    (all, other) =>
      clip(all, other.from, other.to).reduce<T[]>(
        (out, run) => splice(out, run.from, run.to, [{ ...run, stamp: either(run.stamp, other.stamp) }], () => false),
        all,
      ),
    [...runs],
  )

/** In words: `A or B`, of which each byte may be either. */
export const stampInWords = (stamp: string): string => valuesOf(stamp).join(' or ')
