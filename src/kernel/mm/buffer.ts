/** User memory as a system call sees it: what is present can be pinned, what is not has to be faulted in first. */
import type { Range } from '../../base/range.ts'
import { call, type Control } from '../../engine/procedure.ts'
import type { Letter } from '../../engine/view.ts'
import { must } from '../lib/must.ts'
import { clip, cutOut, gaps, join, splice, transfer } from '../lib/runs.ts'
import { PAGE, type MmWorld, type UserBuffer } from './world.ts'
import { cached, uncached } from './cache.ts'

/**
 * How many bytes from `at` on get_user_pages can pin without a fault, at most `length` (facts: direct-io 6.1, GUP rule).
 * Zero means -EFAULT under FOLL_NOFAULT.
 */
export function presentPrefix(buffer: UserBuffer, at: number, length: number): number {
  if (buffer.registered) return length
  const [absent] = gaps(buffer.present, at, at + length)
  return absent ? absent.from - at : length
}

/** Touches every page of [from, to), as fault_in_iov_iter_readable() and _writeable() do: memory nobody ever touched becomes the zero page. */
export function faultIn(buffer: UserBuffer, from: number, to: number, zeros: string): void {
  if (buffer.unmapped) return
  for (const gap of gaps(buffer.content, from, to))
    buffer.content = splice(buffer.content, gap.from, gap.to, [{ ...gap, stamp: zeros }], (a, b) => a.stamp === b.stamp)
  buffer.present = join(
    [...subtractAll(buffer.present, { from, to }), { from, to }].sort((a, b) => a.from - b.from),
    () => true,
  )
}

/**
 * Touches what is absent of [from, to) of a task's buffer, as whoever copies or pins it does. Ordinary memory is there at
 * once. Of a mapping pages have to be brought in from the file: then this is the call to make, after which to try again.
 */
export function touch(s: MmWorld, io: Letter, from: number, to: number): Control | null {
  const buffer = must(s.buffers[io])
  if (buffer.registered) return null
  if (!buffer.maps) faultIn(buffer, from, to, `0${io}`)
  else if (gaps(buffer.present, from, to).length > 0) return call('filemap_fault', { io, from, to })
  return null
}

/** Puts [from, to) of a mapping into the page table, with what the page cache holds of it. */
export function mapPages(s: MmWorld, buffer: UserBuffer, from: number, to: number): void {
  const at = must(buffer.maps).at
  buffer.content = transfer(buffer.content, from, cached(s.mapping, at + from, at + to), at + from, to - from)
  buffer.present = splice(buffer.present, from, to, [{ from, to }], () => true)
}

/** unmap_mapping_range(): pages that are not in the page cache any more leave page tables, but for private copies. */
export function unmapDropped(s: MmWorld, from: number, to: number): void {
  const gone = uncached(s.mapping, from, to)
  for (const buffer of Object.values(s.buffers)) {
    if (!buffer.maps || buffer.maps.copies) continue
    for (const { from: start, to: end } of gone) {
      const part = clip([{ from: start - buffer.maps.at, to: end - buffer.maps.at }], 0, buffer.length)[0]
      if (part) buffer.present = cutOut(buffer.present, part.from, part.to)
    }
  }
}

const subtractAll = (parts: readonly Range[], cut: Range): Range[] => splice(parts, cut.from, cut.to, [], () => false)

/**
 * How much of `left` bytes one step reads: all of it, or a sector where another task may store to the memory meanwhile. What
 * nobody stores to looks the same however it is cut.
 */
export const grainOf = (buffer: UserBuffer | undefined, left: number): number => (buffer?.shared ? Math.min(left, PAGE) : left)
