/** Checksums of content: what bytes a stamp stands for, and the CRC-32C of every sector of a stretch. */
import { alignDown, type Range } from '../../base/range.ts'
import { crc32c, type Fill } from '../../base/crc32c.ts'
import { clip, join, type Run } from './runs.ts'

const SECTOR = 4096

/** A stretch whose sectors all have this checksum. */
export interface CsumRun extends Range {
  /** CRC-32C of each of its sectors. */
  readonly crc: number
}

/** Bytes by stamp, for stamps whose bytes were declared. */
export type Fills = Readonly<Record<string, number>>

/** The byte that a stamp's content is filled with: declared, zero, `x41` by its name, otherwise its first letter's code. */
export function byteOf(stamp: string, fills: Fills): number {
  const declared = fills[stamp]
  if (declared !== undefined) return declared
  if (stamp.startsWith('0')) return 0
  return /^x[0-9a-f]{2}$/.test(stamp) ? parseInt(stamp.slice(1), 16) : stamp.charCodeAt(0) & 0xff
}

/** Of a sector filled with one byte; each is computed once. */
const uniform: number[] = []
const uniformSum = (byte: number): number => (uniform[byte] ??= crc32c([{ byte, count: SECTOR }]))

/** Of a sector of several stamps; what nobody ever wrote reads as zeros. */
function mixedSum(content: readonly Run[], at: number, fills: Fills): number {
  const parts: Fill[] = []
  let done = at
  for (const run of clip(content, at, at + SECTOR)) {
    if (done < run.from) parts.push({ byte: 0, count: run.from - done })
    parts.push({ byte: byteOf(run.stamp, fills), count: run.to - run.from })
    done = run.to
  }
  return crc32c([...parts, { byte: 0, count: at + SECTOR - done }])
}

/** The checksum of every sector of [from, to), both multiples of the sector size. */
export function sumsOf(content: readonly Run[], from: number, to: number, fills: Fills): CsumRun[] {
  const out: CsumRun[] = []
  for (let at = from; at < to;) {
    const run = content.find((one) => one.from <= at && at < one.to)
    const whole = run ? alignDown(Math.min(run.to, to) - at, SECTOR) : 0
    const end = at + Math.max(whole, SECTOR)
    out.push({ from: at, to: end, crc: run && whole > 0 ? uniformSum(byteOf(run.stamp, fills)) : mixedSum(content, at, fills) })
    at = end
  }
  return join(out, sameCrc)
}

/** Do two neighbouring runs have one checksum? */
export const sameCrc = (a: CsumRun, b: CsumRun): boolean => a.crc === b.crc
