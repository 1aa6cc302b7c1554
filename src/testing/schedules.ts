/** Every schedule of a small system, one by one: what the engine counts without enumerating is checked against this. */
import { Machine } from '../engine/machine.ts'
import { isWait, type World } from '../engine/procedure.ts'
import type { State } from '../engine/state.ts'
import { isStuck } from '../engine/stuck.ts'
import type { System } from '../engine/system.ts'
import type { StepRef } from '../engine/why/view.ts'

export interface Enumerated {
  readonly steps: readonly StepRef[]
  readonly violates: boolean
}

/** Null when there are more than `most`, or infinitely many. */
export function everySchedule<W extends World>(system: System<W>, most: number): Enumerated[] | null {
  const machine = new Machine(system)
  const bits = machine.oracles.reduce((sum, { kind }, bit) => (kind === 'verdict' ? sum | (1 << bit) : sum), 0)
  const found: Enumerated[] = []
  const steps: StepRef[] = []
  let tried = 0
  const go = (state: State): boolean => {
    if (++tried > most * 20 || steps.length > 40) return false
    if (machine.isFinal(state)) found.push({ steps: [...steps], violates: (machine.judgeEnd(state).value.mask & bits) !== 0 })
    else if (isStuck(machine, state)) found.push({ steps: [...steps], violates: true })
    if (found.length > most) return false
    for (const slot of machine.taskSlots) {
      if (!machine.isUnfinished(state, slot)) continue
      const next = machine.step(state, slot)
      if (isWait(next)) continue
      const task = machine.letter(slot)
      const at = machine.at(state, task)
      if (!at) continue
      const same = (one: StepRef): boolean => one.task === task && one.procedure === at.procedure && one.label === at.label
      steps.push({ task, procedure: at.procedure, label: at.label, nth: steps.filter(same).length + 1 })
      const all = go(next)
      steps.pop()
      if (!all) return false
    }
    return true
  }
  return go(machine.initial) ? found : null
}
