/** What `filefrag -v f` prints: blocks of 4096 bytes, last block included. Format: e2fsprogs misc/filefrag.c, print_extent_info(). */
import type { Listing, MappedExtent } from '../../engine/listing.ts'
import { fill, printed } from './lines.ts'
import type { Chosen, Side } from './side.ts'

const BLOCK = 4096
/** Its lines need so many columns. */
export const FILEFRAG_WIDTH = 79

/** In the order in which they are printed; `eof` comes last and is no flag of FIEMAP. */
const names: readonly (readonly [flag: number, name: string])[] = [
  [0x1, 'last'],
  [0x2, 'unknown_loc'],
  [0x4, 'delalloc'],
  [0x8, 'encoded'],
  [0x100, 'not_aligned'],
  [0x200, 'inline'],
  [0x800, 'unwritten'],
  [0x1000, 'merged'],
  [0x2000, 'shared'],
]

export function filefrag(side: Side, { width, to }: Chosen): string[] {
  const listing = side.listing(to)
  if (listing === null) return fill('no extents with disk addresses in this scenario', width)
  if (width < FILEFRAG_WIDTH) return fill(`filefrag -v has lines of ${FILEFRAG_WIDTH} columns: choose that width, or fiemap`, width)
  return linesOf(listing).flatMap((line) => printed(line, width))
}

/** As the tool prints them, of any width. */
export function linesOf({ magic, size, extents }: Omit<Listing, 'log'>): string[] {
  const blocks = Math.ceil(size / BLOCK)
  let pieces = 0
  const rows = extents.map((extent, n) => {
    const expected = expectedAt(extent, extents[n - 1])
    // The first extent counts, and every one that is not where it was expected.
    if (expected !== null || pieces === 0) pieces++
    return row(n, extent, expected, size)
  })
  return [
    `Filesystem type is: ${magic}`,
    `File size of f is ${size} (${blocks} block${blocks === 1 ? '' : 's'} of ${BLOCK} bytes)`,
    ...(rows.length > 0 ? [' ext:     logical_offset:        physical_offset: length:   expected: flags:', ...rows] : []),
    `f: ${pieces} extent${pieces === 1 ? '' : 's'} found`,
  ]
}

/** Where the extent would begin if it went on from the last one, a hole between them counted in or not; null if it does, or begins the file. */
function expectedAt({ logical, physical }: MappedExtent, last: MappedExtent | undefined): number | null {
  const dense = last ? last.physical + last.length : 0
  const counted = dense + logical - (last ? last.logical + last.length : 0)
  return logical === 0 || physical === dense || physical === counted ? null : counted
}

function row(n: number, { logical, physical, length, flags }: MappedExtent, expected: number | null, size: number): string {
  const inline = (flags & 0x200) !== 0
  // Of inline data all is told in bytes.
  const unit = inline ? 1 : BLOCK
  const count = inline ? length : Math.ceil(length / BLOCK)
  const range = (from: number, wide: number): string =>
    `${String(Math.floor(from / unit)).padStart(wide)}..${String(Math.floor(from / unit) + count - 1).padStart(wide)}`
  const words = [...names.filter(([flag]) => (flags & flag) !== 0).map(([, name]) => name), ...(logical + length >= size ? ['eof'] : [])]
  const where = expected === null ? ' '.repeat(12) : `${String(Math.floor(expected / BLOCK)).padStart(10)}: `
  return `${String(n).padStart(4)}: ${range(logical, 8)}: ${range(physical, 10)}: ${String(count).padStart(6)}: ${where}${words.join(',')}`.trimEnd()
}
