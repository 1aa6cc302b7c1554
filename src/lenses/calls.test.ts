import { describe, expect, it } from 'vitest'
import { callBars, foldsFrom, foldsOf, stackAt } from './calls.ts'
import type { TimelineCall, TimelineRun, TimelineStep } from './timeline.ts'

/** `A0 A1 B0`: whose step at which depth. */
const steps = (text: string): TimelineStep[] =>
  text.split(' ').map((one, i) => ({ n: i + 1, task: one.slice(0, -1), label: `l${i + 1}`, depth: Number(one.slice(-1)) }))

const call = (task: string, procedure: string, depth: number, from: number, first: number | null, to: number | null): TimelineCall => ({
  task,
  procedure,
  depth,
  from,
  first,
  to,
})

const run = (of: Partial<TimelineRun>): TimelineRun => ({
  tasks: [],
  steps: [],
  calls: [],
  blockedSpans: [],
  held: [],
  windows: [],
  beats: [],
  violations: [],
  partsAt: null,
  ...of,
})
const shown = (of: Partial<TimelineRun>) =>
  callBars(run(of)).map(
    ({ level, procedures, first, last, end }) => `${' '.repeat(level)}${procedures.join(' › ')} ${first}-${last} ${end}`,
  )

describe('a call', () => {
  it('is a bar from its first step to the step with which it returns, under the bar of its caller', () => {
    const calls = [call('A', 'fsync', 0, 0, 1, 5), call('A', 'btrfs_sync_log', 1, 2, 3, 4)]
    expect(shown({ steps: steps('A0 A0 A1 A1 A0'), calls })).toEqual(['fsync 1-5 returned', ' btrfs_sync_log 3-4 returned'])
  })

  it('goes on while other tasks run, also before its own first step', () => {
    const calls = [call('A', 'fsync', 0, 0, 1, 4), call('B', 'store', 0, 0, 2, 3), call('A', 'btrfs_sync_log', 1, 1, 4, 4)]
    // A has called btrfs_sync_log with step 1; B's steps 2 and 3 fall into that call.
    expect(shown({ steps: steps('A0 B0 B0 A1'), calls })).toEqual([
      'fsync 1-4 returned',
      'store 2-3 returned',
      ' btrfs_sync_log 2-4 returned',
    ])
  })

  it('is another bar each time that the procedure is called, though its caller takes no step between', () => {
    const calls = [call('A', 'write', 0, 0, 1, 3), call('A', 'copy', 1, 1, 2, 2), call('A', 'copy', 1, 2, 3, 3)]
    expect(shown({ steps: steps('A0 A1 A1'), calls })).toEqual(['write 1-3 returned', ' copy 2-2 returned', ' copy 3-3 returned'])
  })

  it('shares the bar of the one that only calls it: what takes no step needs no room', () => {
    const calls = [
      call('A', 'write', 0, 0, 1, 3),
      call('A', 'btrfs_do_write_iter', 1, 0, 1, 2),
      call('A', 'btrfs_direct_write', 2, 0, 1, 2),
    ]
    expect(shown({ steps: steps('A2 A2 A0'), calls })).toEqual([
      'write 1-3 returned',
      ' btrfs_do_write_iter › btrfs_direct_write 1-2 returned',
    ])
  })

  it('has a bar of its own where it calls two others, though it takes no step itself', () => {
    const calls = [
      call('A', 'btrfs_do_write_iter', 0, 0, 1, 2),
      call('A', 'btrfs_direct_write', 1, 0, 1, 1),
      call('A', 'generic_write_sync', 1, 1, 2, 2),
    ]
    expect(shown({ steps: steps('A1 A1'), calls })).toEqual([
      'btrfs_do_write_iter 1-2 returned',
      ' btrfs_direct_write 1-1 returned',
      ' generic_write_sync 2-2 returned',
    ])
  })

  it('that never returns goes on to the end of the run and stays open', () => {
    const calls = [call('A', 'read', 0, 0, 1, null), call('B', 'store', 0, 0, 2, 3)]
    expect(shown({ steps: steps('A0 B0 B0'), calls })).toEqual(['read 1-3 open', 'store 2-3 returned'])
  })

  it('that a power failure ends is over before that step', () => {
    const calls = [call('A', 'fsync', 0, 0, 1, 3), call('P', 'power_failure', 0, 0, 3, 3)]
    expect(shown({ steps: steps('A0 A0 P0'), calls })).toEqual(['fsync 1-2 ended', 'power_failure 3-3 returned'])
  })

  it('of a task that was spawned and never ran has no bar, unless it waits for something', () => {
    const calls = [call('A', 'write', 0, 0, 1, 2), call('a', 'btrfs_finish_ordered_io', 0, 1, null, null)]
    const of = { steps: steps('A0 A0'), calls }
    expect(shown(of)).toEqual(['write 1-2 returned'])
    const blockedSpans = [{ task: 'a', from: 1, to: null, on: 'io_tree [0, 4K)', heldBy: ['A'] }]
    expect(shown({ ...of, blockedSpans })).toEqual(['write 1-2 returned', 'btrfs_finish_ordered_io 1-2 open'])
  })

  it('that is entered with the last step of the run has no column and no bar', () => {
    const calls = [call('A', 'write', 0, 0, 1, null), call('A', '__iomap_dio_rw', 1, 1, null, null)]
    expect(shown({ steps: steps('A0'), calls })).toEqual(['write 1-1 open'])
  })

  it('counts the steps of its procedure apart from those of what it calls', () => {
    const calls = [call('A', 'fsync', 0, 0, 1, 4), call('A', 'btrfs_sync_log', 1, 1, 2, 3)]
    expect(callBars(run({ steps: steps('A0 A1 A1 A0'), calls })).map(({ own, inside }) => [own, inside])).toEqual([
      [
        [1, 4],
        [1, 2, 3, 4],
      ],
      [
        [2, 3],
        [2, 3],
      ],
    ])
  })
})

describe('the stack at a step', () => {
  it('is what its task was in when it took the step', () => {
    const calls = [call('A', 'fsync', 0, 0, 1, 3), call('B', 'store', 0, 0, 3, 3), call('A', 'btrfs_sync_log', 1, 1, 2, 2)]
    const of = { steps: steps('A0 A1 B0'), calls }
    expect([0, 1, 2, 3].map((n) => stackAt(run(of), n).join(' '))).toEqual(['', 'fsync', 'fsync btrfs_sync_log', 'store'])
  })
})

describe('a long run', () => {
  /** A: an outer step, then calls of four steps each, until there are `length` steps. */
  const long = (length: number, more: Partial<TimelineRun> = {}) => {
    const all = steps(Array.from({ length }, (_, i) => (i === 0 ? 'A0' : 'A1')).join(' '))
    const inner = Array.from({ length: Math.floor((length - 1) / 4) }, (_, i) => call('A', `call_${i}`, 1, 4 * i + 1, 4 * i + 2, 4 * i + 5))
    return run({ steps: all, calls: [call('A', 'write', 0, 0, 1, null), ...inner], ...more })
  }
  const folds = (of: TimelineRun) => foldsOf(of, callBars(of)).map(({ procedures }) => procedures.join())

  it('folds the outermost calls in which nothing is marked', () => {
    expect(folds(long(foldsFrom))).toEqual(['write'])
    const marked = long(foldsFrom + 1, { beats: [{ id: 'opens', step: 3 }] })
    // The beat is in call_0 and in write: both stay open, every other call folds.
    expect(folds(marked)).toEqual(
      callBars(marked).flatMap(({ procedures: [name] }) => (name === 'write' || name === 'call_0' ? [] : [name])),
    )
  })

  it('keeps open what a violation, an end of a window or a parting falls into', () => {
    for (const more of [
      { violations: [{ oracle: 'O1', name: 'no overlap', step: 7 }] },
      { windows: [{ id: 'w', task: 'A', from: 7, to: null, says: '' }] },
      { partsAt: 7 },
    ] satisfies Partial<TimelineRun>[]) {
      const names = folds(long(foldsFrom + 1, more))
      expect(names).not.toContain('call_1')
      expect(names).toContain('call_0')
    }
  })

  it('of fewer steps is shown as it is', () => {
    expect(folds(long(foldsFrom - 1))).toEqual([])
  })
})
