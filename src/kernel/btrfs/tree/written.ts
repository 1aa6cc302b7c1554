/** btrfs: a part of a preallocated extent has been written. Source: fs/btrfs/file.c v6.1, btrfs_mark_extent_written(). */
import { endOf, extentsIn, insertItem, replaceItem } from './tree.ts'
import type { BtrfsWorld, ExtentData } from '../world.ts'

/** Do `a` and `b` show neighbouring written parts of one extent, as one item could? */
const mergeable = (a: ExtentData | undefined, b: ExtentData): boolean =>
  a !== undefined && a.kind === 'reg' && a.disk === b.disk && a.offset - a.at === b.offset - b.at

/** [from, to) of a preallocated item becomes written; it joins written neighbours of the same extent. */
export function markWritten(s: BtrfsWorld, from: number, to: number): void {
  for (const item of extentsIn(s.subvol, from, to).filter((one) => one.kind === 'prealloc'))
    markItem(s, item, Math.max(from, item.offset), Math.min(to, endOf(item)))
}

function markItem(s: BtrfsWorld, item: ExtentData, from: number, to: number): void {
  const { generation, leafRoom } = s.fs
  const cut = (start: number, end: number, kind: ExtentData['kind']): ExtentData => ({
    ...item,
    kind,
    offset: start,
    at: item.at + start - item.offset,
    length: end - start,
    generation,
  })
  const before = item.offset === from ? extentsIn(s.subvol, from - 1, from).find((other) => endOf(other) === from) : undefined
  const after = endOf(item) === to ? extentsIn(s.subvol, to, to + 1).find((other) => other.offset === to) : undefined
  const first = mergeable(before, item) ? before : undefined
  const last = mergeable(after, item) ? after : undefined
  for (const gone of [first, item, last]) if (gone) replaceItem(s.subvol, gone, [], generation)
  const start = first?.offset ?? from
  const written = { ...cut(from, last ? endOf(last) : to, 'reg'), offset: start, at: first?.at ?? item.at + from - item.offset }
  const parts = [
    cut(item.offset, from, 'prealloc'),
    { ...written, length: (last ? endOf(last) : to) - start },
    cut(to, endOf(item), 'prealloc'),
  ].filter((part) => part.length > 0)
  for (const part of parts) insertItem(s.subvol, part, generation, leafRoom)
}
