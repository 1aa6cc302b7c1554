import { describe, expect, it } from 'vitest'
import { AuthorError } from '../base/assert.ts'
import { act, patched, onlyWith, toy, type Cells, type ToyRow } from '../testing/toy.ts'
import { Machine } from './machine.ts'
import { always, finallyHolds, monitor, type Oracle } from './oracle.ts'
import { call, flow, goto, has, procedure, ret, step } from './procedure.ts'
import type { System } from './system.ts'
import { replay } from './trace.ts'

const source = { file: 'toy.c', at: 'v1' }
const says = (system: System<Cells>, choices: readonly string[]): string[] =>
  replay(new Machine(system), choices).trace.infos.map((info) => info.says)
/** What happens when A takes its steps. */
const taking =
  (rows: readonly ToyRow[], n = 1): (() => void) =>
  () =>
    replay(
      new Machine(toy({}, { A: { rows } })),
      Array.from({ length: n }, () => 'A'),
    )

describe('a machine', () => {
  it('reaches one and the same state whatever the order of independent steps', () => {
    const set = (letter: string): ToyRow[] => [
      act(`set_${letter}`, (cell) => {
        cell[letter] = 1
      }),
    ]
    const machine = new Machine(toy({}, { A: { rows: set('x') }, B: { rows: set('y') } }))
    const [one, two] = [replay(machine, ['A', 'B']), replay(machine, ['B', 'A'])]
    expect([...one.trace.state]).toEqual([...two.trace.state])
    expect(machine.world(one.trace.state).cell).toEqual({ x: 1, y: 1 })
  })

  it('does not let a step that writes back what was there make a new state of the world', () => {
    const machine = new Machine(toy({ x: 1 }, { A: { rows: [act('same', (cell) => void (cell['x'] = 1))] } }))
    const { trace } = replay(machine, ['A'])
    const slot = machine.slots.indexOf('cell')
    expect(trace.state[slot]).toBe(machine.initial[slot])
  })

  it('hands a return value to the local that the caller named, and returns null at the end of a procedure', () => {
    const inner = procedure<Cells, { x: number }>('inner', source, [
      step('compute', 'computes', { row: 'toy' }, (_s, f) => (f.x > 0 ? ret(f.x * 2) : undefined)),
    ])
    const outer = procedure<Cells, { got: number | null }>('outer', source, [
      flow(() => call('inner', { x: 21 }, 'got')),
      step(
        'use',
        (_s, f) => `got ${f.got}`,
        { row: 'toy' },
        () => undefined,
      ),
      flow(() => call('inner', { x: 0 }, 'got')),
      step(
        'use_again',
        (_s, f) => `got ${f.got}`,
        { row: 'toy' },
        (_s, f) => ret(f.got),
      ),
    ])
    const system = {
      ...toy({}, {}),
      procedures: [inner, outer],
      tasks: [{ letter: 'A', name: 'outer', must: true, procedure: 'outer', locals: { got: null } }],
    }
    expect(says(system, ['A', 'A', 'A', 'A'])).toEqual(['computes', 'got 42', 'computes', 'got null'])
  })

  it('names a spawned task by who spawned it, where and how often, never by the order in which tasks ran', () => {
    const child = procedure<Cells, object>('child', source, [step('work', 'works', { row: 'toy' }, () => ret())])
    const spawner = (name: string) =>
      procedure<Cells, object>(name, source, [
        step('one', 'spawns', { row: 'toy' }, (_s, _f, t) => void t.spawn('bio', { name: 'bio', procedure: 'child', locals: {} })),
        step('two', 'spawns', { row: 'toy' }, (_s, _f, t) => void t.spawn('bio', { name: 'bio', procedure: 'child', locals: {} })),
      ])
    const system = {
      ...toy({}, {}),
      procedures: [child, spawner('p'), spawner('q')],
      tasks: ['p', 'q'].map((name, i) => ({ letter: 'AB'[i] ?? '', name, must: true, procedure: name, locals: {} })),
      letters: { 'A/bio/1': 'a', 'A/bio/2': 'b', 'B/bio/1': 'c', 'B/bio/2': 'd' },
    }
    const machine = new Machine(system)
    const { trace } = replay(machine, ['B', 'A', 'B'])
    const parents = ['a', 'b', 'c', 'd'].map((letter) => machine.task(trace.state, letter)?.parent ?? null)
    expect(parents).toEqual(['A', null, 'B', 'B'])
  })

  it('knows which patches decided something: by a look in a step, or by a row being there', () => {
    const rows = [
      step<Cells, Record<string, number>>('look', 'looks', { row: 'toy' }, (s) => void has(s, 'p1')),
      onlyWith(
        'p2',
        act('there', () => undefined),
      ),
      act('last', () => undefined),
    ]
    const machine = new Machine(patched(toy({}, { A: { rows } }), 'p1'))
    const { trace } = replay(machine, ['A', 'A'])
    expect(trace.infos.map(({ label }) => label)).toEqual(['look', 'last'])
    expect(trace.infos[0]?.consults).toEqual(['p1', 'p2'])
    expect([...machine.consulted].sort()).toEqual(['p1', 'p2'])
  })

  it('does not let a monitor or an invariant see the label of a step, only states', () => {
    const seen: unknown[] = []
    const watch = monitor<Cells, object>({
      id: 'm',
      kind: 'info',
      says: 'sees',
      watch: ['cell'],
      start: {},
      observe: (_memory, before, after, taken) => {
        seen.push([before.cell['x'], after.cell['x'], taken])
        return null
      },
    })
    replay(new Machine(toy({ x: 1 }, { A: { rows: [act('up', (cell) => void (cell['x'] = 2))] } }, [watch])), ['A'])
    expect(seen[0]).toEqual([1, 2, { task: 'A' }])
  })
})

describe("an author's mistake is named with its place and remedy", () => {
  it('a goto to a label that is not there', () => {
    expect(taking([step('jump', 'jumps', { row: 'toy' }, () => goto('nowhere'))])).toThrow('program_A has no row nowhere to go to')
  })

  it('a call of a procedure that is not there', () => {
    expect(taking([step('call', 'calls', { row: 'toy' }, () => call('btrfs_nothing', {}))])).toThrow(
      'toy: there is no procedure btrfs_nothing; add it to the procedures of its subsystem',
    )
  })

  it('a spawned task without a letter', () => {
    const spawn = step<Cells, Record<string, number>>('spawn', 'spawns', { row: 'toy' }, (_s, _f, t) => {
      t.spawn('bio', { name: 'bio', procedure: 'program_A', locals: {} })
    })
    expect(taking([spawn])).toThrow("toy: no letter for the spawned task A/bio/1; add it to the scenario's letters")
  })

  it('a letter that two spawned tasks would share', () => {
    const spawn = (label: string): ToyRow =>
      step(label, 'spawns', { row: 'toy' }, (_s, _f, t) => {
        t.spawn(label, { name: 'bio', procedure: 'program_A', locals: {} })
      })
    const system = { ...toy({}, { A: { rows: [spawn('x'), spawn('y')] } }), letters: { 'A/x/1': 'a', 'A/y/1': 'a' } }
    expect(() => replay(new Machine(system), ['A', 'A'])).toThrow('toy: the letter a of A/y/1 is taken; letters belong to one spawn each')
  })

  it('two rows with one label', () => {
    expect(() => procedure('p', source, [act('x', () => undefined), act('x', () => undefined)])).toThrow(
      'p: two rows are labelled x; labels are for links, give each its own',
    )
  })

  it('more than 30 oracles', () => {
    const oracles = Array.from({ length: 31 }, (_, i): Oracle<Cells> =>
      finallyHolds({ id: `O${i}`, kind: 'info', says: '', judge: () => null }),
    )
    expect(() => new Machine(toy({}, {}, oracles))).toThrow('toy: at most 30 oracles, it has 31')
  })

  it('an oracle that watches a component which is not there', () => {
    const blind = always<Cells>({ id: 'O1', kind: 'info', says: '', watch: ['inode' as 'cell'], judge: () => null })
    expect(() => new Machine(toy({}, {}, [blind]))).toThrow('toy: there is no component inode; it has cell violated')
  })

  it('a component whose name the machine needs for itself', () => {
    const system = toy({}, {})
    const clash = { ...system, world: { ...system.world, violated: 0 } }
    expect(() => new Machine(clash)).toThrow(/toy: two tasks or components have one name among cell violated violated/)
  })

  it('a step that fails by itself is named with its task', () => {
    const broken = act('divide', () => {
      throw new RangeError('by zero')
    })
    expect(taking([broken])).toThrow('toy: program_A.divide of task A failed: by zero')
    expect(taking([broken])).toThrow(AuthorError)
  })
})
