/** Oracles over the order of operations, P5 in its two versions. Wordings and ids: facts bcachefs-buffered-write 8. */
import { overlaps, range, type Range } from '../../base/range.ts'
import { finallyHolds, type Oracle } from '../../engine/oracle.ts'
import { clip, join, valueOf, type Run } from '../lib/runs.ts'
import { changed, changes, type History, type Operation } from '../vfs/history.ts'
import { orders, serial, stampAt, type FileState } from './serial.ts'
import { ranges, type FileWorld, type Shown } from './shown.ts'

type Recorded = FileWorld & History

/** Where at least two operations changed the file, one of them a write, below the final i_size; cut at every border. */
function contested(s: Recorded, start: FileState, now: readonly Run[]): Range[] {
  const ops = Object.values(s.ops)
  const changing = ops.flatMap((op) => changed(op) ?? [])
  const borders = [...changing, ...start.runs, ...ops.flatMap((op) => [op, ...op.value]), ...now, { from: 0, to: s.inode.i_size }].flatMap(
    ({ from, to }) => [from, to],
  )
  const cuts = [...new Set(borders)].filter((at) => at <= s.inode.i_size).sort((a, b) => a - b)
  return cuts
    .slice(0, -1)
    .map((from, i) => ({ from, to: cuts[i + 1] ?? from }))
    .filter((part) => changing.filter((change) => overlaps(change, part)).length > 1)
}

const misfits = (file: FileState, now: readonly Run[], parts: readonly Range[]): Range[] =>
  parts.filter(({ from }) => valueOf(stampAt(file.runs, from)) !== valueOf(stampAt(now, from)))

const tell = (parts: readonly Range[], now: readonly Run[]): string => {
  const [from, to] = [parts[0]?.from ?? 0, parts.at(-1)?.to ?? 0]
  const found = join(clip(now, from, to), (a, b) => valueOf(a.stamp) === valueOf(b.stamp))
  return found.map((run) => `${range(run.from, run.to)} = ${valueOf(run.stamp)}`).join(', ')
}

const bytesIn = (parts: readonly Range[]): number => parts.reduce((sum, { from, to }) => sum + to - from, 0)

/** Every part that several writes covered is as one order of the whole writes leaves it. */
const serializable = <W extends Recorded>(shown: Shown<W>, start: FileState): Oracle<W> =>
  finallyHolds<W>({
    id: 'P5',
    kind: 'verdict',
    name: 'writes end in some order',
    says: 'where completed writes overlap, the bytes are as some order of the whole writes leaves them that keeps to who returned before whom was invoked',
    judge: (s) => {
      const now = shown.content(s, 0, s.inode.i_size)
      const parts = contested(s, start, now)
      if (parts.length === 0) return null
      let nearest: readonly Range[] | null = null
      for (const order of orders(changes(s))) {
        const wrong = misfits(serial(start, order), now, parts)
        if (wrong.length === 0) return null
        if (nearest === null || bytesIn(wrong) < bytesIn(nearest)) nearest = wrong
      }
      // Nothing is where it should be in itself: what is shown is where the nearest order would have left something else.
      return { says: `no order of the writes leaves ${tell(parts, now)}`, marks: ranges(shown.lanes.content, nearest ?? parts) }
    },
  })

/** Is there an order of what happened to one byte in which every read finds what was last written? */
function linearizable(ops: readonly [string, Operation][], at: number, value: string, last: string): boolean {
  if (ops.length === 0) return value === last
  return ops.some((candidate) => {
    const [, op] = candidate
    if (ops.some(([other]) => op.after.includes(other))) return false
    if (op.kind === 'read' && valueOf(stampAt(op.value, at)) !== value) return false
    const next = op.kind === 'read' ? value : op.kind === 'truncate' ? '0' : valueOf(op.stamp)
    const rest = ops.filter((one) => one !== candidate)
    return linearizable(rest, at, next, last)
  })
}

/** Operations that concern the byte: changes of it, and reads that saw it. */
const concerning = (s: History, at: number): [string, Operation][] =>
  Object.entries(s.ops).filter(([, op]) => {
    const part = op.kind === 'read' ? (op.value.find((run) => run.from <= at && at < run.to) ?? null) : changed(op)
    return part !== null && part.from <= at && at < part.to
  })

/**
 * The strong version. It looks at each byte by itself: a read may find one half of a write done and the other not, which
 * readers of every version can (facts bcachefs-buffered-write 5, H7).
 */
const readsInOrder = <W extends Recorded>(shown: Shown<W>, start: FileState): Oracle<W> =>
  finallyHolds<W>({
    id: 'P5-reads',
    kind: 'verdict',
    name: 'reads see writes in order',
    says: 'where completed writes overlap, each byte has an order of its writes and reads in which every read finds the last write, and so does the end',
    judge: (s) => {
      const now = shown.content(s, 0, s.inode.i_size)
      const wrong = contested(s, start, now).find(
        ({ from }) => !linearizable(concerning(s, from), from, valueOf(stampAt(start.runs, from)), valueOf(stampAt(now, from))),
      )
      if (!wrong) return null
      const reads = concerning(s, wrong.from).flatMap(([, op]) => (op.kind === 'read' ? [valueOf(stampAt(op.value, wrong.from))] : []))
      const seen = reads.length > 0 ? `reads found ${reads.join(', ')} and in the end there is` : 'in the end there is'
      return {
        says: `${range(wrong.from, wrong.to)}: ${seen} ${valueOf(stampAt(now, wrong.from))}, which no order of the writes gives`,
        marks: ranges(shown.lanes.content, [wrong]),
      }
    },
  })

/** `start`: the file before any call. */
export const orderOracles = <W extends Recorded>(shown: Shown<W>, start: FileState): readonly Oracle<W>[] => [
  serializable(shown, start),
  readsInOrder(shown, start),
]
