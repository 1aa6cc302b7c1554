import fc from 'fast-check'
import { expect, test } from 'vitest'
import { initial } from '../../store/state.ts'
import { asked, told } from './messages.ts'

test('three things can be asked, in version 1', () => {
  expect(asked({ lockstep: 1, do: 'next' })).toEqual({ do: 'next' })
  expect(asked({ lockstep: 1, do: 'prev' })).toEqual({ do: 'prev' })
  expect(asked({ lockstep: 1, do: 'step', step: 12 })).toEqual({ do: 'step', step: 12 })
})

test('anything else means nothing and breaks nothing', () => {
  for (const step of [-1, 1.5, NaN, Infinity, '3', null, undefined, { valueOf: () => 3 }])
    expect(asked({ lockstep: 1, do: 'step', step })).toBeNull()
  for (const what of ['open', 'constructor', '', null, ['next']]) expect(asked({ lockstep: 1, do: what })).toBeNull()
  for (const version of [0, 2, '1', true, null]) expect(asked({ lockstep: version, do: 'next' })).toBeNull()
  fc.assert(fc.property(fc.anything(), (message) => asked(message) === null))
})

test('the host is told that there is no moment yet where no scenario is shown', () => {
  expect(told(initial, () => 'never asked for')).toEqual({ lockstep: 1, at: null })
})
