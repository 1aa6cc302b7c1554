/** Expectations cite the message of commit 8184620ae212 (sync skipped for -EIOCBQUEUED) and the facts: `direct-io 6.1`. */
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../engine/view.ts'
import { verdictOf } from '../../testing/searched.ts'
import { run, stage, type Asked } from '../run.ts'
import { scenario } from './index.ts'

const explore = (asked: Asked = {}): Verdict => verdictOf(scenario, asked)

describe('an asynchronous O_DSYNC write and a power failure', () => {
  it.each(['5.16', '5.17', '6.0'])('on %s: some writes that were reported as done are gone after the mount (8184620ae212)', (kernel) => {
    const verdict = explore({ kernel })
    expect(verdict.complete).toBe(true)
    expect(verdict.oracles.filter(({ violatingSchedules }) => violatingSchedules !== '0').map(({ id }) => id)).toEqual(['W2'])
    const lost = verdict.outcomes.filter(({ violates }) => violates.length > 0)
    expect(lost.map(({ returns, size }) => [returns, size])).toEqual([[{ A: 65536 }, 0]])
  })

  it.each(['6.0.8', '6.1', '6.9', '6.10.5', '6.11', '7.2'])(
    'on %s: what was reported is there (direct-io A.1; 6.1 D12, NEED_SYNC)',
    (kernel) => {
      expect(explore({ kernel })).toMatchObject({ complete: true, violating: '0', deadlocks: 0 })
    },
  )

  it('has the old data back where it wrote over some', () => {
    const lost = explore({ settings: { size: '64K' } }).outcomes.filter(({ violates }) => violates.length > 0)
    expect(lost.map(({ returns, content }) => [returns, content])).toEqual([[{ A: 65536 }, [[0, 65536, 'X']]]])
  })

  it('does not happen to a write that waits for its I/O: btrfs syncs what it returned (8184620ae212)', () => {
    expect(explore({ settings: { via: 'write' } })).toMatchObject({ complete: true, violating: '0' })
  })

  it('promises nothing without O_DSYNC', () => {
    expect(explore({ settings: { dsync: 'off' } })).toMatchObject({ complete: true, violating: '0' })
  })
})

it('never enters fsync in the documented schedule; with the fix the end of the bio does, before the event is posted', () => {
  const steps = (asked: Asked): string[] =>
    run(stage(scenario, asked), { named: 'bug' })
      .trace.infos.filter(({ label }) => ['start_ordered_ops', 'write_super', 'ki_complete', 'io_getevents'].includes(label))
      .map(({ task, label }) => `${task} ${label}`)
  expect(steps({})).toEqual(['a ki_complete', 'A io_getevents'])
  expect(steps({ on: ['8184620ae212'] })).toEqual(['a start_ordered_ops', 'a write_super', 'a ki_complete', 'A io_getevents'])
})
