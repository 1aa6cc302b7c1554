import { expect, test } from 'vitest'
import { traceOf } from '../../../testing/trace.ts'
import type { WhyView } from '../../../worker/protocol.ts'
import { doomOf } from './race.ts'
import { waysInWords } from './ways.ts'

const trace = traceOf({ scenario: 'append-hole', kernel: '6.1', toggles: [], settings: {}, schedule: { named: 'bug' } })
const steps = trace.steps.length
const why = (shares: readonly (number | null)[]): WhyView => ({
  answer: 'some',
  says: 'Some schedules violate.',
  complete: true,
  bound: null,
  states: 9,
  schedules: '4',
  violating: '1',
  window: null,
  doom: { shares, lost: null, jump: { step: 2, from: 0, to: 1 } },
  groups: [],
})

test('the curve names the step at which the share grows most', () => {
  const doom = doomOf(trace, why(Array.from({ length: steps + 1 }, (_, n) => (n < 2 ? 0 : 1))), false)
  const second = trace.steps[1]
  expect(doom.jump).toEqual({ step: 2, says: `${second?.task ?? ''} ${second?.label ?? ''}` })
  expect(doom.shares).toHaveLength(steps + 1)
})

test('a step is not told as the one at which most is lost where as much reads as lost before it', () => {
  const found = why(Array.from({ length: steps + 1 }, () => 0.999))
  expect(
    doomOf(trace, { ...found, doom: found.doom && { ...found.doom, jump: { step: 2, from: 0.997, to: 0.999 } } }, false).jump,
  ).toBeNull()
})

test('there is no curve of infinitely many continuations, nor of another run', () => {
  expect(doomOf(trace, why(Array.from({ length: steps + 1 }, () => null)), false)).toMatchObject({
    shares: [],
    jump: null,
    instead: 'this run can go on in infinitely many ways',
  })
  expect(doomOf(trace, why([0, 1]), false).shares).toEqual([])
  expect(doomOf(trace, null, true).instead).toBe('could not be worked out')
})

test('ways are counted by what they violate, and a bound is said', () => {
  const group = (violates: readonly string[]) => ({ violates }) as unknown as WhyView['groups'][number]
  const known = { complete: true, bound: null }
  expect(waysInWords({ ...known, groups: [group(['O1']), group([]), group([])] })).toBe('Wrong in one way, right in two ways.')
  expect(waysInWords({ ...known, groups: [group([])] })).toBe('Right in one way, wrong in none.')
  expect(waysInWords({ groups: [group(['O1'])], complete: false, bound: '10 states' })).toBe(
    'Wrong in one way, right in none, as far as the search went (10 states).',
  )
})
