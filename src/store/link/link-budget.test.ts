import { describe, expect, it } from 'vitest'
import { catalog } from '../../scenarios/catalog.ts'
import type { Card } from '../../scenarios/card.ts'
import { encode, parse } from './link.ts'
import { home, type Place } from '../place/place.ts'
import { gaps, upgraders } from './upgrade.ts'

const BUDGET = 44

/** Every kernel, named schedule and view of a card, and a choice of steps up to 200. */
function* places(card: Card): Generator<Place> {
  const looks: Partial<Place>[] = [{}, { view: 'map' }, { view: 'compare' }, { talk: true }, { power: true }]
  for (const kernel of card.kernels)
    for (const { name } of card.schedules)
      for (const look of looks)
        for (const step of [0, 1, 10, 99, 100, 200]) yield { ...home(card), kernel, schedule: { named: name }, step, ...look }
}

describe.each(catalog)('links to $id', (card) => {
  it(`take at most ${BUDGET} characters from the scenario on, for every kernel, named schedule, step and view`, () => {
    const long = [...places(card)].map((place) => `${card.id}/#/${encode(place, catalog)}`).filter((link) => link.length > BUDGET)
    expect(long.slice(0, 5)).toEqual([])
  })

  it('read back as the same place', () => {
    for (const place of places(card)) expect(parse(encode(place, catalog), card.id, catalog)).toEqual({ place })
  })

  it('have only characters that survive mail', () => {
    const words = [
      card.id,
      ...card.kernels,
      ...card.patches.map(({ id }) => id),
      ...card.schedules.map(({ name }) => name),
      ...card.settings.flatMap(({ name, values }) => [name, ...values]),
    ]
    expect(words.filter((word) => !/^[A-Za-z0-9._~-]*[A-Za-z0-9]$/.test(word))).toEqual([])
  })

  it('can name every setting and value in one way only', () => {
    const options = card.settings.flatMap(({ name, values }) => values.map((value) => `${name}-${value}`))
    expect(new Set(options).size).toBe(options.length)
  })
})

it('every revision of every scenario can be reached from the first', () => {
  expect(gaps(catalog, upgraders)).toEqual([])
})
