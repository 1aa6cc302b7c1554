/** Scenes on btrfs. */
import type { Oracle } from '../../engine/oracle.ts'
import { unreadable } from '../../kernel/btrfs/csum/verify.ts'
import { draw } from '../../kernel/btrfs/draw.ts'
import { durabilityOracles, fsyncOracles, logOverlap } from '../../kernel/btrfs/fsync/oracles.ts'
import { lockRules } from '../../kernel/btrfs/oracles.ts'
import { shown } from '../../kernel/btrfs/shown.ts'
import { addFlusher, btrfsSystem } from '../../kernel/btrfs/stage.ts'
import { INO, type BtrfsWorld } from '../../kernel/btrfs/world.ts'
import { endOfFiles } from '../../kernel/lib/runs.ts'
import { sayings, type Scene } from '../../scene/scene.ts'
import type { SceneSystem } from '../file-system.ts'
import { setUp } from './setup.ts'

function rules(scene: Scene): readonly Oracle<BtrfsWorld>[] {
  const mayFail = sayings(scene, 'may').some(({ event }) => event === 'power')
  return [...lockRules, ...fsyncOracles, ...(mayFail ? durabilityOracles : [])]
}

export const btrfsScenes: SceneSystem<BtrfsWorld> = {
  fs: 'btrfs',
  shown,
  setUp,
  system: btrfsSystem,
  rules,
  event: (letter, event, range) => {
    switch (event) {
      case 'writeback':
        return addFlusher(letter, 'write-back', range ?? undefined)
      case 'reclaim':
        return {
          letter,
          name: 'memory pressure',
          must: false,
          procedure: 'shrink_folio_list',
          locals: range ?? { from: 0, to: endOfFiles },
        }
      default:
        return { letter, name: 'the transaction kthread commits', must: false, procedure: 'transaction_kthread', locals: {} }
    }
  },
  daemons: () => [],
  facts: {
    logOverlap: (s) => logOverlap(s) !== null,
    aborted: (s) => s.fs.aborted !== 0,
    unreadable: (s) => unreadable(s, s.inode.i_size).length > 0 || s.dmesg.some(({ text }) => text.includes('csum failed')),
    watch: ['log', 'fs'],
  },
  draw: (s, { axis, durable, tasks }) =>
    draw(s, { axis: { from: 0, to: axis }, log: durable, owners: Object.fromEntries(tasks.map((letter) => [letter, letter])) }),
  leads: ({ durable, tasks, io: [first = 'A'] }) => [
    `strip:${INO}`,
    ...(durable ? ['tree:log', 'tree:subvol'] : tasks.length > 1 ? ['locks', `buffer:${first}`] : [`buffer:${first}`, `kiocb:${first}`]),
  ],
}
