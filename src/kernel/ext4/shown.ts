/** What the oracles see of ext4. */
import { everywhere, type Shown } from '../oracles/shown.ts'
import { clip, valueOf, type Piece } from '../lib/runs.ts'
import { layoutOf } from './extents.ts'
import type { Ext4World } from './world.ts'

const layout = (s: Ext4World): Piece[] => layoutOf({ ...s.ei.raw, size: s.inode.i_size }, s.disk.data)

export const shown: Shown<Ext4World> = {
  content: (s, from, to) =>
    clip(layout(s), from, to).map((piece) => ({
      from: piece.from,
      to: piece.to,
      stamp: piece.kind === 'data' ? valueOf(piece.stamp ?? '?') : '0',
    })),
  layout,
  idle: (s) => s.inode.i_dio_count === 0,
  quiet: (s) => s.inode.i_dio_count === 0,
  worked: () => [everywhere],
  isDown: (s) => s.mount.down,
  mounts: (s) => s.mount.count,
  watch: { content: ['ei', 'disk'], layout: ['ei', 'disk'], quiet: ['inode', 'ei', 'disk'], mounts: ['mount'] },
  lanes: { content: 'blocks', layout: 'blocks' },
}
