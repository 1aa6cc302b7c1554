/** Stages the append to a file without checksums. Source: facts direct-io A.9. */
import { K } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import { describe } from '../../kernel/btrfs/describe.ts'
import { draw } from '../../kernel/btrfs/draw.ts'
import { appendOracles } from '../../kernel/btrfs/oracles.append.ts'
import { btrfsSystem, inodeItems, stageWorld, T } from '../../kernel/btrfs/stage.ts'
import { addWrite } from '../../kernel/btrfs/stage-write.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { compareVersions } from '../../kernel/releases.ts'
import { defineScenario, until, type Scenario } from '../scenario.ts'
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
  world.calls['S'] = { text: 'syncfs(fd)', returned: null }
  const sync = { letter: 'S', name: 'syncfs(fd), after the write', must: true, procedure: 'syncfs', locals: { result: 0, after: 'A' } }
  return btrfsSystem(`append-relapse on ${kernel.release}`, world, [write, sync], appendOracles(0))
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
  beats: [
    {
      id: 'size',
      says: 'i_size is raised to the end of the write before any byte of it exists.',
      at: (step) => step.label === 'raise_i_size',
      stands: ['A16'],
    },
    {
      id: 'efault',
      says: 'The buffer is not in the page table: pinning it fails with -EFAULT.',
      at: (step) => step.label === 'pin_pages',
      stands: ['A18'],
    },
    {
      id: 'cancel',
      says: 'iomap_end cancels the ordered extent and answers -ENOTBLK; i_size stays.',
      at: (step) => step.label === 'cancel_tail',
      stands: ['A19'],
    },
    {
      id: 'hidden',
      says: 'Nothing was advanced, so -ENOTBLK wins over -EFAULT: the dio has no error.',
      at: (step) => step.label === 'drop_ref',
      stands: ['A20', 'A21'],
    },
    {
      id: 'zero',
      says: 'The dio ends with 0 bytes, which is no reason to try again.',
      at: (step) => step.label === 'complete',
      stands: ['A23', 'A23c'],
    },
    {
      id: 'second-checks',
      says: 'The page cache path checks the position again: O_APPEND moves it to the raised i_size.',
      at: (step) => step.procedure === 'btrfs_buffered_write' && step.label === 'write_checks',
      stands: ['A24'],
    },
    {
      id: 'copied',
      says: 'The data go behind a hole of their own size.',
      at: (step) => step.label === 'copy_from_user',
      stands: ['A24'],
    },
    {
      id: 'flushed',
      says: 'What is flushed is the range where the write was to begin, not the one where it went.',
      at: (step) => step.label === 'flush_buffered',
      stands: ["A24'"],
    },
    {
      id: 'position',
      says: 'ki_pos ends in the middle of the file.',
      at: (step) => step.label === 'wait_buffered',
      stands: ["A24'"],
    },
    {
      id: 'returned',
      says: 'write() reports success.',
      at: (step) => step.procedure === 'write' && step.label === 'return',
      stands: ['write succeeds'],
    },
  ],
  windows: [],
  draw: (s) => draw(s, { axis: { from: 0, to: 128 * K }, log: false, owners: { A: 'A' } }),
  happened: (outcome) => describe(outcome),
  unavailable: (release) => (compareVersions(release, '5.16') < 0 ? 'not modelled: the direct write path is modelled from 5.16 on' : null),
  notes: async () => (await import('./notes.ts')).notes,
  statesAtMost: 500,
})
