/** Scenes on bcachefs: buffered writes and truncates, as far as the model of its write path goes. */
import { draw } from '../../kernel/bcachefs/draw.ts'
import { stateOracles } from '../../kernel/bcachefs/oracles.ts'
import { shown } from '../../kernel/bcachefs/shown.ts'
import { addWriteback, bcachefsSystem } from '../../kernel/bcachefs/stage.ts'
import type { BcachefsWorld } from '../../kernel/bcachefs/world.ts'
import type { SceneSystem } from '../file-system.ts'
import { setUp } from './setup.ts'

export const bcachefsScenes: SceneSystem<BcachefsWorld> = {
  fs: 'bcachefs',
  shown,
  setUp,
  // Its own system has the rules of the file system.
  system: (name, world, tasks, oracles) => ({ ...bcachefsSystem(name, world, tasks), oracles }),
  rules: () => stateOracles,
  event: (letter) => addWriteback(letter),
  daemons: () => [],
  facts: { logOverlap: () => false, aborted: () => false, unreadable: () => false, watch: [] },
  draw: (s, { axis }) => draw(s, { from: 0, to: axis }),
  leads: ({ io: [first = 'A'] }) => ['strip:f', 'locks', `writer:${first}`],
}
