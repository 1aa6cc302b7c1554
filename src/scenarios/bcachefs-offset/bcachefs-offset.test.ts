/** Expectations cite their row of the facts: `section 5 H5` is in src/kernel/facts/bcachefs-buffered-write.md. */
import { describe, expect, it } from 'vitest'
import type { Outcome, Verdict } from '../../engine/view.ts'
import { verdictOf } from '../../testing/searched.ts'
import { run, stage, type Asked } from '../run.ts'
import { scenario } from './index.ts'

const explore = (asked: Asked): Verdict => verdictOf(scenario, asked)
const violated = (verdict: Verdict): string[] =>
  verdict.oracles.filter((oracle) => oracle.violatingSchedules !== '0').map((oracle) => oracle.id)
const lockless = ['6.9', '6.10.5', '6.11-rc2']
const locked = ['6.7', '6.10.11', '6.11', '6.12.117', '6.15']
/** What write() returned, and where the position is. */
const pair = ({ returns, pos }: Outcome): string => `${returns['A']} ${JSON.stringify(pos)}`

describe('a write(2) of 128K at position 0 that is cut short after 64K (section 5, H5)', () => {
  it.each(lockless)('on %s may return 65536 with the file position unchanged (section 7, row H5)', (kernel) => {
    const verdict = explore({ kernel })
    expect([verdict.complete, verdict.deadlocks]).toEqual([true, 0])
    expect(violated(verdict)).toEqual(['P4'])
    // Nothing written; all of it; or the first half.
    expect(verdict.outcomes.map(pair).sort()).toEqual(['-14 0', '131072 131072', '65536 0'])
    expect(verdict.outcomes.filter(({ violates }) => violates.length > 0).map(pair)).toEqual(['65536 0'])
  })

  it.each(locked)('on %s moves it by 65536 then (section 7, row H5)', (kernel) => {
    const verdict = explore({ kernel })
    expect([verdict.complete, verdict.deadlocks, verdict.violating]).toEqual([true, 0, '0'])
    expect(verdict.outcomes.map(pair).sort()).toEqual(['-14 0', '131072 131072', '65536 65536'])
  })

  it('has written its first 64K all the same: they are in the page cache', () => {
    const { trace } = run(stage(scenario), { named: 'bug' })
    expect(trace.machine.outcome(trace.state).content).toEqual([
      [0, 65536, 'A'],
      [65536, 262144, 'O'],
    ])
  })

  it('loses them to the next write(2), which lands on top of them', () => {
    const bad = explore({ settings: { next: 'yes' } }).outcomes.filter(({ violates }) => violates.length > 0)
    expect(bad.map(({ content }) => content?.map(([, to, stamp]) => `${stamp} to ${to}`).join(', '))).toContain('B to 65536, O to 262144')
    const good = explore({ kernel: '6.11', settings: { next: 'yes' } })
    expect(good.violating).toBe('0')
    expect(good.outcomes.filter(({ returns }) => returns['A'] === 65536).every(({ pos }) => pos === 131072)).toBe(true)
  })

  it('does not happen to callers of pwrite(2)', () => {
    expect(explore({ settings: { call: 'pwrite', next: 'yes' } })).toMatchObject({ complete: true, violating: '0' })
  })

  it('does not happen in the reduced patch, and stays under the one-line repair (summary of section 5; section 6)', () => {
    expect(explore({ on: ['reduced'] }).violating).toBe('0')
    expect(violated(explore({ on: ['no-stale-truncate'] }))).toEqual(['P4'])
  })
})
