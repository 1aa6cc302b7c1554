/**
 * The plane of two tasks' steps: what it needs to know, declared here by what is drawn of it, and where everything on it
 * goes. A cell stands for all states in which one task has taken `across` steps and the other `down`.
 */
import { percent } from './percent.ts'

export interface PlaneTask {
  readonly letter: string
  readonly name: string
  /** The label of each step where it is the same in all schedules or known of the run shown; '' where it is not. */
  readonly labels: readonly string[]
}

/** `never`: no schedule comes here. `safe`: none that does violates, `doomed`: all do. `unknown`: the search did not come so far. */
export type PlaneKind = 'never' | 'safe' | 'some' | 'doomed' | 'unknown'

export interface PlaneCell {
  readonly kind: PlaneKind
  /** The share of violating schedules among those that come here, 0 to 1; null where they are infinitely many, or not all known. */
  readonly share: number | null
  /** Why nobody comes here: the lock, or another wait; null where that is not known or somebody does. */
  readonly behind: string | null
}

export interface PlanePoint {
  readonly across: number
  readonly down: number
}

export interface Plane {
  readonly across: PlaneTask
  readonly down: PlaneTask
  /** One row for each number of steps that the task `down` can have taken, in it one cell for each of `across`. */
  readonly rows: readonly (readonly PlaneCell[])[]
  /** The schedule shown, from (0, 0) on; points follow each other by one step of one of the two, or stand. */
  readonly path: readonly PlanePoint[]
}

export const cellAt = (plane: Plane, { across, down }: PlanePoint): PlaneCell | null => plane.rows[down]?.[across] ?? null

export interface PlaneBox {
  readonly across: number
  readonly down: number
  readonly width: number
  readonly height: number
}

export interface Wall extends PlaneBox {
  readonly behind: string
}

/** The cells that one thing keeps everybody out of, as few rectangles: the widest run first, then as far down as it goes. */
export function wallsOf({ rows }: Plane): Wall[] {
  const taken = rows.map((row) => row.map(() => false))
  const free = (across: number, down: number, behind: string): boolean =>
    rows[down]?.[across]?.behind === behind && taken[down]?.[across] === false
  const walls: Wall[] = []
  rows.forEach((row, down) =>
    row.forEach(({ behind }, across) => {
      if (behind === null || !free(across, down, behind)) return
      let width = 1
      while (free(across + width, down, behind)) width++
      let height = 1
      const whole = (at: number): boolean => Array.from({ length: width }, (_, i) => i).every((i) => free(across + i, at, behind))
      while (whole(down + height)) height++
      for (let y = down; y < down + height; y++) taken[y]?.fill(true, across, across + width)
      walls.push({ across, down, width, height, behind })
    }),
  )
  return walls
}

/** Shares are drawn in so many depths of ink; the exact one is said in words. */
export const DEPTHS = 6

/** 0 for cells without ink; every other share has at least the faintest. */
export const depthOf = ({ kind, share }: PlaneCell): number =>
  kind === 'some' ? Math.max(1, Math.min(DEPTHS, Math.ceil((share ?? 0) * DEPTHS))) : 0

/** Runs of neighbouring cells of one row that look the same: a plane of many cells is drawn with few shapes. */
export function runsOf(plane: Plane, look: (cell: PlaneCell) => boolean): PlaneBox[] {
  return plane.rows.flatMap((row, down) => {
    const runs: { across: number; down: number; width: number; height: number }[] = []
    row.forEach((cell, across) => {
      if (!look(cell)) return
      const last = runs.at(-1)
      if (last && last.across + last.width === across) last.width++
      else runs.push({ across, down, width: 1, height: 1 })
    })
    return runs
  })
}

export interface PlaneLayout {
  readonly cell: number
  /** Room for the steps' names on the left and above. */
  readonly left: number
  readonly top: number
  readonly columns: number
  readonly rows: number
  readonly width: number
  readonly height: number
}

const charWidth = 7.2
const leastCell = 6
const mostCell = 19
/** From this size of cell on every step has its name beside it. */
export const namedFrom = 13

/** Square cells, as large as the width allows. */
export function planeLayout(plane: Plane, width: number): PlaneLayout {
  const columns = plane.rows[0]?.length ?? 0
  const rows = plane.rows.length
  const longest = (task: PlaneTask): number => Math.max(4, ...task.labels.map((label) => Math.min(label.length, 16)))
  const wanted = longest(plane.down) * charWidth + 30
  const left = Math.min(wanted, width * 0.28)
  const cell = Math.min(mostCell, Math.max(leastCell, Math.floor((width - left - 2) / Math.max(columns, 1))))
  const top = cell >= namedFrom ? longest(plane.across) * charWidth + 26 : 40
  return { cell, left, top, columns, rows, width: left + columns * cell + 2, height: top + rows * cell + 6 }
}

export const xOf = ({ left, cell }: PlaneLayout, across: number): number => left + across * cell
export const yOf = ({ top, cell }: PlaneLayout, down: number): number => top + down * cell

/** The outlines of boxes as one path. */
export const boxesPath = (layout: PlaneLayout, boxes: readonly PlaneBox[]): string =>
  boxes
    .map(
      (box) =>
        `M${xOf(layout, box.across)} ${yOf(layout, box.down)}h${box.width * layout.cell}v${box.height * layout.cell}h${-box.width * layout.cell}z`,
    )
    .join('')

/** The schedule shown: through the middles of its cells. */
export const pathPath = (layout: PlaneLayout, path: readonly PlanePoint[]): string =>
  path
    .map(({ across, down }, i) => `${i === 0 ? 'M' : 'L'}${xOf(layout, across) + layout.cell / 2} ${yOf(layout, down) + layout.cell / 2}`)
    .join('')

/** The cell under a point in units of the drawing; null beside the plane. */
export function cellUnder(layout: PlaneLayout, x: number, y: number): PlanePoint | null {
  const across = Math.floor((x - layout.left) / layout.cell)
  const down = Math.floor((y - layout.top) / layout.cell)
  return across >= 0 && down >= 0 && across < layout.columns && down < layout.rows ? { across, down } : null
}

/** Where a key moves the cursor; null if the key is not the plane's. */
export function moveByKey(key: string, { across, down }: PlanePoint, plane: Plane): PlanePoint | null {
  const [lastAcross, lastDown] = [(plane.rows[0]?.length ?? 1) - 1, plane.rows.length - 1]
  switch (key) {
    case 'ArrowRight':
      return { across: Math.min(lastAcross, across + 1), down }
    case 'ArrowLeft':
      return { across: Math.max(0, across - 1), down }
    case 'ArrowDown':
      return { across, down: Math.min(lastDown, down + 1) }
    case 'ArrowUp':
      return { across, down: Math.max(0, down - 1) }
    case 'Home':
      return { across: 0, down: 0 }
    case 'End':
      return { across: lastAcross, down: lastDown }
    case 'PageDown':
      return nextRed(plane, { across, down }, 1)
    case 'PageUp':
      return nextRed(plane, { across, down }, -1)
    default:
      return null
  }
}

/** The next cell in reading order through which a violating schedule goes: the doomed ones where there are any. The same cell if there is none. */
function nextRed(plane: Plane, from: PlanePoint, by: 1 | -1): PlanePoint {
  const columns = plane.rows[0]?.length ?? 0
  const all = plane.rows.flat()
  const wanted: PlaneKind = all.some(({ kind }) => kind === 'doomed') ? 'doomed' : 'some'
  const start = from.down * columns + from.across
  for (let i = 1; i <= all.length; i++) {
    const at = (start + by * i + all.length * 2) % all.length
    if (all[at]?.kind === wanted) return { across: at % columns, down: Math.floor(at / columns) }
  }
  return from
}

/** What a cell is, in words. */
export function cellInWords(plane: Plane, point: PlanePoint): string {
  const cell = cellAt(plane, point)
  if (!cell) return ''
  const place = [standsAt(plane.across, point.across), standsAt(plane.down, point.down)].join(', ')
  return `${place}: ${kindInWords(cell)}`
}

function standsAt({ letter, labels }: PlaneTask, taken: number): string {
  if (taken === 0) return `${letter} has not begun`
  const label = labels[taken - 1] ?? ''
  return `${letter} has taken ${taken} ${taken === 1 ? 'step' : 'steps'}${label === '' ? '' : ` (${label})`}`
}

function kindInWords({ kind, share, behind }: PlaneCell): string {
  switch (kind) {
    case 'never':
      return behind === null ? 'no schedule comes here' : `no schedule comes here, kept out by ${behind}`
    case 'unknown':
      return 'the search was stopped before it knew'
    case 'safe':
      return 'no schedule that comes here violates'
    case 'doomed':
      return 'every schedule that comes here violates'
    case 'some':
      return share === null ? 'some of the schedules that come here violate' : `${percent(share)} of the schedules that come here violate`
  }
}

/** The whole plane in words, for who cannot see it. */
export function planeInWords(plane: Plane): readonly string[] {
  const cells = plane.rows.flat()
  const count = (kind: PlaneKind): number => cells.filter((cell) => cell.kind === kind).length
  const doomed = cells.length === 0 ? null : extent(plane, 'doomed')
  return [
    `${cells.length} cells: ${count('doomed')} in which every schedule violates, ${count('some')} in which some do, ${count('safe')} in which none does, ${count('never')} that none reaches${count('unknown') > 0 ? `, ${count('unknown')} of which the search does not know it` : ''}.`,
    ...(doomed ? [`Every schedule violates in cells from ${doomed}.`] : []),
    ...wallsOf(plane).map((wall) => `Nobody comes to ${inside(plane, wall)}, kept out by ${wall.behind}.`),
  ]
}

function extent(plane: Plane, wanted: PlaneKind): string | null {
  const all = plane.rows.flatMap((row, down) => row.flatMap(({ kind }, across) => (kind === wanted ? [{ across, down }] : [])))
  if (all.length === 0) return null
  const [across, down] = [all.map((one) => one.across), all.map((one) => one.down)]
  const box = {
    across: Math.min(...across),
    down: Math.min(...down),
    width: Math.max(...across) - Math.min(...across) + 1,
    height: Math.max(...down) - Math.min(...down) + 1,
  }
  return inside(plane, box)
}

const inside = (plane: Plane, { across, down, width, height }: PlaneBox): string =>
  `${plane.across.letter} ${across} to ${across + width - 1}, ${plane.down.letter} ${down} to ${down + height - 1}`
