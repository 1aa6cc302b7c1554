/** The layout of a file as a paste tells it: runs without gaps, and honest about what was left out. */
import type { Range } from '../base/range.ts'

export type Kind = 'data' | 'hole' | 'unwritten' | 'delalloc' | 'inline' | 'unknown'

/** Bytes [from, to) of one kind. */
export interface Run extends Range {
  readonly kind: Kind
  /** In alphabetical order. */
  readonly flags: readonly string[]
  /** Where it begins on disk; null if it has no place. */
  readonly disk: number | null
}

type Pair = readonly [from: number, to: number]

/** One file of a paste. */
export interface PastedFile {
  readonly title: string | null
  readonly name: string | null
  readonly size: number | null
  /** Bytes that one unit of the listing's numbers stands for. */
  readonly unit: number
  /** Rows were left out. */
  readonly partial: boolean
  readonly runs: readonly Run[]
  readonly holes: readonly Pair[]
  /** Bytes that two runs claim. */
  readonly overlaps: readonly Pair[]
  /** What could not be read, each a sentence. */
  readonly problems?: readonly string[]
}

/** What a listing says of a file, before its gaps are named. */
export interface Listed {
  title: string | null
  name: string | null
  size: number | null
  unit: number
  readonly rows: Row[]
  /** Rows are missing after the last one, as far as the file goes. */
  openEnd: boolean
  elided: boolean
  readonly problems: string[]
}

export interface Row extends Run {
  /** Rows were left out right before this one. */
  readonly afterElision: boolean
}

export const listed = (given: Partial<Listed> & { readonly unit: number }): Listed => ({
  title: null,
  name: null,
  size: null,
  rows: [],
  openEnd: false,
  elided: false,
  problems: [],
  ...given,
})

/** A file's runs with the gaps between them: a hole, or unknown where rows were left out. */
export function layoutOf({ title, name, size, unit, rows, openEnd, elided, problems }: Listed): PastedFile {
  const sorted = rows.map((row, i) => ({ row, i })).sort((a, b) => a.row.from - b.row.from || a.i - b.i)
  const runs: Run[] = []
  const overlaps: Pair[] = []
  let at = 0
  const gap = (to: number, unknown: boolean): void => {
    if (to > at) runs.push({ from: at, to, kind: unknown ? 'unknown' : 'hole', flags: [], disk: null })
  }
  for (const { row } of sorted) {
    const { afterElision, ...run } = row
    if (row.from < at) overlaps.push([row.from, Math.min(at, row.to)])
    gap(row.from, afterElision)
    runs.push(run)
    at = Math.max(at, row.to)
  }
  if (size !== null) gap(size, openEnd)
  return {
    title,
    name,
    size,
    unit,
    partial: elided || openEnd || rows.some(({ afterElision }) => afterElision),
    runs,
    holes: joined(runs.filter(({ kind }) => kind === 'hole')),
    overlaps,
    ...(problems.length === 0 ? {} : { problems }),
  }
}

/** Ranges with those that touch made one. */
function joined(ranges: readonly Range[]): Pair[] {
  const out: [number, number][] = []
  for (const { from, to } of ranges) {
    const last = out.at(-1)
    if (last && last[1] >= from) last[1] = Math.max(last[1], to)
    else out.push([from, to])
  }
  return out
}

/** Are the bytes [from, to) ones that numbers can tell exactly? */
export const isExact = (...bytes: readonly number[]): boolean => bytes.every((byte) => Number.isSafeInteger(byte) && byte >= 0)
