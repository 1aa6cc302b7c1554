/** Expectations cite their row of the facts: `fsync-log-tree 7.2` is src/kernel/facts/fsync-log-tree.md section 7.2. */
import { describe, expect, it } from 'vitest'
import { K } from '../../base/range.ts'
import type { Outcome, Verdict } from '../../engine/view.ts'
import { verdictOf } from '../../testing/searched.ts'
import { run, stage, type Asked } from '../run.ts'
import { scenario } from './index.ts'

type Counted = Verdict['outcomes'][number]
const explore = (asked: Asked = {}): Verdict => verdictOf(scenario, asked)
const violated = (verdict: Verdict): string[] =>
  verdict.oracles.filter((oracle) => oracle.kind === 'verdict' && oracle.violatingSchedules !== '0').map((oracle) => oracle.id)
/**
 * `X 512K hole 640K Y 644K hole 1024K`: what the file is made of, each up to where it ends. The page fault dirties the page
 * before the store executes, so extent Z may be written with the zeros that the page held before.
 */
const layout = ({ layout: extents }: Pick<Outcome, 'layout'>): string =>
  (extents ?? []).map(({ to, kind, source }) => `${kind === 'data' ? (source === '0' ? 'Z' : source) : kind} ${to / K}K`).join(' ')
const replay = 'BTRFS info (device sdb): start tree-log replay'
const promised = (verdict: Verdict): Counted[] =>
  verdict.outcomes.filter((outcome) => outcome.returns['A'] === 0 && outcome.console.includes(replay))

const torn = 'X 512K hole 640K Y 644K hole 1024K'
const valid1 = 'X 512K hole 1024K'
const valid2 = 'X 512K hole 640K Z 644K hole 1024K'

describe('a mapped store into a punched hole during a full fsync, and a power failure', () => {
  const verdict = explore()

  it('can bring the punched data back: Y at 128K into its extent, between two holes (fsync-log-tree 7.2)', () => {
    expect(verdict).toMatchObject({ complete: true, deadlocks: 0 })
    expect(violated(verdict)).toEqual(['O2', 'O3', 'O4'])
    const bad = verdict.outcomes.filter((outcome) => outcome.violates.includes('O2'))
    expect(new Set(bad.map(layout))).toEqual(new Set([torn]))
    for (const outcome of bad) {
      expect(outcome).toMatchObject({ returns: { A: 0 }, size: 1048576, console: [replay] })
      // Nothing of the kernel tells: the replay is all that is printed.
      expect(outcome.violates).toEqual(['O2', 'O3', 'O4'])
    }
  })

  it('otherwise leaves one of the two legal layouts, and both occur (fsync-log-tree 7.2, valid 1 and valid 2)', () => {
    const good = promised(verdict).filter((outcome) => !outcome.violates.includes('O2'))
    expect(new Set(good.map(layout))).toEqual(new Set([valid1, valid2]))
  })

  it('has a log with X, a hole of 128K and a hole of 380K, and nothing for the block between (fsync-log-tree 7.2, log tree)', () => {
    const { trace } = run(stage(scenario), { named: 'running' })
    expect(trace.machine.outcome(trace.state)).toMatchObject({
      returns: { A: 0, B: 0 },
      console: [],
      log: [
        [0, 'data', 'X', 0, 524288],
        [524288, 'hole', null, 0, 131072],
        [659456, 'hole', null, 0, 389120],
      ],
    })
  })

  it('shows Z and no symptom as long as the machine runs; only the log is known to be incomplete (fsync-log-tree 7.2, last paragraph)', () => {
    const { trace } = run(stage(scenario), { named: 'running' })
    const outcome = trace.machine.outcome(trace.state)
    expect(layout(outcome)).toBe(valid2)
    expect(trace.violations.map(({ oracle }) => oracle)).toEqual(['O8', 'O4'])
  })

  it('replays the item of Y with its head cut by 128K and its tail to 4K (fsync-log-tree 7.2, second table)', () => {
    const { trace } = run(stage(scenario), { named: 'bug' })
    const { subvol } = trace.machine.world(trace.state) as unknown as {
      subvol: { items: { type: string; offset: number; at: number; length: number; diskLength: number }[] }[]
    }
    const items = subvol.flatMap((leaf) => leaf.items).filter((item) => item.type === 'EXTENT_DATA')
    expect(items.map(({ offset, at, length, diskLength }) => [offset, diskLength, at, length])).toEqual([
      [0, 524288, 0, 524288],
      [655360, 524288, 131072, 4096],
    ])
  })

  it('is as of the last commit, or an earlier log, when the power fails before the super block is written (fsync-log-tree 9.12)', () => {
    const early = verdict.outcomes.filter(
      (outcome) => outcome.returns['A'] === undefined && !outcome.console.includes(replay) && outcome.size === 1052672,
    )
    expect(early.length).toBeGreaterThan(0)
    for (const outcome of early) {
      expect(layout(outcome)).toBe('X 512K Y 1024K W 1028K')
      expect(outcome.violates.filter((oracle) => oracle === 'O2' || oracle === 'O3')).toEqual([])
    }
  })
})

describe('with the store kept out', () => {
  it.each([['885f46d87f29'], ['lock-whole-range']])('by %s the log never lacks a block (fsync-log-tree 6.1, 6.2)', (patch) => {
    expect(explore({ on: [patch] })).toMatchObject({ complete: true, violating: '0', deadlocks: 0 })
  })
  it('by 885f46d87f29 a power failure after the fsync finds the hole whole (fsync-log-tree 7.2, fixed kernel)', () => {
    expect(new Set(promised(explore({ on: ['885f46d87f29'] })).map(layout))).toEqual(new Set([valid1, valid2]))
  })
})

describe('the siblings', () => {
  it('with an item for the hole the same store gives the overlap instead (fsync-log-tree 9.8)', () => {
    const verdict = explore({ settings: { 'no-holes': 'off' } })
    expect(violated(verdict)).toEqual(['O1', 'O6'])
    const failed = verdict.outcomes.filter((outcome) => outcome.returns['A'] === -5)
    expect(failed.length).toBeGreaterThan(0)
    for (const outcome of failed) expect(outcome.violates).toEqual(['O1', 'O6'])
  })
  it("a store over the end of the last extent leaves a gap behind it (fsync-log-tree 5.2, variant 2')", () => {
    const verdict = explore({ settings: { case: 'grow' } })
    expect(violated(verdict)).toEqual(['O2', 'O3', 'O4'])
    const bad = verdict.outcomes.filter((outcome) => outcome.violates.includes('O2'))
    expect(new Set(bad.map(layout))).toEqual(new Set(['X 640K E 768K Y 772K hole 1024K']))
  })
  it('two stores into two leaves: a crash can show the second without the first, each byte by itself being legal (fsync-log-tree 5.3)', () => {
    const verdict = explore({ settings: { case: 'mixed' } })
    expect(violated(verdict)).toEqual(['O3'])
    const bad = verdict.outcomes.filter((outcome) => outcome.violates.includes('O3'))
    expect(new Set(bad.map(layout))).toEqual(new Set(['X 4K V 512K S 516K U 1024K']))
  })
  it('a fast fsync can log an extent whose data are not on the disk (fsync-log-tree 5.4)', () => {
    const verdict = explore({ settings: { case: 'early' } })
    expect(violated(verdict)).toEqual(['O2', 'O3'])
    const bad = verdict.outcomes.filter((outcome) => outcome.violates.includes('O2'))
    expect(new Set(bad.map(layout))).toEqual(new Set(['X 512K Y 640K ? 644K Y 1024K']))
    expect(verdict.oracles.find((oracle) => oracle.id === 'O5')?.violatingSchedules).not.toBe('0')
  })
  it.each(['hole', 'grow', 'mixed', 'early'])('%s: never with the fix (fsync-log-tree 6.1)', (name) => {
    expect(explore({ on: ['885f46d87f29'], settings: { case: name } })).toMatchObject({ complete: true, violating: '0', deadlocks: 0 })
  })
  it.each(['reclaim', 'memory-pressure'])('writeback started by %s does it as well (commit message of 885f46d87f29, step 6)', (flusher) => {
    expect(violated(explore({ settings: { flusher } }))).toEqual(['O2', 'O3', 'O4'])
  })
})
