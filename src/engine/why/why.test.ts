import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wordsOf } from '../../narrate/why.ts'
import { boxOf, plans } from '../../testing/random-systems.ts'
import { everySchedule, type Enumerated } from '../../testing/schedules.ts'
import { act, await_, spin, toy } from '../../testing/toy.ts'
import type { Graph } from '../graph.ts'
import { finallyHolds } from '../oracle.ts'
import { parseSchedule } from '../schedule.ts'
import { search } from '../search.ts'
import type { World } from '../procedure.ts'
import type { System } from '../system.ts'
import { ask } from './asked.ts'
import { netOf, verdictBits, type Net } from './net.ts'
import { mapOf, through } from './plane.ts'
import type { Alternative, RaceWindow, StepRef, WhyView } from './view.ts'
import { nodesAlong, why } from './why.ts'

const words = wordsOf(() => [])
const whyOf = (system: System<World>, choices: string): WhyView =>
  why({ result: search(system), decided: null, choices: parseSchedule(choices), fixed: null, words })
const netIn = (system: System<World>): { readonly graph: Graph; readonly net: Net } => {
  const graph = search(system).graph as unknown as Graph
  const bits = verdictBits(graph)
  return { graph, net: netOf(graph, (mask) => (mask & bits) !== 0) }
}

const at = (steps: readonly StepRef[], { task, procedure, label, nth }: StepRef): number =>
  steps.findIndex((one) => one.task === task && one.procedure === procedure && one.label === label && one.nth === nth)

/** Is this schedule as an alternative says? From what is shown of it alone. */
function follows(steps: readonly StepRef[], { orders, taken, without }: Alternative): boolean {
  const ordered = orders.every(({ first, second, both, none }) => {
    const [x, y] = [at(steps, first), at(steps, second)]
    const between = steps.slice(x, y).some((step) => none && at([step], { ...none, nth: step.nth }) === 0)
    return x >= 0 && (y < 0 ? !both : x < y && !between)
  })
  return ordered && taken.every((step) => at(steps, step) >= 0) && without.every((step) => at(steps, step) < 0)
}

const count = (of: readonly Enumerated[], is: (one: Enumerated) => boolean): string => String(of.filter(is).length)

function agrees(window: RaceWindow, all: readonly Enumerated[]): void {
  const any = ({ steps }: Enumerated): boolean => window.alternatives.some((one) => follows(steps, one))
  expect(window.exact).toBe(all.every((one) => any(one) === one.violates))
  const violating = count(all, ({ violates }) => violates)
  expect([window.covers?.part, window.covers?.of]).toEqual([count(all, (one) => one.violates && any(one)), violating])
  expect([window.violates?.part, window.violates?.of]).toEqual([count(all, (one) => one.violates && any(one)), count(all, any)])
  for (const one of window.alternatives)
    expect([one.share?.part, one.share?.of]).toEqual([count(all, ({ steps, violates }) => violates && follows(steps, one)), violating])
}

/** B reads x and writes it back, two steps; A adds to it in one, and reads a flag before and after. */
const lostUpdate = toy(
  { x: 0, copy: 0 },
  {
    A: { rows: [act('before', () => undefined), act('add', (cell) => void cell['x']!++), act('after', () => undefined)] },
    B: {
      rows: [
        act('look', () => undefined),
        act('read', (cell) => void (cell['copy'] = cell['x'] ?? 0)),
        act('write', (cell) => void (cell['x'] = (cell['copy'] ?? 0) + 1)),
        act('leave', () => undefined),
      ],
    },
  },
  [
    finallyHolds({
      id: 'both',
      kind: 'verdict',
      says: 'both additions count',
      judge: ({ cell }) => (cell['x'] === 2 ? null : 'one is lost'),
    }),
  ],
) as unknown as System<World>

describe('the race window', () => {
  it('of a lost update is the addition between the read and the write, and nothing else', () => {
    const { answer, window } = whyOf(lostUpdate, 'A1B2A1B2A1')
    expect(answer).toBe('some')
    expect(window?.exact).toBe(true)
    expect(window?.alternatives.map(({ inside, opens, closes }) => [inside?.label, opens?.label, closes?.label])).toEqual([
      ['add', 'read', 'write'],
    ])
    expect(window?.alternatives[0]?.here).toEqual({ opens: 3, inside: 4, closes: 5, holds: true })
    // Of 7 steps, 3 of them A's: 35 schedules; the addition is the second of A and lies between the second and third of B in
    // (steps of A before: 1 among the 3 places of B1 B2) * (1 after: among the 3 places of B3 B4) = 9.
    expect([window?.covers?.part, window?.covers?.of]).toEqual(['9', '9'])
  })

  it('is said by what a third task does not do meanwhile, where which of its steps that would be is not told by their number', () => {
    // C saves again and again; what A has written is lost if B fails before C has saved it.
    const save = spin('save', (cell) => {
      cell['saved'] = cell['x'] ?? 0
      return ++cell['times']! === 4
    })
    const system = toy(
      { x: 0, saved: 0, lost: 0, times: 0 },
      {
        A: { rows: [act('look', () => undefined), act('write', (cell) => void (cell['x'] = 1)), act('leave', () => undefined)] },
        B: { rows: [act('fail', (cell) => void (cell['lost'] = (cell['x'] ?? 0) - (cell['saved'] ?? 0)))] },
        C: { rows: [save] },
      },
      [
        finallyHolds({
          id: 'kept',
          kind: 'verdict',
          says: 'what was written is saved',
          judge: ({ cell }) => (cell['lost'] === 0 ? null : 'lost'),
        }),
      ],
    ) as unknown as System<World>
    const { window, says } = whyOf(system, 'C1A2B1C3A1')
    expect(window?.exact).toBe(true)
    expect(
      window?.alternatives.map(({ orders }) => orders.map(({ first, second, none }) => [first.label, second.label, none?.label])),
    ).toEqual([[['write', 'fail', 'save']]])
    expect(window?.alternatives[0]?.here.holds).toBe(true)
    expect(says).toContain('takes no save in program_C() between write in program_A() of A')
    agrees(window as RaceWindow, everySchedule(system, 400) ?? [])
  })

  it('is none where all schedules violate, or none does', () => {
    const rows = [act('one', (cell) => void (cell['x'] = 1))]
    const judge = (to: number) =>
      finallyHolds<{ readonly cell: Record<string, number> } & World>({
        id: 'is',
        kind: 'verdict',
        says: 'x',
        judge: (s) => (s.cell['x'] === to ? null : 'not'),
      })
    const say = (to: number): WhyView =>
      whyOf(toy({ x: 0 }, { A: { rows }, B: { rows: [act('two', () => undefined)] } }, [judge(to)]) as unknown as System<World>, 'A1B1')
    expect([say(1).answer, say(1).window, say(1).says]).toEqual(['never', null, 'No schedule violates anything, of 2 schedules.'])
    expect([say(2).answer, say(2).window, say(2).doom?.lost]).toEqual(['every', null, 0])
  })

  it('is not looked for after a search that was stopped, and that is said', () => {
    const { answer, window, doom, says } = why({
      result: search(lostUpdate, { maxStates: 18 }),
      decided: null,
      choices: [],
      fixed: null,
      words,
    })
    expect([answer, window, doom]).toEqual(['unknown', null, null])
    expect(says).toBe('Nothing violates as far as was searched. The search was not completed: stopped at 18 states.')
  })

  it('says what another kernel makes of it: who waits for what instead', () => {
    const locked = (lock: boolean): System<World> =>
      toy(
        { x: 0, copy: 0, held: 0 },
        {
          A: {
            rows: [
              await_(
                'add',
                'lock',
                (cell) => !lock || cell['held'] === 0,
                (cell) => void cell['x']!++,
              ),
            ],
          },
          B: {
            rows: [
              act('read', (cell) => void ((cell['copy'] = cell['x'] ?? 0), (cell['held'] = 1))),
              act('write', (cell) => void ((cell['x'] = (cell['copy'] ?? 0) + 1), (cell['held'] = 0))),
            ],
          },
        },
        [finallyHolds({ id: 'both', kind: 'verdict', says: 'both count', judge: ({ cell }) => (cell['x'] === 2 ? null : 'one is lost') })],
      ) as unknown as System<World>
    const { window } = why({
      result: search(locked(false)),
      decided: null,
      choices: ['B', 'A', 'B'],
      fixed: () => ({ patch: 'lock', result: search(locked(true)) }),
      words,
    })
    const fix = window?.alternatives[0]?.fix
    expect([fix?.how, fix?.waits?.task, fix?.waits?.on]).toEqual(['impossible', 'A', 'lock'])
    expect([fix?.order?.first.label, fix?.order?.second.label]).toEqual(['add', 'write'])
  })

  it(
    'of random systems separates where it is called exact, and its shares are counts, against every schedule one by one',
    { timeout: 600_000 },
    () => {
      let [exact, nearly] = [0, 0]
      fc.assert(
        fc.property(plans, (plan) => {
          const system = boxOf(plan) as unknown as System<World>
          const all = everySchedule(system, 400)
          if (!all) return
          const { window, answer } = whyOf(system, '')
          const violating = all.filter(({ violates }) => violates).length
          expect(answer).toBe(violating === 0 ? 'never' : violating === all.length ? 'every' : 'some')
          if (!window) return
          agrees(window, all)
          if (window.exact) exact++
          else nearly++
        }),
        { numRuns: process.env['LONG'] === '1' ? 5_000 : 300, seed: 11 },
      )
      // Or it would have shown nothing.
      expect(exact).toBeGreaterThan(20)
      expect(nearly).toBeGreaterThan(0)
    },
  )
})

describe('the doom curve', () => {
  it('is the share of continuations that violate, against every schedule one by one', { timeout: 600_000 }, () => {
    let between = 0
    fc.assert(
      fc.property(plans, fc.nat(), (plan, pick) => {
        const system = boxOf(plan) as unknown as System<World>
        const all = everySchedule(system, 400)
        if (!all || all.length === 0) return
        const { steps } = all[pick % all.length] as Enumerated
        const { doom } = whyOf(system, steps.map(({ task }) => `${task}1`).join(''))
        const shares = [...Array(steps.length + 1).keys()].map((n) => {
          const on = all.filter((one) => one.steps.length >= n && steps.slice(0, n).every(({ task }, i) => one.steps[i]?.task === task))
          return on.filter(({ violates }) => violates).length / on.length
        })
        expect(doom?.shares.length).toBe(shares.length)
        doom?.shares.forEach((share, i) => expect(share).toBeCloseTo(shares[i] as number, 12))
        expect(doom?.lost).toBe(shares.includes(1) ? shares.indexOf(1) : null)
        if (shares.some((share) => share > 0 && share < 1)) between++
      }),
      { numRuns: 100, seed: 12 },
    )
    expect(between).toBeGreaterThan(10)
  })
})

describe('the map', () => {
  it(
    'has in every cell the schedules that come by, and those that violate, against every schedule one by one',
    { timeout: 120_000 },
    () => {
      const kinds = new Set<string>()
      fc.assert(
        fc.property(plans, (plan) => {
          const system = boxOf(plan) as unknown as System<World>
          const all = everySchedule(system, 400)
          if (!all || !['A', 'B'].every((task) => all.some(({ steps }) => steps.some((step) => step.task === task)))) return
          const { graph, net } = netIn(system)
          const first = all[0] as Enumerated
          const choices = first.steps.map(({ task }) => task)
          const map = mapOf(graph, net, ['A', 'B'], { choices, nodes: nodesAlong(graph, choices) })
          const cellsOf = ({ steps }: Enumerated): string[] => {
            const out = ['0 0']
            let [a, b] = [0, 0]
            for (const { task } of steps) out.push(`${(a += Number(task === 'A'))} ${(b += Number(task === 'B'))}`)
            return out
          }
          expect(map.path.map((cell) => cell.join(' '))).toEqual(cellsOf(first))
          const by = new Map<string, Enumerated[]>()
          for (const one of all) for (const cell of new Set(cellsOf(one))) by.set(cell, [...(by.get(cell) ?? []), one])
          map.rows.forEach((row, j) =>
            row.forEach(({ kind, share }, i) => {
              const here = by.get(`${i} ${j}`) ?? []
              const wrong = here.filter(({ violates }) => violates).length
              expect([i, j, kind === 'impossible']).toEqual([i, j, here.length === 0])
              kinds.add(kind)
              if (here.length === 0) return
              expect(share).toBeCloseTo(wrong / here.length, 12)
              expect(kind === 'none').toBe(wrong === 0)
              for (const want of ['violating', 'other'] as const) {
                const found = through(net, ['A', 'B'], [i, j], want)
                const has = here.filter(({ violates }) => violates === (want === 'violating')).length > 0
                expect(found.choices !== null).toBe(has)
                if (found.choices === null) continue
                const letters = parseSchedule(found.choices)
                const same = all.find(({ steps }) => steps.map(({ task }) => task).join() === letters.join())
                expect(same?.violates).toBe(want === 'violating')
                expect(cellsOf(same as Enumerated)[found.step]).toBe(`${i} ${j}`)
              }
            }),
          )
        }),
        { numRuns: 60, seed: 13 },
      )
      expect([...kinds].sort()).toEqual(['doomed', 'impossible', 'none', 'possible'])
    },
  )

  it('of a search that was stopped says nothing that the whole search does not', { timeout: 60_000 }, () => {
    const said = new Map<string, number>()
    fc.assert(
      fc.property(plans, fc.integer({ min: 50, max: 99 }), (plan, percent) => {
        const system = boxOf(plan) as unknown as System<World>
        const whole = netIn(system)
        const part = search(system, { maxStates: Math.ceil((whole.graph.states * percent) / 100) }).graph as unknown as Graph
        const bits = verdictBits(part)
        const net = netOf(part, (mask) => (mask & bits) !== 0)
        if (
          part.complete ||
          ![net, whole.net].every(({ labels }) => ['A', 'B'].every((task) => labels.some((label) => label.task === task)))
        )
          return
        const run = { choices: [], nodes: [0] }
        const all = mapOf(whole.graph, whole.net, ['A', 'B'], run)
        const map = mapOf(part, net, ['A', 'B'], run)
        expect(map.complete).toBe(false)
        map.rows.forEach((row, j) =>
          row.forEach(({ kind, share }, i) => {
            said.set(kind, (said.get(kind) ?? 0) + 1)
            const there = all.rows[j]?.[i]
            if (kind === 'unknown') return
            // Some schedule was seen to violate; that all do is known when all are.
            expect(kind === 'possible' ? ['possible', 'doomed'] : [kind]).toContain(there?.kind)
            expect([null, there?.share]).toContain(share)
          }),
        )
      }),
      { numRuns: 300, seed: 15 },
    )
    // Or it would have shown nothing.
    expect([...said.keys()].sort()).toEqual(['doomed', 'impossible', 'none', 'possible', 'unknown'])
  })

  it('names the lock of the cells that nobody can come by', () => {
    const section = (name: string) => [
      await_(
        `${name}_lock`,
        'mutex',
        (cell) => cell['held'] === 0,
        (cell) => void (cell['held'] = 1),
      ),
      act(`${name}_unlock`, (cell) => void (cell['held'] = 0)),
    ]
    const { graph, net } = netIn(toy({ held: 0 }, { A: { rows: section('a') }, B: { rows: section('b') } }) as unknown as System<World>)
    const map = mapOf(graph, net, ['A', 'B'], { choices: [], nodes: [0] })
    // Both inside at once is the one thing that a lock forbids.
    expect(map.rows.map((row) => row.map(({ kind }) => kind))).toEqual([
      ['none', 'none', 'none'],
      ['none', 'impossible', 'none'],
      ['none', 'none', 'none'],
    ])
    expect(map.locks).toEqual([{ on: 'mutex', cells: 1, from: [1, 1], to: [1, 1] }])
  })
})

describe('what is asked of all schedules', () => {
  it('is answered as by looking at each', { timeout: 120_000 }, () => {
    const answers = new Set<string>()
    fc.assert(
      fc.property(plans, fc.nat(), fc.nat(), (plan, p, q) => {
        const system = boxOf(plan) as unknown as System<World>
        const all = everySchedule(system, 400)
        if (!all) return
        const every = all.flatMap(({ steps }) => steps)
        if (every.length === 0) return
        const [x, y] = [every[p % every.length] as StepRef, every[q % every.length] as StepRef]
        if (at([x], y) >= 0) return
        const found = ask(netIn(system).net, x, y, null)
        const is = (steps: readonly StepRef[]): 'before' | 'after' | 'apart' =>
          at(steps, x) < 0 || at(steps, y) < 0 ? 'apart' : at(steps, x) < at(steps, y) ? 'before' : 'after'
        for (const which of ['before', 'after', 'apart'] as const) {
          expect([which, found[which] !== null]).toEqual([which, all.some(({ steps }) => is(steps) === which)])
          const sample = found[which]
          if (!sample) continue
          const same = all.find(({ steps }) => steps.map(({ task }) => task).join() === parseSchedule(sample.sample).join())
          expect([same && is(same.steps), same?.violates]).toEqual([which, sample.violates])
        }
        answers.add(found.answer)
      }),
      { numRuns: 150, seed: 14 },
    )
    expect([...answers].sort()).toEqual(['always', 'never', 'sometimes'])
  })
})
