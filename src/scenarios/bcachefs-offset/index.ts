/** Stages a write(2) that is cut short and then fails for good. Source: facts bcachefs-buffered-write 5 H5. */
import { K } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import type { TaskDeclaration } from '../../engine/system.ts'
import { draw } from '../../kernel/bcachefs/draw.ts'
import { addWrite, bcachefsSystem, cache, stageWorld, unavailable } from '../../kernel/bcachefs/stage.ts'
import type { BcachefsWorld } from '../../kernel/bcachefs/world.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import { mayTask } from '../../kernel/vfs/stage.ts'
import { openFile } from '../../kernel/vfs/world.ts'
import { defineScenario, until, type Scenario } from '../scenario.ts'
import { card } from './card.ts'

/** The file, all of it data `O`. */
const size = 256 * K
const length = 128 * K
/** From here on A's buffer is not mapped for a moment. */
const half = 64 * K

function stage(kernel: Kernel, settings: Readonly<Record<string, string>>): ReturnType<Scenario<BcachefsWorld>['stage']> {
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

export const scenario = defineScenario<BcachefsWorld>({
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
  beats: [
    {
      id: 'position',
      says: 'write(2) begins at the file position of the descriptor, 0.',
      at: (step) => step.task === 'A' && step.label === 'fdget_pos',
      stands: ['write(2), not pwrite(2)'],
    },
    {
      id: 'unlocked',
      says: 'The write lies inside i_size, so it goes without the inode lock.',
      at: (step) => step.task === 'A' && step.label === 'inode_lock',
      stands: ['unlocked attempt'],
    },
    {
      id: 'migrated',
      says: 'Half of the buffer is unmapped for a moment, after it was faulted in.',
      at: (step) => step.task === 'M',
      stands: ['the buffer is not resident any more'],
    },
    {
      id: 'short',
      says: 'The copy is short: 64K of 128K.',
      at: (step) => step.task === 'A' && step.label === 'copy',
      stands: ['64K of 128K'],
    },
    {
      id: 'kept',
      says: 'These 64K are in the page cache for good: written and written2 both say so.',
      at: (step) => step.task === 'A' && step.label === 'advance',
      stands: ['written2 has the most ever written'],
    },
    {
      id: 'restart',
      says: 'The write starts over: written is 0 again, written2 keeps the 64K.',
      at: (step) => step.task === 'A' && step.label === 'restart',
      stands: ['written = 0, written2 = 65536'],
    },
    {
      id: 'unmapped',
      says: 'Another thread unmaps the whole buffer.',
      at: (step) => step.task === 'U',
      stands: ['the buffer was unmapped meanwhile'],
    },
    {
      id: 'error',
      says: 'The first thing that the second attempt runs into is -EFAULT.',
      at: (step) => step.task === 'A' && step.label === 'fault_in',
      stands: ['the first thing in the locked retry is an error'],
    },
    {
      id: 'position-stays',
      says: 'ki_pos moves by written, which is 0.',
      at: (step) => step.task === 'A' && step.label === 'pagecache_add_put',
      stands: ['ki_pos += 0'],
    },
    {
      id: 'returned',
      says: 'write() reports written2, 65536; the file position is still 0.',
      at: (step) => step.task === 'A' && step.procedure === 'write' && step.label === 'return',
      stands: ['returns 65536'],
    },
  ],
  windows: [],
  draw: (s) => draw(s, { from: 0, to: size }),
  happened: (outcome) => describe(outcome, 'content'),
  unavailable,
  notes: async () => (await import('./notes.ts')).notes,
  statesAtMost: 2000,
})
