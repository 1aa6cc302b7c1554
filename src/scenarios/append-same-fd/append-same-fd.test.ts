/** Expectations cite their row of the facts: `direct-io A.8` is src/kernel/facts/direct-io.md section A.8. */
import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../engine/view.ts'
import { verdictOf } from '../../testing/searched.ts'
import { run, stage, type Asked } from '../run.ts'
import { scenario } from './index.ts'

const explore = (asked: Asked = {}): Verdict => verdictOf(scenario, asked)
const violated = (verdict: Verdict): string[] =>
  verdict.oracles.filter((oracle) => oracle.kind === 'verdict' && oracle.violatingSchedules !== '0').map((oracle) => oracle.id)
/** The two lines of the reports on 6.10.5. */
const bug = [
  'assertion failed: inode_is_locked(&inode->vfs_inode), in fs/btrfs/ordered-data.c:983',
  'kernel BUG at fs/btrfs/ordered-data.c:983!',
]

describe('pwrite() and fsync() through one descriptor', () => {
  it.each(['6.10.5', '6.11-rc2'])(
    'on %s: fsync goes without the lock, uses a dead stack, and may run into the assertion (direct-io A.8 R1 to R7)',
    (kernel) => {
      const verdict = explore({ kernel })
      expect(verdict.complete).toBe(true)
      expect(violated(verdict)).toEqual(['A-O8', 'A-O10', 'A-O11'])
      expect(verdict.outcomes.map((outcome) => outcome.console)).toContainEqual(bug)
      // The task that ran into BUG() returns nothing.
      expect(verdict.outcomes.filter((outcome) => outcome.console.length > 0).map((outcome) => outcome.returns)).toEqual([{ A: 4096 }])
    },
  )

  it.each(['5.16', '6.0', '6.1', '6.9', '6.10.11', '6.11', '6.15', '7.2'])(
    'on %s: each takes the lock for itself (direct-io section 0, "fsync told by"; A.8: fixed in 6.10.10 and v6.11)',
    (kernel) => {
      expect(explore({ kernel })).toMatchObject({ complete: true, violating: '0', deadlocks: 0 })
    },
  )

  it('never harms through another open of the file (direct-io A.8, "not triggered by")', () => {
    expect(explore({ settings: { open: 'other' } })).toMatchObject({ complete: true, violating: '0' })
  })

  it('with private_data allocated before has the assertion but no dead stack (direct-io A.8, last "not triggered by")', () => {
    expect(violated(explore({ settings: { private: 'seek' } }))).toEqual(['A-O8', 'A-O11'])
  })

  it('without CONFIG_BTRFS_ASSERT logs the inode unlocked and succeeds (direct-io A.8 R7)', () => {
    const verdict = explore({ settings: { assert: 'off' } })
    expect(violated(verdict)).toEqual(['A-O8', 'A-O10'])
    expect(new Set(verdict.outcomes.map((outcome) => JSON.stringify([outcome.returns, outcome.console])))).toEqual(
      new Set(['[{"A":4096,"B":0},[]]']),
    )
  })

  it('passes the assertion while the write still has the lock: it asks for any holder (direct-io A.8 R7)', () => {
    const { trace } = run(stage(scenario), { named: 'held' })
    expect(trace.violations.map(({ oracle }) => oracle)).toEqual(['A-O8'])
    expect(trace.end).toBe('final')
  })

  it('reads the dead stack if the pointer was loaded before the write took it back (direct-io A.8, variant of R3)', () => {
    const { trace } = run(stage(scenario), { named: 'late' })
    expect(trace.violations.map(({ oracle }) => oracle)).toEqual(['A-O10'])
    const read = trace.infos.find(({ label }) => label === 'read_skip_flag')
    expect(read?.says).toBe('reads fsync_skip_inode_lock = false, from the stack of a function that has returned')
  })
})

describe('what fsync does by the moment at which it looks', () => {
  /** The write up to a step, then all of fsync, then the rest. */
  const after = (label: string): string[] => {
    const { trace } = run(stage(scenario), { named: 'bug' })
    const upTo = trace.infos.findIndex((info) => info.task === 'A' && info.label === label)
    const choices = trace.infos.slice(0, upTo + 1).filter(({ task }) => task !== 'B')
    const again = run(stage(scenario), { choices: choices.map(({ task }) => `${task}1`).join('') }).trace
    while (again.machine.at(again.state, 'B')?.procedure === 'btrfs_sync_file' && again.take('B') === null) continue
    again.finish()
    return again.violations.map(({ oracle }) => oracle)
  }

  it('is right before the pointer is set and after it is cleared (direct-io A.8, "before R1 or after R4")', () => {
    expect(after('wait_for_bios')).toEqual([])
    expect(after('clear_private')).toEqual([])
  })
  it('is right between pointer and flag, which is still false (direct-io A.8, "between R1 and R2")', () => {
    expect(after('set_private')).toEqual([])
  })
  it('is wrong once the flag is set (direct-io A.8 R3)', () => {
    expect(after('set_skip_flag')).toContain('A-O8')
  })
})

it('two writers with a shared lock use the stack of each other, fsync or not (direct-io A.8, "also possible")', { timeout: 60_000 }, () => {
  expect(violated(explore({ settings: { size: '4K', writers: '2' } }))).toContain('A-O10')
  expect(explore({ kernel: '6.11', settings: { size: '4K', writers: '2' } })).toMatchObject({ complete: true, violating: '0' })
})
