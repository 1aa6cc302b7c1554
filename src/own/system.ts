/** A scene as a system: everything that a scenario of the catalogue has, staged from its text. */
import { InputError } from '../base/assert.ts'
import type { Kernel } from '../engine/procedure.ts'
import type { System } from '../engine/system.ts'
import { NotModelled } from '../kernel/btrfs/not-modelled.ts'
import { choose, resolveRelease, type Release } from '../kernel/releases.ts'
import type { Problem } from '../scene/lines.ts'
import { sayings, type Scene } from '../scene/scene.ts'
import { claimsOf } from './claims.ts'
import { countsOf, factOracles } from './facts.ts'
import type { SceneSystem, SceneWorld } from './file-system.ts'
import { scenesOf } from './file-systems.ts'
import { patchId, refusals } from './modelled.ts'
import { noting, unknownSteps } from './steps.ts'
import { reach, tasksIn } from './tasks.ts'

export interface StagedScene {
  readonly scene: Scene
  readonly release: Release
  readonly system: System<SceneWorld>
  /** What was resolved or switched beside what was asked for, in words. */
  readonly says: string | null
  /** As far as the file may reach, in bytes. */
  readonly axis: number
}

/** The file system that a scene is of, and the kernel that its text names. */
export interface Asked {
  readonly fs: SceneSystem
  readonly release: Release
  readonly kernel: Kernel
  readonly says: string | null
}

/** What the text says of the kernel. @returns the problems of the whole text if it asks for what is not modelled. */
export function askedOf(scene: Scene): Asked | readonly Problem[] {
  const refused = refusals(scene)
  if (refused.length > 0) return refused
  const [on] = sayings(scene, 'on')
  const fs = on && scenesOf(on.fs)
  if (!fs) throw new InputError('the scene says no kernel: `on btrfs 6.1`')
  const resolved = resolveRelease(on.release)
  const ids = (names: readonly string[]): string[] => names.flatMap((name) => patchId(name) ?? [])
  const { kernel, says } = choose(resolved.release, ids(on.on), ids(on.off))
  return {
    fs,
    release: resolved.release,
    kernel,
    says: [resolved.says, says].filter((one) => one !== null).join('; ') || null,
  }
}

/** The scene on a kernel. @returns the problems if its setup cannot be run there. */
export function systemOn(scene: Scene, fs: SceneSystem, kernel: Kernel): Pick<StagedScene, 'system' | 'axis'> | readonly Problem[] {
  try {
    const { world, problems } = fs.setUp(scene, kernel)
    if (problems.length > 0) return problems
    const tasks = tasksIn(scene, world, fs)
    const oracles = [...fs.rules(scene), ...factOracles(fs, scene, countsOf(tasks))]
    const claims = claimsOf(scene)
    const strange = unknownSteps(claims, fs.system('', world, [], []).procedures)
    if (strange.length > 0) return strange
    return {
      system: noting(fs.system(`${scene.name ?? 'own scene'} on ${kernel.release}`, world, tasks, oracles), claims),
      axis: reach(scene, world.inode.i_size),
    }
  } catch (error) {
    if (error instanceof NotModelled) return [{ line: 1, word: null, message: error.message }]
    throw error
  }
}

/** Everything but what is wrong with the text itself. @returns the problems if it cannot be run. */
export function stageScene(scene: Scene): StagedScene | readonly Problem[] {
  const asked = askedOf(scene)
  if (!('kernel' in asked)) return asked
  const { fs, release, kernel, says } = asked
  const staged = systemOn(scene, fs, kernel)
  return 'system' in staged ? { scene, release, says, ...staged } : staged
}
