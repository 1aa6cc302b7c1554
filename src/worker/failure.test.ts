import { expect, test } from 'vitest'
import { AuthorError, InputError } from '../base/assert.ts'
import { failureOf } from './failure.ts'

test('a part of the program that cannot be had is nobody’s mistake and no bug to report, in the words of any browser', () => {
  for (const words of [
    'Failed to fetch dynamically imported module: https://host/assets/plug-view-1.js',
    'error loading dynamically imported module: https://host/assets/plug-view-1.js',
    'Importing a module script failed.',
  ])
    expect(failureOf(new TypeError(words))).toMatchObject({
      reader: 'worker',
      message: expect.stringContaining('could not be loaded') as string,
    })
})

test('what the model itself says keeps its words and its reader', () => {
  expect(failureOf(new InputError('no such kernel'))).toEqual({ reader: 'input', message: 'no such kernel' })
  expect(failureOf(new AuthorError('no such step'))).toEqual({ reader: 'author', message: 'no such step' })
  expect(failureOf(new TypeError('x is not a function'))).toEqual({ reader: 'engine', message: 'x is not a function' })
  expect(failureOf('odd')).toEqual({ reader: 'engine', message: 'odd' })
})
