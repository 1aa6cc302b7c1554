/** Card parts that are the same for every scenario. */
import { patchOf } from '../kernel/patches.ts'
import { compareVersions, releases } from '../kernel/releases.ts'
import type { Card } from './card.ts'

export const cardPatches = (ids: readonly string[]): Card['patches'] =>
  ids.map((id) => {
    const { name, subject, kind, needs, excludes } = patchOf(id)
    return { id, name, subject, kind, needs, excludes }
  })

/** For a scenario whose code is modelled on every release. */
export const everyRelease: readonly string[] = releases.map(({ version }) => version)

/** For a scenario whose code is modelled from a release on. */
export const releasesFrom = (first: string): readonly string[] => everyRelease.filter((version) => compareVersions(version, first) >= 0)
