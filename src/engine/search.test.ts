import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flow, goto } from './procedure.ts'
import { act, await_, spin, toy, type Cells, type ToyRow } from '../testing/toy.ts'
import { rescuable } from './count.ts'
import { Machine } from './machine.ts'
import { always, finallyHolds, monitor } from './oracle.ts'
import { search } from './search.ts'
import { parseSchedule } from './schedule.ts'
import { replay } from './trace.ts'

const steps = (letter: string, n: number): ToyRow[] =>
  Array.from({ length: n }, (_, i) =>
    act(`${letter}${i}`, (cell) => {
      cell[letter] = i + 1
    }),
  )
const choose = (n: number, k: number): bigint => (k === 0 ? 1n : (choose(n - 1, k - 1) * BigInt(n)) / BigInt(k))

describe('search', () => {
  it('counts C(m+n, n) schedules and (m+1)(n+1) states for two tasks of m and n independent steps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (m, n) => {
        const { verdict } = search(toy({ A: 0, B: 0 }, { A: { rows: steps('A', m) }, B: { rows: steps('B', n) } }))
        return (
          verdict.complete &&
          verdict.schedules === String(choose(m + n, n)) &&
          verdict.states === (m + 1) * (n + 1) &&
          verdict.deadlocks === 0
        )
      }),
      { numRuns: 25 },
    )
  })

  it('counts past 2^53 exactly: three tasks of 20 steps have 60!/(20!)^3 schedules', () => {
    const { verdict } = search(
      toy({ A: 0, B: 0, C: 0 }, { A: { rows: steps('A', 20) }, B: { rows: steps('B', 20) }, C: { rows: steps('C', 20) } }),
    )
    expect(verdict.schedules).toBe(String(choose(60, 20) * choose(40, 20)))
    expect(verdict.states).toBe(21 ** 3)
  })

  it("finds that Peterson's lock keeps two tasks apart, and that its spinning makes the number of schedules infinite", () => {
    const program = (me: string, other: string): ToyRow[] => [
      act('want', (cell) => {
        cell[`want${me}`] = 1
      }),
      act('yield', (cell) => {
        cell['turn'] = other === 'A' ? 0 : 1
      }),
      spin('look', (cell) => cell[`want${other}`] === 0 || cell['turn'] === (me === 'A' ? 0 : 1)),
      act('enter', (cell) => {
        cell['inside'] = (cell['inside'] ?? 0) + 1
      }),
      act('leave', (cell) => {
        cell['inside'] = (cell['inside'] ?? 0) - 1
        cell[`want${me}`] = 0
      }),
    ]
    const exclusion = always<Cells>({
      id: 'exclusion',
      kind: 'verdict',
      says: 'one at a time',
      watch: ['cell'],
      judge: (s) => ((s.cell['inside'] ?? 0) > 1 ? 'two inside' : null),
    })
    const { verdict } = search(
      toy({ wantA: 0, wantB: 0, turn: 0, inside: 0 }, { A: { rows: program('A', 'B') }, B: { rows: program('B', 'A') } }, [exclusion]),
    )
    expect(verdict).toMatchObject({ complete: true, infinite: true, schedules: null, violating: '0', deadlocks: 0 })
  })

  it('calls the counts finite when the cycle lies only on ways that never end', () => {
    // A may choose nothing: it runs one step and ends. B spins for ever on a condition that never comes.
    const { verdict } = search(
      toy({ A: 0, never: 0 }, { A: { rows: steps('A', 1) }, B: { rows: [spin('look', (cell) => cell['never'] === 1)] } }),
    )
    expect(verdict).toMatchObject({ infinite: false, schedules: '0', states: 2, deadlocks: 0 })
  })

  it('finds the deadlock of two tasks that take two locks in opposite order', () => {
    const lock = (name: string): ToyRow =>
      await_(
        `lock_${name}`,
        name,
        (cell) => cell[name] === 0,
        (cell) => {
          cell[name] = 1
        },
      )
    const unlock = (name: string): ToyRow =>
      act(`unlock_${name}`, (cell) => {
        cell[name] = 0
      })
    const inverted = search(
      toy(
        { x: 0, y: 0 },
        { A: { rows: [lock('x'), lock('y'), unlock('y'), unlock('x')] }, B: { rows: [lock('y'), lock('x'), unlock('x'), unlock('y')] } },
      ),
    )
    expect(inverted.verdict.deadlocks).toBe(1)
    const ordered = search(
      toy(
        { x: 0, y: 0 },
        { A: { rows: [lock('x'), lock('y'), unlock('y'), unlock('x')] }, B: { rows: [lock('x'), lock('y'), unlock('y'), unlock('x')] } },
      ),
    )
    expect(ordered.verdict.deadlocks).toBe(0)
    // With ordered locks one task runs to the end before the other can start: AABB.. or BBAA.., but the last unlock of one
    // and the first lock of the other are the only order, so exactly two schedules.
    expect(ordered.verdict.schedules).toBe('2')
  })

  it('does not call it a deadlock when a may-task can still open the way', () => {
    const { verdict } = search(
      toy(
        { open: 0, A: 0 },
        {
          A: { rows: [await_('pass', 'the gate', (cell) => cell['open'] === 1)] },
          P: {
            rows: [
              act('open', (cell) => {
                cell['open'] = 1
              }),
            ],
            may: true,
          },
        },
      ),
    )
    expect(verdict).toMatchObject({ deadlocks: 0, schedules: '1' })
  })

  it('finds the lost update of two unlocked increments, in 4 of 6 schedules, and the shortest of them', () => {
    const increment = [
      act('load', (cell, f) => {
        f['value'] = cell['n'] ?? 0
      }),
      act('store', (cell, f) => {
        cell['n'] = (f['value'] ?? 0) + 1
        f['value'] = 0
      }),
    ]
    const two = finallyHolds<Cells>({
      id: 'two',
      kind: 'verdict',
      says: 'n is 2 at the end',
      judge: (s) => (s.cell['n'] === 2 ? null : `n is ${s.cell['n']}`),
    })
    const { verdict } = search(toy({ n: 0 }, { A: { rows: increment }, B: { rows: increment } }, [two]))
    expect(verdict).toMatchObject({ schedules: '6', violating: '4', complete: true })
    expect(verdict.outcomes.map((o) => [o.returns['n'], o.schedules, o.violates])).toEqual(
      expect.arrayContaining([
        [2, '2', []],
        [1, '4', ['two']],
      ]),
    )
    const shortest = parseSchedule(verdict.oracles[0]?.shortest ?? '')
    const { trace } = replay(new Machine(toy({ n: 0 }, { A: { rows: increment }, B: { rows: increment } }, [two])), shortest)
    expect(trace.end).toBe('final')
    expect(trace.violations).toEqual([{ oracle: 'two', step: 4, says: 'n is 1', marks: [] }])
  })

  it('counts stopping before a may-task once beside going on', () => {
    // Must-task A of 2 steps, may-task P of 1 step. P never: 1 schedule. P at one of three places: 3, of which the one
    // with P last goes on from a state where stopping was possible. 1 + 3 = 4.
    const { verdict } = search(toy({ A: 0, P: 0 }, { A: { rows: steps('A', 2) }, P: { rows: steps('P', 1), may: true } }))
    expect(verdict.schedules).toBe('4')
    expect(verdict.states).toBe(6)
  })

  it('keeps a violation once it has happened, even if the state recovers', () => {
    const low = always<Cells>({
      id: 'low',
      kind: 'verdict',
      says: 'n stays below 2',
      watch: ['cell'],
      judge: (s) => ((s.cell['n'] ?? 0) >= 2 ? 'n is 2' : null),
    })
    const { verdict } = search(
      toy(
        { n: 1 },
        {
          A: {
            rows: [
              act('up', (cell) => {
                cell['n'] = 2
              }),
              act('down', (cell) => {
                cell['n'] = 1
              }),
            ],
          },
        },
        [low],
      ),
    )
    expect(verdict).toMatchObject({ schedules: '1', violating: '1' })
  })

  it('gives a monitor the step before and after, and makes its memory part of the state', () => {
    const rises = monitor<Cells, { falls: number }>({
      id: 'rises',
      kind: 'verdict',
      says: 'n falls at most once',
      watch: ['cell'],
      start: { falls: 0 },
      observe: (memory, before, after) => {
        if ((after.cell['n'] ?? 0) < (before.cell['n'] ?? 0)) memory.falls++
        return memory.falls > 1 ? 'n fell twice' : null
      },
    })
    const zigzag = [
      act('a', (c) => {
        c['n'] = 2
      }),
      act('b', (c) => {
        c['n'] = 1
      }),
      act('c', (c) => {
        c['n'] = 2
      }),
      act('d', (c) => {
        c['n'] = 1
      }),
    ]
    const { verdict } = search(toy({ n: 1 }, { A: { rows: zigzag } }, [rises]))
    // Five states although the cell has two values: the memory and the program counter tell them apart.
    expect(verdict).toMatchObject({ states: 5, violating: '1' })
  })

  it('reports the point of no return: the first state from which every continuation violates', () => {
    const never = finallyHolds<Cells>({
      id: 'never',
      kind: 'verdict',
      says: 'x stays 0',
      judge: (s) => (s.cell['x'] === 0 ? null : 'x was set'),
    })
    const { graph } = search(
      toy(
        { x: 0, done: 0 },
        {
          A: {
            rows: [
              act('look', (cell, f) => {
                f['seen'] = cell['done'] ?? 0
              }),
              act('act', (cell, f) => {
                if (f['seen'] === 0) cell['x'] = 1
              }),
            ],
          },
          B: {
            rows: [
              act('finish', (cell) => {
                cell['done'] = 1
              }),
            ],
          },
        },
        [never],
      ),
    )
    const safe = rescuable(graph as never, 1)
    const { trace } = replay(graph.machine, ['A', 'A', 'B'])
    expect(trace.states.map((state) => safe[graph.indexOf(state) ?? -1])).toEqual([1, 0, 0, 0])
  })

  it('says so when a bound stopped it', () => {
    const { verdict } = search(toy({ A: 0, B: 0 }, { A: { rows: steps('A', 9) }, B: { rows: steps('B', 9) } }), { maxStates: 50 })
    expect(verdict.complete).toBe(false)
    expect(verdict.states).toBe(50)
    expect(verdict.bound).toContain('50 states')
  })

  it('gives the same bits when it is run twice', () => {
    const build = () =>
      toy({ A: 0, B: 0, C: 0 }, { A: { rows: steps('A', 4) }, B: { rows: steps('B', 4) }, C: { rows: steps('C', 2), may: true } })
    expect(JSON.stringify(search(build()).verdict)).toBe(JSON.stringify(search(build()).verdict))
  })

  it('agrees with brute force over every schedule of small random systems', () => {
    const program = fc.array(fc.record({ cell: fc.constantFrom('x', 'y'), op: fc.constantFrom('set', 'add', 'copy') }), {
      minLength: 1,
      maxLength: 3,
    })
    fc.assert(
      fc.property(program, program, fc.boolean(), (a, b, may) => {
        const rows = (ops: typeof a): ToyRow[] =>
          ops.map(({ cell, op }, i) =>
            act(`s${i}`, (c) => {
              c[cell] = op === 'set' ? 1 : op === 'add' ? (c[cell] ?? 0) + 1 : (c[cell === 'x' ? 'y' : 'x'] ?? 0)
            }),
          )
        const system = toy({ x: 0, y: 0 }, { A: { rows: rows(a) }, B: { rows: rows(b), may } })
        const machine = new Machine(system)
        const seen = new Map<string, number>()
        const walk = (path: string[]): void => {
          const { trace } = replay(machine, path)
          if (machine.isFinal(trace.state)) {
            const key = JSON.stringify(machine.outcome(trace.state).returns)
            seen.set(key, (seen.get(key) ?? 0) + 1)
          }
          for (const t of ['A', 'B']) if (machine.at(trace.state, t)) walk([...path, t])
        }
        walk([])
        const { verdict } = search(system)
        return (
          verdict.outcomes.length === seen.size &&
          verdict.outcomes.every((o) => String(seen.get(JSON.stringify(o.returns))) === o.schedules)
        )
      }),
      { numRuns: 60 },
    )
  })
})

describe('flow that never reaches a step', () => {
  it("is named as the author's mistake", () => {
    const stuck = toy({}, { A: { rows: [flow(() => goto('two'), 'one'), flow(() => goto('one'), 'two')] } })
    expect(() => new Machine(stuck)).toThrow(/program_A never reaches a step/)
  })
})
