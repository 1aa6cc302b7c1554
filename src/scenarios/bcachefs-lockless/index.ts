/** Stages a large write into uncached space beside an append. Source: facts bcachefs-buffered-write 5 H1, 9, 5 H6. */
import { alignUp, K, M } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import type { TaskDeclaration } from '../../engine/system.ts'
import { draw } from '../../kernel/bcachefs/draw.ts'
import { addWrite, addWriteback, bcachefsSystem, cache, stageWorld, unavailable } from '../../kernel/bcachefs/stage.ts'
import type { BcachefsWorld } from '../../kernel/bcachefs/world.ts'
import { PAGE } from '../../kernel/mm/world.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import { addTruncate, addUnseenRead } from '../../kernel/vfs/stage.ts'
import { defineScenario, until, type Scenario } from '../scenario.ts'
import { card } from './card.ts'

/** Lengths of A's write, by setting. */
const lengths: Readonly<Record<string, number>> = { '64K': 64 * K, '1M': M, '1.25M': 1310720, '2M': 2 * M }
/** The file is 8 MiB of preallocated space; `odd` is not a multiple of the page size. */
const sizes: Readonly<Record<string, number>> = { even: 8 * M, odd: 8 * M + 1000 }
const append = 64 * K
/** Half a page: A's write begins behind it, B's ends there. */
const beside = 2 * K

function stage(kernel: Kernel, settings: Readonly<Record<string, string>>): ReturnType<Scenario<BcachefsWorld>['stage']> {
  const size = sizes[settings['size'] ?? ''] ?? 0
  const length = lengths[settings['write'] ?? ''] ?? 0
  const world = stageWorld({
    kernel,
    setting: settings,
    size,
    btree: [{ from: 0, to: alignUp(size, PAGE), kind: 'reserved', stamp: '0' }],
  })
  // As aligned as it is long, so that a large folio can cover it.
  const aligned = settings['first'] === 'extends' ? 10 * M : settings['write'] === '2M' ? 2 * M : M
  const second = settings['second']
  const from = second === 'beside' ? aligned + beside : aligned
  if (settings['cached'] === 'yes') cache(world, from, from + length)
  if (settings['alloc'] !== 'ok') world.failing['A'] = settings['alloc'] === 'first' ? 'first' : 'later'
  const tasks: TaskDeclaration[] = [addWrite(world, { letter: 'A', at: from, length })]
  if (second === 'append') tasks.push(addWrite(world, { letter: 'B', at: size, length: append }))
  if (second === 'inside') tasks.push(addWrite(world, { letter: 'B', at: 4 * M, length: append }))
  if (second === 'beside') tasks.push(addWrite(world, { letter: 'B', at: aligned, length: beside }))
  if (second === 'truncate') tasks.push(addTruncate(world, 'B', M, { history: true }))
  if (settings['third'] === 'append') tasks.push(addWrite(world, { letter: 'C', at: size + append, length: append }))
  if (settings['third'] === 'read') tasks.push(addUnseenRead(world, 'C', { from: size, to: size + append }, { history: true }))
  if (settings['third'] === 'writeback') tasks.push(addWriteback('C'))
  return bcachefsSystem(`bcachefs-lockless on ${kernel.release}`, world, tasks)
}

const outer = (label: string): string => `bch2_buffered_write.${label}`
const inner = (label: string): string => `__bch2_buffered_write.${label}`

export const scenario = defineScenario<BcachefsWorld>({
  card,
  stage,
  schedules: {
    bug: [
      until('A', inner('get_folios')),
      until('B', inner('reserve')),
      until('A', 'truncate_pagecache.skip_locked'),
      until('B', inner('eof_test')),
      until('A', 'truncate_pagecache.wait_for_locked'),
      until('B', 'write.return'),
      until('A', 'write.return'),
    ],
    up: [
      until('A', inner('get_folios')),
      until('B', inner('update')),
      until('A', inner('eof_test')),
      until('B', 'write.return'),
      until('A', 'write.return'),
    ],
    end: [until('A', outer('pagecache_add_put_again')), until('B', 'write.return'), until('A', 'write.return')],
  },
  beats: [
    {
      id: 'unlocked',
      says: 'A writes 1.25 MiB inside i_size, so it goes without the inode lock.',
      at: (step) => step.task === 'A' && step.label === 'inode_lock',
      stands: ['the inode lock is skipped unless i_size will change', 'H1 step 1'],
    },
    {
      id: 'add-lock',
      says: 'A holds the pagecache lock in its adding state: that keeps truncate out, and nobody who adds.',
      at: (step) => step.task === 'A' && step.label === 'pagecache_add_get',
      stands: ['the pagecache add lock guards against truncate', 'H1 step 1'],
    },
    {
      id: 'last-folio-pos',
      says: 'last_folio_pos begins as i_size, a value meant to be overwritten soon.',
      at: (step) => step.task === 'A' && step.label === 'last_folio_pos',
      stands: ['H1 step 2'],
    },
    {
      id: 'folios',
      says: 'Folios are created for the first MiB only; A cannot have all of its folios at once.',
      at: (step) => step.task === 'A' && step.label === 'get_folios',
      stands: ['H1 step 3'],
    },
    {
      id: 'append',
      says: 'B appends: it takes the inode lock, and the pagecache lock together with A.',
      at: (step) => step.task === 'B' && step.label === 'pagecache_add_get',
      stands: ['H1 step 4'],
    },
    {
      id: 'new-folios',
      says: 'B has 16 new folios behind i_size, locked.',
      at: (step) => step.task === 'B' && step.label === 'get_folios',
      stands: ['H1 step 5'],
    },
    {
      id: 'give-up',
      says: 'Without the inode lock all folios have to be locked at once, so A gives up and leaves by the exit.',
      at: (step) => step.task === 'A' && step.label === 'need_inode_lock',
      stands: ['folios are locked for atomicity', 'H1 step 6'],
    },
    {
      id: 'test',
      says: 'The exit cleans up folios behind i_size; last_folio_pos still has its first value, so the test is true.',
      at: (step) => step.task === 'A' && step.label === 'eof_test',
      stands: ['H1 step 7'],
    },
    {
      id: 'stale-size',
      says: 'A passes i_size by value to truncate_pagecache(), without the inode lock.',
      at: (step) => step.task === 'A' && step.label === 'eof_argument',
      stands: ['H1 step 7'],
    },
    {
      id: 'waits',
      says: 'The first pass skips the folios that B has locked; the second will wait for them.',
      at: (step) => step.task === 'A' && step.label === 'skip_locked',
      stands: ['H1 step 8'],
    },
    {
      id: 'copied',
      says: 'B raises i_size; its folios are uptodate and dirty.',
      at: (step) => step.task === 'B' && step.label === 'update',
      stands: ['H1 step 9'],
    },
    {
      id: 'released',
      says: 'B unlocks its folios and finds nothing to clean up.',
      at: (step) => step.task === 'B' && step.label === 'eof_test',
      stands: ['H1 step 10'],
    },
    {
      id: 'dropped',
      says: 'A removes the folios, dirty as they are.',
      at: (step) => step.task === 'A' && step.label === 'wait_for_locked',
      stands: ['dirty folios are dropped', 'H1 step 11'],
    },
    {
      id: 'acknowledged',
      says: 'B is told that 64K were written.',
      at: (step) => step.task === 'B' && step.procedure === 'write' && step.label === 'return',
      stands: ['writes are being dropped', 'H1 step 12'],
    },
    {
      id: 'restart',
      says: 'A starts over, now with the inode lock.',
      at: (step) => step.task === 'A' && step.label === 'restart',
      stands: ['the write is restarted', 'H1 step 13'],
    },
    {
      id: 'returned',
      says: 'A succeeds too: two successful writes, and 64K of zeros.',
      at: (step) => step.task === 'A' && step.procedure === 'write' && step.label === 'return',
      stands: ['H1 step 13'],
    },
  ],
  windows: [
    {
      id: 'stale',
      task: 'A',
      opens: inner('eof_argument'),
      closes: 'truncate_pagecache.wait_for_locked',
      says: 'A is about to remove all folios from the old i_size on',
    },
    {
      id: 'folios-held',
      task: 'B',
      opens: inner('get_folios'),
      closes: inner('unlock_folios'),
      says: 'B has its new folios locked, and whoever truncates waits for them',
    },
  ],
  draw: (s) => draw(s, axisOf(s)),
  happened: (outcome) => describe(outcome, 'content'),
  unavailable,
  notes: async () => (await import('./notes.ts')).notes,
  statesAtMost: 2000,
})

function axisOf(s: BcachefsWorld): Parameters<typeof draw>[1] {
  const to = s.setting['first'] === 'extends' ? 12 * M + 128 * K : 8 * M + 192 * K
  return { from: 0, to, focus: { from: 8 * M - 64 * K, to: 8 * M + 192 * K } }
}
