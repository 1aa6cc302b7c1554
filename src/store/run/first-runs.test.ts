import { expect, test } from 'vitest'
import { catalog } from '../../scenarios/catalog.ts'
import { firstRuns } from './first-runs.ts'
import { home, runOf } from '../place/place.ts'

test.each(catalog)('$id opens with its documented schedule on its default kernel', (card) => {
  const first = firstRuns[card.id]
  expect(first?.run).toEqual(runOf(home(card)))
  expect(first?.trace.kernel.resolved).toBe(card.defaultKernel)
  expect(first?.trace.diverged).toBeNull()
})

test.each(Object.entries(firstRuns))('the first run of %s is the same after it has been written into a page', (_, first) => {
  expect(JSON.parse(JSON.stringify(first))).toStrictEqual(first)
})
