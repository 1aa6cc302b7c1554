/** What `xfs_io -c "fiemap -v" f` prints: 512-byte blocks, last block included. Format: xfsprogs io/fiemap.c, print_verbose(). */
import type { Listing } from '../../engine/listing.ts'
import { fill } from './lines.ts'
import type { Chosen, Side } from './side.ts'

interface Row {
  readonly offset: string
  readonly blocks: string
  readonly total: string
  /** Null of a hole. */
  readonly flags: string | null
}

const BLOCK = 512
const blockOf = (bytes: number): number => Math.floor(bytes / BLOCK)
const span = (first: number, count: number): string => `${first}..${first + count - 1}`

export function fiemap(side: Side, { width, to }: Chosen): string[] {
  const listing = side.listing(to)
  if (listing === null) return fill('no extents with disk addresses in this scenario', width)
  return ['f:', ...rowsOf(listing)]
}

/** The rows without the name of the file. */
export function rowsOf({ extents, size }: Pick<Listing, 'extents' | 'size'>): string[] {
  const rows: Row[] = []
  const hole = (from: number, to: number): void => {
    if (from < to) rows.push({ offset: `[${span(from, to - from)}]:`, blocks: 'hole', total: String(to - from), flags: null })
  }
  let at = 0
  for (const { logical, physical, length, flags } of extents) {
    hole(at, blockOf(logical))
    const count = blockOf(length)
    rows.push({
      offset: `[${span(blockOf(logical), count)}]:`,
      blocks: span(blockOf(physical), count),
      total: String(count),
      flags: `0x${flags.toString(16)}`,
    })
    at = blockOf(logical) + count
  }
  hole(at, blockOf(size))
  const wide = (least: number, texts: readonly string[]): number => Math.max(least, ...texts.map((text) => text.length))
  const offset = wide(
    16,
    rows.map((row) => row.offset),
  )
  const blocks = wide(
    16,
    rows.map((row) => row.blocks),
  )
  const total = wide(
    5,
    rows.map((row) => row.total),
  )
  const flags = wide(
    5,
    rows.map((row) => row.flags ?? ''),
  )
  const line = (n: string, row: Row): string =>
    `${n.padStart(4)}: ${row.offset.padEnd(offset)} ${row.blocks.padEnd(blocks)} ${row.total.padStart(total)}${row.flags === null ? '' : ` ${row.flags.padStart(flags)}`}`
  if (rows.length === 0) return []
  return [
    line('EXT', { offset: 'FILE-OFFSET', blocks: 'BLOCK-RANGE', total: 'TOTAL', flags: 'FLAGS' }),
    ...rows.map((row, n) => line(String(n), row)),
  ]
}
