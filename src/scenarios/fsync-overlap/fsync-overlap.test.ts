/** Expectations cite their row of the facts: `fsync-log-tree 7.1` is src/kernel/facts/fsync-log-tree.md section 7.1. */
import { describe, expect, it } from 'vitest'
import { Machine } from '../../engine/machine.ts'
import { blocked, Trace } from '../../engine/trace.ts'
import type { Verdict } from '../../engine/view.ts'
import { verdictOf } from '../../testing/searched.ts'
import { carried, run, stage, type Asked } from '../run.ts'
import { scenario } from './index.ts'

const explore = (asked: Asked = {}): Verdict => verdictOf(scenario, asked)
const violated = (verdict: Verdict): string[] =>
  verdict.oracles.filter((oracle) => oracle.kind === 'verdict' && oracle.violatingSchedules !== '0').map((oracle) => oracle.id)
/** Log items as [offset, length]. */
const logs = (verdict: Verdict): string[] =>
  verdict.outcomes.map((outcome) => JSON.stringify(outcome.log?.map(([offset, , , , length]) => [offset, length]) ?? null))

describe('a mapped store to the tail of the last item during a full fsync', () => {
  const verdict = explore()

  it('can make fsync fail with the log items of both versions (fsync-log-tree 7.1)', () => {
    expect(verdict.complete).toBe(true)
    expect(violated(verdict)).toEqual(['O1', 'O6'])
    const bad = verdict.outcomes.filter((outcome) => outcome.returns['A'] === -5)
    expect(bad.length).toBeGreaterThan(0)
    for (const outcome of bad)
      expect(outcome.log?.map(([offset, , , , length]) => [offset, length])).toEqual([
        [0, 655360],
        [655360, 131072],
        [782336, 4096],
      ])
  })

  it('prints the lines of 5.12 when it does: corrupt leaf, dump, write time corruption, errno=-5, read-only (fsync-log-tree 7.1)', () => {
    const lines = verdict.outcomes.find((outcome) => outcome.returns['A'] === -5)?.console ?? []
    expect(lines[0]).toMatch(
      /^BTRFS critical \(device sdb\): corrupt leaf: root=18446744073709551610 block=\d+ slot=3 ino=257 file_offset=655360, file extent end range \(786432\) goes beyond start offset \(782336\) of the next file extent$/,
    )
    expect(lines[1]).toMatch(/^BTRFS info \(device sdb\): leaf \d+ gen 8 total ptrs \d+ free space \d+ owner 18446744073709551610$/)
    expect(lines).toContain('\titem 0 key (257 1 0) itemoff 16123 itemsize 160')
    expect(lines.at(-3)).toMatch(/^BTRFS error \(device sdb\): block=\d+ write time tree block corruption detected$/)
    expect(lines.at(-2)).toBe('BTRFS: error (device sdb) in btrfs_sync_log:3136: errno=-5 IO failure')
    expect(lines.at(-1)).toBe('BTRFS info (device sdb): forced readonly')
  })

  it('also ends well: the store before the copy, or its completion after it (fsync-log-tree 9.1 to 9.4)', () => {
    const good = verdict.outcomes.filter((outcome) => outcome.violates.length === 0)
    expect(good.every((outcome) => outcome.returns['A'] === 0 && outcome.console.length === 0)).toBe(true)
    expect(logs({ ...verdict, outcomes: good })).toEqual(
      expect.arrayContaining(['[[0,655360],[655360,131072]]', '[[0,655360],[655360,126976],[782336,4096]]']),
    )
  })

  it('leaves the file as of the last commit after a reboot when the log was never written (fsync-log-tree 7.1, after reboot)', () => {
    const bad = verdict.outcomes.find((outcome) => outcome.returns['A'] === -5)
    expect(bad?.after).toEqual({
      size: 790528,
      layout: [
        { from: 0, to: 655360, kind: 'data', source: 'D' },
        { from: 655360, to: 790528, kind: 'data', source: 'E' },
      ],
      replayed: false,
    })
  })
})

describe('the two ways to keep the store out', () => {
  it('885f46d87f29 switches on what it needs, and then nothing is violated and nothing deadlocks (fsync-log-tree 6.1)', () => {
    const staged = stage(scenario, { on: ['885f46d87f29'] })
    expect(staged.says).toContain('8318ba79eeeb')
    expect(explore({ on: ['885f46d87f29'] })).toMatchObject({ complete: true, violating: '0', deadlocks: 0 })
  })

  it('with 885f46d87f29 no ordered extent starts or finishes while the inode is logged (fsync-log-tree 8, O8)', () => {
    const quiet = (asked: Asked): string | null | undefined =>
      explore(asked).oracles.find((oracle) => oracle.id === 'O8')?.violatingSchedules
    expect(quiet({ on: ['885f46d87f29'] })).toBe('0')
    expect(quiet({})).not.toBe('0')
  })

  it('locking the whole range holds too, but a reader of uncached data waits for the fsync (fsync-log-tree 6.2)', () => {
    const asked = { on: ['lock-whole-range'], settings: { reader: 'on' } }
    expect(explore(asked)).toMatchObject({ complete: true, violating: '0', deadlocks: 0 })
    const trace = new Trace(new Machine(stage(scenario, asked).system))
    while (trace.infos.at(-1)?.label !== 'lock_whole_range') expect(trace.take('A')).toBeNull()
    expect(blocked(trace.machine, trace.state)).toContainEqual({ task: 'R', on: 'io_tree [8K, 12K)', heldBy: ['A'] })
    while (trace.infos.at(-1)?.label !== 'unlock_inode') expect(trace.take('A')).toBeNull()
    expect(trace.take('R')).toBeNull()
  })

  it('with the real fix the same reader never waits for the fsync: it can always read to its end first', () => {
    const trace = new Trace(new Machine(stage(scenario, { on: ['885f46d87f29'], settings: { reader: 'on' } }).system))
    while (trace.infos.at(-1)?.label !== 'lock_mmap') expect(trace.take('A')).toBeNull()
    for (let i = 0; i < 3; i++) expect(trace.take('R')).toBeNull()
    expect(trace.machine.task(trace.state, 'R')?.done).toBe(true)
  })

  it('on the documented schedule the fixed kernel holds B in its page fault at the same moment, then both end well', () => {
    const { trace, diverged, after, original } = carried(stage(scenario, { on: ['885f46d87f29'] }), 'bug')
    expect(diverged?.task).toBe('B')
    expect(diverged?.says).toContain('B waits for i_mmap_lock, held by A')
    // The step of the original that cannot run is B's lock_page; A's steps keep their labels and order around it.
    const stuck = original.infos.findIndex((info) => info.task === 'B' && info.label === 'lock_page')
    const state = trace.states[after[stuck + 1] ?? 0]
    expect(state && blocked(trace.machine, state)).toContainEqual({ task: 'B', on: 'i_mmap_lock', heldBy: ['A'] })
    expect(trace.end).toBe('final')
    const outcome = trace.machine.outcome(trace.state)
    expect(outcome).toMatchObject({ returns: { A: 0, B: 0 }, console: [] })
    // Section 7.1, column "fixed": the log has the item as it was, of 128K.
    expect(outcome.log?.map(([offset, , , , length]) => [offset, length])).toEqual([
      [0, 655360],
      [655360, 131072],
    ])
    expect(trace.violations).toEqual([])
  })
})

describe('where the store lands', () => {
  it.each(['tail', 'middle', 'head'])('a store to the %s of the last item triggers it (fsync-log-tree 5.1)', (store) => {
    expect(violated(explore({ settings: { store } }))).toEqual(['O1', 'O6'])
  })
  it.each(['whole', 'earlier'])(
    '%s does not: an exact replacement keeps its key, an earlier item is behind min_key (fsync-log-tree 9.6, 9.7)',
    (store) => {
      expect(explore({ settings: { store } })).toMatchObject({ complete: true, violating: '0' })
    },
  )
  it('the new item may land in the neighbour leaf just as well (fsync-log-tree 5.1 row 7)', () => {
    expect(violated(explore({ settings: { leaf: 'neighbour' } }))).toEqual(['O1', 'O6'])
  })
})

describe('who notices', () => {
  it('nobody, if the two items sit in two leaves of the log: fsync succeeds and replay gives the newest layout (fsync-log-tree 7.1, last paragraph)', () => {
    const verdict = explore({ settings: { logleaf: 'two' } })
    expect(violated(verdict)).toEqual(['O1'])
    const overlapping = verdict.outcomes.filter((outcome) => outcome.violates.includes('O1'))
    expect(overlapping.length).toBeGreaterThan(0)
    for (const outcome of overlapping) {
      expect(outcome.returns['A']).toBe(0)
      expect(outcome.after).toMatchObject({
        replayed: true,
        layout: [
          { to: 655360, source: 'D' },
          { to: 782336, source: 'E' },
          { to: 786432, source: 'Z' },
        ],
      })
    }
  })
  it('with checksums offloaded the error comes late: fsync commits the transaction and succeeds (fsync-log-tree 3.5)', () => {
    const verdict = explore({ settings: { csum: 'offloaded' } })
    expect(violated(verdict)).toEqual(['O1'])
    const overlapping = verdict.outcomes.filter((outcome) => outcome.violates.includes('O1'))
    for (const outcome of overlapping)
      expect(outcome).toMatchObject({
        returns: { A: 0 },
        log: null,
        after: { replayed: false, layout: [{}, { to: 782336, source: 'E' }, { to: 786432, source: 'Z' }] },
      })
  })
})

it.each(['reclaim', 'memory-pressure'])(
  'writeback started by %s does it as well as sync_file_range (commit message of 885f46d87f29, step 6)',
  (flusher) => {
    expect(violated(explore({ settings: { flusher } }))).toEqual(['O1', 'O6'])
  },
)

it('with the write dirtied but not written back before the unlock nothing happens (fsync-log-tree 9.2)', () => {
  const { trace } = run(stage(scenario), { named: 'late' })
  expect(trace.violations).toEqual([])
  expect(trace.end).toBe('final')
})

it('with the ordered extent finished before the copy both items are logged as they are (fsync-log-tree 9.3)', () => {
  const { trace } = run(stage(scenario), { named: 'early' })
  expect(trace.violations.filter((violation) => violation.oracle !== 'O8')).toEqual([])
  expect(trace.machine.outcome(trace.state).log?.map(([offset, , , , length]) => [offset, length])).toEqual([
    [0, 655360],
    [655360, 126976],
    [782336, 4096],
  ])
})
