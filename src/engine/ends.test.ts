import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { act, await_, toy, type Cells, type ToyRow } from '../testing/toy.ts'
import { Machine } from './machine.ts'
import { always, finallyHolds, monitor, type Oracle } from './oracle.ts'
import { procedure, ret, step } from './procedure.ts'
import { search } from './search.ts'
import type { System } from './system.ts'
import { Trace } from './trace.ts'
import type { Outcome } from './view.ts'

const lock = (name: string): ToyRow =>
  await_(
    `lock_${name}`,
    name,
    (cell) => cell[name] === 0,
    (cell) => void (cell[name] = 1),
  )

describe('a stuck end', () => {
  const inverted = toy({ x: 0, y: 0 }, { A: { rows: [lock('x'), lock('y')] }, B: { rows: [lock('y'), lock('x')] } })

  it('is an outcome with a count, a sample, who waits for what, and the violated oracle deadlock', () => {
    // Nobody unlocks. AA: A has both, B waits for its first; BB the other way round; AB and BA: each waits for the other's.
    const { verdict } = search(inverted)
    expect(verdict.outcomes.map(({ violates, schedules, stuck }) => ({ violates, schedules, stuck }))).toEqual([
      { violates: ['deadlock'], schedules: '1', stuck: [{ task: 'B', on: 'y', heldBy: [] }] },
      {
        violates: ['deadlock'],
        schedules: '2',
        stuck: [
          { task: 'A', on: 'y', heldBy: [] },
          { task: 'B', on: 'x', heldBy: [] },
        ],
      },
      { violates: ['deadlock'], schedules: '1', stuck: [{ task: 'A', on: 'x', heldBy: [] }] },
    ])
    expect(verdict).toMatchObject({ schedules: '4', violating: '4', deadlocks: 3 })
    expect(verdict.oracles.at(-1)).toEqual({ id: 'deadlock', kind: 'verdict', violatingSchedules: '4', shortest: 'A2' })
  })

  it('is said in a trace: its end, its outcome, a violation that names who waits, and those tasks as marks', () => {
    const trace = new Trace(new Machine(inverted))
    for (const task of ['A', 'B']) trace.take(task)
    expect([trace.end, trace.outcome?.stuck?.length]).toEqual(['stuck', 2])
    expect(trace.violations).toEqual([
      {
        oracle: 'deadlock',
        step: 2,
        says: 'A waits for y; B waits for x',
        marks: [
          { in: 'task', part: 'A' },
          { in: 'task', part: 'B' },
        ],
      },
    ])
    expect([trace.marks(1), trace.marks(2).length]).toEqual([[], 2])
  })

  it('is not judged by what has to hold when every task has finished, but keeps what was violated on the way', () => {
    const kept = always<Cells>({
      id: 'kept',
      kind: 'verdict',
      says: 'x stays 0',
      watch: ['cell'],
      judge: (s) => (s.cell['x'] === 0 ? null : 'x is 1'),
    })
    const done = finallyHolds<Cells>({ id: 'done', kind: 'verdict', says: 'never holds', judge: () => 'it ended' })
    const { verdict } = search(toy({ x: 0, y: 1 }, { A: { rows: [lock('x'), lock('y')] } }, [kept, done]))
    expect(verdict.outcomes.map(({ violates }) => violates)).toEqual([['kept', 'deadlock']])
  })

  it('comes where only may-tasks go on and none of them helps', () => {
    const idle = [act('idle', (cell) => void (cell['idle'] = 1))]
    const system = toy({ x: 1, idle: 0 }, { A: { rows: [lock('x')] }, P: { rows: idle, may: true } })
    // Stuck from the start and after P's step: stopping is counted once beside going on.
    expect(search(system).verdict).toMatchObject({ schedules: '2', violating: '2', deadlocks: 2 })
    expect(new Trace(new Machine(system)).end).toBe('stuck')
  })

  it('does not come where the power failed: whoever was ended waits for nothing', () => {
    const fail = step<Cells, Record<string, number>>('fail', 'the power fails', { row: 'toy' }, (_s, _f, t) => t.endOthers())
    const { verdict } = search(toy({ x: 1 }, { A: { rows: [lock('x')] }, P: { rows: [fail], may: true } }))
    expect(verdict.outcomes.map(({ violates, stuck }) => [violates, stuck?.length ?? null])).toEqual([
      [['deadlock'], 1],
      [[], null],
    ])
  })

  it('is not called so where a bound cut off what comes next', () => {
    const rows = Array.from({ length: 9 }, (_, i) => act(`s${i}`, (cell) => void (cell['x'] = i)))
    expect(search(toy({ x: 0 }, { A: { rows } }), { maxStates: 5 }).verdict).toMatchObject({
      complete: false,
      deadlocks: 0,
      violating: '0',
    })
  })
})

type Op = 'set' | 'add' | 'lock' | 'unlock' | 'spawn'

/** One step of a random program; spawned tasks add to a cell, so that states grow while the search runs. */
function row(op: Op, cell: string, i: number): ToyRow {
  if (op === 'lock') return { ...lock(cell), label: `s${i}` } as ToyRow
  if (op === 'spawn')
    return step(`s${i}`, 'spawns', { row: 'toy', spawns: ['child'] }, (_s, _f, t) => {
      t.spawn('child', { name: 'child', procedure: 'child', locals: {} })
    })
  return act(`s${i}`, (c) => void (c[cell] = op === 'unlock' ? 0 : op === 'set' ? 1 : (c[cell] ?? 0) + 1))
}

const child = procedure<Cells, object>('child', { file: 'toy.c', at: 'v1' }, [
  step('work', 'adds', { row: 'toy' }, (s) => {
    s.cell['n'] = (s.cell['n'] ?? 0) + 1
    return ret()
  }),
])

const oracles: readonly Oracle<Cells>[] = [
  always({
    id: 'low',
    kind: 'verdict',
    says: 'x stays below 2',
    watch: ['cell'],
    judge: (s) => ((s.cell['x'] ?? 0) > 1 ? 'x is 2' : null),
  }),
  monitor<Cells, { ups: number }>({
    id: 'once',
    kind: 'verdict',
    says: 'y rises at most once',
    watch: ['cell'],
    start: { ups: 0 },
    observe: (memory, before, after) => {
      if ((after.cell['y'] ?? 0) > (before.cell['y'] ?? 0)) memory.ups++
      return memory.ups > 1 ? 'y rose twice' : null
    },
  }),
  finallyHolds({ id: 'free', kind: 'verdict', says: 'x is free', judge: (s) => (s.cell['x'] === 0 ? null : 'x is taken') }),
  finallyHolds({ id: 'told', kind: 'info', says: 'y is free', judge: (s) => (s.cell['y'] === 0 ? null : 'y is taken') }),
]

const program = fc.array(fc.tuple(fc.constantFrom<Op>('set', 'add', 'lock', 'unlock', 'spawn'), fc.constantFrom('x', 'y')), {
  minLength: 1,
  maxLength: 3,
})

function random(a: readonly [Op, string][], b: readonly [Op, string][], may: boolean): System<Cells> {
  const rows = (ops: readonly [Op, string][]): ToyRow[] => ops.map(([op, cell], i) => row(op, cell, i))
  const system = toy({ x: 0, y: 0, n: 0 }, { A: { rows: rows(a) }, B: { rows: rows(b), may } }, oracles)
  return { ...system, procedures: [...system.procedures, child] }
}

/** What ends in one way, told from the others by what is seen and what is violated. */
const nameOf = ({ returns, stuck }: Pick<Outcome, 'returns' | 'stuck'>, violates: readonly string[]): string =>
  JSON.stringify([returns, stuck?.map(({ task, on }) => [task, on]) ?? null, violates])

/** Counts ends by walking every schedule: no states are joined, nothing is remembered. */
function enumerate(system: System<Cells>): Map<string, number> {
  const machine = new Machine(system)
  const verdicts = machine.oracles.filter(({ kind }) => kind === 'verdict').map(({ id }) => id)
  const found = new Map<string, number>()
  const after = (trace: Trace<Cells>, only: (slot: number) => boolean): Trace<Cells>[] =>
    machine.taskSlots.flatMap((slot) => {
      const next = trace.copy()
      return only(slot) && next.take(machine.letter(slot)) === null ? [next] : []
    })
  const mustGoesOn = (trace: Trace<Cells>): boolean =>
    after(trace, (slot) => machine.isMust(trace.state, slot)).length > 0 || after(trace, () => true).some(mustGoesOn)
  const walk = (trace: Trace<Cells>): void => {
    const stuck = !machine.isFinal(trace.state) && !mustGoesOn(trace)
    if (stuck || machine.isFinal(trace.state)) {
      const violated = new Set(trace.violations.map(({ oracle }) => oracle))
      const name = nameOf(
        machine.outcome(trace.state),
        verdicts.filter((id) => violated.has(id)),
      )
      found.set(name, (found.get(name) ?? 0) + 1)
    }
    for (const next of after(trace, () => true)) walk(next)
  }
  walk(new Trace(machine))
  return found
}

describe('the ends of small random systems', () => {
  it('are those that a walk along every schedule finds, stuck ones too, each with its count', () => {
    let stuckOnes = 0
    fc.assert(
      fc.property(program, program, fc.boolean(), (a, b, may) => {
        const system = random(a, b, may)
        const { outcomes, schedules, deadlocks } = search(system).verdict
        const naive = enumerate(system)
        if (deadlocks > 0) stuckOnes++
        expect(Object.fromEntries(outcomes.map((outcome) => [nameOf(outcome, outcome.violates), outcome.schedules]))).toEqual(
          Object.fromEntries([...naive].map(([name, count]) => [name, String(count)])),
        )
        expect(Number(schedules)).toBe([...naive.values()].reduce((sum, count) => sum + count, 0))
      }),
      { numRuns: 150, seed: 1 },
    )
    expect(stuckOnes).toBeGreaterThan(10)
  })

  it('add up, by each oracle, to the schedules that it counts', () => {
    fc.assert(
      fc.property(program, program, fc.boolean(), (a, b, may) => {
        const { oracles: counted, outcomes, violating } = search(random(a, b, may)).verdict
        const sum = (of: (violates: readonly string[]) => boolean): string =>
          String(outcomes.filter(({ violates }) => of(violates)).reduce((total, { schedules }) => total + BigInt(schedules ?? 0), 0n))
        for (const { id, violatingSchedules } of counted.filter(({ kind }) => kind === 'verdict'))
          expect(sum((violates) => violates.includes(id))).toBe(violatingSchedules)
        for (const { id, violatingSchedules } of counted.filter(({ kind }) => kind === 'info'))
          expect(String(outcomes.reduce((total, { watched }) => total + BigInt(watched[id] ?? 0), 0n))).toBe(violatingSchedules)
        expect(sum((violates) => violates.length > 0)).toBe(violating)
      }),
      { numRuns: 300 },
    )
  })
})
