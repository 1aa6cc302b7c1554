/** Stages an O_DSYNC write, a commit and somebody who wants the inode lock. Source: facts direct-io A.8, A-2 (U1 to U6). */
import { K } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import type { System } from '../../engine/system.ts'
import { draw } from '../../kernel/btrfs/draw.ts'
import { lockOracles } from '../../kernel/btrfs/oracles.ts'
import { btrfsSystem, inodeItems, stageWorld, T } from '../../kernel/btrfs/stage.ts'
import { addSyncfs, addTruncate, addWrite } from '../../kernel/vfs/stage.ts'
import { openFile } from '../../kernel/vfs/world.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { defineScenario, until } from '../scenario.ts'
import type { SettingsOf } from '../card.ts'
import { beats, windows } from './beats.ts'
import { card } from './card.ts'

const length = 4 * K

function stage(kernel: Kernel, settings: SettingsOf<typeof card>): System<BtrfsWorld> {
  const all = inodeItems(0)
  const world = stageWorld({
    kernel,
    setting: settings,
    size: 0,
    noHoles: true,
    leaves: [{ id: 'N', generation: T, items: all, room: 100 }],
    committed: all,
    needsFullSync: false,
    fs: { assert: true, lockdep: settings['lockdep'] === 'on' },
  })
  const tasks = [addWrite(world, { letter: 'A', length, resident: 1, filled: true, append: false, dsync: settings['dsync'] === 'on' })]
  if (settings['commit'] === 'on') tasks.push(addSyncfs(world, 'C'))
  if (settings['other'] === 'append')
    tasks.push(addWrite(world, { letter: 'B', length, resident: 1, filled: true, append: true, file: 'fd2' }))
  if (settings['other'] === 'truncate') tasks.push(addTruncate(world, 'T', 0, { file: 'fd2' }))
  world.files['fd2'] = openFile()
  return btrfsSystem(`append-unlock on ${kernel.release}`, world, tasks, lockOracles)
}

const committed = [
  until('A', '__iomap_dio_rw.drop_ref'),
  until('a', 'iomap_dio_bio_end_io.put_ref'),
  until('av', 'btrfs_finish_ordered_io.remove_ordered'),
  until('A', 'btrfs_sync_file.lock_mmap'),
  until('C', 'syncfs.return'),
  until('A', 'btrfs_sync_file.unlock_inode'),
]

export const scenario = defineScenario({
  card,
  stage,
  schedules: {
    bug: [
      ...committed,
      until('T', 'btrfs_setsize.lock_inode'),
      until('A', 'btrfs_direct_write.unlock'),
      until('A', 'btrfs_sync_file.lock_inode'),
      until('T', 'ftruncate.return'),
    ],
    free: [...committed, until('A', 'write.return'), until('T', 'ftruncate.return')],
  },
  beats,
  windows,
  draw: (s) => draw(s, { axis: { from: 0, to: 16 * K }, log: false, files: true, owners: { A: 'A', B: 'B' } }),
  happened: (outcome) => describe(outcome),
  statesAtMost: 20_000,
})
