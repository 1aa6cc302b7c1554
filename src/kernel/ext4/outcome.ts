/** What ext4's own maps have to say of an outcome. */
import type { Plain } from '../../base/plain.ts'
import { outcomeWith } from '../vfs/outcome.ts'
import { cleanedUp, layoutOf } from './extents.ts'
import { shown } from './shown.ts'
import type { Ext4World, RawInode } from './world.ts'

/** The inode that a mount would find after a power failure now. */
export const afterCrash = (s: Ext4World): RawInode => cleanedUp(s.journal.durable)

export const outcomeOf = outcomeWith<Ext4World>({
  layout: shown.layout,
  content: (s) => shown.content(s, 0, s.inode.i_size),
  positions: 'f_pos',
  after: (s): Plain => {
    const raw = afterCrash(s)
    return {
      size: raw.size,
      layout: layoutOf(raw, s.disk.data).map(({ from, to, kind, stamp }) => ({ from, to, kind, source: stamp })),
    }
  },
  isDown: (s) => s.mount.down,
})
