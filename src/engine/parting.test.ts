import { describe, expect, it } from 'vitest'
import { act, onlyWith, onlyWithout, patched, toy, type Cells, type ToyRow } from '../testing/toy.ts'
import { carry } from './carry.ts'
import { Machine } from './machine.ts'
import { goto, step } from './procedure.ts'
import { parseSchedule } from './schedule.ts'
import type { System } from './system.ts'
import { replay } from './trace.ts'

const plain = (label: string): ToyRow => act(label, () => undefined)
const fix = 'f1f1f1f1f1f1'
/** A step whose sentence tells what it read. */
const tells = (label: string): ToyRow =>
  step(
    label,
    (s) => `${label} finds ${s.cell['x'] ?? 0}`,
    { row: 'toy' },
    (_, f) => void (f['seen'] = 1),
  )
const sets = (label: string): ToyRow => act(label, (cell) => void (cell['x'] = 1))

function parted(system: System<Cells>, choices: string, to: System<Cells> = patched(system, fix)) {
  const { trace } = replay(new Machine(system), parseSchedule(choices))
  return carry(trace, new Machine(to), true).diverged
}

describe('two runs part', () => {
  it('not at a step that only one kernel has, if nothing comes of it', () => {
    const one = toy(
      { x: 0 },
      {
        A: {
          rows: [
            plain('a1'),
            onlyWith(
              fix,
              act('note', (cell) => void (cell['y'] = 1)),
            ),
            tells('a2'),
          ],
        },
      },
    )
    expect(parted(one, 'A2')).toBeNull()
  })

  it('at the first step that finds something else because of it', () => {
    const one = toy({ x: 0 }, { A: { rows: [plain('a1'), onlyWith(fix, sets('put')), plain('a2'), tells('a3')] } })
    expect(parted(one, 'A3')).toEqual({
      n: 4,
      of: 3,
      task: 'A',
      says: 'A in program_A(): a3 finds 1',
      instead: 'A in program_A(): a3 finds 0',
    })
  })

  it('where one goes another way, at the first step that is not the same', () => {
    const skip: ToyRow = step('check', 'check skips the rest', { row: 'toy', onlyWith: fix }, () => goto('end'))
    const forks = toy({}, { A: { rows: [plain('a1'), skip, plain('work'), plain('end')] } })
    expect(parted(forks, 'A3')).toMatchObject({
      n: 2,
      of: 2,
      says: 'A in program_A(): check skips the rest',
      instead: 'A in program_A(): work happens',
    })
  })

  it('not where one step stands for another', () => {
    const swapped = toy({}, { A: { rows: [onlyWithout(fix, plain('old')), onlyWith(fix, plain('new')), plain('a2')] } })
    expect(parted(swapped, 'A2')).toBeNull()
  })

  it('where a task of the one is not there in the other', () => {
    const [both, alone] = [toy({}, { A: { rows: [plain('a1')] }, B: { rows: [plain('b1')] } }), toy({}, { A: { rows: [plain('a1')] } })]
    expect(parted(both, 'B1A1', alone)).toEqual({ n: 1, of: 1, task: 'B', says: 'there is no B', instead: 'B in program_B(): b1 happens' })
    expect(parted(alone, 'A1', both)).toEqual({ n: 2, of: 2, task: 'B', says: 'B in program_B(): b1 happens', instead: null })
  })
})
