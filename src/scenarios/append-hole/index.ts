/** Stages the append from a buffer that is not in the page tables. Source: facts direct-io section 1 (A.1, A.2). */
import { K, M } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import type { TaskDeclaration } from '../../engine/system.ts'
import { describe } from '../../kernel/btrfs/describe.ts'
import { draw } from '../../kernel/btrfs/draw.ts'
import { appendOracles } from '../../kernel/btrfs/oracles.append.ts'
import { writeKept } from '../../kernel/btrfs/oracles.write.ts'
import { btrfsSystem, inodeItems, stageExtents, stageWorld, T } from '../../kernel/btrfs/stage.ts'
import { addWrite } from '../../kernel/btrfs/stage-write.ts'
import type { BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { compareVersions } from '../../kernel/releases.ts'
import { defineScenario, until, type Scenario } from '../scenario.ts'
import { card } from './card.ts'

const sizes: Readonly<Record<string, number>> = { '0': 0, '4K': 4 * K, '64K': 64 * K, '1M': M }
/** What a setting says in bytes. */
const bytes = (text: string | undefined): number => sizes[text ?? ''] ?? 0

function stage(kernel: Kernel, settings: Readonly<Record<string, string>>): ReturnType<Scenario<BtrfsWorld>['stage']> {
  const before = bytes(settings['before'])
  const length = bytes(settings['length'])
  const open = settings['open']
  const { items, data, next } = stageExtents(before > 0 ? [{ offset: 0, length: before, stamp: 'X' }] : [])
  const all = [...inodeItems(before), ...items]
  const world = stageWorld({
    kernel,
    setting: settings,
    size: before,
    noHoles: true,
    leaves: [{ id: 'N', generation: T, items: all, room: 100 }],
    committed: all,
    data,
    nextData: next,
    full: settings['space'] === 'none',
  })
  const write = (letter: string, resident: string | undefined): TaskDeclaration =>
    addWrite(world, {
      letter,
      length,
      resident: Number(resident),
      filled: settings['buffer'] === 'shared' || settings['buffer'] === 'fixed',
      ...(settings['buffer'] === 'fixed' ? { memory: 'registered' } : {}),
      ...(settings['buffer'] === 'bad' ? { memory: 'unmapped' } : {}),
      append: open !== 'plain',
      at: open === 'plain' ? before : 0,
      dsync: open === 'dsync',
      buffered: open === 'cached',
      misaligned: settings['align'] === 'off' ? 512 : 0,
    })
  const tasks = [write('A', settings['resident'])]
  if (settings['appenders'] === '2') tasks.push(write('B', settings['resident2']))
  if (settings['touch'] === 'on')
    tasks.push({ letter: 'M', name: 'a thread reads the buffer', must: true, procedure: 'touch_buffer', locals: { of: 'A' } })
  if (settings['truncate'] !== 'off') {
    world.calls['T'] = { text: 'ftruncate(fd, 16384)', returned: null }
    tasks.push({ letter: 'T', name: 'ftruncate(fd, 16K)', must: true, procedure: 'ftruncate', locals: { result: 0, to: 16 * K } })
  }
  return btrfsSystem(`append-hole on ${kernel.release}`, world, tasks, [...appendOracles(before), writeKept])
}

/** As long as the file can become: each task may write twice its length. */
const axisOf = (s: BtrfsWorld): number =>
  bytes(s.setting['before']) + 2 * bytes(s.setting['length']) * (s.setting['appenders'] === '2' ? 2 : 1)

export const scenario = defineScenario<BtrfsWorld>({
  card,
  stage,
  schedules: {
    bug: [
      until('A', 'btrfs_dio_iomap_end.cancel_tail'),
      until('ab', 'btrfs_finish_ordered_io.drop_failed'),
      until('A', 'btrfs_direct_write.fault_in'),
    ],
    late: [until('A', 'write.return')],
  },
  beats: [
    {
      id: 'position',
      says: 'The position of an O_APPEND write is taken from i_size, under the inode lock.',
      at: (step) => step.label === 'write_checks',
      stands: ['direct append'],
    },
    {
      id: 'allocate',
      says: 'The extent is allocated and the ordered extent created: nothing is written yet.',
      at: (step) => step.label === 'get_blocks',
      stands: ['extents allocated before the data'],
    },
    {
      id: 'size',
      says: 'i_size is raised to the end of the write before any byte of it exists.',
      at: (step) => step.label === 'raise_i_size',
      stands: ['file length updated before the data'],
    },
    {
      id: 'efault',
      says: 'The buffer is not in the page table: pinning it fails with -EFAULT.',
      at: (step) => step.label === 'pin_pages',
      stands: ['buffer not in the page tables', 'EFAULT'],
    },
    {
      id: 'cancel',
      says: 'The ordered extent is cancelled; i_size stays where it was put.',
      at: (step) => step.label === 'cancel_tail',
      stands: ['file length stays'],
    },
    {
      id: 'unlock',
      says: 'The inode lock is dropped in the middle of the write.',
      at: (step) => step.label === 'unlock_before_complete',
      stands: ['suspect commit 8184620ae212'],
    },
    {
      id: 'fault-in',
      says: 'The buffer is faulted in, and the write starts over.',
      at: (step) => step.label === 'fault_in',
      stands: ['goto relock'],
    },
    {
      id: 'second-checks',
      says: 'generic_write_checks() runs again and moves ki_pos to the i_size of the failed attempt.',
      at: (step) => step.label === 'write_checks',
      stands: ['generic_write_checks() called again', 'position moved to the new length'],
    },
    {
      id: 'second-size',
      says: 'The second attempt raises i_size once more.',
      at: (step) => step.label === 'raise_i_size',
      stands: ['hole of the size of the write'],
    },
    {
      id: 'written',
      says: 'Now the buffer is present: the data are written, behind a hole.',
      at: (step) => step.label === 'dma',
      stands: ['hole, then the data'],
    },
    {
      id: 'returned',
      says: 'write() reports success.',
      at: (step) => step.procedure === 'write' && step.label === 'return',
      stands: ['write succeeds'],
    },
  ],
  windows: [
    {
      id: 'unlocked',
      task: 'A',
      opens: 'btrfs_direct_write.unlock_before_complete',
      closes: 'btrfs_direct_write.relock',
      says: 'no inode lock: i_size is raised, the data are not there',
    },
  ],
  draw: (s) => draw(s, { axis: { from: 0, to: axisOf(s) }, log: false, owners: { A: 'A', B: 'B' } }),
  happened: (outcome) => describe(outcome),
  unavailable: (release) => (compareVersions(release, '5.16') < 0 ? 'not modelled: the direct write path is modelled from 5.16 on' : null),
  notes: async () => (await import('./notes.ts')).notes,
  statesAtMost: 400,
})
