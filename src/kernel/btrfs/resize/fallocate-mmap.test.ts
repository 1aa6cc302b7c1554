/** fallocate() beside a store through a mapping: 8d9b4a162a37 has the store wait, and without it no page is lost either. */
import { describe, expect, it } from 'vitest'
import { K } from '../../../base/range.ts'
import { search } from '../../../engine/search.ts'
import { choose, resolveRelease } from '../../releases.ts'
import { addFallocate, addStores } from '../../vfs/stage.ts'
import { fsyncOracles } from '../fsync/oracles.ts'
import { addFlusher, btrfsSystem, inodeItems, stageWorld, T } from '../stage.ts'

describe.each([
  ['5.12', []],
  ['5.12', ['8d9b4a162a37']],
] as const)('on %s with %j', (release, on) => {
  it('fills the holes and keeps the page that was stored to, whoever comes first', () => {
    const { kernel } = choose(resolveRelease(release).release, [...on], [])
    const items = inodeItems(128 * K)
    const leaves = [{ id: 'N', generation: T, items, room: 50 }]
    const world = stageWorld({ kernel, setting: {}, size: 128 * K, noHoles: true, leaves, committed: items })
    const tasks = [
      addFallocate(world, 'A', { mode: 'allocate', offset: 0, length: 128 * K, keepSize: false }),
      addStores(world, 'B', [{ from: 64 * K, to: 68 * K, stamp: 'Z' }], false),
      addFlusher('F', 'async space reclaim'),
    ]
    const { verdict } = search(btrfsSystem('fallocate', world, tasks, fsyncOracles))
    expect([verdict.complete, verdict.deadlocks]).toEqual([true, 0])
    const pages = verdict.outcomes.map(({ content }) => content?.find(([from, to]) => from <= 64 * K && 64 * K < to)?.[2])
    expect(new Set(pages)).toEqual(new Set(['Z']))
    const returns = new Set(verdict.outcomes.map((outcome) => outcome.returns['A']))
    expect(returns).toEqual(new Set([0]))
  })
})
