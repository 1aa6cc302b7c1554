/** Expectations cite their row of the facts: `direct-io A.5` is src/kernel/facts/direct-io.md section A.5. */
import { describe, expect, it } from 'vitest'
import { K } from '../../base/range.ts'
import { Machine } from '../../engine/machine.ts'
import { search } from '../../engine/search.ts'
import { Trace } from '../../engine/trace.ts'
import type { Verdict } from '../../engine/view.ts'
import { writeKept } from '../../kernel/btrfs/oracles.ts'
import { btrfsSystem, inodeItems, stageExtents, stageWorld, T } from '../../kernel/btrfs/stage.ts'
import { addUnseenRead, addWrite } from '../../kernel/vfs/stage.ts'
import { layouts } from '../../testing/layout.ts'
import { verdictOf } from '../../testing/searched.ts'
import { run, stage, type Asked } from '../run.ts'
import { scenario } from './index.ts'

const explore = (asked: Asked): Verdict => verdictOf(scenario, asked)
const violated = (verdict: Verdict): string[] =>
  verdict.oracles.filter((oracle) => oracle.kind === 'verdict' && oracle.violatingSchedules !== '0').map((oracle) => oracle.id)

describe('an append of 64K from a buffer that is not in the page tables', () => {
  it('leaves a hole of 64K before the data on 6.1, in every interleaving (direct-io A.5 row 1)', () => {
    const verdict = explore({ kernel: '6.1' })
    expect(verdict.complete).toBe(true)
    expect(verdict.violating).toBe(verdict.schedules)
    expect(violated(verdict)).toEqual(['A-O1', 'A-O2', 'A-O3'])
    expect(verdict.outcomes).toHaveLength(1)
    expect(verdict.outcomes[0]).toMatchObject({
      size: 131072,
      pos: 131072,
      returns: { A: 65536 },
      content: [
        [0, 65536, '0'],
        [65536, 131072, 'A'],
      ],
    })
    expect(layouts(verdict)).toEqual(['0K .... 64K A 128K'])
  })

  it.each(['5.16', '5.17', '6.0'])('is right on %s, before the regression (direct-io section 0)', (kernel) => {
    const verdict = explore({ kernel })
    expect([verdict.complete, verdict.violating, layouts(verdict)]).toEqual([true, '0', ['0K A 64K']])
    expect(verdict.outcomes[0]).toMatchObject({ size: 65536, pos: 65536, returns: { A: 65536 } })
  })

  it.each([{ kernel: '6.11' }, { kernel: '6.10.5' }, { kernel: '6.1', on: ['939b656bc8ab'] }])(
    'is right with the fix: %o (direct-io A.5 "fixed V2/V2+")',
    (asked) => {
      const verdict = explore(asked)
      expect([verdict.complete, verdict.violating, layouts(verdict)]).toEqual([true, '0', ['0K A 64K']])
    },
  )

  it.each(['6.0.8', '6.1.192-rk', '6.4', '6.9'])(
    'is wrong on %s too: the regression was in stable, and the recorded build has it (ground truth, append.jsonl)',
    (kernel) => {
      expect(layouts(explore({ kernel }))).toEqual(['0K .... 64K A 128K'])
    },
  )

  it.each(['6.15', '7.2', '6.12.117'])(
    'is right on %s, where the inode has checksums and the write goes through the page cache (direct-io A.7 last but one)',
    (kernel) => {
      const verdict = explore({ kernel })
      expect([verdict.violating, layouts(verdict)]).toEqual(['0', ['0K A 64K']])
    },
  )

  it('has the same layout for memory nobody ever touched, which reads as zeros everywhere (direct-io A.10)', () => {
    const verdict = explore({ kernel: '6.1', settings: { buffer: 'anon' } })
    expect(verdict.outcomes).toHaveLength(1)
    expect(verdict.outcomes[0]).toMatchObject({ size: 131072, content: [[0, 131072, '0']] })
    expect(verdict.outcomes[0]?.layout?.map(({ kind }) => kind)).toEqual(['hole', 'data'])
  })

  it('gets past the retry when generic_write_checks() is skipped, as the reporter tried (direct-io A.4 V1)', () => {
    const verdict = explore({ kernel: '6.1', on: ['skip-checks-on-retry'] })
    expect([verdict.violating, layouts(verdict)]).toEqual(['0', ['0K A 64K']])
  })
})

describe('a buffer whose first pages are present', () => {
  it('loses the part already written on 6.1: one ordered extent covers both (direct-io A.5 row 3)', () => {
    expect(layouts(explore({ kernel: '6.1', settings: { resident: '4' } }))).toEqual(['0K .... 64K A 112K'])
  })
  it('keeps it from 6.4 on, with the hole behind it (direct-io A.5 row 2)', () => {
    expect(layouts(explore({ kernel: '6.4', settings: { resident: '4' } }))).toEqual(['0K A 16K .... 64K A 112K'])
  })
  it('does no harm when all of it is present (direct-io A.5 row 4, A.7)', () => {
    expect(explore({ kernel: '6.1', settings: { resident: '16' } })).toMatchObject({ violating: '0', complete: true })
  })
  it('leaves a hole as long as the first mapping less what was submitted, for any number of pages (direct-io A.3, general rule)', () => {
    for (const resident of [1, 7, 15]) {
      const done = resident * 4
      expect(layouts(explore({ kernel: '6.4', settings: { resident: String(resident) } }))).toEqual([
        `0K A ${done}K .... 64K A ${128 - done}K`,
      ])
    }
  })
  it('loses its first part even with the fix as long as the ordered extent is not split: seen on a real 6.1.170 (ground truth, LOST)', () => {
    expect(layouts(explore({ kernel: '6.1.170', settings: { resident: '4' } }))).toEqual(['0K .... 16K A 64K'])
    expect(layouts(explore({ kernel: '6.1.192', settings: { resident: '4' } }))).toEqual(['0K A 64K'])
  })
})

describe('other sizes', () => {
  it('4096 bytes make a file of 8192 with the data behind the hole (direct-io A.5 row 8, generic/362)', () => {
    const verdict = explore({ settings: { length: '4K', buffer: 'anon' } })
    expect(verdict.outcomes.map(({ returns, size, pos }) => [returns['A'], size, pos])).toEqual([[4096, 8192, 8192]])
    expect(verdict.outcomes[0]?.layout?.map(({ from, to, kind }) => [from, to, kind])).toEqual([
      [0, 4096, 'hole'],
      [4096, 8192, 'data'],
    ])
  })

  it.each([
    ['64K', '0', 64 + 2 * 64],
    ['64K', '16', 64 + 64],
    ['4K', '0', 4 + 2 * 64],
  ])('64K appended to a file of %s with %s pages present end at %iK (direct-io A.5 row 9)', (before, resident, end) => {
    const verdict = explore({ settings: { before, resident } })
    const old = Number(before.slice(0, -1))
    expect(new Set(verdict.outcomes.map(({ size }) => size))).toEqual(new Set([end * K]))
    expect(layouts(verdict)).toEqual([resident === '0' ? `0K X ${old}K .... ${old + 64}K A ${end}K` : `0K X ${old}K A ${end}K`])
  })
})

describe('memory of another kind', () => {
  it.each(['6.1', '6.11'])('without room for the data it fails on %s before i_size is raised (direct-io A.7, A12)', (kernel) => {
    const verdict = explore({ kernel, settings: { space: 'none' } })
    expect([verdict.complete, verdict.violating, verdict.outcomes.length]).toEqual([true, '0', 1])
    expect(verdict.outcomes[0]).toMatchObject({ size: 0, pos: 0, returns: { A: -28 }, layout: [] })
  })
  it.each(['6.1', '6.11'])('registered with io_uring, it cannot fault: right on %s (direct-io A.7)', (kernel) => {
    const verdict = explore({ kernel, settings: { buffer: 'fixed' } })
    expect([verdict.complete, verdict.violating, layouts(verdict)]).toEqual([true, '0', ['0K A 64K']])
  })

  it.each([
    ['6.1', 2 * 64 * K],
    ['6.9', 2 * 64 * K],
    ['6.0', 64 * K],
    ['6.10.5', 64 * K],
    ['6.11', 64 * K],
    ['6.1.192', 0],
  ])('an address without memory: EFAULT on %s, and i_size is %i (direct-io A.5, last paragraph; A.9)', (kernel, end) => {
    const verdict = explore({ kernel, settings: { buffer: 'bad' } })
    expect([verdict.complete, verdict.deadlocks, verdict.violating]).toEqual([true, 0, '0'])
    expect(verdict.outcomes.map(({ returns, size }) => [returns['A'], size])).toEqual([[-14, end]])
    // What grew without data is told, and is no verdict: kernels with the fix do it too.
    const told = verdict.oracles.find(({ id }) => id === 'A-O2-error')?.violatingSchedules
    expect(told).toBe(end > 0 ? verdict.schedules : '0')
  })
})

it('without NO_HOLES disk_i_size stays 0 behind the hole, so that a remount finds an empty file (direct-io A.5, below the table)', () => {
  const disk = (noHoles: boolean): unknown[] => {
    const { kernel } = stage(scenario, { kernel: '6.1' })
    const all = inodeItems(0)
    const leaves = [{ id: 'N', generation: T, items: all, room: 100 }]
    const world = stageWorld({ kernel, setting: {}, size: 0, noHoles, leaves, committed: all })
    const write = addWrite(world, { letter: 'A', length: 64 * K, resident: 0, filled: true, append: true })
    const trace = new Trace(new Machine(btrfsSystem('no-holes', world, [write], [])))
    trace.finish()
    const { inode, bi } = trace.machine.world(trace.state)
    return [trace.end, inode.i_size, bi.disk_i_size]
  }
  expect([disk(false), disk(true)]).toEqual([
    ['final', 128 * K, 0],
    ['final', 128 * K, 128 * K],
  ])
})

describe('two appenders', () => {
  it(
    'both not resident: every file is 256K long, and one schedule leaves [0, 128K) as a hole (direct-io A.5 row 6)',
    { timeout: 60_000 },
    () => {
      const verdict = explore({ kernel: '6.1', settings: { appenders: '2' } })
      expect(verdict.complete).toBe(true)
      expect(new Set(verdict.outcomes.map((outcome) => outcome.size))).toEqual(new Set([262144]))
      expect(layouts(verdict)).toContain('0K .... 128K A 192K B 256K')
    },
  )
  it('the second one resident: every file is 192K long, among them hole, B, A (direct-io A.5 row 5)', () => {
    const verdict = explore({ kernel: '6.1', settings: { appenders: '2', resident2: '16' } })
    expect(new Set(verdict.outcomes.map((outcome) => outcome.size))).toEqual(new Set([196608]))
    expect(layouts(verdict)).toContain('0K .... 64K B 128K A 192K')
  })
  it('are both right with the fix, one after the other', () => {
    const verdict = explore({ kernel: '6.11', settings: { appenders: '2' } })
    expect([verdict.violating, layouts(verdict)]).toEqual(['0', ['0K A 64K B 128K', '0K B 64K A 128K']])
  })
  it(
    'and a truncate show why skipping the checks was rejected: one append overwrites the other (direct-io A.4 V1)',
    { timeout: 60_000 },
    () => {
      const settings = { appenders: '2', resident: '4', truncate: '16K' }
      expect(violated(explore({ kernel: '6.1', on: ['skip-checks-on-retry'], settings }))).toContain('A-O9')
      expect(violated(explore({ kernel: '6.1', on: ['939b656bc8ab'], settings }))).not.toContain('A-O9')
    },
  )
})

it('goes twice through generic_write_checks() in the documented schedule, with i_size raised in between (direct-io A.3, trace)', () => {
  const { trace } = run(stage(scenario), { named: 'bug' })
  const labels = trace.infos
    .filter((info) => ['write_checks', 'raise_i_size', 'unlock_before_complete', 'fault_in'].includes(info.label))
    .map((info) => info.label)
  expect(labels).toEqual([
    'write_checks',
    'raise_i_size',
    'unlock_before_complete',
    'fault_in',
    'write_checks',
    'raise_i_size',
    'unlock_before_complete',
  ])
})

it.each(['6.1', '6.11'])(
  'a page of the range that a reader caches in between sends the write on %s to the page cache (direct-io A.7)',
  (kernel) => {
    const { items, data, next } = stageExtents([{ offset: 0, length: 64 * K, stamp: 'X' }])
    const all = [...inodeItems(64 * K), ...items]
    const { kernel: running } = stage(scenario, { kernel })
    const world = stageWorld({
      kernel: running,
      setting: {},
      size: 64 * K,
      noHoles: true,
      leaves: [{ id: 'N', generation: T, items: all, room: 100 }],
      committed: all,
      data,
      nextData: next,
    })
    const write = addWrite(world, { letter: 'A', length: 64 * K, resident: 16, filled: true, append: false })
    const read = addUnseenRead(world, 'B', { from: 0, to: 4 * K })
    const { verdict } = search(btrfsSystem('cached', world, [write, read], [writeKept]))
    expect(verdict).toMatchObject({ complete: true, violating: '0', deadlocks: 0 })
    // Nobody raised i_size, and the bytes are the writer's whichever way they went.
    expect(new Set(verdict.outcomes.map(({ size, content }) => JSON.stringify([size, content])))).toEqual(
      new Set(['[65536,[[0,65536,"A"]]]']),
    )
  },
)

it.each(['6.0', '6.11', '6.15'])(
  'two appends and a truncate on %s harm nobody: what a truncate removed may be written anew (direct-io A.6, A-O9)',
  (kernel) => {
    expect(explore({ kernel, settings: { appenders: '2', truncate: '16K', resident2: '16' } })).toMatchObject({
      complete: true,
      violating: '0',
      deadlocks: 0,
    })
  },
)
