/** What the model makes of a paste, as pictures and sentences: a log replayed, the operations of an fsx log run. */
import { overlaps, range, size } from '../base/range.ts'
import { playFsx, replayDumped, type DumpedTree, type FsxRun, type LoggedOperation, type ReplayedRun } from '../kernel/pasted.ts'
import type { ExtentStrip, Fill, Lane, Marker, Span } from '../picture/picture.ts'
import { lettersOfPlaces } from '../picture/places.ts'
import type { PastedAsked, PastedView } from './protocol.ts'

const span = (id: string, from: number, to: number, fill: Fill, more: Partial<Span> = {}): Span => ({
  id,
  from,
  to,
  fill,
  label: null,
  task: null,
  note: null,
  ...more,
})

const endOf = (lanes: readonly Lane[]): number => Math.max(1, ...lanes.flatMap(({ spans }) => spans.map(({ to }) => to)))

const marker = (at: number): Marker => ({ id: 'i_size', name: 'i_size', at, task: null })

export const pastedView = (asked: PastedAsked): PastedView => (asked.what === 'log' ? replayView(asked) : fsxView(asked))

/** The log, what the subvolume has if that is known, and the file after the next mount, on one axis. */
function replayView({ log, committed }: Extract<PastedAsked, { what: 'log' }>): PastedView {
  const letterOf = lettersOfPlaces()
  const items = (tree: DumpedTree): Span[] =>
    tree.items.map(({ from, to, kind, disk }, i) =>
      span(`${i}`, from, to, kind === 'hole' ? 'hole' : kind === 'unwritten' ? 'unwritten' : 'data', {
        label: kind === 'hole' ? null : letterOf(disk, from),
        note: disk === null ? null : `disk ${disk}`,
        // No two items of one inode may be over the same bytes.
        ...(tree.items.some((other, j) => i !== j && overlaps(other, { from, to })) ? { damaged: true } : {}),
      }),
    )
  const after = replayDumped(log, committed)
  const lanes: Lane[] = [
    ...(committed ? [{ id: 'subvol', title: 'subvolume items', spans: items(committed) }] : []),
    { id: 'log', title: 'log items', spans: items(log) },
    {
      id: 'after',
      title: 'after replay',
      spans: after.map(({ from, to, kind, disk }, i) =>
        span(`${i}`, from, to, kind, { label: letterOf(disk, from), note: disk === null ? null : `disk ${disk}` }),
      ),
    },
  ]
  const bytes = log.size ?? committed?.size ?? null
  return {
    strip: {
      kind: 'extent-strip',
      id: 'replay',
      title: 'log replay',
      axis: { from: 0, to: Math.max(endOf(lanes), bytes ?? 0) },
      lanes,
      markers: bytes === null ? [] : [marker(bytes)],
    },
    says: replaySays(log, committed, after),
    writers: [],
  }
}

function replaySays(log: DumpedTree, committed: DumpedTree | null, after: readonly ReplayedRun[]): string[] {
  const ranges = (runs: readonly ReplayedRun[]): string => runs.map(({ from, to }) => range(from, to)).join(', ')
  const shared = sharedIn(log)
  const unknown = after.filter(({ kind }) => kind === 'unknown')
  const gone = committed ? lostBy(committed, after) : []
  return [
    log.size === null
      ? 'The log has no INODE_ITEM here, so replay leaves the size as it is.'
      : `Replay makes the file ${size(log.size)} long, as the INODE_ITEM of the log says.`,
    ...(shared === null
      ? []
      : [
          `Two items of the log are over ${range(shared.from, shared.to)}. Where both are in one leaf, the tree checker refuses to write it since 5.2; in two leaves it does not see them, and replay, which goes by keys, lets the later one win.`,
        ]),
    ...(unknown.length > 0
      ? [`Nothing in the log is over ${ranges(unknown)}: there replay leaves what the subvolume has, which this text does not tell.`]
      : []),
    ...(gone.length > 0
      ? [`What the subvolume has at ${gone.map(({ from, to }) => range(from, to)).join(', ')} is no longer there after replay.`]
      : []),
  ]
}

/** Bytes of the subvolume that replay puts something else in the place of, or cuts off. */
function lostBy(committed: DumpedTree, after: readonly ReplayedRun[]): { from: number; to: number }[] {
  return committed.items
    .filter(({ kind }) => kind !== 'hole')
    .flatMap((item) => {
      const kept = after.filter(({ by, kind, from, to }) => by === 'subvolume' && kind !== 'hole' && from < item.to && to > item.from)
      const out: { from: number; to: number }[] = []
      let at = item.from
      for (const { from, to } of kept) {
        if (from > at) out.push({ from: at, to: from })
        at = Math.max(at, to)
      }
      if (at < item.to) out.push({ from: at, to: item.to })
      return out
    })
}

/** The first bytes that two items of the log are over. */
function sharedIn({ items }: DumpedTree): { from: number; to: number } | null {
  const sorted = [...items].sort((a, b) => a.from - b.from)
  for (const [i, item] of sorted.entries()) {
    const next = sorted[i + 1]
    if (next && next.from < item.to) return { from: next.from, to: Math.min(item.to, next.to) }
  }
  return null
}

/** FIEMAP_EXTENT_* */
const [DELALLOC, UNWRITTEN] = [0x4, 0x800]

/** The operations run on the model: the file at the end, who wrote its bytes, and who wrote those that differed. */
function fsxView({ operations, kernel: release, bad, differing }: Extract<PastedAsked, { what: 'fsx' }>): PastedView {
  const played = playFsx(operations, release)
  const lines = new Map(operations.map((one) => [one.n, named(one)]))
  const operationOf = (n: number | null): string | null => (n === null ? null : (lines.get(n) ?? null))
  const found = differing.length > 0 ? differing.map((at) => ({ from: at, to: at + 1 })) : bad ? [bad] : []
  const wrong = joined(found)
  const lanes: Lane[] = [
    {
      id: 'written',
      title: 'last written by operation',
      spans: played.written.map(({ from, to, by }) =>
        span(`${from}`, from, to, by === null ? 'zeros' : 'data', {
          label: by === null ? null : `#${by}`,
          note: operationOf(by),
        }),
      ),
    },
    {
      id: 'fiemap',
      title: 'fiemap',
      spans: played.fiemap.map(([from, disk, length, flags]) =>
        span(`${from}`, from, from + length, flags & DELALLOC ? 'dirty' : flags & UNWRITTEN ? 'unwritten' : 'data', {
          note: flags & DELALLOC ? 'delalloc: no place on disk yet' : `disk ${disk}`,
        }),
      ),
    },
    ...(wrong.length > 0
      ? [
          {
            id: 'wrong',
            title: differing.length > 0 ? 'bytes that differed' : 'read when bytes differed',
            spans: wrong.map(({ from, to }) => span(`${from}`, from, to, 'data' as const, { damaged: true })),
          },
        ]
      : []),
  ]
  return {
    strip: {
      kind: 'extent-strip',
      id: 'fsx',
      title: `the file on the model of btrfs, Linux ${release}`,
      axis: { from: 0, to: Math.max(endOf(lanes), played.size), ...focusOn(wrong, Math.max(endOf(lanes), played.size)) },
      lanes,
      markers: [marker(played.size)],
    } satisfies ExtentStrip,
    says: fsxSays(operations, played),
    writers: writersOf(wrong, played, operations),
  }
}

/** Few bytes of a large file are drawn wider. */
const focusOn = (wrong: readonly { from: number; to: number }[], end: number) => {
  const [first, last] = [wrong[0], wrong.at(-1)]
  if (!first || !last || last.to - first.from > end / 8) return {}
  const room = Math.max(4096, last.to - first.from)
  return { focus: { from: Math.max(0, first.from - room), to: Math.min(end, last.to + room) } }
}

function joined(ranges: readonly { readonly from: number; readonly to: number }[]): { from: number; to: number }[] {
  const out: { from: number; to: number }[] = []
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = out.at(-1)
    if (last && last.to >= from) last.to = Math.max(last.to, to)
    else out.push({ from, to })
  }
  return out
}

/** `operation 12, WRITE [4K, 12K)` */
const named = ({ n, op, from, to }: LoggedOperation): string =>
  `operation ${n}, ${op}${from === null || to === null ? '' : ` ${range(from, to)}`}`

/** Who wrote each part of these bytes last, or made it zeros. Nobody is named where the model did not run all operations. */
function writersOf(
  wrong: readonly { from: number; to: number }[],
  { written, stopped, size: end }: FsxRun,
  operations: readonly LoggedOperation[],
): PastedView['writers'] {
  if (stopped !== null) return []
  const clearing = operations.filter(({ op, skipped }) => !skipped && /^(PUNCH|ZERO|TRUNCATE DOWN)$/.test(op))
  const edges = [...new Set([...written, ...clearing].flatMap(({ from, to }) => [from ?? 0, to ?? 0]))].sort((a, b) => a - b)
  return wrong.flatMap(({ from, to }) => {
    const starts = [from, ...edges.filter((edge) => edge > from && edge < to)]
    return starts.map((start, i) => {
      const by = written.find((run) => run.from <= start && start < run.to)?.by ?? null
      const writer = operations.find(({ n }) => n === by)
      const cleared = clearing.findLast((one) => (one.from ?? 0) <= start && start < (one.to ?? 0))
      const who = writer
        ? named(writer)
        : start >= end
          ? 'behind the end of the file'
          : cleared
            ? `made zeros by ${named(cleared)}`
            : 'written by none of these operations'
      return { from: start, to: starts[i + 1] ?? to, says: who }
    })
  })
}

function fsxSays(operations: readonly LoggedOperation[], { ran, stopped, sizes, size: end }: FsxRun): string[] {
  const first = operations[0]?.n ?? 1
  const [odd] = sizes
  return [
    ...(first > 1
      ? [`The log begins at operation ${first}: what was in the file before is not known, and the model began with an empty one.`]
      : []),
    stopped === null
      ? `All ${ran} operations ran on the model; the file is ${size(end)} long.`
      : `The model stopped before operation ${stopped.n}: ${stopped.says}. What is drawn is the file after the ${ran} before it.`,
    ...(odd === undefined
      ? []
      : [
          `At operation ${odd.n} the log says that the file was ${size(odd.logged)} long, and on the model it was ${size(odd.model)}: the log does not tell whether ZERO keeps the size, and here it was taken to extend the file.`,
        ]),
  ]
}
