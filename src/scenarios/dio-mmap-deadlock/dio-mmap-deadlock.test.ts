/** Expectations cite their row of the facts: `direct-io 6.2 item 9` is src/kernel/facts/direct-io.md section 6.2, item 9. */
import { describe, expect, it } from 'vitest'
import type { Blocked, Verdict } from '../../engine/view.ts'
import { stepsOf } from '../../testing/steps.ts'
import { verdictOf } from '../../testing/searched.ts'
import { run, stage, type Asked } from '../run.ts'
import { scenario } from './index.ts'

const explore = (asked: Asked): Verdict => verdictOf(scenario, asked)
const ending = (asked: Asked): { end: string; steps: string[]; blocked: readonly Blocked[] } => {
  const { trace } = run(stage(scenario, asked), { named: 'bug' })
  if (trace.end === 'open') trace.finish()
  return { end: trace.end, steps: stepsOf(trace), blocked: trace.views().at(-1)?.blocked ?? [] }
}

describe('a direct read into a mapping of what it reads', () => {
  it('never returns on 5.13: it waits for the range that it has locked itself (direct-io section 4, 51bd9563b678)', () => {
    const verdict = explore({})
    const stuck = [{ task: 'A', on: 'io_tree [0, 4K)', heldBy: ['A'] }]
    expect(verdict).toMatchObject({
      complete: true,
      outcomes: [{ violates: ['deadlock'], schedules: verdict.schedules, returns: {}, stuck }],
    })
    expect(ending({}).blocked).toEqual(stuck)
  })

  it.each(['5.16', '6.1', '6.11', '7.2'])('returns 4096 and the data of the file on %s (direct-io 6.3)', (kernel) => {
    const verdict = explore({ kernel })
    expect([verdict.complete, verdict.deadlocks, verdict.violating]).toEqual([true, 0, '0'])
    expect(verdict.outcomes.map(({ returns }) => returns)).toEqual([{ A: 4096 }])
  })

  it('faults on 5.16 between two tries, with the range given back (direct-io 6.3)', () => {
    const { steps } = ending({ kernel: '5.16' })
    const at = (label: string, from = 0): number => steps.indexOf(label, from)
    const first = at('A __iomap_dio_rw.pin_pages')
    const order = [
      first,
      at('A btrfs_dio_iomap_end.unlock_unread'),
      at('A filemap_fault.fault'),
      at('A __iomap_dio_rw.pin_pages', first + 1),
    ]
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(order).not.toContain(-1)
  })

  it('returns on 5.13 if the mapping was touched before, or is ordinary memory', () => {
    for (const settings of [{ touched: 'yes' }, { memory: 'anon' }])
      expect(explore({ settings })).toMatchObject({ complete: true, deadlocks: 0, violating: '0' })
  })
})

describe('a direct write from a mapping of what it writes', () => {
  it.each(['no', 'yes'])(
    'never returns on 5.13, touched before: %s; it waits for its own ordered extent (direct-io 6.2 item 9: invalidation evicts the page)',
    (touched) => {
      const asked = { settings: { call: 'pwrite', touched } }
      expect(explore(asked).outcomes.map(({ violates }) => violates)).toEqual([['deadlock']])
      expect(ending(asked)).toMatchObject({ end: 'stuck', blocked: [{ task: 'A', on: 'ordered extent [0, 4K)' }] })
    },
  )

  it('tries twice on 5.16, then goes through the page cache (direct-io 6.2 item 9: the first failure always retries once)', () => {
    const asked = { kernel: '5.16', settings: { call: 'pwrite' } }
    const { steps, end } = ending(asked)
    expect(steps.filter((step) => step === 'A btrfs_direct_write.fault_in')).toHaveLength(1)
    expect(steps.filter((step) => step === 'A __iomap_dio_rw.pin_pages')).toHaveLength(2)
    expect(steps).toContain('A btrfs_buffered_write.copy_from_user')
    expect(end).toBe('final')
    expect(explore(asked)).toMatchObject({ complete: true, deadlocks: 0, violating: '0', outcomes: [{ returns: { A: 4096 }, pos: 4096 }] })
  })
})

describe('two callers, each with a mapping of what the other one reads or writes', () => {
  it.each(['pread', 'pwrite'])('deadlock in some interleavings on 5.13: %s', (call) => {
    const verdict = explore({ settings: { callers: 'two', call } })
    const ways = new Set(verdict.outcomes.map(({ stuck, violates }) => [stuck !== null, violates].join()))
    expect([verdict.complete, [...ways].sort()]).toEqual([true, ['false,', 'true,deadlock']])
  })
  it.each(['pread', 'pwrite'])('never do on 5.16: %s', { timeout: 30_000 }, (call) => {
    expect(explore({ kernel: '5.16', settings: { callers: 'two', call } })).toMatchObject({ complete: true, deadlocks: 0, violating: '0' })
  })
})
