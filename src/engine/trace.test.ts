import { describe, expect, it } from 'vitest'
import { act, await_, spin, toy, type Cells, type ToyRow } from '../testing/toy.ts'
import { Machine } from './machine.ts'
import { always, finallyHolds } from './oracle.ts'
import { blocked, replay, runnable, Trace, waitsFor } from './trace.ts'

const set = (name: string, value: number): ToyRow => act(`${name}_is_${value}`, (cell) => void (cell[name] = value))
const gate = (name: string): ToyRow => await_(`pass_${name}`, `gate ${name}`, (cell) => cell[name] === 1)

describe('a trace', () => {
  it('keeps every state: looking back undoes nothing', () => {
    const { trace } = replay(new Machine(toy({ x: 0 }, { A: { rows: [set('x', 1), set('x', 2)] } })), ['A', 'A'])
    expect(trace.states.map((state) => trace.machine.world(state).cell['x'])).toEqual([0, 1, 2])
    expect(trace.choices).toBe('A2')
  })

  it('is the same when it is run again', () => {
    const build = () =>
      replay(new Machine(toy({ x: 0 }, { A: { rows: [set('x', 1), gate('x')] }, B: { rows: [set('y', 1)] } })), ['A', 'B', 'A'])
    expect(build().trace.views()).toEqual(build().trace.views())
  })

  it('tells in which state who is blocked, on what, and who can run', () => {
    const { trace } = replay(new Machine(toy({ x: 0 }, { A: { rows: [gate('x')] }, B: { rows: [set('x', 1)] } })), ['B'])
    const [before, after] = trace.states
    expect(before && blocked(trace.machine, before)).toEqual([{ task: 'A', on: 'gate x', heldBy: [] }])
    expect(before && runnable(trace.machine, before).map(({ task }) => task)).toEqual(['B'])
    expect(after && runnable(trace.machine, after)).toEqual([{ task: 'A', procedure: 'program_A', label: 'pass_x' }])
  })

  it('is final when every must-task has finished, open while one can run, stuck when none ever can', () => {
    const machine = new Machine(toy({ x: 0 }, { A: { rows: [set('y', 1), gate('x')] }, B: { rows: [set('x', 1)], may: true } }))
    expect(replay(machine, []).trace.end).toBe('open')
    expect(replay(machine, ['A']).trace.end).toBe('open') // B may still open the gate
    expect(replay(machine, ['A', 'B', 'A']).trace.end).toBe('final')
    const alone = new Machine(toy({ x: 0 }, { A: { rows: [gate('x')] } }))
    expect(replay(alone, []).trace.end).toBe('stuck')
  })

  it('finishes in task order: must-tasks first, a may-task only when no must-task can go on', () => {
    const trace = new Trace(
      new Machine(
        toy(
          { x: 0 },
          { P: { rows: [set('x', 1), set('y', 1)], may: true }, A: { rows: [set('a', 1), gate('x')] }, B: { rows: [set('b', 1)] } },
        ),
      ),
    )
    trace.finish()
    // A until its gate, B to its end, P until the gate is open, A; P need not go on.
    expect(trace.choices).toBe('A1B1P1A1')
    expect(trace.end).toBe('final')
  })

  it('stops finishing where it is stuck', () => {
    const trace = new Trace(new Machine(toy({ x: 0 }, { A: { rows: [set('a', 1), gate('x')] } })))
    trace.finish()
    expect([trace.choices, trace.end]).toEqual(['A1', 'stuck'])
  })
})

describe('a choice that cannot run', () => {
  const system = toy({ x: 0 }, { A: { rows: [gate('x')] }, B: { rows: [set('x', 1)] } })

  it.each([
    ['A', 'at choice 1: A waits for gate x', ['A', 'B']],
    ['B', 'at choice 2: B has finished', ['B', 'B', 'A']],
    ['a', 'at choice 2: no task a has been started', ['B', 'a', 'A']],
    ['Q', 'at choice 1: there is no task Q here', ['Q', 'B']],
  ])('of %s is a result, not an error: %s', (task, says, choices) => {
    const { trace, diverged } = replay(new Machine(system), choices)
    const n = choices.lastIndexOf(task) + 1
    expect(diverged).toEqual({ n, task, says })
    expect(trace.length).toBe(n - 1)
  })

  it('names what it waits for and every holder', () => {
    expect(waitsFor('B', 'i_mmap_lock', ['A'])).toBe('B waits for i_mmap_lock, held by A')
    expect(waitsFor('B', 'inode lock', ['A', 'C'])).toBe('B waits for inode lock, held by A and C')
    expect(waitsFor('B', 'page writeback', [])).toBe('B waits for page writeback')
  })

  it('after 2000 steps is taken for a loop without progress', () => {
    const spinning = new Machine(toy({}, { A: { rows: [spin('look', () => false)] } }))
    expect(() =>
      replay(
        spinning,
        Array.from({ length: 2001 }, () => 'A'),
      ),
    ).toThrow('toy: A has not finished after 2000 steps; does its retry loop make progress?')
  })
})

describe('the violations of a trace', () => {
  const below = (limit: number) =>
    always<Cells>({
      id: 'below',
      kind: 'verdict',
      says: `x stays below ${limit}`,
      watch: ['cell'],
      judge: (s) => ((s.cell['x'] ?? 0) >= limit ? `x is ${s.cell['x']}` : null),
    })

  it('stand once, at the step that broke the invariant, even if later states break it too', () => {
    const rows = [set('x', 1), set('x', 2), set('x', 3), set('x', 0)]
    const { trace } = replay(new Machine(toy({ x: 0 }, { A: { rows } }, [below(2)])), ['A', 'A', 'A', 'A'])
    expect(trace.violations).toEqual([{ oracle: 'below', step: 2, says: 'x is 2', marks: [] }])
  })

  it('stand at step 0 if the first state breaks the invariant', () => {
    const { trace } = replay(new Machine(toy({ x: 5 }, { A: { rows: [set('x', 0)] } }, [below(2)])), ['A'])
    expect(trace.violations).toEqual([{ oracle: 'below', step: 0, says: 'x is 5', marks: [] }])
  })

  it('of what has to hold in the end stand at the last step, and only once the end is reached', () => {
    const odd = finallyHolds<Cells>({
      id: 'odd',
      kind: 'verdict',
      says: 'x is odd',
      judge: (s) => ((s.cell['x'] ?? 0) % 2 === 1 ? null : 'x is even'),
    })
    const machine = new Machine(toy({ x: 0 }, { A: { rows: [set('x', 1), set('x', 2)] } }, [odd]))
    expect(replay(machine, ['A']).trace.violations).toEqual([])
    expect(replay(machine, ['A', 'A']).trace.violations).toEqual([{ oracle: 'odd', step: 2, says: 'x is even', marks: [] }])
  })
})
