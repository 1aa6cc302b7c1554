/** Stages a write(2) that is cut short and then fails for good. Source: facts bcachefs-buffered-write 5 H5. */
import { K } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import type { System, TaskDeclaration } from '../../engine/system.ts'
import { draw } from '../../kernel/bcachefs/draw.ts'
import { addWrite, bcachefsSystem, cache, stageWorld } from '../../kernel/bcachefs/stage.ts'
import type { BcachefsWorld } from '../../kernel/bcachefs/world.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import { mayTask } from '../../kernel/vfs/stage.ts'
import { openFile } from '../../kernel/vfs/world.ts'
import { defineScenario, until } from '../scenario.ts'
import type { SettingsOf } from '../card.ts'
import { beats, windows } from './beats.ts'
import { card } from './card.ts'

/** The file, all of it data `O`. */
const size = 256 * K
const length = 128 * K
/** From here on A's buffer is not mapped for a moment. */
const half = 64 * K

function stage(kernel: Kernel, settings: SettingsOf<typeof card>): System<BcachefsWorld> {
  const world = stageWorld({ kernel, setting: settings, size, btree: [{ from: 0, to: size, kind: 'data', stamp: 'O' }] })
  cache(world, 0, size)
  const positioned = settings['call'] === 'write'
  if (positioned) world.files['fd'] = openFile()
  const tasks: TaskDeclaration[] = [addWrite(world, { letter: 'A', length, positioned })]
  // pwrite(2) brings the position that the program believes in.
  if (settings['next'] === 'yes') tasks.push(addWrite(world, { letter: 'B', at: half, length: half, positioned }))
  tasks.push(
    mayTask('M', 'page migration', 'migrate_pages', { buffer: 'A', from: half, to: length }),
    mayTask('U', "munmap() of A's buffer", 'munmap', { buffer: 'A' }),
  )
  return bcachefsSystem(`bcachefs-offset on ${kernel.release}`, world, tasks)
}

const outer = (label: string): string => `bch2_buffered_write.${label}`

export const scenario = defineScenario({
  card,
  stage,
  schedules: {
    bug: [
      until('A', outer('fault_in')),
      until('M', 'migrate_pages.unmap'),
      until('A', outer('restart')),
      until('U', 'munmap.munmap'),
      until('A', 'write.return'),
    ],
    end: [until('A', outer('fault_in')), until('M', 'migrate_pages.unmap'), until('A', 'write.return')],
  },
  beats,
  windows,
  draw: (s) => draw(s, { from: 0, to: size }),
  happened: (outcome) => describe(outcome, 'content'),
  statesAtMost: 2000,
})
