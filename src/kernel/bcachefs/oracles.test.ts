/**
 * The oracles on histories made by hand, each beside its neighbour that is right. Wordings: facts bcachefs-buffered-write 8;
 * several of them never fire in a scenario, so here is where one sees that they are awake.
 */
import { describe, expect, it } from 'vitest'
import { K } from '../../base/range.ts'
import { objectionOf } from '../../engine/oracle.ts'
import { choose, resolveRelease } from '../releases.ts'
import { operation, type Operation } from '../vfs/history.ts'
import { orders } from '../oracles/serial.ts'
import { orderOracles, stateOracles } from './oracles.ts'
import { stageWorld } from './stage.ts'
import type { BcachefsWorld } from './world.ts'

const size = 16 * K
const start = { size, runs: [{ from: 0, to: size, stamp: 'O' }] }

function file(
  content: readonly (readonly [from: number, to: number, stamp: string])[],
  ops: Record<string, Operation> = {},
): BcachefsWorld {
  const { kernel } = choose(resolveRelease('6.9').release, [], [])
  const btree = content.map(([from, to, stamp]) => ({ from, to, kind: 'data' as const, stamp }))
  return { ...stageWorld({ kernel, setting: {}, size, btree }), ops }
}

/** A write of [from, to) that has returned; `after`: what had returned before it was invoked. */
const wrote = (task: string, from: number, to: number, after: string[] = []): Operation => ({
  ...operation(task, 'write', from, to),
  invoked: true,
  returned: to - from,
  after,
})
const read = (task: string, from: number, to: number, stamp: string, after: string[] = []): Operation => ({
  ...operation(task, 'read', from, to),
  invoked: true,
  returned: to - from,
  value: [{ from, to, stamp }],
  after,
})

/** What an oracle says of a state in which everything has ended, or of the step from one state to another. */
function says(id: string, s: BcachefsWorld, before: BcachefsWorld = s, task = 'A'): string | null {
  const oracle = [...stateOracles, ...orderOracles(start)].find((one) => one.id === id)
  if (!oracle) throw new Error(`no oracle ${id}`)
  if (oracle.shape === 'judge' || oracle.shape === 'lasting') throw new Error(`${id} judges over a recorder`)
  return objectionOf(oracle.shape === 'monitor' ? oracle.observe({}, before, s, { task }) : oracle.judge(s))?.says ?? null
}

describe('P1, acknowledged data', () => {
  it('are there or are missing', () => {
    expect(says('P1', file([[0, size, 'A']], { A: wrote('A', 0, size) }))).toBeNull()
    expect(says('P1', file([[0, 4096, 'A']], { A: wrote('A', 0, size) }))).toBe(
      "A's write of [4K, 16K) was acknowledged, but a read finds zeros there",
    )
  })
  it('may be gone where another call was not over when the write was invoked, not where it was', () => {
    const content = [[0, size, 'B']] as const
    expect(says('P1', file(content, { A: wrote('A', 0, size), B: wrote('B', 0, size) }))).toBeNull()
    expect(says('P1', file(content, { A: wrote('A', 0, size, ['B']), B: wrote('B', 0, size) }))).toContain("A's write")
  })
  it('are as much as was returned, not as much as was asked for', () => {
    expect(says('P1', file([[0, 4096, 'A']], { A: { ...wrote('A', 0, size), returned: 4096 } }))).toBeNull()
  })
  it('may be cut off by a truncate', () => {
    const T: Operation = { ...operation('T', 'truncate', 4096, 4096), invoked: true, returned: 0, after: ['A'] }
    expect(says('P1', file([[0, 4096, 'A']], { A: wrote('A', 0, size), T }))).toBeNull()
  })
})

describe('P2 and P3, folios that go', () => {
  const cached = (dirty: boolean): BcachefsWorld => {
    const s = file([[0, size, 'O']])
    s.mapping.runs = [{ from: 0, to: size, stamp: 'A', dirty, writeback: false }]
    return s
  }
  it('clean ones may go, dirty ones only by a truncate that covers them', () => {
    const gone = file([[0, size, 'O']])
    expect(says('P2', gone, cached(false))).toBeNull()
    expect(says('P2', gone, cached(true))).toBe('A removed the dirty folios [0, 16K), which hold A, and is no truncate')
    const truncate = (from: number): BcachefsWorld => ({
      ...gone,
      ops: { A: { ...operation('A', 'truncate', from, from), invoked: true } },
    })
    expect(says('P2', truncate(0), cached(true))).toBeNull()
    expect(says('P2', truncate(8192), cached(true))).not.toBeNull()
  })
  it('need the inode lock or the blocking state, held by who removes them', () => {
    const gone = file([[0, size, 'O']])
    expect(says('P3', gone, cached(false))).toContain('without the inode lock')
    expect(says('P3', gone, { ...cached(false), locks: { i_rwsem: { mode: 'exclusive', holders: ['A'] } } })).toBeNull()
    expect(says('P3', gone, { ...cached(false), locks: { i_rwsem: { mode: 'exclusive', holders: ['B'] } } })).not.toBeNull()
    expect(says('P3', gone, { ...cached(false), pcl: { mode: 'block', holders: ['A'] } })).toBeNull()
    expect(says('P3', gone, { ...cached(false), pcl: { mode: 'add', holders: ['A'] } })).not.toBeNull()
  })
})

describe('P5, overlapping writes', () => {
  const both = { A: wrote('A', 0, size), B: wrote('B', 0, size) }
  it('end as one of them, whole', () => {
    expect(says('P5', file([[0, size, 'A']], both))).toBeNull()
    expect(says('P5', file([[0, size, 'B']], both))).toBeNull()
    const mixed = file(
      [
        [0, 8192, 'B'],
        [8192, size, 'A'],
      ],
      both,
    )
    expect(says('P5', mixed)).toBe('no order of the writes leaves [0, 8K) = B, [8K, 16K) = A')
  })
  it('keep to who had returned before whom was invoked', () => {
    const ordered = { A: wrote('A', 0, size), B: wrote('B', 0, size, ['A']) }
    expect(says('P5', file([[0, size, 'B']], ordered))).toBeNull()
    expect(says('P5', file([[0, size, 'A']], ordered))).not.toBeNull()
    expect([...orders(Object.entries(ordered))].map((order) => order.map(([id]) => id))).toEqual([['A', 'B']])
  })
  it('say nothing of bytes that one write alone covered', () => {
    expect(says('P5', file([[0, size, '0']], { A: wrote('A', 0, 8192), B: wrote('B', 8192, size) }))).toBeNull()
  })
  it('with reads: A, B, A from one write of A has no order; O, B, A has', () => {
    const page = { A: wrote('A', 0, size), B: wrote('B', 0, 4096, ['B1']) }
    const seen = (stamp: string): Record<string, Operation> => ({
      ...page,
      B1: read('B', 0, 4096, stamp),
      B2: read('B', 0, 4096, 'B', ['B', 'B1']),
    })
    expect(says('P5-reads', file([[0, size, 'A']], seen('A')))).toBe(
      '[0, 4K): reads found A, B and in the end there is A, which no order of the writes gives',
    )
    expect(says('P5-reads', file([[0, size, 'A']], seen('O')))).toBeNull()
    expect(says('P5', file([[0, size, 'A']], seen('A')))).toBeNull()
  })
  it('with reads: half of a write may be seen (section 5, H7)', () => {
    const R: Operation = {
      ...read('R', 0, size, 'A'),
      value: [
        { from: 0, to: 8192, stamp: 'A' },
        { from: 8192, to: size, stamp: 'O' },
      ],
    }
    expect(says('P5-reads', file([[0, size, 'B']], { A: wrote('A', 0, size), B: wrote('B', 0, size, ['A', 'R']), R }))).toBeNull()
  })
})

describe('P6 and P7, sizes', () => {
  const sized = (i_size: number, more: Partial<BcachefsWorld> = {}): BcachefsWorld => {
    const s = { ...file([[0, size, 'O']]), ...more }
    return { ...s, inode: { ...s.inode, i_size } }
  }
  it('a size shrinks by a truncate only', () => {
    expect(says('P6', sized(size), sized(8192))).toBeNull()
    expect(says('P6', sized(8192), sized(size))).toBe('A took i_size from 16K to 8K, and is no truncate')
    expect(says('P6', sized(8192, { ops: { A: operation('A', 'truncate', 8192, 8192) } }), sized(size))).toBeNull()
  })
  it('no folio wholly behind i_size is dirty while nobody has a lock; the one that straddles it may be', () => {
    const mapping = {
      runs: [{ from: 0, to: size, stamp: 'A', dirty: true, writeback: false }],
      locked: [],
      writable: [],
      fresh: [],
      held: [],
    }
    expect(says('P7', sized(size, { mapping }))).toBeNull()
    expect(says('P7', sized(size - 4095, { mapping }))).toBeNull()
    expect(says('P7', sized(size - 4096, { mapping }))).toBe('the folios [12K, 16K) are dirty, and i_size is 12K')
    expect(says('P7', sized(size - 4096, { mapping, pcl: { mode: 'add', holders: ['B'] } }))).toBeNull()
  })
})
