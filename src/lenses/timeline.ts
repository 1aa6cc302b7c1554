/**
 * What the timeline needs to know of a run, declared here by what is drawn of it, and where everything on it goes.
 * State n is the one after step n, state 0 the initial one; every state has a column.
 */

export interface TimelineTask {
  readonly letter: string
  /** `fsync(fd)`, `ordered-extent worker` */
  readonly name: string
  /** The first state in which an oracle points at it; absent = none does. */
  readonly damagedFrom?: number | null
}

export interface TimelineStep {
  /** 1-based. */
  readonly n: number
  readonly task: string
  readonly label: string
}

/** A stretch of states in which a task cannot run: from the state after step `from` to the one before step `to`; null = to the end. */
export interface BlockedSpan {
  readonly task: string
  readonly from: number
  readonly to: number | null
  readonly on: string
  readonly heldBy: readonly string[]
}

/** Open after step `from` and until step `to`; null = to the end. */
export interface TimelineWindow {
  readonly id: string
  readonly task: string
  readonly from: number
  readonly to: number | null
  readonly says: string
}

export interface TimelineBeat {
  readonly id: string
  /** Null if it does not happen in this run. */
  readonly step: number | null
}

export interface TimelineViolation {
  readonly oracle: string
  readonly step: number
  /** Only worth knowing, and no damage. */
  readonly noted?: boolean
}

export interface TimelineRun {
  readonly tasks: readonly TimelineTask[]
  readonly steps: readonly TimelineStep[]
  readonly blockedSpans: readonly BlockedSpan[]
  readonly windows: readonly TimelineWindow[]
  readonly beats: readonly TimelineBeat[]
  readonly violations: readonly TimelineViolation[]
  /** The first step that is not one of the run that it follows or is compared with. */
  readonly partsAt: number | null
}

/** The tasks that an oracle points at in state `n`. */
export const damagedAt = (run: TimelineRun, n: number): string[] =>
  run.tasks.flatMap(({ letter, damagedFrom }) => ((damagedFrom ?? Infinity) <= n ? [letter] : []))

/** The columns of the step axis: one for the initial state, one for each step. */
export interface StepAxis {
  readonly cell: number
  readonly states: number
  readonly width: number
}

const leastCell = 12
const mostCell = 96

/** Spreads `steps` over `room` units if every column stays wide enough to be hit; else the axis is wider than the room and scrolls. */
export function stepAxis(steps: number, room: number): StepAxis {
  const states = steps + 1
  const cell = Math.min(mostCell, Math.max(leastCell, room / states))
  return { cell, states, width: states * cell }
}

/** The middle of the column of state `n`. */
export const columnOf = (axis: StepAxis, n: number): number => (n + 0.5) * axis.cell

/** The state whose column is at `x`, kept within the run. */
export const stateAt = (axis: StepAxis, x: number): number => Math.min(axis.states - 1, Math.max(0, Math.floor(x / axis.cell)))

/** Where a scroller of width `room` at `scroll` has to stand so that the column of `n` has two columns of air around it. */
export function scrollFor(axis: StepAxis, n: number, scroll: number, room: number): number {
  const air = Math.min(room / 3, Math.max(2.5 * axis.cell, 40))
  const x = columnOf(axis, n)
  // A jump goes to the middle; a step at the edge moves no more than it must, so that nothing runs away under a dragged pointer.
  const far = x < scroll - axis.cell || x > scroll + room + axis.cell
  const wanted = far ? x - room / 2 : x - air < scroll ? x - air : x + air > scroll + room ? x + air - room : scroll
  return Math.min(Math.max(0, wanted), Math.max(0, axis.width - room))
}

/** The state that a key moves the scrubber to; null if the key is not the scrubber's. */
export function seekByKey(key: string, current: number, run: TimelineRun): number | null {
  const last = run.steps.length
  const stops = [0, ...run.beats.flatMap((beat) => (beat.step === null ? [] : [beat.step])), last].sort((a, b) => a - b)
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return Math.min(last, current + 1)
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.max(0, current - 1)
    case 'PageDown':
      return stops.find((stop) => stop > current) ?? last
    case 'PageUp':
      return stops.findLast((stop) => stop < current) ?? 0
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return null
  }
}

/** The steps at which a beat happens, in the order of the run, each with the beats that meet there. */
export function beatMarks(beats: readonly TimelineBeat[]): { readonly step: number; readonly ids: readonly string[] }[] {
  const steps = [...new Set(beats.flatMap(({ step }) => (step === null ? [] : [step])))].sort((a, b) => a - b)
  return steps.map((step) => ({ step, ids: beats.flatMap((beat) => (beat.step === step ? [beat.id] : [])) }))
}

export interface TaskRow {
  readonly task: TimelineTask
  readonly y: number
  readonly laneTop: number
  /** Windows of this task, each on a line of its own below the lane. */
  readonly windows: readonly { readonly window: TimelineWindow; readonly y: number }[]
  readonly first: number | null
  readonly last: number | null
}

export interface TimelineLayout {
  readonly height: number
  readonly rulerTop: number
  /** Null where the run has none. */
  readonly beatsTop: number | null
  readonly oraclesTop: number | null
  readonly lanesTop: number
  readonly rows: readonly TaskRow[]
}

export const rulerHeight = 26
export const laneHeight = 24
const eventHeight = 19
const nameHeight = 16
const windowHeight = 20

/** The vertical order: ruler, beats, oracles, then one row per task. `named` = names stand above the rows, not beside them. */
export function timelineLayout(run: TimelineRun, named: boolean): TimelineLayout {
  let y = rulerHeight
  const take = (height: number) => (y += height) - height
  const beatsTop = run.beats.some((beat) => beat.step !== null) ? take(eventHeight) : null
  const oraclesTop = run.violations.length > 0 || run.partsAt !== null ? take(eventHeight) : null
  const lanesTop = y
  const rows = run.tasks.map((task): TaskRow => {
    const top = take(named ? nameHeight : 0)
    const laneTop = take(laneHeight + 3) + 2
    const windows = run.windows.filter((window) => window.task === task.letter).map((window) => ({ window, y: take(windowHeight) }))
    take(5)
    const own = run.steps.filter((step) => step.task === task.letter)
    return { task, y: top, laneTop, windows, first: own[0]?.n ?? null, last: own.at(-1)?.n ?? null }
  })
  return { height: y, rulerTop: 0, beatsTop, oraclesTop, lanesTop, rows }
}

/** What is true of the state `current` beyond its step: who waits for what, and which windows are open. */
export function standing(
  run: TimelineRun,
  current: number,
): { readonly waits: readonly BlockedSpan[]; readonly open: readonly TimelineWindow[] } {
  const holds = (span: { from: number; to: number | null }) => span.from <= current && (span.to === null || current < span.to)
  return { waits: run.blockedSpans.filter(holds), open: run.windows.filter(holds) }
}

/** `waits for i_mmap_lock, held by A` */
export const waitInWords = (span: Pick<BlockedSpan, 'on' | 'heldBy'>): string =>
  `waits for ${span.on}${span.heldBy.length > 0 ? `, held by ${span.heldBy.join(' and ')}` : ''}`

/** Joins what the engine says state by state (`blocked[n]` = who is blocked in state n) into stretches. */
export function blockedSpans(
  blocked: readonly (readonly { readonly task: string; readonly on: string; readonly heldBy: readonly string[] }[])[],
): BlockedSpan[] {
  const done: { task: string; from: number; to: number | null; on: string; heldBy: readonly string[] }[] = []
  blocked.forEach((waits, state) => {
    for (const wait of waits) {
      const open = done.findLast(
        (span) => span.task === wait.task && span.to === state && span.on === wait.on && span.heldBy.join() === wait.heldBy.join(),
      )
      if (open) open.to = state + 1
      else done.push({ ...wait, from: state, to: state + 1 })
    }
  })
  return done.map((span) => ({ ...span, to: span.to === blocked.length ? null : span.to }))
}
