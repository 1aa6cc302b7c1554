/** Expectations cite their row of the facts: `section 5 H1` is in src/kernel/facts/bcachefs-buffered-write.md. */
import { describe, expect, it } from 'vitest'
import { M } from '../../base/range.ts'
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
/** What a read of the byte finds. */
const at = (outcome: Outcome, byte: number): string | undefined => outcome.content?.find(([from, to]) => from <= byte && byte < to)?.[2]

/** Section 7, row H1: the same returns and size; A's data; B's data, or zeros for them. */
const outcomeH1 = (b: 'B' | '0') => ({
  returns: { A: 1310720, B: 65536 },
  size: 8454144,
  console: [],
  content:
    b === 'B'
      ? [
          [0, 1048576, '0'],
          [1048576, 2359296, 'A'],
          [2359296, 8388608, '0'],
          [8388608, 8454144, 'B'],
        ]
      : [
          [0, 1048576, '0'],
          [1048576, 2359296, 'A'],
          [2359296, 8454144, '0'],
        ],
})

describe('a write of 1310720 bytes at 1M and an append of 65536 bytes at 8388608 (section 5, H1)', () => {
  it.each(['6.9', '6.10.5', '6.11-rc2'])(
    'on %s both succeed in every interleaving, and in some of them the append reads as zeros',
    (kernel) => {
      const verdict = explore({ kernel })
      expect([verdict.complete, verdict.deadlocks]).toEqual([true, 0])
      expect(violated(verdict)).toEqual(['P1', 'P2', 'P3'])
      expect(verdict.outcomes).toHaveLength(2)
      const [good, bad] = [...verdict.outcomes].sort((a, b) => a.violates.length - b.violates.length)
      expect(good).toMatchObject({ ...outcomeH1('B'), violates: [] })
      expect(bad).toMatchObject({ ...outcomeH1('0'), violates: ['P1', 'P2', 'P3'] })
      // "hole, no error, fsck clean": there is no extent behind the preallocated ones.
      expect(bad?.layout?.at(-1)).toEqual({ from: 8388608, to: 8454144, kind: 'hole', source: null })
    },
  )

  it.each(['6.7', '6.10.11', '6.11', '6.12.117', '6.15'])('on %s both are there in every interleaving (sections 1, 3.3)', (kernel) => {
    const verdict = explore({ kernel })
    expect(holds({ kernel })).toEqual(never)
    expect(verdict.outcomes).toHaveLength(1)
    expect(verdict.outcomes[0]).toMatchObject(outcomeH1('B'))
  })

  it('goes as the table says, rows 1 to 13', () => {
    const { trace } = run(stage(scenario), { named: 'bug' })
    const steps = trace.infos.map(({ task, label }) => `${task} ${label}`)
    const order = [
      'A last_folio_pos', // 2
      'A get_folios', // 3
      'B inode_lock', // 4
      'B get_folios', // 5
      'A need_inode_lock', // 6
      'A eof_test', // 7
      'A skip_locked', // 8
      'B update', // 9
      'B eof_test', // 10
      'A wait_for_locked', // 11
      'B return', // 12
      'A restart', // 13
    ]
    const places = order.map((step) => steps.indexOf(step))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(order.filter((step) => !steps.includes(step))).toEqual([])
    const says = (step: string): string => trace.infos[steps.indexOf(step)]?.says ?? ''
    expect(says('A last_folio_pos')).toContain('last_folio_pos begins as i_size, 8M')
    expect(says('A get_folios')).toContain('[1M, 2M)')
    expect(says('B get_folios')).toContain('[8M, 8256K)')
    expect(says('B eof_test')).toContain('8252K < i_size 8256K') // 8450048 < 8454144
  })

  it('while A truncates, it waits for the folios that B has locked (row 8)', () => {
    const staged = stage(scenario)
    const { trace } = run(staged, { named: 'bug' })
    const truncating = trace.views().find(({ label }) => label === 'skip_locked')
    expect(truncating?.blocked).toEqual([{ task: 'A', on: 'folio lock [8M, 8196K)', heldBy: ['B'] }])
  })

  it('in the schedules found, A has read i_size before B raises it, and B has its folios before A is done (below the table)', () => {
    const { oracles, outcomes } = explore({})
    const found = [
      ...oracles.flatMap(({ shortest }) => shortest ?? []),
      ...outcomes.flatMap((o) => (o.violates.length > 0 ? [o.sample] : [])),
    ]
    expect(found).toHaveLength(4)
    for (const choices of found) {
      const labels = run(stage(scenario), { choices }).trace.infos.map(({ task, label }) => `${task} ${label}`)
      expect(labels.indexOf('A eof_argument')).toBeLessThan(labels.indexOf('B update'))
      expect(labels.indexOf('B get_folios')).toBeLessThan(labels.lastIndexOf('A wait_for_locked'))
    }
  })
})

describe('does not happen (section 9)', () => {
  it.each<[string, Asked]>([
    ['1: a write of 1 MiB', { settings: { write: '1M' } }],
    ['1: a write of 64K', { settings: { write: '64K' } }],
    ['2: a range that is cached', { settings: { cached: 'yes' } }],
    ['2: one large folio, in 6.11-rc2', { kernel: '6.11-rc2', settings: { write: '2M' } }],
    ['5: a second writer inside i_size', { settings: { second: 'inside' } }],
    ['6: a truncate', { settings: { second: 'truncate' } }],
    ['6: a truncate beside a write of 1 MiB', { settings: { second: 'truncate', write: '1M' } }],
    ['7: two writers of one folio', { settings: { second: 'beside' } }],
    ['8: writers that all extend', { settings: { first: 'extends' } }],
  ])('%s', (_row, asked) => {
    expect(holds(asked)).toEqual(never)
  })

  it.each(['up', 'end'])('3 and 4: the schedule %s', (named) => {
    const { trace } = run(stage(scenario), { named })
    expect(trace.violations).toEqual([])
    expect(at(trace.machine.outcome(trace.state), 8388608)).toBe('B')
  })

  it('a write of 2 MiB is covered by a large folio if it is aligned, not by one of 1.25 MiB (item 2)', () => {
    expect(violated(explore({ kernel: '6.11-rc2' }))).toEqual(['P1', 'P2', 'P3'])
    expect(violated(explore({ kernel: '6.9', settings: { write: '2M' } }))).toEqual(['P1', 'P2', 'P3'])
  })
})

describe('other ways into the same exit (section 5, H1: "or a folio allocation failure", "any error before F4")', () => {
  it('memory for the second half of 64K cannot be had: the write is restarted and succeeds, the append may be lost', () => {
    const verdict = explore({ settings: { write: '64K', alloc: 'later' } })
    expect(violated(verdict)).toEqual(['P1', 'P2', 'P3'])
    expect(verdict.outcomes.map(({ returns }) => returns)).toEqual([
      { A: 65536, B: 65536 },
      { A: 65536, B: 65536 },
    ])
  })

  it.each<[string, Asked]>([
    ['in the lockless path', {}],
    ['in the reduced one', { on: ['reduced'] }],
  ])('no folio at all: A returns -ENOMEM, and the append may be lost %s (summary of section 5)', (_path, asked) => {
    const verdict = explore({ ...asked, settings: { alloc: 'first' } })
    expect(violated(verdict)).toEqual(['P1', 'P2', 'P3'])
    expect(new Set(verdict.outcomes.map(({ returns }) => `${returns['A']} ${returns['B']}`))).toEqual(new Set(['-12 65536']))
  })

  it('with the inode lock the same error removes nothing (summary of section 5: "no (i_size stable under inode lock)")', () => {
    expect(holds({ kernel: '6.7', settings: { alloc: 'first' } })).toEqual(never)
  })
})

it('the reduced patch alone does not have it: there is no early exit (section 5, "does not fit")', () => {
  expect(holds({ on: ['reduced'] })).toEqual(never)
})

it.each([{}, { alloc: 'first' }, { write: '64K', alloc: 'later' }, { size: 'odd' }, { third: 'append' }])(
  'the one-line repair does away with it: %o (section 6)',
  (settings) => {
    expect(holds({ on: ['no-stale-truncate'], settings: settings as Record<string, string> })).toEqual(never)
  },
)

it('if i_size is not aligned, zeros start at that byte, and a straddling folio is zeroed, not removed (section 5, below the table)', () => {
  const verdict = explore({ settings: { size: 'odd' } })
  const lost = verdict.outcomes.filter(({ violates }) => violates.length > 0)
  expect(lost.some((outcome) => at(outcome, 8 * M + 999) === '0' && at(outcome, 8 * M + 1000) === '0')).toBe(true)
  expect(verdict.outcomes.every(({ size }) => size === 8 * M + 1000 + 65536)).toBe(true)
})

it('one clean-up may swallow further appends while it loops (section 5, below the table)', () => {
  const verdict = explore({ settings: { third: 'append' } })
  const both = verdict.outcomes.filter((outcome) => at(outcome, 8388608) === '0' && at(outcome, 8454144) === '0')
  expect(both).toHaveLength(1)
  expect(both[0]?.returns).toEqual({ A: 1310720, B: 65536, C: 65536 })
})

it('what writeback has put on disk before is not lost, though its folios are removed without a lock', () => {
  const verdict = explore({ settings: { third: 'writeback' } })
  const kept = verdict.outcomes.filter((outcome) => at(outcome, 8388608) === 'B')
  expect(kept.map(({ violates }) => violates)).toEqual([[], ['P3']])
})

describe('the second look at i_size (section 4, fact 1; H6)', () => {
  const settings = { write: '1M', second: 'truncate' }
  it('keeps a truncate from getting between the first look and the copy: the BUG() is never reached', () => {
    expect(holds({ settings })).toEqual(never)
  })
  it('left out, the write ends behind i_size without the inode lock and runs into the BUG()', () => {
    const verdict = explore({ on: ['no-size-recheck'], settings })
    expect(violated(verdict)).toEqual(['BUG'])
    expect(verdict.outcomes.flatMap(({ console }) => console)).toEqual(['kernel BUG at fs/bcachefs/fs-io-buffered.c:935!'])
  })
})

it('a reader finds zeros, or first the data and then zeros (section 7: "zeros; no dmesg")', () => {
  const verdict = explore({ settings: { third: 'read' } })
  const lost = verdict.outcomes.filter((outcome) => at(outcome, 8388608) === '0')
  expect(new Set(lost.map(({ reads }) => reads?.['C']))).toEqual(new Set(['0', 'B', 'nothing']))
})
