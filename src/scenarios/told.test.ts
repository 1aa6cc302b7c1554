/** Sentences that were once printed beside runs of which they were not true: with the fix on, with another setting, on another kernel. */
import { describe, expect, it } from 'vitest'
import { momentsOf, sentenceOf, tell } from './beat.ts'
import { loadScenario } from './registry.ts'
import { run, stage, type Asked } from './run.ts'

/** The beats of the documented schedule carried to what is asked, by id. */
async function told(id: string, asked: Asked): Promise<ReadonlyMap<string, string>> {
  const scenario = await loadScenario(id)
  const { trace } = run(stage(scenario, asked), { named: scenario.card.schedules[0]?.name ?? '' })
  return new Map(
    tell(scenario.beats, momentsOf(trace)).flatMap(({ beat, moment }) => (moment ? [[beat.id, sentenceOf(beat, moment)] as const] : [])),
  )
}

describe('what does not happen is not told', () => {
  it.each<[string, Asked, string, string]>([
    ['dio-csum', { on: ['968f19c5b1b7'] }, 'eio', 'data'],
    ['dio-csum', { on: ['968f19c5b1b7'] }, 'verified', 'verified-right'],
    ['dio-csum', { on: ['never-checksum'] }, 'checksum', 'no-checksum'],
    ['dio-csum', { on: ['never-checksum'] }, 'stored', 'stored-none'],
    ['fsync-overlap', { settings: { logleaf: 'two' } }, 'checker', 'written'],
    ['fsync-overlap', { settings: { csum: 'offloaded' } }, 'returned', 'succeeded'],
    ['fsync-overlap', { on: ['885f46d87f29'] }, 'fault', 'fault-free'],
    ['dio-short-read', { on: ['ca93e44bfb5f'] }, 'printed', 'printed-all'],
    ['dio-short-read', { on: ['ca93e44bfb5f'] }, 'last-ref', 'wakes'],
    ['append-hole', { settings: { space: 'none' } }, 'returned', 'failed'],
    ['bcachefs-restart', { settings: { second: 'whole' } }, 'written-blind', 'written-over-part'],
  ])('%s %j: not "%s" but "%s"', async (id, asked, no, yes) => {
    const beats = await told(id, asked)
    expect([beats.has(no), beats.has(yes)]).toEqual([false, true])
  })

  it.each<[string, Asked, string, string]>([
    // facts fsync-log-tree 5.1: a store to the middle of the last item, one page at 700K.
    ['fsync-overlap', { settings: { store: 'middle' } }, 'fault', '[700K, 704K)'],
    ['fsync-overlap', { settings: { store: 'head' } }, 'trimmed', 'the one before it covers [0, 640K), the one behind it [644K, 768K)'],
    // facts direct-io A.5 row 8.
    ['append-hole', { settings: { length: '4K' } }, 'written', 'at 4K: behind a hole of 4K'],
    // facts bcachefs-buffered-write section 5, H3: the copy of 128K is cut short after 64K; B reads all of it.
    ['bcachefs-restart', { settings: { second: 'whole' } }, 'seen-in-part', 'A in [0, 64K)'],
  ])('%s %j: "%s" has the numbers of this run', async (id, asked, beat, words) => {
    expect((await told(id, asked)).get(beat)).toContain(words)
  })
})

it('the first objection of an oracle is told even where an earlier sentence stands at another step', async () => {
  const scenario = await loadScenario('fsync-overlap')
  const { trace } = run(stage(scenario), { named: 'bug' })
  const { beatViews } = await import('../worker/trace-view.ts')
  const violations = beatViews(scenario, trace).filter(({ kind }) => kind === 'violation')
  // facts fsync-log-tree 7.1: two items over the same bytes in the log (O1), then fsync fails (O6).
  expect(violations.map(({ id }) => id)).toEqual(['violation:O1', 'violation:O6'])
  for (const { step, says } of violations)
    expect([trace.violations.some((one) => one.step === step && one.says === says), says !== '']).toEqual([true, true])
})
