/** Expectations cite their row of the facts: `direct-io A.8` is src/kernel/facts/direct-io.md section A.8. */
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../engine/view.ts'
import { verdictOf } from '../../testing/searched.ts'
import { run, stage, type Asked } from '../run.ts'
import { scenario } from './index.ts'

const explore = (asked: Asked = {}): Verdict => verdictOf(scenario, asked)
const violated = (verdict: Verdict): string[] =>
  verdict.oracles.filter((oracle) => oracle.kind === 'verdict' && oracle.violatingSchedules !== '0').map((oracle) => oracle.id)
const warning = 'WARNING: bad unlock balance detected!'

describe('an O_DSYNC write, a commit and a truncate', () => {
  it('on 6.11-rc2: the write releases a lock that is not its own (direct-io A.8 U1 to U6)', () => {
    const verdict = explore()
    expect(verdict.complete).toBe(true)
    expect(violated(verdict)).toContain('A-O7')
    for (const outcome of verdict.outcomes) expect(outcome.console).toEqual(outcome.violates.includes('A-O7') ? [warning] : [])
    // Somebody waits for ever for the lock that was released once too often.
    expect(verdict.deadlocks).toBeGreaterThan(0)
  })

  it.each(['6.0', '6.1', '6.9', '6.10.5', '6.10.11', '6.11', '7.2'])(
    'on %s nothing is unlocked twice (direct-io A.8: no release has it)',
    (kernel) => {
      expect(explore({ kernel })).toMatchObject({ complete: true, violating: '0', deadlocks: 0 })
    },
  )

  it('is right without O_DSYNC: there is no fsync in it (direct-io A.8, "not triggered by")', () => {
    expect(explore({ settings: { dsync: 'off' } })).toMatchObject({ complete: true, violating: '0', deadlocks: 0 })
  })

  it('is right if nobody commits: the fsync logs the inode (direct-io A.8, "not triggered by")', () => {
    expect(explore({ settings: { commit: 'off' } })).toMatchObject({ complete: true, violating: '0', deadlocks: 0 })
  })

  it('hits an appender as it hits a truncate (direct-io A.8 U5)', { timeout: 60_000 }, () => {
    expect(violated(explore({ settings: { other: 'append' } }))).toContain('A-O7')
  })

  it('says nothing on the console without lockdep: mutual exclusion is lost all the same (direct-io A.8, outcome)', () => {
    const verdict = explore({ settings: { lockdep: 'off' } })
    expect(violated(verdict)).toContain('A-O7')
    expect(verdict.outcomes.flatMap((outcome) => outcome.console)).toEqual([])
  })
})

it('takes the lock away from truncate in the documented schedule, and prints the line at that step (direct-io A.8 U6)', () => {
  const { trace } = run(stage(scenario), { named: 'bug' })
  const at = trace.infos.findIndex((info) => info.procedure === 'btrfs_direct_write' && info.label === 'unlock')
  expect(trace.infos[at]?.violations).toMatchObject([{ oracle: 'A-O7', says: 'A releases the inode lock that T holds' }])
  const consoleAt = (step: number): readonly string[] =>
    (trace.machine.world(trace.states[step] as never) as unknown as { dmesg: { text: string }[] }).dmesg.map(({ text }) => text)
  expect([consoleAt(at), consoleAt(at + 1)]).toEqual([[], [warning]])
})

it('leaves a lock that nobody can take if it was free: truncate waits for ever (direct-io A.8 U6)', () => {
  const { trace } = run(stage(scenario), { named: 'free' })
  expect(trace.end).toBe('stuck')
  expect(trace.violations.map(({ oracle, says }) => [oracle, says])).toContainEqual([
    'A-O7',
    'A releases the inode lock, which nobody holds',
  ])
})
