// What is told of a step that was not run again must be what running it would tell.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonical } from '../base/plain.ts'
import { boxOf, plans } from '../testing/random-systems.ts'
import { act, toy } from '../testing/toy.ts'
import { Machine } from './machine.ts'
import { isWait } from './procedure.ts'
import type { State } from './state.ts'

it('a step is run once for all that it looks at, whatever another task does elsewhere in the same component', () => {
  let runs = 0
  const copyX = act('copy', (cell) => {
    runs++
    cell['z'] = cell['x'] ?? 0
  })
  const count = act('count', (cell) => void (cell['y'] = (cell['y'] ?? 0) + 1))
  const system = toy({ x: 7, y: 0, z: 0 }, { A: { rows: [copyX] }, B: { rows: [count, { ...count, label: 'again' }] } })
  const machine = new Machine(system, { footprints: true })
  const [a, b] = [machine.slotFor('A'), machine.slotFor('B')]
  const ys: unknown[] = []
  let state = machine.initial
  for (let i = 0; i < 3; i++) {
    const after = machine.step(state, a)
    if (isWait(after)) throw new Error('A waits')
    ys.push(machine.value(after, 'cell'))
    const next = i < 2 ? machine.step(state, b) : state
    if (isWait(next)) throw new Error('B waits')
    state = next
  }
  expect(runs).toBe(1)
  // B's counting is kept in each.
  expect(ys).toEqual([0, 1, 2].map((y) => ({ x: 7, y, z: 7 })))
})

it('who has only asked whether a value is there is told when it has come', () => {
  const ask = act('ask', (cell) => void (cell['z'] = 'y' in cell ? 1 : 2))
  const come = act('come', (cell) => void (cell['y'] = 0))
  const system = toy({ z: 0 }, { A: { rows: [ask] }, B: { rows: [come] } })
  const machine = new Machine(system, { footprints: true })
  const told = (state: State): unknown => {
    const after = machine.step(state, machine.slotFor('A'))
    return isWait(after) ? after : machine.value(after, 'cell')
  }
  const there = machine.step(machine.initial, machine.slotFor('B'))
  expect(told(machine.initial)).toEqual({ z: 2 })
  expect(isWait(there) ? there : told(there)).toEqual({ y: 0, z: 1 })
})

it('a machine that looks steps up by what they saw goes where one goes that runs each', () => {
  fc.assert(
    fc.property(plans, fc.array(fc.nat(), { minLength: 12, maxLength: 12 }), (plan, choices) => {
      const [plain, keeping] = [new Machine(boxOf(plan)), new Machine(boxOf(plan), { footprints: true })]
      // Twice the same way, and once more with each task asked at each state: the second time nothing is run.
      for (let round = 0; round < 2; round++) {
        let [one, other] = [plain.initial, keeping.initial]
        for (const choice of choices) {
          const letters = plain.taskSlots.filter((slot) => plain.isUnfinished(one, slot)).map((slot) => plain.letter(slot))
          const steps = letters.map(
            (letter) => [plain.step(one, plain.slotFor(letter)), keeping.step(other, keeping.slotFor(letter))] as const,
          )
          for (const [step, kept] of steps)
            expect(isWait(kept) ? kept : canonical(keeping.world(kept))).toEqual(isWait(step) ? step : canonical(plain.world(step)))
          const taken = steps.filter(([step]) => !isWait(step))
          const next = taken[choice % Math.max(1, taken.length)]
          if (!next || isWait(next[0]) || isWait(next[1])) break
          ;[one, other] = next
        }
      }
    }),
    { numRuns: 100, seed: 5 },
  )
})
