/** How the race stands along a run: its window, the share of violating continuations, and the words for both. */
import { percent } from './percent.ts'
import { edgeOf, type StepAxis } from './step-axis.ts'
import type { TimelineWindow } from './timeline.ts'

/** Between which steps of a run something must not happen, and what did. */
export interface RaceBar {
  readonly id: string
  /** Open after this step; null: from the start. */
  readonly opens: number | null
  /** Until this one; null: to the end. */
  readonly closes: number | null
  readonly inside: number | null
  /** Words for the bar, the fullest first: the first that has room stands beside it. */
  readonly names: readonly string[]
  readonly says: string
}

export interface Doom {
  /** For state 0 to the last one: of all ways to go on from there, the share that violates, 0 to 1. Empty: not known. */
  readonly shares: readonly number[]
  /** The step after which every continuation violates, and in words what it does; step 0: from the start. Null if there is none. */
  readonly lost: { readonly step: number; readonly says: string } | null
  /** The step at which the share grows most, and in words what it does; null if it never grows. */
  readonly jump: { readonly step: number; readonly says: string } | null
  readonly bars: readonly RaceBar[]
  /** Stands where the curve would be, as long as there is none. */
  readonly instead: string
}

/** A window that a scenario tells of, as a bar: it stands where the found one would, if none was found. */
export const barOfWindow = ({ id, task, from, to, says }: TimelineWindow): RaceBar => ({
  id,
  opens: from,
  closes: to,
  inside: null,
  names: [`${task}: ${says}`, says],
  says: `window of ${task} after step ${from}${to === null ? '' : ` until step ${to}`}: ${says}`,
})

const barHeight = 14
const headHeight = 14
export const curveHeight = 20

/** Where the middle of bar `i` of `count` lies: all share one line, whose room is kept, so that nothing moves when the window is found. */
export const barMiddle = (i: number, count: number): number => ((i + 0.5) * barHeight) / Math.max(1, count)
export const curveTop = barHeight + headHeight
export const doomHeight = curveTop + curveHeight + 4

/** The line of the curve: each state's share holds over its whole column. `y` is the height of all. */
export function doomPath(shares: readonly number[], axis: StepAxis, y: number): string {
  const at = (share: number): number => y + (1 - share) * curveHeight
  return shares.map((share, n) => `${n === 0 ? `M0 ${at(share)}` : `V${at(share)}`}H${edgeOf(axis, n + 1)}`).join('')
}

/** The bars whose window is open in state `n`. */
export const openBars = ({ bars }: Doom, n: number): readonly RaceBar[] =>
  bars.filter(({ opens, closes }) => (opens ?? 0) <= n && (closes === null || n < closes))

/** Where there was no return any more. */
export const lostInWords = ({ step, says }: NonNullable<Doom['lost']>): string =>
  step === 0 ? 'lost from the start' : `lost at step ${step}, ${says}`

/** What is true of state `n`. */
export function doomAt({ shares, lost, instead }: Doom, n: number): string {
  const share = shares[n]
  if (share === undefined) return instead
  const now = `${percent(share)} of the continuations violate`
  return lost !== null && n >= lost.step ? `${now}; ${lostInWords(lost)}` : now
}

/** Windows and curve in sentences. */
export function doomInWords({ shares, lost, jump, bars, instead }: Doom): string {
  const windows = bars.map(({ says }) => `${says}.`)
  if (shares.length === 0) return [...windows, instead].join(' ')
  const parts = [`At the start ${percent(shares[0] ?? 0)} of all continuations violate, at the end ${percent(shares.at(-1) ?? 0)}`]
  if (jump)
    parts.push(
      `the share grows most at step ${jump.step} (${jump.says}), from ${percent(shares[jump.step - 1] ?? 0)} to ${percent(shares[jump.step] ?? 0)}`,
    )
  parts.push(lost === null ? 'there is no point of no return' : lostInWords(lost))
  return [...windows, `${parts.join('; ')}.`].join(' ')
}
