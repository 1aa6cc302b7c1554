/** The columns of the step axis: one for the initial state, one for each step; how wide they are, and which is in sight. */

export interface StepAxis {
  /** The width of a column that nothing has made narrow. */
  readonly cell: number
  readonly states: number
  readonly width: number
  /** Where each column begins, and where the last one ends; the axis itself can be longer. */
  readonly edges: readonly number[]
}

const leastCell = 12
/** Where nobody points at columns they need to be seen, not to be hit. */
export const seenCell = 4
const mostCell = 96
/** A column whose step is folded away: wide enough to see that there is one. */
export const foldedCell = 3

const noneFolded: ReadonlySet<number> = new Set()

/**
 * Spreads `steps` over `room` units if every column stays wide enough to be hit; else the axis is wider than the room and
 * scrolls. The columns of `folded` steps give their room to the others. `after`: room behind the last column, for what lasts
 * for ever. No column is narrower than `least`.
 */
export function stepAxis(steps: number, room: number, folded = noneFolded, after = 0, least = leastCell): StepAxis {
  const states = steps + 1
  const wide = states - folded.size
  const cell = Math.min(mostCell, Math.max(least, (room - after - folded.size * foldedCell) / Math.max(1, wide)))
  const edges = [0]
  for (let n = 0; n < states; n++) edges.push((edges[n] ?? 0) + (folded.has(n) ? foldedCell : cell))
  return { cell, states, width: (edges[states] ?? 0) + after, edges }
}

/** Columns of one width, that fill `width`. */
export const evenAxis = (states: number, width: number): StepAxis => {
  const cell = width / Math.max(1, states)
  return { cell, states, width, edges: Array.from({ length: states + 1 }, (_, n) => n * cell) }
}

/** Where the column of state `n` begins; that of the state after the last one is the end of all. */
export const edgeOf = (axis: StepAxis, n: number): number => axis.edges[Math.min(Math.max(n, 0), axis.states)] ?? 0

/** The middle of the column of state `n`. */
export const columnOf = (axis: StepAxis, n: number): number => (edgeOf(axis, n) + edgeOf(axis, n + 1)) / 2

/** The state whose column is at `x`, kept within the run. */
export function stateAt(axis: StepAxis, x: number): number {
  const after = axis.edges.findIndex((edge) => edge > x)
  return after < 0 ? axis.states - 1 : Math.max(0, after - 1)
}

/** Where a scroller of width `room` at `scroll` has to stand so that the column of `n` has two columns of air around it. */
export function scrollFor(axis: StepAxis, n: number, scroll: number, room: number): number {
  const air = Math.min(room / 3, Math.max(2.5 * axis.cell, 40))
  const x = columnOf(axis, n)
  // A jump goes to the middle; a step at the edge moves no more than it must, so that nothing runs away under a dragged pointer.
  const far = x < scroll - axis.cell || x > scroll + room + axis.cell
  const wanted = far ? x - room / 2 : x - air < scroll ? x - air : x + air > scroll + room ? x + air - room : scroll
  return Math.min(Math.max(0, wanted), Math.max(0, axis.width - room))
}

/** The height of one band of history along the steps, with its heading. */
export const historyHeight = 118

/** A length of `units` of a figure. */
export const scaled = (units: number): string => `calc(${units}px * var(--scale))`
