/** fallocate() beside a store through a mapping, with metadata space short or not: what 8d9b4a162a37 is for. Source: facts fsync-log-tree 3.9. */
import { describe, expect, it } from 'vitest'
import { K } from '../../../base/range.ts'
import { search } from '../../../engine/search.ts'
import type { Verdict } from '../../../engine/view.ts'
import { choose, resolveRelease } from '../../releases.ts'
import { addFallocate, addStores } from '../../vfs/stage.ts'
import { fsyncOracles } from '../fsync/oracles.ts'
import { addReclaim, btrfsSystem, inodeItems, stageWorld, T } from '../stage.ts'

/** The file is 256K of hole; A preallocates its first half, B stores to the page at `store`, reclaim writes pages back. */
function verdictOf(patches: readonly string[], metadata: 'short' | undefined, store: number): Verdict {
  const { kernel } = choose(resolveRelease('5.12').release, [...patches], [])
  const size = 256 * K
  const items = inodeItems(size)
  const leaves = [{ id: 'N', generation: T, items, room: 50 }]
  const world = stageWorld({ kernel, setting: {}, size, noHoles: true, leaves, committed: items, ...(metadata ? { metadata } : {}) })
  const tasks = [
    addFallocate(world, 'A', { mode: 'allocate', offset: 0, length: 128 * K, keepSize: false }),
    addStores(world, 'B', [{ from: store, to: store + 4 * K, stamp: 'Z' }], false),
    addReclaim('F'),
  ]
  const { verdict } = search(btrfsSystem('fallocate', world, tasks, fsyncOracles), { maxStates: 20_000 })
  expect(verdict.complete).toBe(true)
  return verdict
}

const inside = 64 * K
const beyond = 192 * K
const pageAt =
  (at: number) =>
  ({ content }: Verdict['outcomes'][number]): unknown =>
    content?.find(([from, to]) => from <= at && at < to)?.[2]

describe.each([{ patches: [] }, { patches: ['8d9b4a162a37'] }])('with $patches and metadata space enough', ({ patches }) => {
  it('fallocate() fills the holes and keeps the page that was stored to, whoever comes first', () => {
    const { deadlocks, outcomes } = verdictOf(patches, undefined, inside)
    expect(deadlocks).toBe(0)
    expect(new Set(outcomes.map(pageAt(inside)))).toEqual(new Set(['Z']))
    expect(new Set(outcomes.map((outcome) => outcome.returns['A']))).toEqual(new Set([0]))
  })
})

describe('with metadata space short', () => {
  it('fallocate() waits with the range locked for a reclaim that waits for the range, if the store came after its flush', () => {
    const { outcomes } = verdictOf([], 'short', inside)
    const stuck = outcomes.filter((outcome) => outcome.stuck !== null)
    expect(stuck).not.toEqual([])
    for (const outcome of stuck) {
      expect(outcome.violates).toEqual(['deadlock'])
      expect(outcome.stuck?.[0]).toEqual({ task: 'A', on: 'metadata space, until what is dirty has been written back', heldBy: [] })
    }
    // Reclaim has locked the page by then, so a store to it waits too.
    expect(stuck.some(({ stuck }) => stuck?.some(({ task, heldBy }) => task === 'B' && heldBy.includes('F')))).toBe(true)
    // Not every schedule: a store before the flush of G3, or after G7, is written back.
    expect(outcomes.some((outcome) => outcome.stuck === null && pageAt(inside)(outcome) === 'Z')).toBe(true)
  })

  it('no task waits for ever where the store waits for i_mmap_lock, from G1 to G8', () => {
    const { deadlocks, outcomes } = verdictOf(['8d9b4a162a37'], 'short', inside)
    expect([deadlocks, new Set(outcomes.map(pageAt(inside)))]).toEqual([0, new Set(['Z'])])
  })

  it('no task waits for ever for a page beyond the range: reclaim writes it and the ticket is served', () => {
    expect(verdictOf([], 'short', beyond).deadlocks).toBe(0)
  })
})
