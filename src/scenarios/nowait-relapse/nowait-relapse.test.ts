/** Expectations cite their row of the facts: `direct-io C.4 P3` is src/kernel/facts/direct-io.md section C.4, variant P3. */
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../engine/view.ts'
import { verdictOf } from '../../testing/searched.ts'
import { run, stage, type Asked } from '../run.ts'
import { scenario } from './index.ts'

const explore = (asked: Asked): Verdict => verdictOf(scenario, asked)
const violated = (verdict: Verdict): string[] =>
  verdict.oracles.filter((oracle) => oracle.kind === 'verdict' && oracle.violatingSchedules !== '0').map((oracle) => oracle.id)
const results = (verdict: Verdict): number[] =>
  verdict.outcomes.map(({ returns }) => returns['U'] ?? returns['S'] ?? NaN).sort((a, b) => a - b)

describe('a NOWAIT direct read of 8K within one extent, the first page of the buffer present', () => {
  it('ends with 4096 or 8192 on 6.0-rc1, and violates C-O1 and C-O5 (direct-io C.4 P3)', () => {
    const verdict = explore({})
    expect([verdict.complete, results(verdict), violated(verdict)]).toEqual([true, [4096, 8192], ['C-O1', 'C-O5']])
  })

  it.each<[string, Asked]>([
    ['5.17, which maps one sector at a time', { kernel: '5.17' }],
    ['6.0-rc1 with sectors again', { off: ['ee5b46a353af'] }],
    ['6.0-rc1 with the fix', { on: ['79d3d1d12e6f'] }],
    ['6.0', { kernel: '6.0' }],
    ['6.0.8', { kernel: '6.0.8' }],
    ['6.12.117', { kernel: '6.12.117' }],
  ])('is whole on %s (direct-io section 0, last three switches)', (_kernel, asked) => {
    const verdict = explore(asked)
    expect([verdict.complete, results(verdict), violated(verdict)]).toEqual([true, [8192], []])
  })

  it('is refused before anything is mapped with the fix, and one page is not (direct-io C.4 P3)', () => {
    const labels = (settings: Record<string, string>): string[] =>
      run(stage(scenario, { kernel: '6.0', settings }), { named: 'bug' })
        .trace.infos.filter(({ task }) => task === 'S')
        .map(({ label }) => label)
    expect(labels({})).toContain('refuse_large')
    expect(labels({})).not.toContain('lock_extent_read')
    expect(labels({ length: '4K' })).not.toContain('refuse_large')
  })

  it('needs one extent: several are refused by the older check (direct-io C.4 P2)', () => {
    expect(results(explore({ settings: { file: 'extents' } }))).toEqual([8192])
  })

  it('submits what is present of the buffer, however large the extent (direct-io C.4 P3)', () => {
    expect(results(explore({ settings: { length: '16K' } }))).toEqual([4096, 16384])
  })
})
