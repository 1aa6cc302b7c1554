/** Expectations are the rows of the facts, ext4 1.1, 1.2, 1.6, 1.7 and 4.1. */
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../engine/view.ts'
import { verdictOf } from '../../testing/searched.ts'
import { run, stage, type Asked } from '../run.ts'
import { scenario } from './index.ts'

const explore = (asked: Asked = {}): Verdict => verdictOf(scenario, asked)
const M = 1024 * 1024

/** Sizes after the return of the write: of the file as it is, or as the mount after a power failure finds it. Before that mount it has none. */
const sizes = (asked: Asked): number[] =>
  [...new Set(explore(asked).outcomes.flatMap(({ returns, size }) => (returns['A'] === M && size !== null ? [size] : [])))].sort(
    (a, b) => a - b,
  )

/** 1.1, column S. */
describe.each(['6.1.63', '6.5', '5.10.226', '5.15.141', '5.15.142', '6.4'])('on %s (V0)', (kernel) => {
  it('some acknowledged writes are gone after the mount: size 0 (1.7)', () => {
    const verdict = explore({ kernel })
    expect(verdict).toMatchObject({ complete: true, deadlocks: 0 })
    expect(verdict.oracles.filter(({ violatingSchedules }) => violatingSchedules !== '0').map(({ id }) => id)).toEqual(['O4'])
    expect(sizes({ kernel })).toEqual([0, M])
  })
})

describe.each(['6.1.64', '6.1.66', '5.10.227', '5.10.229', '5.15.168', '6.7'])('on %s (V1, V2)', (kernel) => {
  it('what was acknowledged is there (1.7)', () => {
    expect(explore({ kernel })).toMatchObject({ complete: true, violating: '0', deadlocks: 0 })
    expect(sizes({ kernel })).toEqual([M])
  })
})

it('AIO is no better off: a growing write is waited for (1.2, T-3)', () => {
  expect(sizes({ settings: { via: 'aio' } })).toEqual([0, M])
  expect(explore({ settings: { via: 'aio' } }).violating).not.toBe('0')
  expect(explore({ kernel: '6.1.66', settings: { via: 'aio' } })).toMatchObject({ complete: true, violating: '0' })
})

describe('nothing is lost (1.6)', () => {
  it.each([
    ['of a write that does not extend the file', { before: '1M' }],
    ['that was promised, without O_SYNC', { sync: 'off' }],
    ['when the power does not fail', { power: 'on' }],
    ['of what an fsync returned for', { sync: 'off', fsync: 'after' }],
  ])('%s', (_what, settings) => {
    expect(explore({ settings })).toMatchObject({ complete: true, violating: '0', deadlocks: 0 })
  })
})

/** A schedule may end with the power off, before or after the write has returned: nobody can look at the file then. */
const off = [
  [null, null, null],
  [M, null, null],
]

it('a write over old data is old or new, and new once it returned (4.1)', () => {
  const seen = explore({ settings: { before: '1M' } }).outcomes.map(({ returns, size, content }) => [
    returns['A'] ?? null,
    size,
    content?.map(([, , stamp]) => stamp) ?? null,
  ])
  expect(new Set(seen.map((one) => JSON.stringify(one)))).toEqual(
    new Set([
      JSON.stringify([null, M, ['X']]),
      JSON.stringify([null, M, ['A']]),
      JSON.stringify([M, M, ['A']]),
      ...off.map((one) => JSON.stringify(one)),
    ]),
  )
})

it('in the documented run the sync makes the orphan mark and the old size durable, and the mount cuts the file (1.5)', () => {
  const said = run(stage(scenario), { named: 'bug' })
    .trace.infos.filter(({ label }) => ['commit_record', 'recover_journal'].includes(label))
    .map(({ says }) => says)
  expect(said).toHaveLength(2)
  expect(said[0]).toContain('size 0, on the orphan list')
  expect(said[1]).toContain('the file is 0 long')
})

it('with the fix the same transaction has the new size', () => {
  const { trace } = run(stage(scenario, { on: ['91562895f803'] }), { named: 'bug' })
  expect(trace.infos.find(({ label }) => label === 'commit_record')?.says).toContain('size 1M')
  expect(trace.machine.outcome(trace.state).size).toBe(M)
})
