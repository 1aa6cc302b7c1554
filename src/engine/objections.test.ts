import { describe, expect, it } from 'vitest'
import { act, toy, type Cells, type ToyRow } from '../testing/toy.ts'
import { Machine } from './machine.ts'
import { always, finallyHolds, monitor, recorder, type Oracle } from './oracle.ts'
import { search } from './search.ts'
import { replay, type Trace } from './trace.ts'

const set = (value: number): ToyRow => act(`x_is_${value}`, (cell) => void (cell['x'] = value))
const x = (s: Cells): number => s.cell['x'] ?? 0

/** A run of A along these values of x. */
function along(values: readonly number[], oracles: readonly Oracle<Cells>[]): Trace<Cells> {
  const machine = new Machine(
    toy({ x: 0 }, { A: { rows: values.map((value, i) => ({ ...set(value), label: `s${i}` }) as ToyRow) } }, oracles),
  )
  return replay(
    machine,
    values.map(() => 'A'),
  ).trace
}

const mark = { in: 'cache', part: { from: 0, to: 4096 } }
const low = (kind: 'verdict' | 'info'): Oracle<Cells> =>
  always({
    id: 'low',
    kind,
    says: 'x stays below 2',
    watch: ['cell'],
    judge: (s) => (x(s) < 2 ? null : { says: `x is ${x(s)}`, marks: [mark] }),
  })

describe('what an oracle points at', () => {
  it('is marked by an invariant only where it does not hold, though its violation stands from then on', () => {
    const trace = along([1, 2, 1], [low('verdict')])
    expect([0, 1, 2, 3].map((i) => trace.marks(i))).toEqual([[], [], [mark], []])
    expect(trace.violations).toEqual([{ oracle: 'low', step: 2, says: 'x is 2', marks: [mark] }])
  })

  it('is marked by a monitor from the step to which it objects on', () => {
    const falls = monitor<Cells, object>({
      id: 'rises',
      kind: 'verdict',
      says: 'x never falls',
      watch: ['cell'],
      start: {},
      observe: (_memory, before, after, { task }) =>
        x(after) < x(before) ? { says: 'x fell', marks: [{ in: 'task', part: task }] } : null,
    })
    const trace = along([2, 1, 2], [falls])
    expect([1, 2, 3].map((i) => trace.marks(i))).toEqual([[], [{ in: 'task', part: 'A' }], [{ in: 'task', part: 'A' }]])
  })

  it('is marked by what has to hold in the end at the end alone', () => {
    const even = finallyHolds<Cells>({
      id: 'even',
      kind: 'verdict',
      says: 'x is even',
      judge: (s) => (x(s) % 2 === 0 ? null : { says: 'x is odd', marks: [{ in: 'inode', part: 'i_size' }] }),
    })
    const trace = along([1, 2, 3], [even])
    expect([1, 2, 3].map((i) => trace.marks(i))).toEqual([[], [], [{ in: 'inode', part: 'i_size' }]])
  })

  it('is no damage if the oracle gives no verdict, and is marked once if two say the same', () => {
    expect(along([2], [low('info')]).marks(1)).toEqual([])
    expect(along([2], [low('verdict'), { ...low('verdict'), id: 'again' }]).marks(1)).toEqual([mark])
  })

  it('is nothing if the oracle only says what is wrong', () => {
    const plain = always<Cells>({ id: 'plain', kind: 'verdict', says: '', watch: ['cell'], judge: (s) => (x(s) > 1 ? 'x is 2' : null) })
    const trace = along([2], [plain])
    expect([trace.marks(1), trace.violations]).toEqual([[], [{ oracle: 'plain', step: 1, says: 'x is 2', marks: [] }]])
  })
})

describe('a recorder', () => {
  const peak = recorder<Cells, { peak: number }>({
    id: 'peak',
    start: { peak: 0 },
    notes: [{ watch: ['cell'], follow: (memory, _before, after) => void (memory.peak = Math.max(memory.peak, x(after))) }],
  })
  const judging = (id: string, limit: number): Oracle<Cells> =>
    monitor({
      id,
      kind: 'verdict',
      says: `a new peak of ${limit} is never passed`,
      over: peak,
      watch: [],
      judge: ({ before, after }) => (after.peak > limit && before.peak <= limit ? `from ${before.peak} to ${after.peak}` : null),
    })

  it('shows those that judge over it what it remembered before the step and remembers now', () => {
    const trace = along([1, 4, 2, 6], [judging('three', 3), judging('five', 5)])
    expect(trace.violations.map(({ oracle, step, says }) => [oracle, step, says])).toEqual([
      ['three', 2, 'from 1 to 4'],
      ['five', 4, 'from 4 to 6'],
    ])
    expect(trace.machine.memory(trace.state, 'three')).toEqual({ peak: 6 })
  })

  it('has one memory, however many judge over it: a state is as long as with one', () => {
    const width = (oracles: readonly Oracle<Cells>[]): number => new Machine(toy({ x: 0 }, { A: { rows: [set(1)] } }, oracles)).width
    expect(width([judging('three', 3), judging('five', 5), judging('seven', 7)])).toBe(width([judging('three', 3)]))
  })

  it('tells states apart by its memory, as a monitor of its own would', () => {
    const own = monitor<Cells, { peak: number }>({
      id: 'own',
      kind: 'verdict',
      says: 'x stays below 3',
      watch: ['cell'],
      start: { peak: 0 },
      observe: (memory, _before, after) => {
        memory.peak = Math.max(memory.peak, x(after))
        return memory.peak > 2 ? 'x was 3' : null
      },
    })
    const system = (oracle: Oracle<Cells>) =>
      toy(
        { x: 0 },
        {
          A: { rows: [set(3), set(1)] },
          B: { rows: [act('x_is_2', (cell) => void (cell['x'] = 2)), act('x_is_0', (cell) => void (cell['x'] = 0))] },
        },
        [oracle],
      )
    const [shared, alone] = [search(system(judging('shared', 2))).verdict, search(system(own)).verdict]
    expect([shared.states, shared.violating, shared.schedules]).toEqual([alone.states, alone.violating, alone.schedules])
  })
})
