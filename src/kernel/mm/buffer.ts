/** User memory as a system call sees it: what is present can be pinned, what is not has to be faulted in first. */
import type { Range } from '../../base/range.ts'
import { join, gaps, splice } from '../runs.ts'
import { PAGE, type UserBuffer } from './world.ts'

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
  for (const gap of gaps(buffer.content, from, to))
    buffer.content = splice(buffer.content, gap.from, gap.to, [{ ...gap, stamp: zeros }], (a, b) => a.stamp === b.stamp)
  buffer.present = join(
    [...subtractAll(buffer.present, { from, to }), { from, to }].sort((a, b) => a.from - b.from),
    () => true,
  )
}

const subtractAll = (parts: readonly Range[], cut: Range): Range[] => splice(parts, cut.from, cut.to, [], () => false)

/**
 * How much of `left` bytes one step reads: all of it, or a sector where another task may store to the memory meanwhile. What
 * nobody stores to looks the same however it is cut.
 */
export const grainOf = (buffer: UserBuffer | undefined, left: number): number => (buffer?.shared ? Math.min(left, PAGE) : left)
