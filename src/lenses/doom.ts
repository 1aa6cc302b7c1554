/** The share of violating continuations along a run: what is drawn of it, and the words for it. */
import { percent } from './plane.ts'

export interface Doom {
  /** For state 0 to the last one: of all ways to go on from there, the share that violates, 0 to 1. */
  readonly shares: readonly number[]
  /** The first state from which every continuation violates; null if there is none. */
  readonly noReturn: number | null
  /** The step at which the share grows most, in words what it does; null if it never grows. */
  readonly jump: { readonly step: number; readonly says: string } | null
}

export const doomHeight = 58
/** The curve's own room within it; the rest is for its words. */
export const curveTop = 18
export const curveHeight = 34

/** The line of the curve: each state's share holds over its whole column. */
export function doomPath(shares: readonly number[], cell: number, y: number): string {
  const at = (share: number): number => y + curveTop + (1 - share) * curveHeight
  return shares.map((share, n) => `${n === 0 ? `M0 ${at(share)}` : `V${at(share)}`}H${(n + 1) * cell}`).join('')
}

/** What is true of state `n`. */
export function doomAt({ shares, noReturn }: Doom, n: number): string {
  const share = shares[n] ?? 0
  const now = `${percent(share)} of the continuations violate`
  return noReturn !== null && n >= noReturn ? `${now}; no return since step ${noReturn}` : now
}

/** The curve in one sentence. */
export function doomInWords({ shares, noReturn, jump }: Doom): string {
  const parts = [`At the start ${percent(shares[0] ?? 0)} of all continuations violate, at the end ${percent(shares.at(-1) ?? 0)}`]
  if (jump) parts.push(`the share grows most at step ${jump.step} (${jump.says}), from ${percent(shares[jump.step - 1] ?? 0)} to ${percent(shares[jump.step] ?? 0)}`)
  parts.push(noReturn === null ? 'there is no point of no return' : `from step ${noReturn} on there is no return`)
  return `${parts.join('; ')}.`
}
