// Both sides of a twin say the same only if each is right by itself: ours is held against schedules counted by hand.
import { describe, expect, it } from 'vitest'
import { reduce } from '../../engine/reduce.ts'
import { search } from '../../engine/search.ts'
import { append } from './append.ts'
import { searches } from './searches.ts'
import { shortRead } from './short-read.ts'
import { twins } from './twins.ts'

const counts = (system: ReturnType<typeof append>): { schedules: string | null; violating: string | null; deadlocks: number } => {
  const { schedules, violating, deadlocks } = search(system).verdict
  return { schedules, violating, deadlocks }
}

describe('append', () => {
  it('has one schedule for one task, and the position moves past its own i_size unless it is kept', () => {
    expect(search(append(1, 'relock')).verdict).toMatchObject({
      schedules: '1',
      violating: '1',
      outcomes: [{ size: 2, returns: { A: 1 } }],
    })
    for (const retry of ['keep-lock', 'keep-position'] as const)
      expect(search(append(1, retry)).verdict).toMatchObject({ schedules: '1', violating: '0', outcomes: [{ size: 1, returns: { A: 0 } }] })
  })

  it('has 34 schedules for two tasks that keep the lock', () => {
    // Whoever comes second takes its 16 steps after the other's last unlock; the other's return may stand before, between or after them:
    // 17 places, and either may be first.
    expect(counts(append(2, 'keep-lock'))).toEqual({ schedules: String(2 * 17), violating: '0', deadlocks: 0 })
  })

  it('has 62,606 schedules for two tasks that drop the lock, all of which violate', () => {
    // A task holds the lock for 8 steps (a), takes 2 free ones (f), holds it for 9 more (z), and returns (r). Let A come first.
    // Upper case is A. AZaz: R stands anywhere among B's 20 steps.
    const inTurn = 21
    // AazZ: both f of B stand between a and z. The two F come before or among the 8 + 2 + 9 steps from a to z (19 places), or after z; r is
    // after z: among the F left, among the 9 steps of Z (8 gaps), or on either side of R.
    const nested = ((20 * 19) / 2) * 11 + 19 * 12 + 1 * 13
    // AaZz: i of the two F stand after a (the others in one of 8 places up to the end of a), j of the two f before Z, in any order with those;
    // the other f in 8 gaps of Z or between Z and z, where R may stand among them, or in 8 gaps of z, or on either side of r.
    const places = [1, 8, 36] as const
    const crossed = [0, 1, 2].flatMap((i) =>
      [0, 1, 2].map((j) => {
        const orders = { 0: 1, 1: i + 1, 2: ((i + 2) * (i + 1)) / 2 }[j] ?? 0
        const later = [0, 1, 2].slice(0, 3 - j).reduce((sum, k) => sum + (places[2 - j - k] ?? 0) * (k + 11), 0)
        return (places[2 - i] ?? 0) * orders * later
      }),
    )
    const all = 2 * (inTurn + nested + crossed.reduce((sum, one) => sum + one, 0))
    expect(all).toBe(62_606)
    expect(counts(append(2, 'relock'))).toEqual({ schedules: String(all), violating: String(all), deadlocks: 0 })
    // The lock is held and dropped alike when the position is kept.
    expect(counts(append(2, 'keep-position'))).toEqual({ schedules: String(all), violating: '0', deadlocks: 0 })
  })
})

describe('the reduced search', () => {
  it('finds every order in which alike appenders can go on, though it sees only one of each', () => {
    const ends = (outcomes: readonly { readonly returns: unknown; readonly size: unknown }[]): string[] =>
      outcomes.map(({ returns, size }) => JSON.stringify([returns, size])).sort()
    for (const retry of ['relock', 'keep-position'] as const)
      for (const n of [2, 3]) {
        const { verdict } = search(append(n, retry))
        expect(ends(reduce(append(n, retry), { maxStates: 1000 }).outcomes)).toEqual(ends(verdict.outcomes))
      }
  })
})

describe('short read', () => {
  it('has 10 schedules with one bio, 4 of which end too early', () => {
    // After the submission the submitter takes 3 steps (pin, classify, drop) and the bio 2 (dma, put): C(5, 2). It is short when put comes
    // after drop, and last: dma stands in one of 4 places.
    expect(counts(shortRead(1, 'nobody'))).toEqual({ schedules: '10', violating: '4', deadlocks: 0 })
    expect(counts(shortRead(1, 'submitter'))).toEqual({ schedules: '10', violating: '0', deadlocks: 0 })
  })

  it('has 280 schedules with two bios, 154 of which end too early', () => {
    // The second bio's 2 steps among pin, classify, drop: C(5, 2); the first bio's 2 among these 5 and the second submission: C(8, 2).
    // Whole when drop is last: 2 among pin, classify: C(4, 2); then 2 among 5: C(7, 2).
    expect(counts(shortRead(2, 'nobody'))).toEqual({ schedules: String(10 * 28), violating: String(10 * 28 - 6 * 21), deadlocks: 0 })
    expect(counts(shortRead(2, 'submitter'))).toEqual({ schedules: '280', violating: '0', deadlocks: 0 })
  })
})

it.each(Object.entries(searches))('the %s search finds the bug of each twin in its first variant only', (_name, decide) => {
  const found = twins.flatMap(({ make, variants }) => variants.map((variant) => ({ variant, ...decide(make(2, variant), 20_000) })))
  expect(found.map(({ variant, complete, violated, stuck }) => [variant, complete, violated, stuck])).toEqual([
    ['relock', true, ['size'], false],
    ['keep-lock', true, [], false],
    ['keep-position', true, [], false],
    ['nobody', true, ['whole'], false],
    ['submitter', true, [], false],
  ])
})

it.each(Object.entries(searches))('the %s search says so when a bound stops it', (_name, decide) => {
  expect(decide(append(3, 'keep-position'), 5).complete).toBe(false)
})
