/** Stages a large write into uncached space beside an append. Source: facts bcachefs-buffered-write 5 H1, 9, 5 H6. */
import { alignUp, K, M } from '../../base/range.ts'
import type { Kernel } from '../../engine/procedure.ts'
import type { System, TaskDeclaration } from '../../engine/system.ts'
import { draw } from '../../kernel/bcachefs/draw.ts'
import { addWrite, addWriteback, bcachefsSystem, cache, stageWorld } from '../../kernel/bcachefs/stage.ts'
import type { BcachefsWorld } from '../../kernel/bcachefs/world.ts'
import { PAGE } from '../../kernel/mm/world.ts'
import { describe } from '../../kernel/vfs/describe.ts'
import { addTruncate, addUnseenRead } from '../../kernel/vfs/stage.ts'
import { defineScenario, until } from '../scenario.ts'
import type { SettingsOf } from '../card.ts'
import { beats, windows } from './beats.ts'
import { card } from './card.ts'

/** Lengths of A's write, by setting. */
const lengths: Readonly<Record<string, number>> = { '64K': 64 * K, '1M': M, '1.25M': 1310720, '2M': 2 * M }
/** The file is 8 MiB of preallocated space; `odd` is not a multiple of the page size. */
const sizes: Readonly<Record<string, number>> = { even: 8 * M, odd: 8 * M + 1000 }
const append = 64 * K
/** Half a page: A's write begins behind it, B's ends there. */
const beside = 2 * K

function stage(kernel: Kernel, settings: SettingsOf<typeof card>): System<BcachefsWorld> {
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

export const scenario = defineScenario({
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
  beats,
  windows,
  draw: (s) => draw(s, axisOf(s)),
  happened: (outcome) => describe(outcome, 'content'),
  statesAtMost: 2000,
})

function axisOf(s: BcachefsWorld): Parameters<typeof draw>[1] {
  const to = s.setting['first'] === 'extends' ? 12 * M + 128 * K : 8 * M + 192 * K
  return { from: 0, to, focus: { from: 8 * M - 64 * K, to: 8 * M + 192 * K } }
}
