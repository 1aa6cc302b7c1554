/** Stages the append to a file without checksums. Source: facts direct-io A.9. */
import { K } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import type { System } from '../../engine/system.ts'
import { draw } from '../../kernel/btrfs/draw.ts'
import { appendOracles } from '../../kernel/btrfs/oracles.ts'
import { btrfsSystem, inodeItems, stageWorld, T } from '../../kernel/btrfs/stage.ts'
import { addSyncfs, addWrite } from '../../kernel/vfs/stage.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { defineScenario, until } from '../scenario.ts'
import type { SettingsOf } from '../card.ts'
import { beats, windows } from './beats.ts'
import { card } from './card.ts'

function stage(kernel: Kernel, settings: SettingsOf<typeof card>): System<BtrfsWorld> {
  const items = inodeItems(0)
  const world = stageWorld({
    kernel,
    setting: settings,
    size: 0,
    noHoles: true,
    nodatasum: settings['data'] === 'nodatasum',
    leaves: [{ id: 'N', generation: T, items, room: 100 }],
    committed: items,
  })
  const write = addWrite(world, {
    letter: 'A',
    length: 64 * K,
    resident: Number(settings['resident']),
    filled: true,
    append: settings['open'] !== 'plain',
  })
  return btrfsSystem(`append-relapse on ${kernel.release}`, world, [write, addSyncfs(world, 'S', 'A')], appendOracles(0))
}

export const scenario = defineScenario({
  card,
  stage,
  schedules: {
    bug: [
      until('A', 'btrfs_dio_iomap_end.cancel_tail'),
      until('ab', 'btrfs_finish_ordered_io.drop_failed'),
      until('A', 'write.return'),
      until('S', 'syncfs.return'),
    ],
    late: [until('A', 'write.return'), until('S', 'syncfs.return')],
  },
  beats,
  windows,
  draw: (s) => draw(s, { axis: { from: 0, to: 128 * K }, log: false, owners: { A: 'A' } }),
  happened: (outcome) => describe(outcome),
  statesAtMost: 500,
})
