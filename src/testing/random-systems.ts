/** Small random systems: shared cells, locks, loops, waiting, spawned tasks, tasks that need not run, a failure that ends all others. */
import fc from 'fast-check'
import { always, finallyHolds, lasting, monitor, recorder, type Oracle } from '../engine/oracle.ts'
import { goto, procedure, ret, step, type Row, type Wait, type World } from '../engine/procedure.ts'
import type { System } from '../engine/system.ts'

export interface Box extends World {
  cells: Record<string, number>
  locks: Record<string, string>
  /** What a failure leaves. */
  disk: number
  /** What a failure takes away. */
  memory: number
  /** Of a task that has nothing to do with the others; absent = there is none. */
  own?: number
}

type Op =
  | { readonly op: 'set'; readonly cell: string; readonly to: number }
  | { readonly op: 'add'; readonly cell: string }
  | { readonly op: 'copy'; readonly cell: string; readonly from: string }
  | { readonly op: 'lock' | 'unlock'; readonly lock: string }
  | { readonly op: 'await'; readonly cell: string; readonly is: number }
  | { readonly op: 'again'; readonly cell: string; readonly is: number }
  | { readonly op: 'spawn' }
  | { readonly op: 'write'; readonly cell: string }
  | { readonly op: 'dirty' }

export interface Plan {
  readonly programs: readonly { readonly ops: readonly Op[]; readonly may: boolean }[]
  readonly child: readonly Op[]
  readonly power: boolean
}

const cell = fc.constantFrom('x', 'y', 'z')
const lock = fc.constantFrom('l', 'm')
const small = fc.integer({ min: 0, max: 2 })
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ op: fc.constant('set' as const), cell, to: small }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('add' as const), cell }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('copy' as const), cell, from: cell }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('lock' as const, 'unlock' as const), lock }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('await' as const), cell, is: small }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('again' as const), cell, is: small }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('spawn' as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('write' as const), cell }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('dirty' as const) }) },
)

export const plans: fc.Arbitrary<Plan> = fc.record({
  programs: fc.array(fc.record({ ops: fc.array(op, { minLength: 1, maxLength: 4 }), may: fc.boolean() }), { minLength: 2, maxLength: 3 }),
  child: fc.array(
    op.filter((one) => one.op !== 'spawn'),
    { minLength: 1, maxLength: 2 },
  ),
  power: fc.boolean(),
})

const source = { file: 'toy.c', at: 'v1' }
const wait = (on: string, by: string | undefined): Wait => ({ on, heldBy: by === undefined ? [] : [by] })

function row(one: Op, i: number): Row<Box, object> {
  const label = `${one.op}_${i}`
  const options = { row: 'toy' }
  switch (one.op) {
    case 'set':
      return step(label, label, options, (s) => void (s.cells[one.cell] = one.to))
    case 'add':
      return step(label, label, options, (s) => void (s.cells[one.cell] = ((s.cells[one.cell] ?? 0) + 1) % 3))
    case 'copy':
      return step(label, label, options, (s) => void (s.cells[one.cell] = s.cells[one.from] ?? 0))
    case 'lock':
      return step(
        label,
        label,
        { ...options, when: (s) => (s.locks[one.lock] === undefined ? null : wait(one.lock, s.locks[one.lock])) },
        (s, _f, t) => void (s.locks[one.lock] = t.letter),
      )
    case 'unlock':
      return step(label, label, options, (s, _f, t) => {
        if (s.locks[one.lock] === t.letter) delete s.locks[one.lock]
      })
    case 'await':
      return step(
        label,
        label,
        { ...options, when: (s) => (s.cells[one.cell] === one.is ? null : wait(one.cell, undefined)) },
        () => undefined,
      )
    case 'again':
      // Spins: a cycle of the state graph as long as the cell has this value.
      return step(label, label, options, (s) => (s.cells[one.cell] === one.is ? goto(label) : undefined))
    case 'spawn':
      return step(
        label,
        label,
        { ...options, spawns: ['child'] },
        (_s, _f, t) => void t.spawn('child', { name: 'child', procedure: 'child', locals: {} }),
      )
    case 'write':
      return step(label, label, options, (s) => void (s.disk = s.disk * 3 + (s.cells[one.cell] ?? 0)))
    case 'dirty':
      return step(label, label, options, (s) => void (s.memory = (s.memory + 1) % 3))
  }
}

const oracles: readonly Oracle<Box>[] = [
  always({
    id: 'equal',
    kind: 'verdict',
    says: 'x and y are not both 2',
    watch: ['cells'],
    judge: (s) => (s.cells['x'] === 2 && s.cells['y'] === 2 ? 'both are 2' : null),
  }),
  monitor<Box, { last: string }>({
    id: 'turns',
    kind: 'verdict',
    says: 'nobody changes z after somebody who made it 1',
    watch: ['cells'],
    start: { last: '' },
    observe: (memory, before, after, { task }) => {
      if (before.cells['z'] === after.cells['z']) return null
      const wrong = memory.last !== '' && memory.last !== task
      memory.last = after.cells['z'] === 1 ? task : ''
      return wrong ? `${task} changes z` : null
    },
  }),
  lasting<Box, { seen: boolean }>({
    id: 'kept',
    kind: 'verdict',
    says: 'y stays 1 once it was',
    over: recorder<Box, { seen: boolean }>({
      id: 'ones',
      start: { seen: false },
      notes: [
        {
          watch: ['cells'],
          follow: (memory, _before, after) => {
            if (after.cells['y'] === 1) memory.seen = true
          },
        },
      ],
    }),
    watch: ['cells'],
    judge: (memory, s) => (memory.seen && s.cells['y'] !== 1 ? `y is ${s.cells['y']}` : null),
    mends: (before, after) => before.cells['y'] !== after.cells['y'],
  }),
  finallyHolds({
    id: 'small',
    kind: 'verdict',
    says: 'in the end x is below 2',
    judge: (s) => ((s.cells['x'] ?? 0) < 2 ? null : 'x is 2'),
  }),
  finallyHolds({ id: 'written', kind: 'info', says: 'something was written', judge: (s) => (s.disk > 0 ? null : 'nothing is on disk') }),
]

/** The system of a plan. */
export function boxOf({ programs, child, power }: Plan, symmetric: System<Box>['symmetric'] = []): System<Box> {
  const letters = 'ABC'
  return {
    name: 'box',
    procedures: [
      ...programs.map(({ ops }, i) => procedure(`program_${letters[i]}`, source, ops.map(row))),
      procedure('child', source, child.map(row)),
      procedure<Box, object>('power', source, [
        step('cut', 'the power fails', { row: 'toy' }, (s, _f, t) => {
          s.cells = {}
          s.locks = {}
          s.memory = 0
          t.endOthers()
        }),
        step('mount', 'what is on disk comes back', { row: 'toy' }, (s) => {
          s.cells = { x: s.disk % 3 }
          return ret()
        }),
      ]),
    ],
    operations: {},
    world: { kernel: { release: '1', patches: {} }, setting: {}, cells: { x: 0, y: 0, z: 0 }, locks: {}, disk: 0, memory: 0 },
    tasks: [
      ...programs.map(({ may }, i) => ({
        letter: letters[i] ?? '',
        name: 'program',
        must: !may,
        procedure: `program_${letters[i]}`,
        locals: {},
      })),
      ...(power ? [{ letter: 'P', name: 'power', must: false, procedure: 'power', locals: {} }] : []),
    ],
    symmetric,
    oracles,
    outcome: (s) => ({
      returns: s.cells,
      size: s.disk,
      pos: s.memory,
      layout: null,
      content: null,
      reads: null,
      log: null,
      console: Object.keys(s.locks).sort(),
      after: null,
    }),
  }
}
