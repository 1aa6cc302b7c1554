/** What btrfs shows of its file to the oracles that judge every file system. */
import { covers, gone, stretches } from '../../engine/stretches.ts'
import type { Range } from '../../base/range.ts'
import { clip, paint, transfer, type Piece, type Run } from '../lib/runs.ts'
import type { Shown } from '../oracles/shown.ts'
import { awaitsPages, orderedIn } from './ordered.ts'
import { contentOf, layoutOf } from './tree/extents.ts'
import { allItems } from './tree/tree.ts'
import type { BtrfsWorld } from './world.ts'

const layout = (s: BtrfsWorld, end = s.inode.i_size): Piece[] => layoutOf(allItems(s.subvol), s.disk.data, end)

/** Data that are on the disk and whose items are still to come: a read of what is not cached waits for the item and finds them. */
const arriving = (s: BtrfsWorld): Run[] =>
  s.ordered
    .filter((oe) => oe.bytesLeft === 0 && !oe.ioerr)
    .flatMap((oe) => transfer([], oe.from, s.disk.data, oe.disk, oe.truncatedTo ?? oe.to - oe.from))

function content(s: BtrfsWorld, from: number, to: number): Run[] {
  const size = s.inode.i_size
  const cached = s.mapping.runs.reduce<Run[]>((runs, run) => paint(runs, run.from, run.to, run.stamp), arriving(s))
  return clip(contentOf(layout(s), cached, size), from, to)
}

const isDirty = (s: BtrfsWorld, part: Range): boolean => stretches(s.mapping, 'runs', part).some((run) => run.dirty)

export const shown: Shown<BtrfsWorld> = {
  content,
  layout,
  // An ordered extent whose pages nobody has asked to be written works on nothing yet.
  idle: (s, part) => !covers(s, 'ordered', part) || (isDirty(s, part) && orderedIn(s, part).every((oe) => awaitsPages(s, oe))),
  quiet: (s, part) =>
    !covers(s, 'ordered', part) &&
    !covers(s.mapping, 'locked', part) &&
    !stretches(s.mapping, 'runs', part).some((run) => run.dirty || run.writeback),
  worked: (before, after) => [
    ...gone(before, after, 'ordered', (oe, now) => !oe.direct || now?.to !== oe.to),
    ...gone(before.mapping, after.mapping, 'locked', () => true),
    ...gone(before.mapping, after.mapping, 'runs', (run) => run.dirty || run.writeback),
  ],
  isDown: (s) => s.fs.down,
  mounts: (s) => s.fs.mounts,
  watch: { content: ['subvol', 'disk', 'mapping', 'ordered'], layout: ['subvol', 'disk'], quiet: ['ordered', 'mapping'], mounts: ['fs'] },
  // After a mount nothing is cached: the items are what a reader finds.
  lanes: { content: 'subvol', layout: 'subvol' },
}
