import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendCard, cards, twinCard } from '../../testing/cards.ts'
import type { Card } from '../../scenarios/card.ts'
import { encode, shorten } from './encode.ts'
import { parse, type LinkProblem } from './link.ts'
import { home, mergeChoices, type Place, type Side } from '../place/place.ts'
import { gaps, type Upgraders } from './upgrade.ts'

const noGaps: Upgraders = { twin: { 2: (link) => link, 3: (link) => link } }
const start = home(appendCard)

const read = (fragment: string): Place => {
  const parsed = parse(fragment, null, cards, noGaps)
  if ('problem' in parsed) throw new Error(parsed.problem.says)
  return parsed.place
}
const complain = (fragment: string, scenario: string | null = null): LinkProblem => {
  const parsed = parse(fragment, scenario, cards, noGaps)
  if ('place' in parsed) throw new Error(`${fragment} was read as ${JSON.stringify(parsed.place)}`)
  return parsed.problem
}

function anySide(card: Card): fc.Arbitrary<Side> {
  return fc.record({
    kernel: fc.constantFrom(...card.kernels),
    toggles: fc.subarray(card.patches.map(({ id }) => id)).map((ids) => [...ids].sort()),
  })
}

/** Every place that the store can hold for a card. */
function anyPlace(card: Card): fc.Arbitrary<Place> {
  const settings = fc.record(
    Object.fromEntries(
      card.settings.map((setting) => [setting.name, fc.constantFrom(...setting.values.filter((value) => value !== setting.default))]),
    ),
    { requiredKeys: [] },
  )
  const choices = fc
    .array(fc.tuple(fc.constantFrom('A', 'B', 'C', 'a', 'aa', 'bt', 'p'), fc.integer({ min: 1, max: 99 })))
    .map((all) => ({ choices: mergeChoices(all.map(([task, n]) => task + String(n)).join('')) }))
  const named = card.schedules.map(({ name }) => fc.constant({ named: name }))
  const schedule = fc.oneof(choices, ...named)
  const base = fc.record({
    scenario: fc.constant(card.id),
    settings: settings as fc.Arbitrary<Record<string, string>>,
    schedule,
    step: fc.integer({ min: 0, max: 99_999 }),
    power: fc.boolean(),
    talk: fc.boolean(),
  })
  const looks = fc.oneof(
    fc.constantFrom(
      { view: 'trace' as const, right: null, other: null },
      { view: 'map' as const, right: null, other: null },
      { view: 'compare' as const, right: null, other: null },
    ),
    anySide(card).map((right) => ({ view: 'compare' as const, right, other: null })),
    schedule.map((other) => ({ view: 'compare' as const, right: null, other })),
    fc.tuple(anySide(card), schedule).map(([right, other]) => ({ view: 'compare' as const, right, other })),
  )
  return fc.tuple(base, anySide(card), looks).map(([some, side, look]) => ({ ...some, ...side, ...look }))
}

describe('a link', () => {
  it('reads back as the place it was made from, from the root and from the folder of its scenario', () => {
    for (const card of cards)
      fc.assert(
        fc.property(anyPlace(card), (place) => {
          const segments = encode(place, cards)
          const root = JSON.stringify(sorted(read(`#/${card.id}/${segments}`)))
          const folder = parse(`#/${segments}`, card.id, cards, noGaps)
          return root === JSON.stringify(sorted(place)) && 'place' in folder && JSON.stringify(sorted(folder.place)) === root
        }),
        { numRuns: 1000 },
      )
  })

  it('has only letters, digits and / # . _ ~ -, and ends on a letter or a digit', () => {
    fc.assert(fc.property(anyPlace(appendCard), (place) => /^[A-Za-z0-9/#._~-]*[A-Za-z0-9]$/.test(`#/${encode(place, cards)}`)))
  })

  it('leaves defaults out', () => {
    expect(encode(start, cards)).toBe('r1')
    expect(encode({ ...start, toggles: ['939b656bc8ab'], step: 12 }, cards)).toBe('r1/k6.1~939b656/12')
    expect(encode({ ...start, view: 'compare', right: { kernel: '6.11', toggles: [] } }, cards)).toBe('r1/k6.1/k6.11')
    expect(encode({ ...start, view: 'compare', talk: true, power: true, settings: { resident: '4' } }, cards)).toBe(
      'r1/oresident-4/p/vc/vt',
    )
  })

  it('has short names where the long ones would not fit into a line of a mail, and only there', () => {
    const long = { ...start, kernel: '6.10.5', settings: { resident: '4' }, step: 12 }
    expect(encode(long, cards)).toBe('r1/k6.10.5/oresident-4/12')
    const longer: Place = {
      ...long,
      toggles: ['skip-checks-on-retry'],
      schedule: { named: 'resident' },
      power: true,
      view: 'compare',
      talk: true,
    }
    expect(encode(longer, cards)).toBe('r1/k6105~s/or4/nr/12pct')
    expect(read('#/append-hole/r1/k6105~s/or4/nr/12pct')).toEqual(longer)
    expect(encode({ ...longer, kernel: '6.1', step: 0 }, cards)).toBe('r1/k~s/or4/nr/0pct')
    expect(read('#/append-hole/r1/k~s/or4/nr/0pct')).toEqual({ ...longer, kernel: '6.1', step: 0 })
  })

  it('keeps long names where short ones would not make it fit either', () => {
    const own = { ...start, toggles: ['skip-checks-on-retry'], schedule: { choices: 'A1B1'.repeat(12) } }
    expect(encode(own, cards)).toMatch(/^r1\/k6\.1~skip-checks-on-retry\/sA1B1A1/)
  })

  it('a second schedule is the right side of a comparison, and a third is one too many', () => {
    const two = { ...start, view: 'compare' as const, other: { choices: 'A5B1' } }
    expect(encode(two, cards)).toBe('r1/nbug/sA5B1')
    expect(read('#/append-hole/r1/nbug/sA5B1')).toEqual(two)
    expect(parse('#/append-hole/r1/nbug/sA5B1/sA6', null, cards)).toMatchObject({
      problem: { says: expect.stringContaining('names 3 schedules') as unknown, nearest: two },
    })
  })

  it('abbreviates a commit only as far as its scenario allows', () => {
    expect(shorten('939b656bc8ab', appendCard)).toBe('939b656')
    expect(shorten('abcdef012345', twinCard)).toBe('abcdef01')
    expect(shorten('skip-checks-on-retry', appendCard)).toBe('skip-checks-on-retry')
  })

  it('accepts segments in any order, more digits of a commit, and a bare scenario', () => {
    expect(read('#/append-hole/12/k6.1~939b656bc8/r1')).toEqual({ ...start, toggles: ['939b656bc8ab'], step: 12 })
    expect(read('#/append-hole')).toEqual(start)
    expect(read('#/append-hole/')).toEqual(start)
    expect(read('/append-hole/r1/sA2A3B1')).toEqual({ ...start, schedule: { choices: 'A5B1' } })
  })
})

describe('a bad link', () => {
  it.each([
    ['#/append-hole/r1/k6.1~939b656/12=3D', { toggles: ['939b656bc8ab'], step: 12 }],
    ['#/append-hole/r1/k6.1~93=\n9b656/12', { toggles: ['939b656bc8ab'], step: 12 }],
    ['#/append-hole/r1/k6.1~93%209b656/12', { toggles: ['939b656bc8ab'], step: 12 }],
    ['#/append-hole/r1/12%3E', { step: 12 }],
    ['#/append-hole/r1/12>', { step: 12 }],
    ['#/append-hole/r1/12.', { step: 12 }],
    ['#/append-hole/r1/12)', { step: 12 }],
    ['#/append-hole/r1/12&gt;', { step: 12 }],
    ['#/append-hole/r1/12,', { step: 12 }],
    ['#/append-hole/r1/%0D%0A12', { step: 12 }],
    ['#/append-hole/r1/12%E2%80%9D', { step: 12 }],
    ['#/append-hole/r1/%', {}],
  ])('%j was damaged on its way and is offered mended', (fragment, differs) => {
    const problem = complain(fragment)
    expect(problem.says).toMatch(/^This link was damaged on its way: /)
    expect(problem.nearest).toEqual({ ...start, ...differs })
  })

  it.each([
    ['#/append-holes/r1', /^There is no scenario "append-holes"; there are append-hole, twin\.$/, start],
    ['#/x/r1', /^There is no scenario "x"/, null],
    ['#/append-hole/r2/12', /revision 2 of append-hole; this copy of the page only knows 1\. Reload/, start],
    ['#/append-hole/12', /does not say for which revision/, { ...start, step: 12 }],
    ['#/append-hole/r1/k6.3', /^Kernel "6\.3" is not one that append-hole offers .*; 6\.1 is offered\.$/, start],
    ['#/append-hole/r1/k6.12.3', /6\.11 is offered/, { ...start, kernel: '6.11' }],
    ['#/append-hole/r1/k6.11-rc1', /6\.10\.5 is offered/, { ...start, kernel: '6.10.5' }],
    ['#/append-hole/r1/k', /^Kernel ""/, start],
    ['#/append-hole/r1/k6.1~939b6', /^Patch "939b6" is cut short; it may be 939b656/, start],
    ['#/append-hole/r1/k6.1~1234567', /has no patch "1234567"; it has 8184620, skip-checks-on-retry, 939b656, cd9253c\.$/, start],
    ['#/twin/r3/k6.9~abcdef0', /could be any of abcdef012345, abcdef067890/, home(twinCard)],
    ['#/append-hole/r1/oresident-5', /resident can be 0, 4, 16/, start],
    ['#/append-hole/r1/o__proto__-1', /the settings are resident, other/, start],
    ['#/append-hole/r1/nbugs', /no schedule named "bugs"; it has bug, resident/, start],
    [
      '#/append-hole/r1/oresident-4/oresident-16',
      /sets resident to 4 and to 16; it can have one value, so 4 is offered/,
      { ...start, settings: { resident: '4' } },
    ],
    ['#/append-hole/r1/sA5B', /such as A5B2A1; "A5B" is not, from "B" on/, { ...start, schedule: { choices: 'A5' } }],
    ['#/append-hole/r1/sA0', /such as A5B2A1; "A0" is not/, start],
    ['#/append-hole/r1/vx', /"vx" is not a view/, start],
    ['#/append-hole/r1/3vc', /"3vc" means nothing in a link/, start],
    ['#/append-hole/r1/3mc', /the map and .* a comparison at once/, { ...start, step: 3, view: 'compare' }],
    ['#/append-hole/r1/3pp', /"vp" is not a view/, { ...start, step: 3, power: true }],
    ['#/append-hole/r1/zzz', /"zzz" means nothing in a link/, start],
    ['#/append-hole/r1/3/4', /names 2 steps/, { ...start, step: 3 }],
    ['#/append-hole/r1/123456789012345678901', /beyond any run/, start],
    ['#/append-hole/rx', /"rx" means nothing/, start],
  ])('%s is refused with a sentence and the nearest thing', (fragment, says, nearest) => {
    const problem = complain(fragment)
    expect(problem.says).toMatch(says)
    expect(problem.nearest).toEqual(nearest)
  })

  it('of too many characters says so, and offers what stands before', () => {
    const { says, nearest } = complain(`#/append-hole/r1/oresident-4/s${'A1B1'.repeat(1600)}`)
    expect(says).toMatch(/^This link is too long: 64\d\d characters, and links of this page have at most 6000/)
    expect(nearest).toEqual({ ...start, settings: { resident: '4' } })
  })

  it('of an old revision goes through every upgrader in order', () => {
    const seen: number[] = []
    const chain: Upgraders = {
      twin: {
        2: (link) => (seen.push(2), { ...link, step: link.step + 1 }),
        3: (link) => (seen.push(3), link.power ? { gone: 'Revision 3 of twin has no power cut' } : link),
      },
    }
    const parsed = parse('#/twin/r1/7', null, cards, chain)
    expect(parsed).toEqual({ place: { ...home(twinCard), step: 8 } })
    expect(seen).toEqual([2, 3])
    const gone = parse('#/twin/r2/7/p', null, cards, chain)
    expect('problem' in gone && gone.problem.says).toBe('Revision 3 of twin has no power cut.')
  })

  it('a missing or a needless upgrader is noticed', () => {
    expect(gaps(cards, noGaps)).toEqual([])
    expect(gaps(cards, {})).toHaveLength(2)
    expect(gaps(cards, { ...noGaps, 'append-hole': { 2: (link) => link }, lost: {} })).toHaveLength(2)
  })
})

/** The same place with its keys in one order. */
const sorted = (place: Place): unknown =>
  Object.fromEntries(
    Object.entries(place)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, key === 'settings' ? Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1)) : value]),
  )
