/** btrfs: checksum items of the log. Source: fs/btrfs/file-item.c v6.1, btrfs_csum_file_blocks(). */
import type { Range } from '../../base/range.ts'

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
