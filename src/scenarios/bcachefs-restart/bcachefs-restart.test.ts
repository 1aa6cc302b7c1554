/** Expectations cite their row of the facts: `section 5 H3` is in src/kernel/facts/bcachefs-buffered-write.md. */
import { describe, expect, it } from 'vitest'
import type { Outcome, Verdict } from '../../engine/view.ts'
import { verdictOf } from '../../testing/searched.ts'
import { run, stage, type Asked } from '../run.ts'
import { scenario } from './index.ts'

const explore = (asked: Asked): Verdict => verdictOf(scenario, asked)
const violated = (verdict: Verdict): string[] =>
  verdict.oracles.filter((oracle) => oracle.violatingSchedules !== '0').map((oracle) => oracle.id)
const holds = (asked: Asked): unknown => {
  const { complete, violating, deadlocks } = explore(asked)
  return { complete, violating, deadlocks }
}
const never = { complete: true, violating: '0', deadlocks: 0 }
const lockless = ['6.9', '6.10.5', '6.11-rc2']
const locked = ['6.7', '6.10.11', '6.11', '6.12.117', '6.15']
/** `B AAA`: the first page, then the rest in parts. */
const content = ({ content: parts }: Outcome): string => (parts ?? []).map(([, , stamp]) => stamp).join(' ')
/** What B read, and what is there in the end. */
const history = (outcome: Outcome): string => `${outcome.reads?.['B']}, then ${content(outcome)}`

describe('a write that is cut short, seen and written over (section 5, H3)', () => {
  it.each(lockless)('reads as A, then B, then A on %s, from one write of A (section 7, row H3)', (kernel) => {
    const verdict = explore({ kernel })
    expect([verdict.complete, verdict.deadlocks]).toEqual([true, 0])
    expect(violated(verdict)).toEqual(['P5-reads'])
    const bad = verdict.outcomes.filter(({ violates }) => violates.length > 0)
    expect(bad.map(history).sort()).toEqual(['A, A, then A', 'A, B, then A'])
    expect(verdict.outcomes.every(({ returns }) => returns['A'] === 131072 && returns['B'] === 4096)).toBe(true)
  })

  it.each(locked)('does not on %s: the end is B if B comes after A, A if it comes before (section 7, row H3)', (kernel) => {
    const verdict = explore({ kernel })
    expect(holds({ kernel })).toEqual(never)
    expect(new Set(verdict.outcomes.map(content))).toEqual(new Set(['B A', 'A']))
    expect(verdict.outcomes.filter(({ reads }) => reads?.['B']?.startsWith('A')).map(history)).toEqual(['A, B, then B A'])
  })

  it('goes as the table says: A is seen, B is written and acknowledged, A is done again', () => {
    const { trace } = run(stage(scenario), { named: 'bug' })
    const steps = trace.infos.map(({ task, procedure, label }) => `${task} ${procedure}.${label}`)
    const order = ['A __bch2_buffered_write.copy', 'B bch2_read_iter.filemap_read', 'B write.return', 'A bch2_buffered_write.restart']
    expect(order.map((step) => steps.indexOf(step))).toEqual(order.map((step) => steps.indexOf(step)).sort((a, b) => a - b))
    expect(history(trace.machine.outcome(trace.state))).toBe('A, B, then A')
  })

  it('needs a buffer that is not mapped at the wrong moment: else copies are whole (section 4, fact 2)', () => {
    expect(holds({ settings: { buffer: 'stays' } })).toEqual(never)
    expect(holds({ settings: { buffer: 'stays', second: 'whole' } })).toEqual(never)
  })

  it('is no matter of the final state alone: without the reads both ends are legal (section 5, below the table)', () => {
    const verdict = explore({ settings: { looks: 'no' } })
    expect(violated(verdict)).toEqual([])
    expect(new Set(verdict.outcomes.map(content))).toEqual(new Set(['B A', 'A']))
  })

  it.each(['yes', 'no'])(
    'bytes beside each other in one folio are safe, cached: %s (section 5, below the table; section 9, item 7)',
    (cached) => {
      for (const buffer of ['moves', 'stays']) {
        const verdict = explore({ settings: { second: 'beside', cached, buffer } })
        expect([verdict.complete, verdict.violating, verdict.outcomes.map(history)]).toEqual([true, '0', ['O, B, then B A']])
      }
    },
  )

  it('stays under the one-line repair (section 6)', () => {
    expect(violated(explore({ on: ['no-stale-truncate'] }))).toEqual(['P5-reads'])
  })
})

describe('writes of the same bytes in the reduced patch (section 5, H4)', () => {
  const settings = { second: 'whole', looks: 'no' }
  it('can mix: the first half is from B, the second from A', () => {
    const verdict = explore({ on: ['reduced'], settings })
    expect(violated(verdict)).toEqual(['P5'])
    const mixed = verdict.outcomes.filter(({ violates }) => violates.length > 0)
    expect(mixed.map(({ content: parts }) => parts)).toEqual([
      [
        [0, 65536, 'B'],
        [65536, 131072, 'A'],
      ],
    ])
  })
  it.each([...lockless, ...locked])('do not mix on %s', (kernel) => {
    expect(holds({ kernel, settings })).toEqual(never)
  })
  it('do not take effect twice: there is no restart (summary of section 5)', () => {
    for (const second of ['page', 'whole']) expect(violated(explore({ on: ['reduced'], settings: { second } }))).not.toContain('P5-reads')
  })
})

it.each(locked)('a reader may find half of a write on %s, which is no violation (section 5, H7)', (kernel) => {
  const verdict = explore({ kernel, settings: { second: 'whole', copy: 'halves' } })
  expect([verdict.complete, verdict.violating]).toEqual([true, '0'])
  expect(verdict.outcomes.some(({ reads }) => reads?.['B'] === 'A O, B')).toBe(true)
})
