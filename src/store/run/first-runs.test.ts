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

test.each(catalog)('all schedules of the page that $id opens with are decided, and how its run ends is one of the ways', (card) => {
  const { trace, verdict } = firstRuns[card.id] ?? {}
  expect(verdict?.complete).toBe(true)
  const objects = [...new Set(trace?.violations.map(({ oracle }) => oracle))].filter((id) =>
    trace?.oracles.some((oracle) => oracle.id === id && oracle.kind === 'verdict'),
  )
  const ways = verdict?.groups.map(({ violates }) => violates.toSorted().join())
  expect(ways).toContain(objects.sort().join())
  expect(verdict?.answer === 'never').toBe(verdict?.violated.length === 0)
})

test.each(Object.entries(firstRuns))('the first run of %s is the same after it has been written into a page', (_, first) => {
  expect(JSON.parse(JSON.stringify(first))).toStrictEqual(first)
})
