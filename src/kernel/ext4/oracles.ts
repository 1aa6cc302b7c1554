/** Oracles that ask for what only ext4 has. Wordings and ids: facts ext4 1.8. */
import { range, size } from '../../base/range.ts'
import { finallyHolds, monitor, type Oracle } from '../../engine/oracle.ts'
import { inodeAtRest } from '../oracles/locks.ts'
import { ranges } from '../oracles/shown.ts'
import { shown } from './shown.ts'
import type { Ext4World } from './world.ts'

export const neverStale: Oracle<Ext4World> = monitor<Ext4World, object>({
  id: 'O5',
  kind: 'verdict',
  name: 'a crash exposes nothing stale',
  says: 'after a power failure each byte is what was written there once, or zero, never what another file had left on the disk',
  watch: ['mount'],
  start: {},
  observe: (_memory, before, after) => {
    if (after.mount.count === before.mount.count) return null
    const stale = shown.layout(after).filter(({ stamp }) => stamp === '?')
    const [first] = stale
    if (!first) return null
    return {
      says: `after the mount ${range(first.from, first.to)} has blocks that no write has reached`,
      marks: ranges(shown.lanes.layout, stale),
    }
  },
})

export const atRest: Oracle<Ext4World> = finallyHolds({
  id: 'O6',
  kind: 'verdict',
  name: 'nothing pending at the end',
  says: 'in the end the inode is off the orphan list, i_disksize is i_size where nothing is dirty, i_dio_count is 0 and the inode lock is free',
  judge: (s) => {
    const { i_disksize, raw } = s.ei
    if (s.mount.down) return null
    if (raw.orphan) return { says: 'the inode is still on the orphan list', marks: [{ in: 'inode', part: 'on the orphan list' }] }
    // What is dirty has told the disk nothing of its size yet.
    const busy = s.mapping.runs.some((run) => run.dirty || run.writeback)
    if (i_disksize !== s.inode.i_size && !busy)
      return { says: `i_disksize is ${size(i_disksize)}, i_size ${size(s.inode.i_size)}`, marks: [{ in: 'inode', part: 'i_disksize' }] }
    return inodeAtRest(s)
  },
})
