/** Sizes as xfs_io takes them: `64k`, `8m`, `100`. */
import { BYTES_MAX } from './scene.ts'

const units: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

/** Bytes; null if it is none, or more than the longest file. */
export function parseSize(word: string): number | null {
  const match = /^(\d{1,16}|0x[0-9a-f]{1,12})([kmg]?)$/i.exec(word)
  if (!match) return null
  const bytes = Number(match[1]) * (units[(match[2] ?? '').toLowerCase()] ?? 1)
  return bytes <= BYTES_MAX ? bytes : null
}

/** In the largest unit that divides it: `640k`, `1m`, `4100`. */
export function printSize(bytes: number): string {
  for (const unit of ['g', 'm', 'k']) {
    const one = units[unit] ?? 1
    if (bytes > 0 && bytes % one === 0) return `${bytes / one}${unit}`
  }
  return String(bytes)
}

/** `[0,64k)`. */
export const printRange = ({ from, to }: { readonly from: number; readonly to: number }): string => `[${printSize(from)},${printSize(to)})`
