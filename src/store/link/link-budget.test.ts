/**
 * Every link of the catalogue: each kernel, with each patch flipped or none, with each value of each setting or none, each named schedule,
 * each look, at steps of one, two and three digits. `npm run test:long` takes them all, `npm test` some from everywhere.
 */
import { describe, expect, it } from 'vitest'
import { catalog } from '../../scenarios/catalog.ts'
import type { Card } from '../../scenarios/card.ts'
import { encode, LINE } from './encode.ts'
import { parse } from './link.ts'
import { home, type Place } from '../place/place.ts'
import { shortNamesOf } from './short-names.ts'
import { gaps, upgraders } from './upgrade.ts'

const long = process.env['LONG'] === '1'

const looks: readonly Partial<Place>[] = [{}, { view: 'map' }, { view: 'compare' }, { talk: true }, { power: true }]
/** No run of the catalogue has a thousand steps. */
const steps: readonly number[] = [0, 7, 42, 137]

/** How many links there are to a card. */
const total = ({ kernels, patches, settings, schedules }: Card): number =>
  kernels.length *
  (1 + patches.length) *
  (1 + settings.reduce((sum, { values }) => sum + values.length - 1, 0)) *
  schedules.length *
  looks.length *
  steps.length

/** One of them by its number. */
function placeOf(card: Card, number: number): Place {
  let rest = number
  const one = <T>(all: readonly T[]): T => {
    const found = all[rest % all.length]
    rest = Math.floor(rest / all.length)
    return found as T
  }
  const look = one(looks)
  const step = one(steps)
  const kernel = one(card.kernels)
  const toggles = one([[], ...card.patches.map(({ id }) => [id])])
  const others = card.settings.flatMap(({ name, values, default: usual }) =>
    values.filter((value) => value !== usual).map((value) => ({ [name]: value })),
  )
  const settings: Place['settings'] = one([{}, ...others])
  const schedule = { named: one(card.schedules).name }
  return { ...home(card), kernel, toggles, settings, schedule, step, ...look }
}

/** All of them, or every so many-th: a prime, so that each choice of each kind comes up with each of every other. */
function* places(card: Card): Generator<Place> {
  for (let number = 0; number < total(card); number += long ? 1 : 211) yield placeOf(card, number)
}

/** What happens to a fragment on its way, at a place in it. */
const damages: readonly ((fragment: string, at: number) => string)[] = [
  (fragment) => `${fragment}.`,
  (fragment) => `${fragment})`,
  (fragment) => `${fragment}>`,
  (fragment) => `${fragment}>,`,
  (fragment, at) => `${fragment.slice(0, at)}\n${fragment.slice(at)}`,
  (fragment, at) => `${fragment.slice(0, at)}\r\n> > ${fragment.slice(at)}`,
  (fragment, at) => `${fragment.slice(0, at)}=\n${fragment.slice(at)}`,
  (fragment, at) => `${fragment.slice(0, at)}%20${fragment.slice(at)}`,
]

describe.each(catalog)('links to $id', { timeout: 600_000 }, (card) => {
  it(`take at most ${LINE} characters from the scenario on, with one patch, one setting, a named schedule, any step and any view`, () => {
    const tooLong: string[] = []
    const bad: string[] = []
    for (const place of places(card)) {
      const link = `${card.id}/#/${encode(place, catalog)}`
      if (link.length > LINE) tooLong.push(link)
      if (!/^[A-Za-z0-9/#._~-]*[A-Za-z0-9]$/.test(link)) bad.push(link)
    }
    expect(tooLong.slice(0, 5)).toEqual([])
    expect(bad.slice(0, 5)).toEqual([])
  })

  it('read back as the same place, and are offered mended when a mail has damaged them', () => {
    const wrong: string[] = []
    let count = 0
    for (const place of places(card)) {
      const fragment = encode(place, catalog)
      const wanted = JSON.stringify(place)
      const read = parse(fragment, card.id, catalog)
      if (!('place' in read) || JSON.stringify(read.place) !== wanted) wrong.push(fragment)
      const at = 1 + (count % (fragment.length - 1))
      const damage = damages[count % damages.length]
      const found = damage && parse(damage(fragment, at), card.id, catalog)
      if (!found || 'place' in found || JSON.stringify(found.problem.nearest) !== wanted) wrong.push(JSON.stringify(damage?.(fragment, at)))
      count++
    }
    expect(wrong.slice(0, 5)).toEqual([])
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

  it('can name every kernel, patch, schedule, setting and value in one way only, long or short', () => {
    const short = shortNamesOf(card)
    const options = card.settings.flatMap(({ name, values }) =>
      values.flatMap((value) => [`${name}-${value}`, `${short.settings.get(name) ?? ''}${short.values.get(name)?.get(value) ?? ''}`]),
    )
    const both = (names: ReadonlyMap<string, string>): string[] =>
      [...names].flatMap(([name, other]) => (name === other ? [name] : [name, other]))
    for (const names of [options, both(short.kernels), both(short.patches), both(short.schedules)])
      expect(new Set(names).size).toBe(names.length)
  })
})

it('there are more than 700,000 of them', () => {
  expect(catalog.reduce((sum, card) => sum + total(card), 0)).toBeGreaterThan(700_000)
})

it('every revision of every scenario can be reached from the first', () => {
  expect(gaps(catalog, upgraders)).toEqual([])
})
