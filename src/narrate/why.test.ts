/** What is said of a search that was stopped claims nothing of what it has not seen. */
import { expect, it } from 'vitest'
import type { AskView, StepRef } from '../engine/why/view.ts'
import { asked } from './why.ts'

const [first, second]: [StepRef, StepRef] = [
  { task: 'A', procedure: 'fsync', label: 'copy', nth: 1 },
  { task: 'B', procedure: 'write', label: 'map', nth: 2 },
]
const sample = { sample: 'A1B1', violates: false }
const answered = (answer: AskView['answer'], bound: string | null): string =>
  asked(
    {
      answer,
      complete: bound === null,
      bound,
      before: answer === 'never' ? null : sample,
      after: answer === 'always' ? null : sample,
      apart: null,
    },
    first,
    second,
  )

it('whether a step always comes first is known when every schedule was followed, and not when some were', () => {
  expect(answered('always', null)).toBe('Always: in every schedule A fsync.copy comes before B write.map for the 2nd time.')
  expect(answered('always', 'stopped at 9 states')).toBe(
    'Not known: in every schedule that was followed to its end A fsync.copy comes before B write.map for the 2nd time. The search was not completed: stopped at 9 states.',
  )
  expect(answered('never', null)).toBe(
    'Never: no schedule takes A fsync.copy before B write.map for the 2nd time; some take them the other way round.',
  )
  expect(answered('never', 'stopped at 9 states')).toMatch(/^Not known: no schedule that was followed to its end takes /)
})

it('that it sometimes does is known from one schedule of each kind, however many were not followed', () => {
  expect(answered('sometimes', 'stopped at 9 states')).toBe(answered('sometimes', null))
})
