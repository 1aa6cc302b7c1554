/** The vertical order of the timeline: ruler, beats, oracles, then for each task its calls, the locks that it holds, its windows. */
import type { HeldSpan } from '../picture/held.ts'
import { callBars, foldsOf, type CallBar } from './calls.ts'
import { doomHeight } from './doom.ts'
import type { TimelineRun, TimelineTask, TimelineWindow } from './timeline.ts'

export interface TaskRow {
  readonly task: TimelineTask
  /** Where its name stands if names stand above the rows, else where its bars begin. */
  readonly y: number
  readonly top: number
  /** Callers before callees. */
  readonly bars: readonly CallBar[]
  readonly levels: number
  /** The locks that it holds, on as few lines as they need. */
  readonly held: readonly { readonly span: HeldSpan; readonly y: number; readonly room: number | null }[]
  /** Windows of this task, each on a line of its own. */
  readonly windows: readonly { readonly window: TimelineWindow; readonly y: number }[]
}

export interface TimelineLayout {
  readonly height: number
  /** Null where the run has none. */
  readonly beatsTop: number | null
  readonly oraclesTop: number | null
  readonly rows: readonly TaskRow[]
  /** The calls that can be folded. */
  readonly folds: readonly CallBar[]
}

export const rulerHeight = 18
export const levelHeight = 12
/** The baseline of a name in a bar of one level. */
export const nameBaseline = 8.2
const eventHeight = 14
export const heldHeight = 12
const nameHeight = 16
const windowHeight = 15
const gap = 3

interface Options {
  /** Names stand above the rows, not beside them. */
  readonly named: boolean
  /** With the locks that are held. */
  readonly locks: boolean
  /** With the windows that the scenario tells of; where the race is drawn they are drawn there. */
  readonly windows: boolean
  /** Without the tasks: what is left is what one walks along. */
  readonly brief?: boolean
  /** For a room: one line a task, its outermost calls alone; what is violated is said elsewhere. */
  readonly far?: boolean
}

/** Where everything goes. */
export function timelineLayout(
  run: TimelineRun,
  { named, locks, windows: withWindows, brief = false, far = false }: Options,
): TimelineLayout {
  let y = rulerHeight
  const take = (height: number) => (y += height) - height
  const bars = callBars(run)
  const beatsTop = run.beats.some((beat) => beat.step !== null) ? take(eventHeight) : null
  const oraclesTop = !far && (run.violations.length > 0 || run.partsAt !== null) ? take(eventHeight) : null
  take(2)
  const rows = (brief ? [] : run.tasks).map((task): TaskRow => {
    const all = bars.filter((bar) => bar.task === task.letter)
    const own = far ? outermost(all) : briefly(all)
    const levels = Math.max(1, ...own.map(({ level }) => level + 1))
    const rowTop = take(named ? nameHeight : 0)
    const top = take(levels * levelHeight)
    const lines = locks ? linesOf(run.held.filter((span) => span.task === task.letter)) : []
    const held = lines.flatMap((line) => {
      const lineTop = take(heldHeight)
      return line.map((span, i) => ({ span, y: lineTop, room: line[i + 1]?.from ?? null }))
    })
    const told = withWindows ? run.windows.filter((window) => window.task === task.letter) : []
    const windows = told.map((window) => ({ window, y: take(windowHeight) }))
    take(gap)
    return { task, y: rowTop, top, bars: own, levels, held, windows }
  })
  return { height: y, beatsTop, oraclesTop, rows, folds: brief ? [] : foldsOf(run, bars) }
}

/** A task of so few steps gets one bar: its callees would cost more room than they tell. */
const fewSteps = 4

function briefly(bars: readonly CallBar[]): readonly CallBar[] {
  const [first, ...callees] = bars
  if (!first || callees.length === 0 || first.inside.length > fewSteps) return bars
  return callees.every(({ level }) => level > 0) ? outermost(bars) : bars
}

/** Calls that no other one makes, with the steps of all that they call. */
const outermost = (bars: readonly CallBar[]): readonly CallBar[] =>
  bars.filter(({ level }) => level === 0).map((bar) => ({ ...bar, own: bar.inside }))

/** Spans in as few lines as they fit into without two meeting in one. */
function linesOf(spans: readonly HeldSpan[]): HeldSpan[][] {
  const lines: HeldSpan[][] = []
  for (const span of spans) {
    const free = lines.find((line) => (line.at(-1)?.to ?? Infinity) <= span.from)
    if (free) free.push(span)
    else lines.push([span])
  }
  return lines
}

/**
 * How high the drawing of a run is, in units of `--scale` pixels: the same in each of its states, so that a page can keep
 * the room. `doomed`: with the race under it. Locks, ghost lines and history bands come on top.
 */
export const timelineHeight = (run: TimelineRun, { doomed = true, named = false } = {}): number =>
  timelineLayout(run, { named, locks: false, windows: !doomed }).height + (doomed ? doomHeight : 0) + bottomRoom

/** Below everything. */
export const bottomRoom = 4
