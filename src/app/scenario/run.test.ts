import { describe, expect, it } from 'vitest'
import { appendCard } from '../../testing/cards.ts'
import { traceOf } from '../../testing/trace.ts'
import { timelineOf } from './run.ts'

const trace = traceOf({ scenario: appendCard.id, kernel: appendCard.defaultKernel, toggles: [], settings: {}, schedule: { named: 'bug' } })

describe('the timeline of a run', () => {
  it('has one stretch for as long as a task waits for the same lock of the same holder', () => {
    // B waits in states 1 to 4; step 5 drops the lock.
    expect(timelineOf(trace).blockedSpans).toEqual([{ task: 'B', from: 1, to: 5, on: 'inode lock', heldBy: ['A'] }])
  })

  it('has another stretch where the holder is another', () => {
    const steps = trace.steps.map((step) =>
      step.n < 3 ? step : { ...step, blocked: step.blocked.map((one) => ({ ...one, heldBy: ['C'] })) },
    )
    expect(timelineOf({ ...trace, steps }).blockedSpans.map(({ from, to, heldBy }) => [from, to, heldBy.join()])).toEqual([
      [1, 3, 'A'],
      [3, 5, 'C'],
    ])
  })

  it('has each oracle once, at the step that it objects to first', () => {
    expect(timelineOf(trace).violations).toEqual([{ oracle: 'A-O1', name: 'growth equals the bytes written', step: 10, noted: false }])
  })
})
