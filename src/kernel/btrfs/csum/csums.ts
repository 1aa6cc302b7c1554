/** btrfs: checksums of data, and their items in the log. Source: fs/btrfs/file-item.c v6.1, btrfs_csum_one_bio(), btrfs_csum_file_blocks(). */
import type { Range } from '../../../base/range.ts'
import { join, transfer, type Run } from '../../lib/runs.ts'
import { sumsOf, type CsumRun } from '../../lib/sums.ts'
import type { BtrfsWorld } from '../world.ts'

/** btrfs_csum_one_bio(): the checksums of content at `at`, for the disk address it goes to; in bytes, whole sectors. */
export const csumsAt = (s: BtrfsWorld, content: readonly Run[], at: number, disk: number, length: number): CsumRun[] =>
  sumsOf(transfer([], disk, content, at, length), disk, disk + length, s.fills)

/** Which disk ranges have checksums, whatever they are: a checksum item is as long as its neighbours touch. */
export const checksummed = (sums: readonly CsumRun[]): Range[] =>
  join<Range>(
    sums.map(({ from, to }) => ({ from, to })),
    () => true,
  )

/**
 * Adds the checksums of a disk range to items that each cover one: an item that ends where the new ones begin is
 * extended, otherwise a new one is made, up to where the next begins. The last item of the log is never extended.
 */
export function addCsums(items: readonly Range[], range: Range): Range[] {
  const out = [...items]
  for (let at = range.from; at < range.to;) {
    const covered = out.find((item) => item.from <= at && at < item.to)
    if (covered) {
      at = Math.min(covered.to, range.to)
      continue
    }
    const next = out.findIndex((item) => item.from > at)
    const to = Math.min(range.to, out[next]?.from ?? Infinity)
    const place = next < 0 ? out.length : next
    const before = out[place - 1]
    if (before && before.to === at && next >= 0) out[place - 1] = { from: before.from, to }
    else out.splice(place, 0, { from: at, to })
    at = to
  }
  return out
}
