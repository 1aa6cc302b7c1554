import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { letterOf, spawnOf, type Spawn } from './letters.ts'

const capital = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ')

/** A task however many spawns deep, in a system of so many sites. */
const spawned = fc
  .tuple(
    fc.integer({ min: 1, max: 7 }),
    capital,
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 300 })), { minLength: 1, maxLength: 5 }),
  )
  .map(([sites, root, way]) => {
    const line: Spawn[] = []
    let parent = root
    for (const [site, occurrence] of way) {
      const spawn = { parent, site: site % sites, occurrence }
      line.push(spawn)
      parent = letterOf(spawn, sites)
    }
    return { sites, line, letter: parent }
  })

describe('the letter of a spawned task', () => {
  it('says who spawned it, where and how often: no two tasks share one, however many there are', () => {
    fc.assert(
      fc.property(spawned, ({ sites, line, letter }) => {
        expect(spawnOf(letter, sites)).toEqual(line.at(-1))
      }),
      { numRuns: 2000 },
    )
  })

  it('is a word of lower-case letters, so that a schedule can be read back', () => {
    fc.assert(fc.property(spawned, ({ letter }) => /^[a-z]+$/.test(letter)))
  })

  it('of the first sites is short', () => {
    const of = (parent: string, site: number, occurrence: number) => letterOf({ parent, site, occurrence }, 5)
    expect([of('A', 0, 1), of('A', 1, 1), of('A', 4, 1), of('A', 0, 2)]).toEqual(['a', 'aa', 'ad', 'ae'])
    expect([of('a', 2, 1), of('ad', 2, 1), of('a', 2, 2)]).toEqual(['av', 'adv', 'azu'])
    expect([of('A', 3, 4), of('A', 4, 4)]).toEqual(['ar', 'asa'])
  })

  it('of Z is told from a long name of a child: z is the first letter of both', () => {
    expect(spawnOf('zt', 3)).toEqual({ parent: 'z', site: 0, occurrence: 1 })
    expect(spawnOf('zzt', 3)).toEqual({ parent: 'z', site: 0, occurrence: 3 })
  })

  it('that no task can have is none', () => {
    expect(['', 'A', 'as', 'az', 'ab1', 'tsz', 'aab', 'atb'].filter((letter) => spawnOf(letter, 3))).toEqual([])
  })
})
