import { describe, expect, it } from 'vitest'
import { act, await_, toy, type Cells, type ToyRow } from '../testing/toy.ts'
import { call, procedure, ret, step } from './procedure.ts'
import { Sequential } from './sequential.ts'
import type { System } from './system.ts'

const source = { file: 'toy.c', at: 'v1' }
const child = (name: string, rows: readonly ToyRow[]) => procedure(name, source, rows)
const spawning = (label: string, name: string): ToyRow =>
  step(label, 'spawns', { row: 'toy' }, (s: Cells, _f, t) => {
    s.cell['child'] = t.spawn('work', { name, procedure: name, locals: {} }).length
  })

function run(rows: readonly ToyRow[], more: System<Cells>['procedures'] = []) {
  const system = toy({}, { A: { rows } })
  const all = { ...system, procedures: [...system.procedures, ...more] }
  const runner = new Sequential(all)
  const [task] = all.tasks
  if (!task) throw new Error('no task')
  const returned = runner.run(all.world, task)
  return { cell: all.world.cell, returned, steps: runner.steps }
}

describe('a run without a machine', () => {
  it('lets the task go as far as it can, then what it spawned, and changes one world', () => {
    const order: string[] = []
    const { cell, steps } = run(
      [
        spawning('spawn', 'worker'),
        act('goes_on', () => void order.push('task')),
        await_(
          'waits',
          'the worker',
          (c) => c['done'] === 1,
          () => void order.push('task again'),
        ),
      ],
      [child('worker', [act('works', (c) => void ((c['done'] = 1), order.push('worker')))])],
    )
    expect(order).toEqual(['task', 'worker', 'task again'])
    expect(cell['done']).toBe(1)
    expect(steps).toBe(4)
  })

  it('ends what it spawned too, though nobody waits for it', () => {
    expect(run([spawning('spawn', 'worker')], [child('worker', [act('late', (c) => void (c['late'] = 1))])]).cell['late']).toBe(1)
  })

  it('returns what the outermost procedure returned, through those it called', () => {
    const rows: ToyRow[] = [
      step('calls', 'calls', { row: 'toy' }, () => call('inner', {}, 'got')),
      step('returns', 'returns', { row: 'toy' }, (_s, f: Record<string, number>) => ret((f['got'] ?? 0) + 1)),
    ]
    expect(run(rows, [child('inner', [step('gives', 'gives', { row: 'toy' }, () => ret(41))])]).returned).toBe(42)
  })

  it('that can never end says where it waits, and for what', () => {
    expect(() => run([await_('stuck', 'a lock', () => false)])).toThrow('toy: program A never ends: it waits at program_A.stuck for a lock')
  })
})
