/** Stages two overlapping writes inside i_size, one of which is cut short. Source: facts bcachefs-buffered-write 5 H3, H4, H7, 9 item 7. */
import { K } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import type { TaskDeclaration } from '../../engine/system.ts'
import { draw } from '../../kernel/bcachefs/draw.ts'
import { addWrite, bcachefsSystem, cache, stageWorld, unavailable } from '../../kernel/bcachefs/stage.ts'
import type { BcachefsWorld } from '../../kernel/bcachefs/world.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import { addObserver, mayTask } from '../../kernel/vfs/stage.ts'
import { defineScenario, until, type Scenario } from '../scenario.ts'
import { card } from './card.ts'

/** The file, all of it data `O`; A writes it whole. */
const size = 128 * K
/** From here on A's buffer is not mapped for a moment. */
const half = 64 * K

function stage(kernel: Kernel, settings: Readonly<Record<string, string>>): ReturnType<Scenario<BcachefsWorld>['stage']> {
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

export const scenario = defineScenario<BcachefsWorld>({
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
  beats: [
    {
      id: 'unlocked',
      says: 'A writes 128K inside i_size, without the inode lock.',
      at: (step) => step.task === 'A' && step.label === 'inode_lock',
      stands: ['the inode lock is not taken unless i_size will change'],
    },
    {
      id: 'faulted-in',
      says: "A's buffer is faulted in, before any folio is locked.",
      at: (step) => step.task === 'A' && step.label === 'fault_in',
      stands: ['the user buffer is faulted in without locks'],
    },
    {
      id: 'migrated',
      says: "The kernel moves pages of A's buffer: for a moment they are not mapped.",
      at: (step) => step.task === 'M',
      stands: ['pages have been evicted meanwhile'],
    },
    {
      id: 'locked-folios',
      says: 'A has all of its folios locked: nobody can write in between.',
      at: (step) => step.task === 'A' && step.label === 'get_folios',
      stands: ['folio locks exclude other writes'],
    },
    {
      id: 'short',
      says: 'The copy stops where the buffer is not mapped: page faults are disabled while folios are locked.',
      at: (step) => step.task === 'A' && step.label === 'copy',
      stands: ['the copy is done with page faults disabled', 'H3 step 1'],
    },
    {
      id: 'half-done',
      says: 'Half of the write is in the page cache, uptodate and unlocked: everybody can see it.',
      at: (step) => step.task === 'A' && step.label === 'unlock_folios',
      stands: ['folio locks are dropped, which breaks atomicity', 'H3 step 1'],
    },
    {
      id: 'seen',
      says: 'B reads A where A has written.',
      at: (step) => step.task === 'B' && step.label === 'filemap_read',
      stands: ['H3 step 2'],
    },
    {
      id: 'written-over',
      says: 'Having seen A, B writes B over it, and its write returns.',
      at: (step) => step.task === 'B' && step.procedure === 'write' && step.label === 'return',
      stands: ['H3 step 2'],
    },
    {
      id: 'restart',
      says: 'A, cut short, takes the inode lock and starts over from its first byte.',
      at: (step) => step.task === 'A' && step.label === 'restart',
      stands: ['the write is restarted from its start', 'H3 step 3'],
    },
    {
      id: 'again',
      says: 'The same bytes of A are copied a second time, over those of B.',
      at: (step) => step.task === 'A' && step.label === 'update',
      stands: ['H3 step 3'],
    },
    {
      id: 'returned',
      says: 'A returns success, and the file holds A: it read as A, then as B, then as A, from one write of A.',
      at: (step) => step.task === 'A' && step.procedure === 'write' && step.label === 'return',
      stands: ['H3 step 3'],
    },
  ],
  windows: [
    {
      id: 'half',
      task: 'A',
      opens: inner('unlock_folios'),
      closes: outer('inode_lock_again'),
      says: 'half of the write can be seen, and no lock of A keeps others from writing over it',
    },
  ],
  draw: (s) => draw(s, { from: 0, to: size }),
  happened: (outcome) => describe(outcome, 'content'),
  unavailable,
  notes: async () => (await import('./notes.ts')).notes,
  statesAtMost: 5000,
})
