/** What the oracles see of ext4. */
import { readThrough, underWriteback } from '../mm/cache.ts'
import { everywhere, type Shown } from '../oracles/shown.ts'
import { clip, valueOf, type Piece } from '../lib/runs.ts'
import { layoutOf } from './extents.ts'
import type { Ext4World } from './world.ts'

const layout = (s: Ext4World, end = s.inode.i_size): Piece[] => layoutOf({ ...s.ei.raw, size: end }, s.disk.data)

export const shown: Shown<Ext4World> = {
  content: (s, from, to) => {
    const blocks = clip(layout(s), from, to).map((piece) => ({
      from: piece.from,
      to: piece.to,
      stamp: piece.kind === 'data' ? valueOf(piece.stamp ?? '?') : '0',
    }))
    return readThrough(s.mapping, blocks, from, Math.min(to, Math.max(from, s.inode.i_size)))
  },
  layout,
  idle: (s, part) => s.inode.i_dio_count === 0 && !underWriteback(s.mapping, part.from, part.to),
  quiet: (s, part) =>
    s.inode.i_dio_count === 0 &&
    clip(s.mapping.locked, part.from, part.to).length === 0 &&
    !clip(s.mapping.runs, part.from, part.to).some((run) => run.dirty || run.writeback),
  worked: () => [everywhere],
  isDown: (s) => s.mount.down,
  mounts: (s) => s.mount.count,
  watch: { content: ['ei', 'disk', 'mapping'], layout: ['ei', 'disk'], quiet: ['inode', 'ei', 'disk', 'mapping'], mounts: ['mount'] },
  lanes: { content: 'blocks', layout: 'blocks' },
}
