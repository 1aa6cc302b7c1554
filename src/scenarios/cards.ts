/** Card parts that are the same for every scenario. */
import { patchOf } from '../kernel/patches.ts'
import type { Card } from './card.ts'

export const cardPatches = (ids: readonly string[]): Card['patches'] =>
  ids.map((id) => {
    const { name, subject, kind, needs, excludes } = patchOf(id)
    return { id, name, subject, kind, needs, excludes }
  })
