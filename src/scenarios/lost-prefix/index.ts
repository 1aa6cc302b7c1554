/** Stages a direct write from a buffer that is partly in the page table. Source: facts direct-io A.5 row 3; recordings LOST. */
import { K } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import type { System } from '../../engine/system.ts'
import { draw } from '../../kernel/btrfs/draw.ts'
import { appendOracles, writeKept } from '../../kernel/btrfs/oracles.ts'
import { btrfsSystem, inodeItems, stageExtents, stageWorld, T } from '../../kernel/btrfs/stage.ts'
import { addWrite } from '../../kernel/vfs/stage.ts'
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
  const nocow = settings['nocow'] === 'on'
  const world = stageWorld({
    kernel,
    setting: settings,
    size,
    noHoles: true,
    nodatasum: nocow,
    nodatacow: nocow,
    leaves: [{ id: 'N', generation: T, items: all, room: 100 }],
    committed: all,
    data,
    nextData: next,
  })
  const tasks = [
    addWrite(world, {
      letter: 'A',
      length,
      resident: Number(settings['resident']),
      filled: true,
      append: settings['open'] === 'append',
      dsync: settings['open'] === 'dsync',
    }),
  ]
  return btrfsSystem(`lost-prefix on ${kernel.release}`, world, tasks, [writeKept, ...appendOracles(size)])
}

export const scenario = defineScenario({
  card,
  stage,
  schedules: {
    bug: [
      until('A', '__iomap_dio_rw.submit_bio'),
      until('a', 'submit_bio.dma'),
      until('A', '__iomap_dio_rw.drop_ref'),
      until('a', 'iomap_dio_bio_end_io.put_ref'),
      until('av', 'btrfs_finish_ordered_io.drop_failed'),
      until('A', 'write.return'),
    ],
    early: [until('A', '__iomap_dio_rw.drop_ref'), until('a', 'iomap_dio_bio_end_io.put_ref'), until('A', 'write.return')],
  },
  beats,
  windows,
  draw: (s) => draw(s, { axis: { from: 0, to: 128 * K }, log: false, owners: { A: 'A' } }),
  happened: (outcome) => describe(outcome),
  statesAtMost: 400,
})
