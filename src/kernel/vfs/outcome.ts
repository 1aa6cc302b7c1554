/** What a user sees of a file when everything has finished; the file system gives a small reader of its own maps. */
import { range } from '../../base/range.ts'
import type { Plain } from '../../base/plain.ts'
import type { Extent, Letter, Outcome, Seen } from '../../engine/view.ts'
import { join, splice, stampInWords, valueOf, type Piece, type Run } from '../lib/runs.ts'
import type { MmWorld } from '../mm/world.ts'
import { callsOf } from './thread.ts'
import type { PastCall, VfsWorld } from './world.ts'
import { cached } from '../mm/cache.ts'

export interface OutcomeReader<W> {
  /** Data, holes and preallocated space of [0, i_size), as its maps have them. */
  readonly layout: (s: W) => readonly Piece[]
  /** What reads of [0, i_size) find. */
  readonly content: (s: W) => readonly Run[]
  /** Whose positions count: those of open files, or those that calls brought. */
  readonly positions: 'f_pos' | 'ki_pos'
  /** What the log holds of the file; null = there is no log. */
  readonly log?: (s: W) => Outcome['log']
  /** What a power failure now would leave. */
  readonly after?: (s: W) => Plain
  /** Has the power failed, and nobody has mounted the file system again? */
  readonly isDown?: (s: W) => boolean
}

const sameKind = (a: Piece, b: Piece): boolean => a.kind === b.kind && a.stamp === b.stamp

/** Dirty pages are data, as SEEK_DATA sees it, though the file system's maps do not tell of them yet. */
export function layoutWithWaiting(layout: readonly Piece[], s: MmWorld, size: number): Extent[] {
  const waiting = cached(s.mapping, 0, size).filter((run) => run.dirty || run.writeback)
  const pieces = waiting.reduce<Piece[]>(
    (all, { from, to, stamp }) => splice(all, from, to, [{ from, to, kind: 'data', stamp }], sameKind),
    join(layout, sameKind),
  )
  return pieces.map(({ from, to, kind, stamp }) => ({ from, to, kind, source: stamp }))
}

/** One position by itself, several by whose they are, none as null. */
function positionsOf(positions: readonly (readonly [string, number])[]): Outcome['pos'] {
  const [first, ...others] = positions
  if (!first) return null
  return others.length === 0 ? first[1] : Object.fromEntries(positions)
}

/** `A`, or `A1`, `A2` for the calls of a thread that makes several. */
const numbered = (letter: Letter, calls: readonly PastCall[], several: boolean): (readonly [string, PastCall])[] =>
  calls.map((one, i) => [several ? `${letter}${i + 1}` : letter, one])

/** `[0, 4K) A, [4K, 8K) 0`, by offset in the buffer. */
const readInWords = (read: readonly Run[]): string =>
  join(
    read.map(({ from, to, stamp }) => ({ from, to, stamp: valueOf(stamp) })),
    (a, b) => a.stamp === b.stamp,
  )
    .map(({ from, to, stamp }) => `${range(from, to)} ${stampInWords(stamp)}`)
    .join(', ') || 'nothing'

/** What whoever opens the file finds. */
type File = Pick<Seen, 'size' | 'pos' | 'layout' | 'content'>

/** Of a file system that is not mounted there is nothing to be found, not even a size. */
const nothing: File = { size: null, pos: null, layout: null, content: null }

function fileBy<W extends VfsWorld & MmWorld>(reader: OutcomeReader<W>, s: W): File {
  const size = s.inode.i_size
  const content = join(
    reader.content(s).map((run) => ({ ...run, stamp: valueOf(run.stamp) })),
    (a, b) => a.stamp === b.stamp,
  )
  return {
    size,
    pos: positionsOf(
      reader.positions === 'f_pos'
        ? Object.entries(s.files).map(([fd, { f_pos }]) => [fd, f_pos] as const)
        : Object.entries(s.kiocbs).map(([letter, { ki_pos }]) => [letter, ki_pos] as const),
    ),
    layout: layoutWithWaiting(reader.layout(s), s, size),
    content: content.map(({ from, to, stamp }) => [from, to, stamp]),
  }
}

/** The outcome of a run, by what this reader finds in its last state. */
export const outcomeWith =
  <W extends VfsWorld & MmWorld>(reader: OutcomeReader<W>) =>
  (s: W, returned: Readonly<Record<Letter, unknown>>): Seen => {
    const file = reader.isDown?.(s) ? nothing : fileBy(reader, s)
    const calls = Object.keys(s.calls).flatMap((letter) => numbered(letter, callsOf(s, letter), s.past?.[letter] !== undefined))
    const reads = Object.fromEntries([
      ...Object.entries(returned).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      ...calls.flatMap(([name, { read }]) => (read === null ? [] : [[name, readInWords(read)] as const])),
    ])
    return {
      returns: Object.fromEntries(calls.flatMap(([name, call]) => (call.returned === null ? [] : [[name, call.returned]]))),
      ...file,
      reads: Object.keys(reads).length > 0 ? reads : null,
      log: reader.log?.(s) ?? null,
      console: [...s.dmesg, ...s.printed].map(({ text }) => text),
      after: reader.after?.(s) ?? null,
    }
  }
