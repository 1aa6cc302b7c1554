/** Expectations are the rows of the facts, ext4 1.1, 1.6 and 1.7. */
import { describe, expect, it } from 'vitest'
import type { Outcome, Verdict } from '../../engine/view.ts'
import { releaseViews } from '../release-line.ts'
import { verdictOf } from '../../testing/searched.ts'
import { fullSettings, run, stage, type Asked } from '../run.ts'
import { scenario } from './index.ts'

const explore = (asked: Asked = {}): Verdict => verdictOf(scenario, asked)

/** What is left in the end of every schedule: the outcomes of this question agree in it. */
function ends(asked: Asked): Pick<Outcome, 'size' | 'pos' | 'content' | 'reads'> {
  const { complete, outcomes } = explore(asked)
  expect(complete).toBe(true)
  const seen = outcomes.map(({ size, pos, content, reads }) => ({ size, pos, content, reads }))
  expect([...new Set(seen.map((one) => JSON.stringify(one)))]).toHaveLength(1)
  return seen[0] as (typeof seen)[number]
}

const K = 1024
/** Writes of 4K in a row, as they are read. */
const inARow = (stamps: string): [number, number, string][] => [...stamps].map((stamp, i) => [i * 4 * K, (i + 1) * 4 * K, stamp])

/** 1.1: the variant of each release of the table. */
describe.each([
  ['6.1.63', 'V0'],
  ['6.5', "V0'"],
  ['6.1.66', 'V2'],
  ['6.7', 'V2'],
  ['5.10.226', 'V0'],
  ['5.10.229', 'V2'],
  ['5.15.141', 'V0'],
  ['5.15.142', "V0'"],
  ['5.15.168', 'V2'],
])('on %s, %s', (kernel) => {
  it('no schedule violates anything, and the file has both writes', () => {
    expect(explore({ kernel })).toMatchObject({ complete: true, violating: '0', deadlocks: 0 })
    expect(ends({ kernel })).toMatchObject({ size: 8 * K, pos: 8 * K, content: inARow('AB') })
  })
})

describe.each(['6.1.64', '6.1.65', '5.10.227', '5.10.228'])('on %s, V1', (kernel) => {
  it('every schedule violates O1 and O3: the file has the second write alone, and the position is 0 (1.7 row 1)', () => {
    const verdict = explore({ kernel })
    expect(verdict.violating).toBe(verdict.schedules)
    expect(verdict.oracles.filter(({ violatingSchedules }) => violatingSchedules !== '0').map(({ id }) => id)).toEqual(['O1', 'O3'])
    expect(ends({ kernel })).toMatchObject({ size: 4 * K, pos: 0, content: inARow('B') })
  })
})

/** 1.7, row by row: what V0 and V2 leave, and what V1 does. */
describe.each([
  ['k writes of n', { writes: '4' }, { size: 16 * K, content: inARow('ABCD') }, { size: 4 * K, content: inARow('D') }],
  ['sixteen writes', { writes: '16' }, { size: 64 * K, content: inARow('ABCDEFGHIJKLMNOP') }, { size: 4 * K, content: inARow('P') }],
  [
    'a 64K file rewritten in 16 writes',
    { writes: '16', before: '64K' },
    { size: 64 * K, content: inARow('ABCDEFGHIJKLMNOP') },
    {
      size: 64 * K,
      content: [
        [0, 4 * K, 'P'],
        [4 * K, 64 * K, 'X'],
      ],
    },
  ],
  [
    'O_APPEND: A, then B',
    { call: 'append' },
    { size: 8 * K, pos: 8 * K, content: inARow('AB') },
    { size: 8 * K, pos: 4 * K, content: inARow('AB') },
  ],
  ['write A, write B, read: the end of the file', { read: 'after' }, { pos: 8 * K, reads: null }, { pos: 4 * K, size: 4 * K }],
] as const)('%s', (_name, settings, good, bad) => {
  it.each(['6.1.63', '6.1.66'])('on %s', (kernel) => {
    expect(ends({ kernel, settings })).toMatchObject(good)
  })
  it('on 6.1.64', () => {
    expect(ends({ kernel: '6.1.64', settings })).toMatchObject(bad)
  })
})

describe('a read through the descriptor', () => {
  const returned = (kernel: string): unknown[] =>
    explore({ kernel, settings: { read: 'after' } }).outcomes.map(({ returns }) => returns['R'])

  it('returns 0 at the end of the file, and on 6.1.64 4096: what was written last, once more (1.7)', () => {
    expect([returned('6.1.63'), returned('6.1.66'), returned('6.1.64')]).toEqual([[0], [0], [4096]])
  })
})

describe('two threads with one descriptor (1.7)', () => {
  const sizes = (kernel: string): (number | null)[] => [
    ...new Set(explore({ kernel, settings: { writes: 'threads' } }).outcomes.map(({ size }) => size)),
  ]

  it('write 8K, in either order; on 6.1.64 one of them is left, the later one', () => {
    expect([sizes('6.1.63'), sizes('6.1.66'), sizes('6.1.64')]).toEqual([[8 * K], [8 * K], [4 * K]])
    const left = explore({ settings: { writes: 'threads' } }).outcomes.map(({ content }) => content?.[0]?.[2])
    expect(new Set(left)).toEqual(new Set(['A', 'B']))
  })
})

describe('not concerned (1.6)', () => {
  it('is a write that brings its own position', () => {
    expect(explore({ settings: { call: 'pwrite' } })).toMatchObject({ complete: true, violating: '0' })
    expect(ends({ settings: { call: 'pwrite' } })).toMatchObject({ size: 8 * K, content: inARow('AB') })
  })

  it('is a write that fails: the position stays by design', () => {
    const { outcomes, complete } = explore({ kernel: '6.1.66', settings: { memory: 'bad' } })
    expect(complete).toBe(true)
    expect(outcomes.map(({ returns, size, pos, violates }) => [returns, size, pos, violates])).toEqual([
      [{ A: 4 * K, B: -14 }, 4 * K, 4 * K, []],
    ])
  })
})

it.each(['hole', 'unwritten', '64K'])('every direct write is: into a file that is %s before (1.6)', (before) => {
  const verdict = explore({ settings: { before } })
  expect(verdict.violating).toBe(verdict.schedules)
  expect(explore({ kernel: '6.1.66', settings: { before } })).toMatchObject({ complete: true, violating: '0' })
})

it('unwritten blocks that were written to are written in the end (1.5 E1)', () => {
  const layouts = explore({ kernel: '6.1.66', settings: { before: 'unwritten' } }).outcomes.map(({ layout }) => layout)
  expect(layouts).toEqual([
    [
      { from: 0, to: 4 * K, kind: 'data', source: 'A' },
      { from: 4 * K, to: 8 * K, kind: 'data', source: 'B' },
      { from: 8 * K, to: 64 * K, kind: 'unwritten', source: null },
    ],
  ])
})

it('O_SYNC plays no part in it (1.2)', () => {
  const verdict = explore({ settings: { call: 'sync' } })
  expect(verdict).toMatchObject({ complete: true, deadlocks: 0 })
  expect(verdict.violating).toBe(verdict.schedules)
})

it('of the four sets of the two commits only one violates (0, presets)', () => {
  const [inEndIo, later] = ['91562895f803', '936e114a245b'] as const
  const bad = [
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ].filter(([a, b]) => {
    const on = [a ? inEndIo : null, b ? later : null].filter((id) => id !== null)
    const off = [inEndIo, later].filter((id) => !on.includes(id))
    return explore({ kernel: '6.1.63', on, off }).violating !== '0'
  })
  expect(bad).toEqual([[true, false]])
})

it('the second write of the documented run takes the lock shared: to ext4 it is an overwrite (1.5, P)', () => {
  const locked = run(stage(scenario), { named: 'bug' })
    .trace.infos.filter(({ label }) => label === 'lock_inode')
    .map(({ task, says }) => [task, /shared|exclusive/.exec(says)?.[0]])
  expect(locked).toEqual([
    ['A', 'exclusive'],
    ['B', 'shared'],
  ])
})

it('the line of releases tells the story: it comes with 6.1.64, goes with 6.1.66, and is back in 5.10.227 (1.1)', () => {
  const line = [...releaseViews(scenario, fullSettings(scenario, {}))]
  const told = line
    .filter(({ version }) => /^(5\.10|6\.1)\.\d\d\d?$/.test(version))
    .map(({ version, state, added }) => [version, state, added])
  expect(told).toEqual([
    ['5.10.226', 'holds', []],
    ['5.10.227', 'violates', ['91562895f803', '619f75dae2cf']],
    ['5.10.228', 'violates', []],
    ['5.10.229', 'holds', ['936e114a245b']],
    ['6.1.63', 'holds', []],
    ['6.1.64', 'violates', ['91562895f803']],
    ['6.1.65', 'violates', []],
    ['6.1.66', 'holds', ['936e114a245b']],
    ['6.1.170', 'holds', ['619f75dae2cf']],
    ['6.1.192', 'holds', []],
  ])
  expect(line.filter(({ state }) => state === 'not modelled').map(({ version }) => version)).toEqual(['6.15', '7.2'])
})

it('an O_APPEND write behind old data moves the position to its own end, except on 6.1.64 (1.6, 1.8 O1)', () => {
  const settings = { call: 'append', before: '64K' }
  expect(explore({ kernel: '6.1.66', settings })).toMatchObject({ complete: true, violating: '0' })
  expect(ends({ kernel: '6.1.66', settings })).toMatchObject({ size: 72 * K, pos: 72 * K })
  const verdict = explore({ settings })
  expect(verdict.violating).toBe(verdict.schedules)
})
