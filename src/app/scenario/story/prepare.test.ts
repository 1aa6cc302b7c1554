import { describe, expect, test } from 'vitest'
import { around, placed } from './prepare.ts'

const walk = { last: 40, stops: [3, 9, 20, 40], diverges: null }

describe('which moments are drawn before they are shown', () => {
  test('those that one key leads to: a step or a moment of the story, on or back', () => {
    expect(around(walk, 12)).toEqual([12, 13, 11, 20, 9])
  })

  test('each once, and none before the start or behind the end', () => {
    expect(around(walk, 0)).toEqual([0, 1, 3])
    expect(around(walk, 40)).toEqual([40, 39, 20])
  })

  test('what is drawn already stays where it is: after a step on, only what is new there is drawn', () => {
    const there = placed([], around(walk, 12))
    expect(there).toEqual([12, 13, 11, 20, 9])
    expect(placed(there, around(walk, 13))).toEqual([12, 13, 14, 20, 9])
  })

  test('all that is wanted is there, however one walks, and never more than five at a time', () => {
    let there: readonly number[] = []
    for (const at of [0, 1, 3, 9, 10, 11, 10, 40, 39, 38, 20, 0, 17]) {
      const wanted = around(walk, at)
      there = placed(there, wanted)
      expect(
        wanted.filter((one) => !there.includes(one)),
        `at ${at}`,
      ).toEqual([])
      expect(there.length).toBeLessThanOrEqual(5)
    }
  })
})
