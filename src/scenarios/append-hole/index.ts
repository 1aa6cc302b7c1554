/** Stages the append from a buffer that is not in the page tables. Source: facts direct-io section 1 (A.1, A.2). */
import { K, M } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import type { System, TaskDeclaration } from '../../engine/system.ts'
import { draw } from '../../kernel/btrfs/draw.ts'
import { appendOracles, writeKept } from '../../kernel/btrfs/oracles.ts'
import { btrfsSystem, inodeItems, stageExtents, stageWorld, T } from '../../kernel/btrfs/stage.ts'
import { addTruncate, addWrite, mustTask } from '../../kernel/vfs/stage.ts'
import { SECTOR, type BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { sumsOf } from '../../kernel/lib/sums.ts'
import { defineScenario, until } from '../scenario.ts'
import type { SettingsOf } from '../card.ts'
import { beats, windows } from './beats.ts'
import { card } from './card.ts'

const sizes: Readonly<Record<string, number>> = { '0': 0, '4K': 4 * K, '64K': 64 * K, '1M': M }
const appenders = ['A', 'B', 'C', 'D', 'E']

/** What a setting says in bytes. */
const bytes = (text: string | undefined): number => sizes[text ?? ''] ?? 0

function stage(kernel: Kernel, settings: SettingsOf<typeof card>): System<BtrfsWorld> {
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
  const [first = 'A', ...others] = appenders.slice(0, Number(settings['appenders']))
  const tasks = [write(first, settings['resident']), ...others.map((letter) => write(letter, settings['resident2']))]
  if (settings['touch'] === 'on') tasks.push(mustTask('M', 'a thread reads the buffer', 'touch_buffer', { of: 'A' }))
  if (settings['truncate'] !== 'off') tasks.push(addTruncate(world, 'T', 16 * K))
  const system = btrfsSystem(`append-hole on ${kernel.release}`, world, tasks, [...appendOracles(before), writeKept])
  const isLikeOthers = settings['resident'] === settings['resident2'] && settings['touch'] === 'off'
  const marks = Object.fromEntries(
    appenders.map((letter) => [letter, sumsOf([{ from: 0, to: SECTOR, stamp: letter }], 0, SECTOR, {}).map(({ crc }) => crc)]),
  )
  return { ...system, symmetric: [isLikeOthers ? [first, ...others] : others], marks }
}

/** As long as the file can become: each task may write twice its length. */
const axisOf = (s: BtrfsWorld): number => bytes(s.setting['before']) + 2 * bytes(s.setting['length']) * Number(s.setting['appenders'])

export const scenario = defineScenario({
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
  beats,
  windows,
  draw: (s) =>
    draw(s, { axis: { from: 0, to: axisOf(s) }, log: false, owners: Object.fromEntries(appenders.map((letter) => [letter, letter])) }),
  happened: (outcome) => describe(outcome),
  statesAtMost: 400,
})
