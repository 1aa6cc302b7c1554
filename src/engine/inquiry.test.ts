import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical } from '../base/plain.ts'
import { boxOf, plans } from '../testing/random-systems.ts'
import { act, toy } from '../testing/toy.ts'
import { Inquiry, type Decided } from './inquiry.ts'
import type { System } from './system.ts'
import { search } from './search.ts'
import type { World } from './procedure.ts'

const bounds = { maxStates: 100_000 }

function last<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const next = steps.next()
    if (next.done) return next.value
  }
}

/** What is said, but for the samples, how many states were looked at, and counts. */
const said = ({ answer, complete, oracles, outcomes }: Decided): unknown => ({
  answer,
  complete,
  violated: oracles.filter(({ sample }) => sample !== null).map(({ id }) => id),
  outcomes: outcomes.map(({ sample: _, ...outcome }) => canonical(outcome)).sort(),
})

/** Two tasks of so many steps each: (n + 1)^2 states. */
const steps = (n: number) => Array.from({ length: n }, (_, i) => act(`s${i}`, (cells) => void (cells[`c${i}`] = i)))
const apart = (n: number): System => toy({}, { A: { rows: steps(n) }, B: { rows: steps(n) } }) as unknown as System

describe('an inquiry', () => {
  it('says the same whichever search answers first, and counts after either as a search by itself', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const system = boxOf(plan) as unknown as System<World>
        const [full, reduced] = [new Inquiry(system, bounds), new Inquiry(system, bounds, 0)]
        const [a, b] = [last(full.decide()), last(reduced.decide())]
        expect(said(a)).toEqual(said(b))
        expect([a.counted === null, b.counted === null]).toEqual([false, true])
        const { verdict } = search(system, bounds)
        for (const one of [full, reduced]) expect(last(one.count()).verdict).toEqual(verdict)
      }),
      { numRuns: 100, seed: 11 },
    )
  })

  it('lets the full search rest where it stands, and goes on there', () => {
    const system = apart(60)
    const inquiry = new Inquiry(system, bounds, 1_000)
    const decided = last(inquiry.decide())
    expect(decided).toMatchObject({ answer: 'never', complete: true, counted: null })
    const { value } = inquiry.count().next()
    // 61 x 61 states: it was asked to rest after a thousand, and does not begin again.
    expect((value as { states: number }).states).toBeGreaterThan(1_000)
    expect(last(inquiry.count()).verdict).toMatchObject({ states: 3_721, complete: true })
  })

  it('is answered by the reduced search at once where tasks are alike', () => {
    const alike = { ...apart(60), symmetric: [['A', 'B']] }
    const inquiry = new Inquiry({ ...alike, tasks: alike.tasks.map((task) => ({ ...task, name: 'one', procedure: 'program_A' })) }, bounds)
    // The full search would be done with its 61 x 61 states before it had to rest, and would have counted.
    expect(last(inquiry.decide())).toMatchObject({ answer: 'never', complete: true, counted: null })
    expect(last(inquiry.count()).verdict).toMatchObject({ complete: true })
  })

  it('is answered by the reduced search where the full one meets its bound first', () => {
    const inquiry = new Inquiry(apart(60), { maxStates: 500 })
    expect(last(inquiry.decide())).toMatchObject({ answer: 'never', complete: true, counted: null })
    expect(last(inquiry.count()).verdict).toMatchObject({ complete: false })
  })

  it('goes on to a further bound if it has not met the first', () => {
    const inquiry = new Inquiry(apart(60), { maxStates: 3_000 }, 1_000)
    last(inquiry.decide())
    expect(inquiry.extend(5_000)).toBe(true)
    expect(last(inquiry.count()).verdict).toMatchObject({ states: 3_721, complete: true })
    const stopped = new Inquiry(apart(60), { maxStates: 500 })
    last(stopped.count())
    expect(stopped.extend(5_000)).toBe(false)
  })

  it('is asked once: the answer to the same question is at hand', () => {
    const inquiry = new Inquiry(apart(3), bounds)
    expect(last(inquiry.decide())).toBe(last(inquiry.decide()))
  })
})
