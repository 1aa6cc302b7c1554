/** Power failure and the next mount, which replays the log and commits. */
import { invariant } from '../../../base/assert.ts'
import { replayLog, sizeIn } from '../replay.ts'
import { occupy } from '../space.ts'
import { stageWorld } from '../stage.ts'
import { extentsOf } from '../tree.ts'
import { INO, type BtrfsWorld } from '../world.ts'
import type { Session } from './run.ts'

/** The machine after the next mount; null if the file is not there. */
export function mountAfterCrash({ world }: Session): Session | null {
  const items = replayLog(world.durable, world.fs.noHoles)
  if (!items.some((item) => item.oid === INO && item.type === 'INODE_ITEM')) return null
  const size = sizeIn(items)
  const generation = world.durable.generation + 2
  const room = world.fs.leafRoom
  const staged = stageWorld({
    kernel: world.kernel,
    setting: world.setting,
    size,
    noHoles: world.fs.noHoles,
    nodatacow: world.bi.nodatacow,
    nodatasum: world.bi.nodatasum,
    leaves: [{ id: 'N', generation: generation - 1, items, room }],
    committed: items,
    data: world.disk.data,
    csums: world.csums,
    needsFullSync: false,
  })
  const after: BtrfsWorld = {
    ...staged,
    bi: { ...staged.bi, lastTrans: generation - 1 },
    fs: { ...staged.fs, generation, started: false, leafRoom: room, logLeafRoom: world.fs.logLeafRoom },
    durable: { ...staged.durable, generation: generation - 1 },
  }
  for (const item of extentsOf(items)) if (item.disk !== 0) occupy(after.space, { from: item.disk, to: item.disk + item.diskLength })
  invariant(after.inode.i_size === size, 'the mounted file has the size that its inode item says')
  return { world: after, mapped: null }
}
