/** Puts marks on pictures: what objecting oracles point at becomes damage. Nothing else makes a part of a picture damaged. */
import { overlaps, type Range } from '../base/range.ts'
import type {
  BufferRun,
  Console,
  ExtentStrip,
  Gauge,
  Lane,
  LockRow,
  Locks,
  Picture,
  RecordPicture,
  Span,
  TreeLeaf,
  UserBuffer,
} from './picture.ts'

/** What is pointed at: as the engine's marks, of which this layer knows the shape alone. */
export interface Mark {
  /** The id of a lane or of a picture, or `marker`, `task`; `held:A` for what A holds of that on which another waits. */
  readonly in: string
  /** Bytes of a lane or a buffer, or the id of an item, field, row, marker, line or task; of a line also its text; what is waited for. */
  readonly part: string | Range
}

/** Buffers are drawn page by page. */
const page = 4096

const idsOf = (marks: readonly Mark[], where: string): ReadonlySet<string> =>
  new Set(marks.flatMap((mark) => (mark.in === where && typeof mark.part === 'string' ? [mark.part] : [])))

const rangesOf = (marks: readonly Mark[], where: string): Range[] =>
  marks.flatMap((mark) => (mark.in === where && typeof mark.part !== 'string' && mark.part.from < mark.part.to ? [mark.part] : []))

/** The pictures with everything damaged that the marks name. What has no picture here stays unmarked; parts that nothing names stay as they are. */
export const withMarks = (pictures: readonly Picture[], marks: readonly Mark[]): readonly Picture[] =>
  marks.length === 0 ? pictures : pictures.map((picture) => marked(picture, marks))

/** The tasks that the marks name. */
export const markedTasks = (marks: readonly Mark[]): string[] => [...idsOf(marks, 'task')].sort()

function marked(picture: Picture, marks: readonly Mark[]): Picture {
  switch (picture.kind) {
    case 'extent-strip':
      return inStrip(picture, marks)
    case 'tree-leaf':
      return inTree(picture, idsOf(marks, picture.id))
    case 'record':
      return inRecord(picture, idsOf(marks, picture.id))
    case 'gauge':
      return inGauge(picture, idsOf(marks, picture.id))
    case 'user-buffer':
      return inBuffer(picture, rangesOf(marks, picture.id))
    case 'locks':
      return inLocks(picture, idsOf(marks, picture.id), marks)
    case 'console':
      return inConsole(picture, idsOf(marks, picture.id))
    case 'note':
      return picture
  }
}

/** The parts with those damaged that are meant; the others are the same objects as before. */
const damage = <T extends { readonly damaged?: boolean }>(parts: readonly T[], isMeant: (part: T) => boolean): T[] =>
  parts.map((part) => (isMeant(part) ? { ...part, damaged: true } : part))

const inStrip = (strip: ExtentStrip, marks: readonly Mark[]): ExtentStrip => ({
  ...strip,
  lanes: strip.lanes.map((lane) => inLane(lane, rangesOf(marks, lane.id), idsOf(marks, lane.id))),
  markers: damage(strip.markers, ({ id }) => idsOf(marks, 'marker').has(id)),
})

const inLane = (lane: Lane, meant: readonly Range[], ids: ReadonlySet<string>): Lane => ({
  ...lane,
  spans: damage(
    lane.spans.flatMap((span) => cut(span, meant)),
    (span) => ids.has(span.id) || meant.some((part) => overlaps(part, span)),
  ).sort((a, b) => a.from - b.from),
})

/** Cuts a span at the borders of what is marked of it. The piece that holds its beginning keeps its id. */
function cut(span: Span, meant: readonly Range[]): Span[] {
  const edges = edgesIn(span, meant)
  return edges.slice(0, -1).map((from, i) => ({ ...span, id: i === 0 ? span.id : `${span.id}@${from}`, from, to: edges[i + 1] ?? span.to }))
}

/** The borders of `whole` and those of the parts that lie inside it, in order. */
const edgesIn = (whole: Range, parts: readonly Range[]): number[] =>
  [...new Set([whole.from, whole.to, ...parts.flatMap(({ from, to }) => [from, to])])]
    .filter((at) => whole.from <= at && at <= whole.to)
    .sort((a, b) => a - b)

const inTree = (tree: TreeLeaf, ids: ReadonlySet<string>): TreeLeaf => ({
  ...tree,
  leaves: tree.leaves.map((leaf) => ({ ...leaf, items: damage(leaf.items, ({ id }) => ids.has(id)) })),
})

const inRecord = (record: RecordPicture, names: ReadonlySet<string>): RecordPicture => ({
  ...record,
  fields: damage(record.fields, ({ name }) => names.has(name)),
})

const inGauge = (gauge: Gauge, ids: ReadonlySet<string>): Gauge => (ids.has('value') ? { ...gauge, damaged: true } : gauge)

function inBuffer(buffer: UserBuffer, meant: readonly Range[]): UserBuffer {
  const pages = meant.map(({ from, to }) => ({ from: Math.floor(from / page), to: Math.ceil(to / page) }))
  const runs = buffer.runs.flatMap((run): BufferRun[] => {
    const edges = edgesIn({ from: run.firstPage, to: run.firstPage + run.pages }, pages)
    return edges.slice(0, -1).map((firstPage, i) => ({
      ...run,
      id: i === 0 ? run.id : `${run.id}@${firstPage}`,
      firstPage,
      pages: (edges[i + 1] ?? firstPage) - firstPage,
    }))
  })
  return {
    ...buffer,
    runs: damage(runs, (run) => pages.some((part) => overlaps(part, { from: run.firstPage, to: run.firstPage + run.pages }))),
  }
}

const inLocks = (locks: Locks, ids: ReadonlySet<string>, marks: readonly Mark[]): Locks => ({
  ...locks,
  rows: damage(
    locks.rows,
    (row) =>
      ids.has(row.id) || row.holders.some((holder) => [...idsOf(marks, `held:${holder}`)].some((on) => isInTheWay(row, on, [holder]))),
  ),
})

/**
 * Whether who waits on `on` waits for this row. A wait on a range lock names the range that is wanted, `io_tree [0, 4K)`:
 * which of the held ones stands in the way is known by its holder.
 */
export const isInTheWay = (row: LockRow, on: string, heldBy: readonly string[]): boolean =>
  row.range === null ? on === row.name : on.startsWith(`${row.name} [`) && row.holders.some((holder) => heldBy.includes(holder))

const inConsole = (console: Console, names: ReadonlySet<string>): Console => ({
  ...console,
  lines: damage(console.lines, ({ id, text }) => names.has(id) || names.has(text)),
})

/** The id of the part that a piece was cut from. */
export const wholeId = (id: string): string => id.replace(/@\d+$/, '')

/** The parts as they were before marks cut them; `grow` makes a part as long as to the end of its last piece. */
function joined<T extends { readonly id: string; readonly damaged?: boolean }>(pieces: readonly T[], grow: (part: T, last: T) => T): T[] {
  const wholes = new Map<string, T>()
  for (const piece of pieces) {
    const id = wholeId(piece.id)
    const { damaged: _, ...rest } = piece
    const bare = rest as T
    const known = wholes.get(id)
    wholes.set(id, known ? grow(known, bare) : bare)
  }
  return [...wholes.values()]
}

/** Who asks what changed between two states asks of the parts themselves, not of what an oracle says of them. */
export const wholeSpans = (spans: readonly Span[]): Span[] => joined(spans, (span, last) => ({ ...span, to: Math.max(span.to, last.to) }))
export const wholeRuns = (runs: readonly BufferRun[]): BufferRun[] =>
  joined(runs, (run, last) => ({ ...run, pages: Math.max(run.pages, last.firstPage + last.pages - run.firstPage) }))
