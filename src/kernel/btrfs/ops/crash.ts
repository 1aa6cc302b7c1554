/** Power failure and the next mount, which replays the log and commits. */
import { copy } from '../../../base/plain.ts'
import { crash, mount } from '../fsync/mount.ts'
import { allItems } from '../tree/tree.ts'
import { INO } from '../world.ts'
import type { Session } from './run.ts'

/** The machine after the next mount; null if the file is not there. */
export function mountAfterCrash(session: Session): Session | null {
  const world = copy(session.world)
  crash(world)
  mount(world)
  return allItems(world.subvol).some((item) => item.oid === INO && item.type === 'INODE_ITEM') ? { ...session, world, mapped: null } : null
}
