import { describe, expect, it } from 'vitest'
import { heldSpans } from './held.ts'
import type { LockRow, Picture } from './picture.ts'

const lock = (mode: LockRow['mode'], ...holders: string[]): LockRow => ({ id: 'inode', name: 'inode lock', mode, holders, range: null })
const table = (...rows: readonly LockRow[]): Picture[] => [{ kind: 'locks', id: 'locks', title: 'locks', rows }]

describe('a lock', () => {
  it('is held from the state after the step that took it until the state after the one that released it', () => {
    const states = [lock('free'), lock('exclusive', 'A'), lock('exclusive', 'A'), lock('free'), lock('exclusive', 'B')].map((row) =>
      table(row),
    )
    expect(heldSpans(states)).toEqual([
      { task: 'A', on: 'inode lock', mode: 'exclusive', from: 1, to: 3 },
      { task: 'B', on: 'inode lock', mode: 'exclusive', from: 4, to: null },
    ])
  })

  it('that two share is held by each of them for its own time', () => {
    const states = [lock('shared', 'A'), lock('shared', 'A', 'B'), lock('shared', 'B'), lock('free')].map((row) => table(row))
    expect(heldSpans(states).map(({ task, from, to }) => [task, from, to])).toEqual([
      ['A', 0, 2],
      ['B', 1, 3],
    ])
  })

  it('of a range is named with the range, and another range is another lock', () => {
    const range = (of: string): LockRow => ({ id: of, name: 'io_tree', mode: 'exclusive', holders: ['A'], range: of })
    const spans = heldSpans([table(range('[0, 4K)')), table(range('[0, 4K)'), range('[8K, 12K)'))])
    expect(spans.map(({ on, from }) => [on, from])).toEqual([
      ['io_tree [0, 4K)', 0],
      ['io_tree [8K, 12K)', 1],
    ])
  })

  it('that is free or broken has no holder', () => {
    expect(heldSpans([table(lock('free')), table(lock('broken', 'A')), []])).toEqual([])
  })
})
