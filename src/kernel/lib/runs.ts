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

/** The runs with [from, to) replaced by `pieces`, sorted; neighbours that `alike` calls equal become one. */
export function splice<T extends Range>(
  runs: readonly T[],
  from: number,
  to: number,
  pieces: readonly T[],
  alike: (a: T, b: T) => boolean,
): T[] {
  return join(
    [...cutOut(runs, from, to), ...pieces].sort((a, b) => a.from - b.from),
    alike,
  )
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
  const moved = clip(source, from, from + length).map((run) => ({ ...run, from: run.from - from + at, to: run.to - from + at }))
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
export const valueOf = (stamp: string): string => (stamp.startsWith('0') ? '0' : stamp)
