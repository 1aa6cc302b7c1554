import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical } from '../base/plain.ts'
import { boxOf, plans, type Box, type Plan } from '../testing/random-systems.ts'
import { act, await_, spin, toy, type ToyRow } from '../testing/toy.ts'
import { Machine } from './machine.ts'
import { reduce, type Reduced } from './reduce.ts'
import { parseSchedule } from './schedule.ts'
import { search } from './search.ts'
import type { System } from './system.ts'
import { replay } from './trace.ts'
import { nothingSeen, type Letter, type Outcome } from './view.ts'
import { goto, procedure, ret, step, type Row, type StepRow, type World } from './procedure.ts'

const bounds = { maxStates: 100_000 }
const steps = (cell: string, n: number): ToyRow[] =>
  Array.from({ length: n }, (_, i) => act(`${cell}${i}`, (cells) => void (cells[cell] = i + 1)))

/** What is said of a way to end, but for how often and by which schedule. */
const pairs = (outcomes: readonly (Outcome & { readonly violates: readonly string[]; readonly sample: string })[]): string[] =>
  outcomes.map(({ sample: _, ...rest }) => canonical({ ...rest, schedules: undefined, watched: undefined })).sort()

let asked = 0

/** Every other time wrong choices are all mended, however early they are noticed. */
function agree(system: System<never>): Pick<Reduced, 'states' | 'cycles' | 'mended'> & { readonly of: number } {
  const { verdict } = search(system as unknown as System, bounds)
  const reduced = reduce(system as unknown as System, asked++ % 2 === 0 ? bounds : { ...bounds, anew: 0 })
  if (!verdict.complete || !reduced.complete) throw new Error('too large for this test')
  expect(pairs(reduced.outcomes)).toEqual(pairs(verdict.outcomes))
  expect(reduced.oracles.filter(({ sample }) => sample !== null).map(({ id }) => id)).toEqual(
    verdict.oracles.filter(({ violatingSchedules }) => violatingSchedules !== '0').map(({ id }) => id),
  )
  const { outcomes } = verdict
  expect(reduced.always).toBe(outcomes.length > 0 && outcomes.every(({ violates }) => violates.length > 0))
  return { states: reduced.states, of: verdict.states, cycles: reduced.cycles, mended: reduced.mended }
}

describe('the reduced search', () => {
  it(
    'says of random systems just what the full search says: oracles, outcomes with what they violate, stuck ends',
    { timeout: 1_200_000 },
    () => {
      let [fewer, cycles, mended] = [0, 0, 0]
      fc.assert(
        fc.property(plans, (plan) => {
          const found = agree(boxOf(plan) as unknown as System<never>)
          if (found.states < found.of) fewer++
          cycles += found.cycles
          mended += found.mended
        }),
        { numRuns: process.env['LONG'] === '1' ? 20_000 : 400, seed: 7 },
      )
      // Or it would have shown nothing.
      expect(fewer).toBeGreaterThan(100)
      expect(cycles).toBeGreaterThan(0)
      expect(mended).toBeGreaterThan(100)
    },
  )

  it('says the same when it takes tasks that are alike for one another', { timeout: 1_200_000 }, () => {
    let fewer = 0
    fc.assert(
      fc.property(plans, ({ programs: [first, second], ...plan }) => {
        const alike = [first, first, ...(second && second.ops.length < 3 ? [second] : [])].filter((program) => program !== undefined)
        // What they are called is no part of a program: one procedure for both.
        const system = boxOf({ ...plan, programs: alike })
        const one = { ...system, tasks: system.tasks.map((task) => (task.letter === 'B' ? { ...task, procedure: 'program_A' } : task)) }
        const plain = reduce(one, bounds)
        const found = agree({ ...one, symmetric: [['A', 'B']] } as unknown as System<never>)
        if (found.states < plain.states) fewer++
      }),
      { numRuns: process.env['LONG'] === '1' ? 5000 : 200, seed: 3 },
    )
    expect(fewer).toBeGreaterThan(20)
  })

  it(
    'misses nothing that a failure could see which has to wait, comes at a later step of its task, or has to come',
    { timeout: 600_000 },
    () => {
      const kinds = fc.constantFrom('waits' as const, 'comes later' as const, 'has to come' as const)
      fc.assert(
        fc.property(plans, kinds, (plan, kind) => {
          const system = boxOf({ ...plan, power: true })
          const rows = system.procedures.flatMap(({ name, rows }) => (name === 'power' ? rows : []))
          const [cut, ...mount] = rows as unknown as [StepRow<Box, object>, Row<Box, object>]
          const when: StepRow<Box, object>['when'] = (s) => (s.cells['x'] === 1 ? null : { on: 'x', heldBy: [] })
          const first =
            kind === 'waits' ? [{ ...cut, when }] : [step<Box, object>('arm', 'gets ready', { row: 'toy' }, () => undefined), cut]
          const power = procedure('power', { file: 'toy.c', at: 'v1' }, [...(kind === 'has to come' ? [cut] : first), ...mount])
          agree({
            ...system,
            procedures: system.procedures.map((one) => (one.name === 'power' ? power : one)),
            tasks: system.tasks.map((one) => (one.letter === 'P' ? { ...one, must: kind === 'has to come' } : one)),
          } as unknown as System<never>)
        }),
        { numRuns: process.env['LONG'] === '1' ? 5000 : 150, seed: 13 },
      )
    },
  )

  it('takes what a failure sees of one of two alike tasks for something it may see of the other', () => {
    interface Race extends World {
      winner: Letter
      turns: number
      mark: Record<Letter, number>
      told: string
    }
    const row = (label: string, run: StepRow<Race, object>['run']): Row<Race, object> => step(label, label, { row: 'toy' }, run)
    const waits = { row: 'toy', when: () => ({ on: 'ever', heldBy: [] }) }
    // Who comes second marks nobody. By then it is the later one in their order, and before that the earlier one, whose mark the first sets.
    const rows = [
      row('win', (s, _f, { letter }) => {
        const isFirst = s.winner === ''
        s.winner = letter
        s.turns++
        return goto(isFirst ? 'mark' : 'leave')
      }),
      row('mark', (s, _f, { letter }) => {
        s.mark[letter === 'A' ? 'B' : 'A'] = 1
        return goto('rest')
      }),
      ...['rest', 'leave'].map((label) => step<Race, object>(label, label, waits, () => undefined)),
    ]
    const cut = row('cut', (s, _f, t) => {
      s.told = `turn ${s.turns}, marked ${s.mark[s.winner] ?? 0}`
      s.winner = ''
      s.turns = 0
      s.mark = {}
      t.endOthers()
      return ret()
    })
    const task = (letter: Letter, name: string, must: boolean): System['tasks'][number] => ({
      letter,
      name,
      must,
      procedure: name,
      locals: {},
    })
    const source = { file: 'toy.c', at: 'v1' }
    const system: System<Race> = {
      name: 'race',
      procedures: [procedure('run', source, rows), procedure('power', source, [cut])],
      operations: {},
      world: { kernel: { release: '1', patches: {} }, setting: {}, winner: '', turns: 0, mark: { A: 0, B: 0 }, told: '' },
      tasks: [task('A', 'run', true), task('B', 'run', true), task('P', 'power', false)],
      symmetric: [['A', 'B']],
      oracles: [],
      outcome: (s) => ({ ...nothingSeen, console: [s.told] }),
    }
    agree(system as unknown as System<never>)
    const told = reduce(system, bounds).outcomes.flatMap(({ console }) => console)
    // The second may have won before the first has marked it, and after.
    expect(told).toEqual(expect.arrayContaining(['turn 2, marked 0', 'turn 2, marked 1']))
  })

  it('tells nobody apart by what was never returned: a task that was ended, and one that was not there yet', () => {
    const plan: Plan = {
      programs: [
        { ops: [{ op: 'spawn' }, { op: 'dirty' }], may: false },
        {
          ops: [
            { op: 'set', cell: 'x', to: 1 },
            { op: 'write', cell: 'x' },
          ],
          may: false,
        },
      ],
      child: [{ op: 'dirty' }],
      power: true,
    }
    agree({
      ...boxOf(plan),
      outcome: (s: Box, returned: object) => ({ ...nothingSeen, size: s.disk, console: Object.keys(returned) }),
    } as unknown as System<never>)
  })

  it('looks again at what follows a failure that kept what one before it had replaced', () => {
    interface Pages extends World {
      sealed: boolean
      copy: number
      age: number
      page: { value: number }
      told: string
    }
    const source = { file: 'toy.c', at: 'v1' }
    const row = (label: string, run: StepRow<Pages, object>['run']): Row<Pages, object> => step(label, label, { row: 'toy' }, run)
    const programs = {
      A: [
        row('seal', (s) => void (s.copy = 1)),
        row('grow', (s) => void (s.age = 1)),
        row('open', (s) => void (s.sealed = false)),
        row('close', (s) => void (s.sealed = true)),
        row('leave', () => ret()),
      ],
      B: [row('write', (s) => void (s.page.value = 1)), row('leave', () => ret())],
      // While it is open the page stays what it is; in all other states the copy, which is 1 by then, takes its place unseen.
      P: [
        row('cut', (s, _f, t) => {
          if (s.sealed) s.page = { value: s.copy }
          s.sealed = true
          s.copy = 0
          t.endOthers()
        }),
        row('mount', (s) => {
          s.told = `age ${s.age}, value ${s.page.value}`
          return ret()
        }),
      ],
    }
    const system: System<Pages> = {
      name: 'pages',
      procedures: Object.entries(programs).map(([name, rows]) => procedure(name, source, rows)),
      operations: {},
      world: { kernel: { release: '1', patches: {} }, setting: {}, sealed: true, copy: 0, age: 0, page: { value: 0 }, told: '' },
      tasks: ['A', 'B', 'P'].map((letter) => ({ letter, name: letter, must: letter !== 'P', procedure: letter, locals: {} })),
      oracles: [],
      outcome: (s) => ({ ...nothingSeen, console: [s.told] }),
    }
    agree(system as unknown as System<never>)
    // A comes to open before B has written.
    expect(reduce(system, bounds).outcomes.flatMap(({ console }) => console)).toContain('age 1, value 0')
  })

  it('refuses tasks that are declared to be alike and are not', () => {
    const system = toy({ x: 0 }, { A: { rows: steps('x', 1) }, B: { rows: steps('x', 2) } })
    expect(() => reduce({ ...system, symmetric: [['A', 'B']] }, bounds)).toThrow(
      'A and B are declared to be alike, but they do not begin alike',
    )
  })

  it('gives samples that lead to what they are samples of', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const system = boxOf(plan)
        for (const { sample, violates, ...outcome } of reduce(system, bounds).outcomes) {
          const { trace, diverged } = replay(new Machine(system), parseSchedule(sample))
          expect(diverged).toBeNull()
          expect(trace.machine.outcome(trace.state)).toEqual(outcome)
          const bad = new Set(trace.violations.map(({ oracle }) => oracle))
          expect(violates.filter((id) => !bad.has(id))).toEqual([])
        }
      }),
      { numRuns: 60, seed: 11 },
    )
  })

  it('takes independent steps in one order: two tasks of n steps each need 2n + 1 states, not (n + 1)^2', () => {
    for (const n of [2, 5, 12]) {
      const { states } = reduce(toy({ A: 0, B: 0 }, { A: { rows: steps('A', n) }, B: { rows: steps('B', n) } }), bounds)
      expect(states).toBe(2 * n + 1)
    }
  })

  it('is not fooled by a task that spins: what another task does is not put off for ever', () => {
    // B could spin for ever on a cell that A sets; without the cycle proviso A might never be looked at.
    const system = toy(
      { go: 0, A: 0 },
      {
        B: { rows: [spin('look', (cell) => cell['go'] === 1)] },
        A: { rows: [...steps('A', 2), act('go', (cell) => void (cell['go'] = 1))] },
      },
    )
    // A before and after each of its three steps, and B when it has seen the last of them.
    expect(agree(system as unknown as System<never>).of).toBe(5)
  })

  it('leaves a task that need not run out of it, and lets it run, at any time', () => {
    const system = toy(
      { A: 0, m: 0 },
      { A: { rows: steps('A', 2) }, M: { may: true, rows: [act('m', (cell) => void (cell['m'] = cell['A'] ?? 0))] } },
    )
    const values = reduce(system, bounds).outcomes.map(({ returns }) => returns['m'])
    expect(new Set(values)).toEqual(new Set([0, 1, 2]))
  })

  it('finds a stuck end that only one order of two locks leads to', () => {
    const take = (lock: string): ToyRow =>
      await_(
        `take_${lock}`,
        lock,
        (cell) => cell[lock] === 0,
        (cell) => void (cell[lock] = 1),
      )
    const drop = (lock: string): ToyRow => act(`drop_${lock}`, (cell) => void (cell[lock] = 0))
    const system = toy(
      { l: 0, m: 0 },
      { A: { rows: [take('l'), take('m'), drop('m'), drop('l')] }, B: { rows: [take('m'), take('l'), drop('l'), drop('m')] } },
    )
    const stuck = reduce(system, bounds).outcomes.filter((outcome) => outcome.stuck !== null)
    expect(stuck.map(({ violates, stuck: who }) => [violates, who?.map(({ task }) => task)])).toEqual([[['deadlock'], ['A', 'B']]])
  })

  it('does not grow with an independent task beyond its own steps', () => {
    const base = { A: { rows: steps('x', 3) }, B: { rows: steps('x', 3) } }
    const alone = reduce(toy({ x: 0, q: 0 }, base), bounds).states
    const more = reduce(toy({ x: 0, q: 0 }, { ...base, Q: { rows: steps('q', 12) } }), bounds).states
    expect(more - alone).toBeLessThanOrEqual(12)
  })

  it(
    'costs no more than twice as much, and its own steps, with a task that has nothing to do with the others',
    { timeout: 1_200_000 },
    () => {
      fc.assert(
        fc.property(plans, fc.integer({ min: 1, max: 6 }), (plan, n) => {
          // A power failure can tell at each of its steps that it has come so far, and where a task spins no other is put off.
          fc.pre(!plan.programs.some(({ ops }) => ops.some(({ op }) => op === 'again')) && !plan.child.some(({ op }) => op === 'again'))
          const system = boxOf({ ...plan, power: false })
          const rows = Array.from({ length: n }, (_, i) =>
            step<Box, object>(`own_${i}`, 'counts', { row: 'toy' }, (s) => void (s.own = (s.own ?? 0) + 1)),
          )
          const more: System<Box> = {
            ...system,
            world: { ...system.world, own: 0 },
            procedures: [...system.procedures, procedure('own', { file: 'toy.c', at: 'v1' }, rows)],
            tasks: [...system.tasks, { letter: 'Q', name: 'own', must: true, procedure: 'own', locals: {} }],
          }
          const alone = reduce({ ...system, world: { ...system.world, own: 0 } }, bounds)
          expect(reduce(more, bounds).states).toBeLessThanOrEqual(2 * alone.states + n + 1)
        }),
        { numRuns: process.env['LONG'] === '1' ? 5000 : 200, seed: 5 },
      )
    },
  )

  it('stops at its bound and says so', () => {
    const rows = (): ToyRow[] => steps('x', 6)
    const reduced = reduce(toy({ x: 0 }, { A: { rows: rows() }, B: { rows: rows() } }) as unknown as System<World>, { maxStates: 10 })
    expect(reduced).toMatchObject({ complete: false, bound: 'stopped at 10 states' })
  })
})
