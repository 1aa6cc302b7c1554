import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atOnce } from '../base/at-once.ts'
import { canonical } from '../base/plain.ts'
import { boxOf, plans } from '../testing/random-systems.ts'
import { act, toy } from '../testing/toy.ts'
import { Inquiry, type Decided } from './inquiry.ts'
import { finallyHolds } from './oracle.ts'
import type { System } from './system.ts'
import { search } from './search.ts'
import type { World } from './procedure.ts'

const bounds = { maxStates: 100_000 }

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
        const [a, b] = [atOnce(full.decide()), atOnce(reduced.decide())]
        expect(said(a)).toEqual(said(b))
        expect([a.counted === null, b.counted === null]).toEqual([false, true])
        const { verdict } = search(system, bounds)
        for (const one of [full, reduced]) expect(atOnce(one.count()).verdict).toEqual(verdict)
      }),
      { numRuns: 100, seed: 11 },
    )
  })

  it('lets the full search rest where it stands, and goes on there', () => {
    const system = apart(60)
    const inquiry = new Inquiry(system, bounds, 1_000)
    const decided = atOnce(inquiry.decide())
    expect(decided).toMatchObject({ answer: 'never', complete: true, counted: null })
    const { value } = inquiry.count().next()
    // 61 x 61 states: it was asked to rest after a thousand, and does not begin again.
    expect((value as { states: number }).states).toBeGreaterThan(1_000)
    expect(atOnce(inquiry.count()).verdict).toMatchObject({ states: 3_721, complete: true })
  })

  it('is answered by the reduced search at once where tasks are alike', () => {
    const alike = { ...apart(60), symmetric: [['A', 'B']] }
    const inquiry = new Inquiry({ ...alike, tasks: alike.tasks.map((task) => ({ ...task, name: 'one', procedure: 'program_A' })) }, bounds)
    // The full search would be done with its 61 x 61 states before it had to rest, and would have counted.
    expect(atOnce(inquiry.decide())).toMatchObject({ answer: 'never', complete: true, counted: null })
    expect(atOnce(inquiry.count()).verdict).toMatchObject({ complete: true })
  })

  it('is answered by the reduced search where the full one meets its bound first', () => {
    const inquiry = new Inquiry(apart(60), { maxStates: 500 })
    expect(atOnce(inquiry.decide())).toMatchObject({ answer: 'never', complete: true, counted: null })
    expect(atOnce(inquiry.count()).verdict).toMatchObject({ complete: false })
  })

  it('goes on to a further bound if it has not met the first', () => {
    const inquiry = new Inquiry(apart(60), { maxStates: 3_000 }, 1_000)
    atOnce(inquiry.decide())
    expect(inquiry.extend(5_000)).toBe(true)
    expect(atOnce(inquiry.count()).verdict).toMatchObject({ states: 3_721, complete: true })
    const stopped = new Inquiry(apart(60), { maxStates: 500 })
    atOnce(stopped.count())
    expect(stopped.extend(5_000)).toBe(false)
  })

  it('knows after a count that went further what the reduced search was stopped before', () => {
    // Wrong if B's last step is taken before A's first: 20 states are too few to come by an end of two tasks of 40 steps.
    const system = toy(
      {},
      {
        A: { rows: [act('begin', (cells) => void (cells['begun'] = 1)), ...steps(39)] },
        B: { rows: [...steps(39), act('late', (cells) => void (cells['late'] = cells['begun'] === 1 ? 0 : 1))] },
      },
      [finallyHolds({ id: 'begun', kind: 'verdict', says: 'A has begun', judge: ({ cell }) => (cell['late'] === 1 ? 'not begun' : null) })],
    ) as unknown as System
    const inquiry = new Inquiry(system, bounds, 0)
    const few = { maxStates: 20 }
    expect(atOnce(inquiry.decide(few))).toMatchObject({ answer: 'unknown', complete: false, outcomes: [] })
    atOnce(inquiry.count())
    expect(atOnce(inquiry.decide(few))).toMatchObject({ answer: 'some', complete: true })
  })

  it('tells what either of two searches has found that both stopped, each once, and nothing that cannot happen', () => {
    let more = 0
    fc.assert(
      fc.property(plans, fc.integer({ min: 2, max: 60 }), (plan, few) => {
        const system = boxOf(plan) as unknown as System<World>
        const all = new Set((said(atOnce(new Inquiry(system, bounds).decide())) as { outcomes: string[] }).outcomes)
        const inquiry = new Inquiry(system, { maxStates: 2 * few }, 0)
        const before = atOnce(inquiry.decide({ maxStates: few }))
        const counted = atOnce(inquiry.count()).verdict
        const after = atOnce(inquiry.decide({ maxStates: few }))
        if (after.complete) return
        const { outcomes } = said(after) as { outcomes: string[] }
        expect(new Set(outcomes).size).toBe(outcomes.length)
        expect(outcomes.filter((one) => !all.has(one))).toEqual([])
        expect(outcomes).toEqual(expect.arrayContaining((said(before) as { outcomes: string[] }).outcomes))
        const wrong = [...before.outcomes, ...counted.outcomes].some(({ violates }) => violates.length > 0)
        expect(after.answer).toBe(wrong ? 'some' : 'unknown')
        if (after.outcomes.length > before.outcomes.length) more++
      }),
      { numRuns: 200, seed: 12 },
    )
    expect(more).toBeGreaterThan(5)
  })

  it('is asked once: the answer to the same question is at hand', () => {
    const inquiry = new Inquiry(apart(3), bounds)
    expect(atOnce(inquiry.decide())).toBe(atOnce(inquiry.decide()))
  })
})
