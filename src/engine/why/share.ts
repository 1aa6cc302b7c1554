/** Exact shares of schedules. */
import type { Share } from './view.ts'

/** part / of as a number: 0 and 1 only where they are exact. */
export function ratio(part: bigint, of: bigint): number {
  if (part === of) return 1
  if (part === 0n || of === 0n) return 0
  const scale = 10n ** 18n
  const scaled = (part * scale) / of
  // So small that the digits above would be none, or so near to 1 that they round to it.
  if (scaled < 1_000_000n) return Math.max(Number.MIN_VALUE, 1 / Number(of / part))
  return Math.min(Number(scaled) / 1e18, 1 - Number.EPSILON)
}

export const share = (part: bigint, of: bigint): Share => ({ part: String(part), of: String(of), ratio: ratio(part, of) })
