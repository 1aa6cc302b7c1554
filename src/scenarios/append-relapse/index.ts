/** Stages the append to a file without checksums. Source: facts direct-io A.9. */
import { K } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import { draw } from '../../kernel/btrfs/draw.ts'
import { appendOracles } from '../../kernel/btrfs/oracles.ts'
import { btrfsSystem, inodeItems, stageWorld, T } from '../../kernel/btrfs/stage.ts'
import { addSyncfs, addWrite } from '../../kernel/vfs/stage.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { compareVersions } from '../../kernel/releases.ts'
import { defineScenario, until, type Scenario } from '../scenario.ts'
import { beats, windows } from './beats.ts'
import { card } from './card.ts'

function stage(kernel: Kernel, settings: Readonly<Record<string, string>>): ReturnType<Scenario<BtrfsWorld>['stage']> {
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

export const scenario = defineScenario<BtrfsWorld>({
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
  unavailable: (release) => (compareVersions(release, '5.16') < 0 ? 'not modelled: the direct write path is modelled from 5.16 on' : null),
  notes: async () => (await import('./notes.ts')).notes,
  statesAtMost: 500,
})
