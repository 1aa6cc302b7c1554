/** Expectations cite their row of the facts: `direct-io C.5` is src/kernel/facts/direct-io.md section C.5. */
import { describe, expect, it } from 'vitest'
import { Machine } from '../../engine/machine.ts'
import { parseSchedule } from '../../engine/schedule.ts'
import { replay, Trace } from '../../engine/trace.ts'
import type { Verdict } from '../../engine/view.ts'
import { stepsOf } from '../../testing/steps.ts'
import { verdictOf } from '../../testing/searched.ts'
import { run, stage, type Asked } from '../run.ts'
import { scenario } from './index.ts'
import recorded from './recorded.json' with { type: 'json' }

const explore = (asked: Asked): Verdict => verdictOf(scenario, asked)
const violated = (verdict: Verdict, kind: 'verdict' | 'info'): string[] =>
  verdict.oracles.filter((oracle) => oracle.kind === kind && oracle.violatingSchedules !== '0').map((oracle) => oracle.id)
/** What the callers got, over all interleavings. */
const results = (verdict: Verdict): (number | undefined)[] =>
  verdict.outcomes.map(({ returns }) => returns['U'] ?? returns['S']).sort((a, b) => (a ?? 0) - (b ?? 0))
const sampleOf = (asked: Asked, sample: string): Trace => replay(new Machine(stage(scenario, asked).system), parseSchedule(sample)).trace

/** Each of these tasks in turn, for as long as it can run. */
function asFarAs(asked: Asked, letters: readonly string[]): Trace {
  const trace = new Trace(new Machine(stage(scenario, asked).system))
  for (const letter of letters) while (trace.take(letter) === null) continue
  return trace
}

describe('a NOWAIT direct read of 8K over two extents, the first page of the buffer present', () => {
  it('ends with 4096 or 8192 on 5.16, and violates C-O1 and C-O5 (direct-io C.5 rows 1 and 2)', () => {
    const verdict = explore({})
    expect([verdict.complete, results(verdict), violated(verdict, 'verdict')]).toEqual([true, [4096, 8192], ['C-O1', 'C-O5']])
    expect(new Set(verdict.outcomes.map(({ pos }) => pos))).toEqual(new Set([4096, 8192]))
  })

  it('prints what the reproducer prints: 0x00 - 0xcd at byte 4096 is -205 (direct-io C.1)', () => {
    expect(new Set(explore({}).outcomes.map(({ console }) => console.join('; ')))).toEqual(
      new Set([
        'cqe->res = 4096 (expected 8192); memcmp(read_buf, write_buf) == -205 (expected 0)',
        'cqe->res = 8192 (expected 8192); memcmp(read_buf, write_buf) == 0 (expected 0)',
      ]),
    )
  })

  it('fills the first page with the first extent and leaves the second one alone (direct-io C.5 row 1)', () => {
    expect(new Set(explore({}).outcomes.map(({ returns, reads }) => `${returns['U']}: ${reads?.['U']}`))).toEqual(
      new Set(['4096: ab', '8192: ab cd']),
    )
  })

  it('is short exactly when the submitter drops its reference before the bio does (direct-io C.3, "The race")', () => {
    const verdict = explore({})
    // Every schedule that ends short has lost its submitter early (C-O5 is about just that), and no other one has.
    expect(verdict.oracles.find(({ id }) => id === 'C-O5')?.violatingSchedules).toBe(
      verdict.outcomes.find(({ returns }) => returns['U'] === 4096)?.schedules,
    )
    for (const { returns, sample, violates } of verdict.outcomes) {
      expect([returns['U'], violates.includes('C-O5')]).toEqual([returns['U'], returns['U'] === 4096])
      const drops = stepsOf(sampleOf({}, sample)).filter((label) => /\.(drop_ref|put_ref)$/.test(label))
      expect([returns['U'], drops[0]]).toEqual([
        returns['U'],
        returns['U'] === 4096 ? 'S __iomap_dio_rw.drop_ref' : 's iomap_dio_bio_end_io.put_ref',
      ])
    }
  })

  it('shows both orders in its two schedules', () => {
    const got = ['bug', 'full'].map((named) => run(stage(scenario), { named }).trace)
    expect(got.map((trace) => trace.machine.outcome(trace.state).returns['U'])).toEqual([4096, 8192])
  })

  it.each([{ kernel: '5.17' }, { kernel: '6.0' }, { on: ['ca93e44bfb5f'] }, { kernel: '6.12.117' }])(
    'is always 8192 with the fix that was merged, and no NOWAIT issue blocks: %o (direct-io C.5 row 4, C.6 C-O6)',
    (asked) => {
      const verdict = explore(asked)
      expect([results(verdict), verdict.violating, violated(verdict, 'info')]).toEqual([[8192], '0', []])
    },
  )

  it('is always 8192 with the proposal, whose submitter sleeps under NOWAIT in every interleaving (direct-io C.4 P1, C.6 C-O6)', () => {
    const asked = { on: ['wait-on-partial-read'] }
    const verdict = explore(asked)
    expect([results(verdict), verdict.violating, violated(verdict, 'info')]).toEqual([[8192], '0', ['C-O6']])
    const sleeping = (which: Asked): boolean => stepsOf(asFarAs(which, ['S', 's', 'sc', 'S'])).includes('S __iomap_dio_rw.wait_for_bios')
    expect([sleeping(asked), sleeping({ on: ['ca93e44bfb5f'] }), sleeping({})]).toEqual([true, false, false])
  })

  it('is always 8192 without the regression: get_user_pages() faults pages in itself (direct-io C.1)', () => {
    expect([results(explore({ off: ['51bd9563b678'] })), results(explore({ kernel: '5.13' }))]).toEqual([[8192], [8192]])
  })

  it('goes to a worker with the fix, which sleeps for the first part and reports 8192 = 4096 + done_before (direct-io C.4 P2)', () => {
    const trace = asFarAs({ kernel: '5.17' }, ['S', 'sc', 'sct', 'sc', 'scy', 'U'])
    const steps = stepsOf(trace)
    const order = ['S io_read.punt', 'sc __iomap_dio_rw.wait_for_bios', 'sc btrfs_direct_read.fault_in', 'scy io_complete_rw.ki_complete']
    expect(order.map((label) => steps.indexOf(label))).toEqual(order.map((label) => steps.indexOf(label)).sort((a, b) => a - b))
    expect(order.filter((label) => !steps.includes(label))).toEqual([])
    expect(trace.machine.outcome(trace.state).returns['U']).toBe(8192)
  })
})

describe('other reads', () => {
  it.each<[string, Asked, number[]]>([
    ['16K over four extents end with 4096 or 16384 (direct-io C.5 row 5)', { settings: { length: '16K' } }, [4096, 16384]],
    ['8K in one extent are no different on 5.16 (direct-io C.5, below the table)', { settings: { file: 'one' } }, [4096, 8192]],
    ['8K in one extent are read whole on 5.17 (direct-io C.4 P2)', { kernel: '5.17', settings: { file: 'one' } }, [8192]],
    ['8K in one extent are short on 6.0-rc1 (direct-io C.4 P3)', { kernel: '6.0-rc1', settings: { file: 'one' } }, [4096, 8192]],
    ['8K in one extent are read whole on 6.0 (direct-io C.4 P3)', { kernel: '6.0', settings: { file: 'one' } }, [8192]],
    ['a buffer that is present is filled (direct-io C.7)', { settings: { buffer: 'all' } }, [8192]],
    ['a registered buffer is filled (direct-io C.7)', { settings: { buffer: 'fixed' } }, [8192]],
    ['a buffer of which nothing is present is filled (direct-io C.7)', { settings: { buffer: 'none' } }, [8192]],
    ['a blocking call waits (direct-io C.7)', { settings: { call: 'preadv2' } }, [8192]],
    ['libaio without NOWAIT waits (direct-io C.7)', { settings: { call: 'aio' } }, [8192]],
    ['a hole at the start leaves no bio (direct-io C.7)', { settings: { file: 'hole' } }, [8192]],
    ['one page is read or is not (direct-io C.7)', { settings: { length: '4K' } }, [4096]],
    ['at the end of the file 4096 is right (direct-io C.7)', { settings: { file: 'eof' } }, [4096]],
    ['compressed extents are read through the page cache (direct-io C.7)', { settings: { file: 'comp' } }, [8192]],
    ['inline data are read through the page cache (direct-io C.7)', { settings: { file: 'inline' } }, [2000]],
    ['a buffered read is whole (direct-io C.7)', { settings: { call: 'cached' } }, [8192]],
    ['RWF_NOWAIT gets -EAGAIN where the fix is (direct-io C.4 P2)', { kernel: '5.17', settings: { call: 'nowait' } }, [-11]],
  ])('%s', (_says, asked, expected) => {
    const verdict = explore(asked)
    expect([verdict.complete, results(verdict)]).toEqual([true, expected])
    expect(violated(verdict, 'verdict')).toEqual(expected.length > 1 ? ['C-O1', 'C-O5'] : [])
  })

  it('of a hole keep one reference, which the submitter drops last (direct-io C.7)', () => {
    const { trace } = run(stage(scenario, { settings: { file: 'hole' } }), { named: 'bug' })
    const [first] = trace.infos.filter(({ label }) => label === 'drop_ref')
    expect(first?.says).toBe("drops the submitter's reference: ref = 0")
  })
})

describe('the recordings', () => {
  it('are 24 cases on each of four kernels; io_uring came back short on the one without fixes alone', () => {
    const kernels = ['6.1.170', '6.1.192', '6.12.117', '6.1.192-rk']
    expect(kernels.map((kernel) => recorded.filter((row) => row.kernel === kernel).length)).toEqual([24, 24, 24, 24])
    const short = recorded.filter((row) => (row.short ?? 0) > 0)
    expect(new Set(short.map(({ kernel, case: call }) => `${kernel}, ${call}`))).toEqual(new Set(['6.1.192-rk, io_uring readv']))
  })

  const asked = (row: (typeof recorded)[number]): Asked => ({
    kernel: row.kernel,
    settings: {
      length: row.extents === 2 ? '8K' : '16K',
      file: row.apart ? 'apart' : 'extents',
      buffer: row.touched === row.extents ? 'all' : 'first',
      call: row.case === 'io_uring readv' ? 'uring' : row.case === 'preadv2 RWF_NOWAIT' ? 'rwf' : 'preadv2',
    },
  })
  /** How many leading pages of the buffer hold what the file holds, at the end of a sample. */
  const goodPages = (which: Asked, sample: string): number => {
    const trace = sampleOf(which, sample)
    const { buffers } = trace.machine.world(trace.state) as unknown as { buffers: { S: { content: { from: number; stamp: string }[] } } }
    const pages = ['ab', 'cd', 'ef', '12']
    const wrong = pages.findIndex((stamp, i) => !buffers.S.content.some((run) => run.from === i * 4096 && run.stamp === stamp))
    return wrong < 0 ? pages.length : wrong
  }

  /** Results that were seen, each with how many pages of the buffer were right. */
  const endsOf = (row: (typeof recorded)[number]): number[][] => {
    if (row.full === undefined) return [[row.ret === -1 ? -row.errno : row.ret, row.goodPages]]
    const good: number[][] = row.full > 0 ? [[row.extents * 4096, row.extents]] : []
    return row.short > 0 ? [...good, [row.worst, row.goodPages]] : good
  }

  it.each(
    recorded.map(
      (row) => [`${row.kernel}: ${row.case}, ${row.extents} extents, ${row.touched} pages touched, apart ${row.apart}`, row] as const,
    ),
  )('%s', { timeout: 30_000 }, (_says, row) => {
    const ends = explore(asked(row)).outcomes.map(({ returns, sample }) => [returns['U'] ?? returns['S'], goodPages(asked(row), sample)])
    const full = row.extents * 4096
    const short = (results_: (number | undefined)[][]): (number | undefined)[][] => results_.filter(([result]) => result !== full)
    const recordedEnds = endsOf(row)
    // What was seen can happen here, and nothing worse than that; that the race may also end well was not always seen.
    expect(ends).toEqual(expect.arrayContaining(recordedEnds))
    expect(short(ends)).toEqual(short(recordedEnds))
  })
})
