/** Stages an asynchronous O_DSYNC write and a power failure. Source: message of commit 8184620ae212; facts direct-io A.1, 6.1 (D9 to D13), 6.2 item 11. */
import { K } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import type { System } from '../../engine/system.ts'
import { draw } from '../../kernel/btrfs/draw.ts'
import { syncWriteDurable, writeKept } from '../../kernel/btrfs/oracles.ts'
import { btrfsSystem, inodeItems, stageExtents, stageWorld, T } from '../../kernel/btrfs/stage.ts'
import { addPowerFailure, addWrite } from '../../kernel/vfs/stage.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { defineScenario, until } from '../scenario.ts'
import type { SettingsOf } from '../card.ts'
import { beats, windows } from './beats.ts'
import { card } from './card.ts'

const length = 64 * K

function stage(kernel: Kernel, settings: SettingsOf<typeof card>): System<BtrfsWorld> {
  const size = settings['size'] === '64K' ? length : 0
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
  })
  const tasks = [
    addWrite(world, {
      letter: 'A',
      length,
      resident: 16,
      filled: true,
      append: false,
      dsync: settings['dsync'] === 'on',
      aio: settings['via'] === 'aio',
    }),
  ]
  if (settings['power'] === 'fails') tasks.push(addPowerFailure('P'))
  return btrfsSystem(`lost-fsync on ${kernel.release}`, world, tasks, [syncWriteDurable, writeKept])
}

export const scenario = defineScenario({
  card,
  stage,
  schedules: {
    bug: [
      until('A', 'btrfs_direct_write.unlock'),
      until('a', 'aio_complete_rw.ki_complete'),
      until('A', 'io_submit.io_getevents'),
      until('P', 'power_failure.recover_log_trees'),
    ],
    finished: [
      until('A', 'btrfs_direct_write.unlock'),
      until('a', 'aio_complete_rw.ki_complete'),
      until('A', 'io_submit.io_getevents'),
      until('av', 'btrfs_finish_ordered_io.remove_ordered'),
      until('P', 'power_failure.recover_log_trees'),
    ],
  },
  beats,
  windows,
  draw: (s) => draw(s, { axis: { from: 0, to: 128 * K }, log: true, owners: { A: 'A' } }),
  happened: (outcome) => describe(outcome),
  statesAtMost: 600,
})
