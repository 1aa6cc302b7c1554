import { describe, expect, it } from 'vitest'
import { act, toy, type Cells, type ToyRow } from '../testing/toy.ts'
import { callsOf } from './calls.ts'
import { Machine } from './machine.ts'
import { call, flow, procedure, ret, step, type Row } from './procedure.ts'
import type { System } from './system.ts'
import { replay } from './trace.ts'

type Locals = Record<string, number>
const source = { file: 'toy.c', at: 'v1' }
const idle = (label: string): ToyRow => act(label, () => undefined)
const fn = (name: string, ...rows: readonly Row<Cells, Locals>[]) => procedure<Cells, Locals>(name, source, rows)
const calling = (label: string, name: string): ToyRow => step(label, `calls ${name}`, { row: 'toy' }, () => call(name, {}))

/** Task A in `outer`, and whatever else there is. */
const system = (procedures: System<Cells>['procedures'], more: Parameters<typeof toy>[1] = {}): System<Cells> => {
  const base = toy({ x: 0 }, more)
  return {
    ...base,
    procedures: [...base.procedures, ...procedures],
    tasks: [{ letter: 'A', name: 'A', must: true, procedure: 'outer', locals: {} }, ...base.tasks],
  }
}
const calls = (of: System<Cells>, schedule: string) =>
  callsOf(replay(new Machine(of), [...schedule]).trace).map(
    ({ task, procedure, depth, from, first, to }) => `${task}${' '.repeat(depth)} ${procedure} ${from} ${first ?? '-'} ${to ?? '-'}`,
  )

describe('the calls of a run', () => {
  it('nest: a callee is entered after its caller and has returned no later', () => {
    const inner = fn('inner', idle('i1'), idle('i2'))
    const outer = fn('outer', idle('o1'), calling('o2', 'inner'), idle('o3'))
    // o1 o2 | i1 i2 | o3: inner is entered by step 2 and left by its last step, 4.
    expect(calls(system([outer, inner]), 'AAAAA')).toEqual(['A outer 0 1 5', 'A  inner 2 3 4'])
  })

  it('are as many as there are calls, also where the caller takes no step between two of them', () => {
    const inner = fn('inner', idle('i'))
    const twice = fn(
      'outer',
      flow((f) => call('inner', { i: (f['n'] = (f['n'] ?? 0) + 1) }), 'again'),
      flow((f) => (f['n'] === 3 ? ret() : { go: 'label', label: 'again' })),
    )
    expect(calls(system([twice, inner]), 'AAA')).toEqual(['A outer 0 1 3', 'A  inner 0 1 1', 'A  inner 1 2 2', 'A  inner 2 3 3'])
  })

  it('that take no step are none', () => {
    const empty = fn(
      'empty',
      flow(() => undefined),
    )
    const outer = fn('outer', calling('o1', 'empty'), idle('o2'))
    expect(calls(system([outer, empty]), 'AA')).toEqual(['A outer 0 1 2'])
  })

  it('of which two return with one step end there both', () => {
    const leaf = fn('leaf', idle('l'))
    const inner = fn('inner', calling('i', 'leaf'))
    const outer = fn('outer', calling('o1', 'inner'), idle('o2'))
    expect(calls(system([outer, inner, leaf]), 'AAAA')).toEqual(['A outer 0 1 4', 'A  inner 1 2 3', 'A   leaf 2 3 3'])
  })

  it('have no end where the task waits for ever, and no first step where it never took one', () => {
    const stuck: ToyRow = step('s', 'waits', { row: 'toy', when: () => ({ on: 'inode lock', heldBy: [] }) }, () => undefined)
    const outer = fn('outer', calling('o', 'inner'))
    expect(calls(system([outer, fn('inner', stuck)], { B: { rows: [idle('b')] } }), 'AB')).toEqual([
      'A outer 0 1 -',
      'B program_B 0 2 2',
      'A  inner 1 - -',
    ])
  })

  it('end where the power fails', () => {
    const fail: ToyRow = step('fail', 'the power fails', { row: 'toy' }, (_s, _f, self) => self.endOthers())
    const outer = fn('outer', calling('o', 'inner'))
    expect(calls(system([outer, fn('inner', idle('i'), idle('j'))], { P: { rows: [fail], may: true } }), 'AAP')).toEqual([
      'A outer 0 1 3',
      'P program_P 0 3 3',
      'A  inner 1 2 3',
    ])
  })

  it('of a spawned task begin with the step that spawns it', () => {
    const spawning: ToyRow = step('o1', 'spawns', { row: 'toy', spawns: ['child'] }, (_s, _f, self) => {
      self.spawn('child', { name: 'child', procedure: 'child', locals: {} })
    })
    const outer = fn('outer', idle('o0'), spawning, idle('o2'))
    expect(calls(system([outer, fn('child', idle('c'))]), 'AAAa')).toEqual(['A outer 0 1 3', 'a child 2 4 4'])
  })
})
