/** Stages two overlapping writes inside i_size, one of which is cut short. Source: facts bcachefs-buffered-write 5 H3, H4, H7, 9 item 7. */
import { K } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import type { System, TaskDeclaration } from '../../engine/system.ts'
import { draw } from '../../kernel/bcachefs/draw.ts'
import { addWrite, bcachefsSystem, cache, stageWorld } from '../../kernel/bcachefs/stage.ts'
import type { BcachefsWorld } from '../../kernel/bcachefs/world.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import { addObserver, mayTask } from '../../kernel/vfs/stage.ts'
import { defineScenario, until } from '../scenario.ts'
import type { SettingsOf } from '../card.ts'
import { beats, windows } from './beats.ts'
import { card } from './card.ts'

/** The file, all of it data `O`; A writes it whole. */
const size = 128 * K
/** From here on A's buffer is not mapped for a moment. */
const half = 64 * K

function stage(kernel: Kernel, settings: SettingsOf<typeof card>): System<BcachefsWorld> {
  const world = stageWorld({
    kernel,
    setting: settings,
    size,
    btree: [{ from: 0, to: size, kind: 'data', stamp: 'O' }],
    copyPiece: settings['copy'] === 'halves' ? half : 0,
  })
  if (settings['cached'] === 'yes') cache(world, 0, size)
  // B's bytes: a page of A's; all of A's; or the first half of a page whose other half is A's.
  const to = settings['second'] === 'whole' ? size : settings['second'] === 'beside' ? 2 * K : 4 * K
  const from = settings['second'] === 'beside' ? to : 0
  const tasks: TaskDeclaration[] = [addWrite(world, { letter: 'A', at: from, length: size - from })]
  const write = addWrite(world, { letter: 'B', length: to })
  tasks.push(settings['looks'] === 'no' ? write : addObserver(world, write, { from: 0, to }))
  if (settings['buffer'] === 'moves') tasks.push(mayTask('M', 'page migration', 'migrate_pages', { buffer: 'A', from: half, to: size }))
  return bcachefsSystem(`bcachefs-restart on ${kernel.release}`, world, tasks)
}

const outer = (label: string): string => `bch2_buffered_write.${label}`
const inner = (label: string): string => `__bch2_buffered_write.${label}`

export const scenario = defineScenario({
  card,
  stage,
  schedules: {
    bug: [
      until('A', outer('fault_in')),
      until('M', 'migrate_pages.unmap'),
      until('A', inner('eof_test')),
      until('B', 'bch2_read_iter.filemap_read', 2),
      until('A', 'write.return'),
    ],
    end: [until('A', outer('fault_in')), until('M', 'migrate_pages.unmap'), until('A', 'write.return')],
  },
  beats,
  windows,
  draw: (s) => draw(s, { from: 0, to: size }),
  happened: (outcome) => describe(outcome, 'content'),
  statesAtMost: 5000,
})
