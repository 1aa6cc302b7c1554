/** Scenes on ext4. */
import type { Oracle } from '../../engine/oracle.ts'
import type { TaskDeclaration } from '../../engine/system.ts'
import type { Letter } from '../../engine/view.ts'
import { draw } from '../../kernel/ext4/draw.ts'
import { atRest, neverStale } from '../../kernel/ext4/oracles.ts'
import { shown } from '../../kernel/ext4/shown.ts'
import { commitThread, ext4System } from '../../kernel/ext4/stage.ts'
import { INO, type Ext4World } from '../../kernel/ext4/world.ts'
import { endOfFiles } from '../../kernel/lib/runs.ts'
import { sayings, type Scene } from '../../scene/scene.ts'
import type { SceneSystem } from '../file-system.ts'
import { setUp } from './setup.ts'

const mayFail = (scene: Scene): boolean => sayings(scene, 'may').some(({ event }) => event === 'power')

const rules = (scene: Scene): readonly Oracle<Ext4World>[] => [atRest, ...(mayFail(scene) ? [neverStale] : [])]

/** jbd2's thread, where somebody waits for it or a power failure would tell whether it ran; the text may have asked for it itself. */
function daemons(scene: Scene, [letter = 'T']: readonly Letter[]): readonly TaskDeclaration[] {
  const events = sayings(scene, 'may').map(({ event }) => event)
  const waited = sayings(scene, 'task').some(
    ({ command: { name, flags, model } }) =>
      ['fsync', 'sync', 'syncfs'].includes(name) || (name === 'open' && flags.includes('s')) || model.some(({ kind }) => kind === 'dsync'),
  )
  return !events.includes('commit') && (waited || mayFail(scene)) ? [commitThread(letter)] : []
}

export const ext4Scenes: SceneSystem<Ext4World> = {
  fs: 'ext4',
  shown,
  setUp,
  system: ext4System,
  rules,
  event: (letter, event, range) => {
    const part = range ?? { from: 0, to: endOfFiles }
    switch (event) {
      case 'writeback':
        return { letter, name: 'write-back', must: false, procedure: 'ext4_flusher', locals: part }
      case 'reclaim':
        return { letter, name: 'memory pressure', must: false, procedure: 'shrink_folio_list', locals: part }
      default:
        return commitThread(letter)
    }
  },
  daemons,
  facts: { logOverlap: () => false, aborted: () => false, unreadable: () => false, watch: [] },
  draw: (s, { axis, durable }) => draw(s, { axis: { from: 0, to: axis }, crash: durable }),
  leads: ({ durable, tasks, io: [first = 'A'] }) => [
    `strip:${INO}`,
    ...(durable ? ['inode', 'journal'] : tasks.length > 1 ? ['locks', `buffer:${first}`] : [`buffer:${first}`, `kiocb:${first}`]),
  ],
}
