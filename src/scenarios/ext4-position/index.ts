/** Stages writes in a row on an O_DIRECT descriptor. Source: facts ext4 1.2, 1.6, 1.7. */
import { K } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import type { System } from '../../engine/system.ts'
import { draw } from '../../kernel/ext4/draw.ts'
import { atRest } from '../../kernel/ext4/oracles.ts'
import { shown } from '../../kernel/ext4/shown.ts'
import { commitThread, ext4System, stageWorld } from '../../kernel/ext4/stage.ts'
import type { Ext4World } from '../../kernel/ext4/world.ts'
import { acknowledged } from '../../kernel/oracles/acknowledged.ts'
import { positionMoves, successiveWrites } from '../../kernel/oracles/position.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import { addRead, addWrite, emptyBuffer, inOrder } from '../../kernel/vfs/stage.ts'
import type { SettingsOf } from '../card.ts'
import { defineScenario, until } from '../scenario.ts'
import { beats, windows } from './beats.ts'
import { card } from './card.ts'

const length = 4 * K
/** How long the file is that is there already. */
const old = 64 * K

/** One letter a write. */
const writers = [...'ABCDEFGHIJKLMNOP']

function stage(kernel: Kernel, settings: SettingsOf<typeof card>): System<Ext4World> {
  const { writes, before, call, read, memory } = settings
  const extents = { '0': [], '64K': [{ from: 0, to: old, stamp: 'X' }], hole: [], unwritten: [{ from: 0, to: old }] }[before]
  const world = stageWorld({ kernel, setting: settings, size: before === '0' ? 0 : old, extents })
  const letters = writers.slice(0, writes === 'threads' ? 2 : Number(writes))
  const bad = memory === 'bad' ? letters.at(-1) : undefined
  const tasks = letters.map((letter, i) => {
    const write = addWrite(world, {
      letter,
      length,
      at: call === 'pwrite' ? i * length : 0,
      positioned: call !== 'pwrite',
      append: call === 'append',
      sync: call === 'sync',
      history: true,
      ...(letter === bad ? { memory: 'unmapped' as const } : {}),
    })
    return i === 0 || writes === 'threads' ? write : inOrder(write, letters.slice(i - 1, i))
  })
  if (read === 'after') {
    const reader = addRead(world, { letter: 'R', at: 0, length, buffer: emptyBuffer(length), direct: true, positioned: true })
    tasks.push(inOrder(reader, writes === 'threads' ? letters : letters.slice(-1)))
  }
  if (call === 'sync') tasks.push(commitThread('T'))
  return ext4System(`ext4-position on ${kernel.release}`, world, tasks, [
    positionMoves('O1'),
    acknowledged('O2', shown),
    ...(call === 'append' || writes === 'threads' ? [] : [successiveWrites('O3', shown, letters)]),
    atRest,
  ])
}

const reaped = [until('a', 'iomap_dio_bio_end_io.put_ref'), until('A', 'write.return')]

export const scenario = defineScenario({
  card,
  stage,
  schedules: {
    bug: [
      until('A', '__iomap_dio_rw.submit_bio'),
      ...reaped,
      until('B', '__iomap_dio_rw.submit_bio'),
      until('b', 'iomap_dio_bio_end_io.put_ref'),
    ],
    late: [until('A', '__iomap_dio_rw.drop_ref'), ...reaped, until('B', '__iomap_dio_rw.drop_ref')],
  },
  beats,
  windows,
  draw: (s) => draw(s, { axis: { from: 0, to: s.setting['before'] === '0' && s.setting['writes'] !== '16' ? 16 * K : old }, crash: false }),
  happened: (outcome) => describe(outcome, 'content'),
  statesAtMost: 200,
})
