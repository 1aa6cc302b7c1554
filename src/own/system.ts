/** A scene as a system: everything that a scenario of the catalogue has, staged from its text. */
import { InputError } from '../base/assert.ts'
import type { System } from '../engine/system.ts'
import { NotModelled } from '../kernel/btrfs/not-modelled.ts'
import { lockRules } from '../kernel/btrfs/oracles.ts'
import { fsyncOracles, durabilityOracles } from '../kernel/btrfs/fsync/oracles.ts'
import { btrfsSystem } from '../kernel/btrfs/stage.ts'
import type { BtrfsWorld } from '../kernel/btrfs/world.ts'
import type { Oracle } from '../engine/oracle.ts'
import { choose, resolveRelease, type Release } from '../kernel/releases.ts'
import type { Problem } from '../scene/lines.ts'
import { sayings, type Scene } from '../scene/scene.ts'
import { countsOf, factOracles } from './facts.ts'
import { patchId, refusals } from './modelled.ts'
import { setUp } from './setup.ts'
import { reach, tasksIn } from './tasks.ts'

export interface StagedScene {
  readonly scene: Scene
  readonly release: Release
  readonly system: System<BtrfsWorld>
  /** What was resolved or switched beside what was asked for, in words. */
  readonly says: string | null
  /** As far as the file may reach, in bytes. */
  readonly axis: number
}

/** Rules that hold whatever is asked; those of a power failure only where one may happen. */
function builtIn(scene: Scene): readonly Oracle<BtrfsWorld>[] {
  const mayFail = sayings(scene, 'may').some(({ event }) => event === 'power')
  return [...lockRules, ...fsyncOracles, ...(mayFail ? durabilityOracles : [])]
}

/** Everything but what is wrong with the text itself. @returns the problems if it cannot be run. */
export function stageScene(scene: Scene): StagedScene | readonly Problem[] {
  const refused = refusals(scene)
  if (refused.length > 0) return refused
  const [on] = sayings(scene, 'on')
  if (!on) throw new InputError('the scene says no kernel: `on btrfs 6.1`')
  const resolved = resolveRelease(on.release)
  const ids = (names: readonly string[]): string[] => names.flatMap((name) => patchId(name) ?? [])
  const { kernel, says } = choose(resolved.release, ids(on.on), ids(on.off))
  try {
    const { world, problems } = setUp(scene, kernel)
    if (problems.length > 0) return problems
    const tasks = tasksIn(scene, world)
    const system = btrfsSystem(`${scene.name ?? 'own scene'} on ${kernel.release}`, world, tasks, [
      ...builtIn(scene),
      ...factOracles(scene, countsOf(tasks)),
    ])
    return {
      scene,
      release: resolved.release,
      system,
      says: [resolved.says, says].filter((one) => one !== null).join('; ') || null,
      axis: reach(scene, world.inode.i_size),
    }
  } catch (error) {
    if (error instanceof NotModelled) return [{ line: 1, word: null, message: error.message }]
    throw error
  }
}
