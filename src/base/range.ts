/** A half-open byte range [from, to); from < to. */
export interface Range {
  readonly from: number
  readonly to: number
}

export const K = 1024
export const M = 1024 * 1024

/** Do two half-open ranges share a byte? */
export const overlaps = (a: Range, b: Range): boolean => a.from < b.to && b.from < a.to

/** `655360` as `640K`, `1048576` as `1M`, `4100` as `4100`. Sizes and offsets in bytes. */
export function size(bytes: number): string {
  if (bytes !== 0 && bytes % M === 0) return `${bytes / M}M`
  if (bytes !== 0 && bytes % K === 0) return `${bytes / K}K`
  return String(bytes)
}

/** `[640K, 644K)`. */
export const range = (from: number, to: number): string => `[${size(from)}, ${size(to)})`

export const alignDown = (value: number, unit: number): number => value - (value % unit)
export const alignUp = (value: number, unit: number): number => alignDown(value + unit - 1, unit)
