/** What the page promises, and how a measured value stands against it. */

export interface Measured {
  readonly value: number
  readonly budget: number
  readonly unit: string
  /** Does the value keep to the budget? */
  readonly kept: boolean
}

/** A value that must not exceed its budget. */
export const atMost = (value: number, budget: number, unit: string): Measured => ({ value, budget, unit, kept: value <= budget })

/** A value that must reach its budget. */
export const atLeast = (value: number, budget: number, unit: string): Measured => ({ value, budget, unit, kept: value >= budget })

export const budgets = {
  /** Brotli bytes before a scenario can be stepped, fonts aside. */
  firstVisitBytes: 120_000,
  /** A step at four times CPU throttling: its caption, and its pictures, later than a page of one line shows a change of that. */
  captionOverMs: 10,
  picturesOverMs: 25,
  /**
   * Components rendered for any step that moves no column of the timeline. Its sentence, terms, line and handle are some 10, the frames of
   * four pictures 6 each, what stands around them some 20, and what changed itself seldom more than 40.
   */
  componentsAStep: 100,
  /** The same of a step that folds or unfolds a call, by column of the run: its cell, and its share of bars, names and numbers. */
  componentsAColumn: 2.5,
  /** The longest task of the main thread, search running or not. */
  longestTaskMs: 50,
  /** From cancelling a search until the page shows that. */
  cancelMs: 100,
  /** From a worker's end, which nobody told of, until the page says so and has asked another one. */
  goneMs: 2_000,
  /** From asking until the page shows in which ways it can go wrong, for each scenario on each release. */
  verdictMs: 300,
  /** The same of a place with some hundred thousand states. */
  largeVerdictMs: 500,
  /** From opening, reloading or crossing until a step deep in a run is painted, and of the main thread meanwhile. */
  resumeMs: 200,
  /** Memory of the renderer after a search, by that before. */
  memoryBack: 1.2,
  /** States a second of the search in Node on one core. */
  statesPerSecond: 200_000,
  /** The time to a verdict with five appenders, by that of Spin, compiling included. */
  verdictBySpin: 0.1,
  /** States per second of processor time of a full search, by those of Spin. */
  rateBySpin: 1,
} as const

/** Every promise of a report that is not kept, in words: `page.firstVisits.transferred: 121000 brotli bytes, promised 120000`. */
export function broken(report: unknown, at = ''): string[] {
  if (typeof report !== 'object' || report === null) return []
  const { value, budget, unit, kept } = report as Partial<Measured>
  if (kept === false) return [`${at}: ${value} ${unit}, promised ${budget}`]
  return Object.entries(report).flatMap(([name, part]) => broken(part, at === '' ? name : `${at}.${name}`))
}

/** The middle of some numbers, or the value that `share` of them do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = Math.min(sorted.length - 1, Math.floor(share * sorted.length))
  return Math.round((sorted[at] ?? Number.NaN) * 10) / 10
}
