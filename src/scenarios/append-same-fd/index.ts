/** Stages a direct write and an fsync through one open file. Source: facts direct-io A.8, A-3 (R1 to R7). */
import { K } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import type { System } from '../../engine/system.ts'
import { draw } from '../../kernel/btrfs/draw.ts'
import { lockOracles } from '../../kernel/btrfs/oracles.ts'
import { btrfsSystem, inodeItems, stageExtents, stageWorld, T } from '../../kernel/btrfs/stage.ts'
import { addFsync, addWrite } from '../../kernel/vfs/stage.ts'
import { openFile } from '../../kernel/vfs/world.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { defineScenario, until } from '../scenario.ts'
import type { SettingsOf } from '../card.ts'
import { beats, windows } from './beats.ts'
import { card } from './card.ts'

const length = 4 * K

function stage(kernel: Kernel, settings: SettingsOf<typeof card>): System<BtrfsWorld> {
  const size = settings['size'] === '4K' ? length : 0
  const { items, data, next } = stageExtents(size > 0 ? [{ offset: 0, length: size, stamp: 'X' }] : [])
  const all = [...inodeItems(size), ...items]
  const world = stageWorld({
    kernel,
    setting: settings,
    size,
    noHoles: true,
    leaves: [{ id: 'N', generation: T, items: all, room: 100 }],
    committed: all,
    data,
    nextData: next,
    needsFullSync: false,
    fs: { assert: settings['assert'] === 'on', lockdep: true },
  })
  world.files['fd2'] = openFile()
  if (settings['private'] === 'seek') {
    world.privates['allocated'] = { fsync_skip_inode_lock: false, usedAfter: [] }
    world.files['fd'] = { ...openFile(), private_data: 'allocated' }
  }
  const write = (letter: string) =>
    addWrite(world, { letter, length, resident: 1, filled: true, append: false, dsync: settings['dsync'] === 'on' })
  const tasks = [write('A'), addFsync(world, 'B', settings['open'] === 'other' ? 'fd2' : 'fd')]
  if (settings['writers'] === '2') tasks.push(write('C'))
  return btrfsSystem(`append-same-fd on ${kernel.release}`, world, tasks, lockOracles)
}

export const scenario = defineScenario({
  card,
  stage,
  schedules: {
    bug: [
      until('A', '__iomap_dio_rw.drop_ref'),
      until('a', 'iomap_dio_bio_end_io.put_ref'),
      until('A', 'btrfs_direct_write.set_skip_flag'),
      until('B', 'btrfs_sync_file.read_skip_flag'),
      until('A', 'write.return'),
      until('B', 'fsync.return'),
    ],
    late: [
      until('A', '__iomap_dio_rw.drop_ref'),
      until('a', 'iomap_dio_bio_end_io.put_ref'),
      until('A', 'btrfs_direct_write.set_private'),
      until('B', 'btrfs_sync_file.load_private'),
      until('A', 'write.return'),
      until('B', 'fsync.return'),
    ],
    held: [
      until('A', '__iomap_dio_rw.drop_ref'),
      until('a', 'iomap_dio_bio_end_io.put_ref'),
      until('A', 'btrfs_direct_write.set_skip_flag'),
      until('B', 'fsync.return'),
      until('A', 'write.return'),
    ],
  },
  beats,
  windows,
  draw: (s) => draw(s, { axis: { from: 0, to: 16 * K }, log: false, files: true, owners: { A: 'A', C: 'C' } }),
  happened: (outcome) => describe(outcome),
  statesAtMost: 6000,
})
