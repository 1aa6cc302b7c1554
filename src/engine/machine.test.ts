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

/** Tasks A, B, ... that each spawn so many others, one a step. */
function spawners(counts: Readonly<Record<string, number>>): System<Cells> {
  const child = procedure<Cells, object>('child', source, [step('work', 'works', { row: 'toy' }, () => ret())])
  const spawn = (i: number) =>
    step<Cells, object>(`spawn_${i}`, 'spawns', { row: 'toy', spawns: ['bio'] }, (_s, _f, t) => {
      t.spawn('bio', { name: 'bio', procedure: 'child', locals: {} })
    })
  const names = Object.keys(counts)
  return {
    ...toy({}, {}),
    procedures: [
      child,
      ...names.map((name) =>
        procedure<Cells, object>(
          name,
          source,
          Array.from({ length: counts[name] ?? 0 }, (_, i) => spawn(i)),
        ),
      ),
    ],
    tasks: names.map((name, i) => ({ letter: 'AB'[i] ?? '', name, must: true, procedure: name, locals: {} })),
  }
}

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
    const slot = machine.slotOf('cell')
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
    const machine = new Machine(spawners({ p: 2, q: 2 }))
    const parents = (choices: readonly string[]): unknown[] => {
      const { trace } = replay(machine, choices)
      return ['a', 'aa', 'b', 'ba'].map((letter) => machine.task(trace.state, letter)?.parent ?? null)
    }
    expect(parents(['B', 'A', 'B'])).toEqual(['A', null, 'B', 'B'])
    expect(parents(['A', 'B', 'B'])).toEqual(['A', null, 'B', 'B'])
  })

  it('spawns any number of tasks: its states grow, and older ones stay what they were', () => {
    const machine = new Machine(spawners({ p: 50 }))
    const { trace } = replay(
      machine,
      Array.from({ length: 50 }, () => 'A'),
    )
    const there = trace.states.map((state) => machine.taskSlots.filter((slot) => machine.task(state, machine.letter(slot))).length)
    expect(there).toEqual(Array.from({ length: 51 }, (_, i) => i + 1))
    expect(trace.take('asa')).toBeNull() // The twentieth child of A.
    expect(machine.step(machine.initial, machine.slotOfTask('A') ?? -1)).toEqual(
      new Int32Array([...(trace.states[1] ?? []), ...Array.from({ length: machine.width - (trace.states[1]?.length ?? 0) }, () => 0)]),
    )
  })

  it('has tasks in an order that does not depend on which was met first', () => {
    const order = (choices: readonly string[]): string[] => {
      const machine = new Machine(spawners({ p: 2, q: 2 }))
      replay(machine, choices)
      return machine.taskSlots.map((slot) => machine.letter(slot))
    }
    expect(order(['B', 'B', 'A', 'A'])).toEqual(['A', 'B', 'a', 'aa', 'b', 'ba'])
    expect(order(['A', 'B', 'A', 'B'])).toEqual(order(['B', 'B', 'A', 'A']))
  })

  it('knows nothing of a task that was never met, and says so without throwing', () => {
    const machine = new Machine(spawners({ p: 1 }))
    const { initial } = machine
    expect([machine.task(initial, 'a'), machine.at(initial, 'a'), machine.slotOfTask('a')]).toEqual([null, null, null])
    expect([machine.task(initial, 'Q'), machine.at(initial, '?'), machine.slotOfTask('')]).toEqual([null, null, null])
  })

  it('calls an operation by its name, and the trace shows the procedure that does it here', () => {
    const fsync = procedure<Cells, object>('toyfs_fsync', source, [step('sync', 'syncs', { row: 'toy' }, () => ret(0))])
    const rows = [flow(() => call('f_op->fsync', {}, 'result')), step('done', 'is done', { row: 'toy' }, () => ret())] as ToyRow[]
    const system = toy({}, { A: { rows } })
    const machine = new Machine({
      ...system,
      procedures: [...system.procedures, fsync],
      operations: { 'f_op->fsync': 'toyfs_fsync' },
    })
    expect(machine.at(machine.initial, 'A')).toMatchObject({ procedure: 'toyfs_fsync', label: 'sync' })
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

  it('a step that spawns at a site which it does not declare', () => {
    const spawn = step<Cells, Record<string, number>>('spawn', 'spawns', { row: 'toy' }, (_s, _f, t) => {
      t.spawn('bio', { name: 'bio', procedure: 'program_A', locals: {} })
    })
    expect(taking([spawn])).toThrow("toy: the step spawn spawns at bio; say so in its options: spawns: ['bio']")
  })

  it('a call of an operation that this file system does not have', () => {
    const fsync = step<Cells, Record<string, number>>('call', 'calls', { row: 'toy' }, () => call('f_op->fsync', {}))
    expect(taking([fsync])).toThrow('toy: nothing does f_op->fsync here; it has no operations')
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
