/** Ends that are met by running schedules at random: for systems that are too large to be searched. What is not met may be there all the same. */
import { canonical } from '../base/plain.ts'
import { Machine } from '../engine/machine.ts'
import type { World } from '../engine/procedure.ts'
import type { State } from '../engine/state.ts'
import type { System } from '../engine/system.ts'
import { dice } from '../engine/why/draw.ts'
import type { Letter, Seen } from '../engine/view.ts'
import { printSchedule } from '../engine/schedule.ts'

export interface Met {
  readonly seen: Seen
  readonly sample: string
}

/** A schedule longer than this is given up. */
const stepsMax = 20_000

/** The different ends of so many random schedules in which every must-task finishes. */
export function sampled<W extends World>(system: System<W>, walks: number): Met[] {
  const machine = new Machine(system)
  const roll = dice(1)
  const met = new Map<string, Met>()
  // As long as the longest so far.
  let length = 50
  for (let walk = 0; walk < walks; walk++) {
    const end = run(machine, roll, walk % CHANGES, length)
    if (!end) continue
    length = Math.max(length, end.choices.length)
    const seen = machine.seen(end.state).value
    const key = canonical(seen)
    if (!met.has(key)) met.set(key, { seen, sample: printSchedule(end.choices) })
  }
  return [...met.values()]
}

/** Up to so many times less one a task that runs is put last. */
const CHANGES = 7

/**
 * One schedule; null if it gets stuck. Every task has a priority of its own, drawn when it is first seen, and who has the highest of those
 * that can run takes the step; at a few moments, drawn beforehand, the one that has just run is put last: a race that needs d changes is
 * met so far more often than by drawing every step (Burckhardt et al., ASPLOS 2010).
 */
function run<W extends World>(
  machine: Machine<W>,
  roll: () => number,
  many: number,
  length: number,
): { readonly state: State; readonly choices: Letter[] } | null {
  const moments = new Set(Array.from({ length: many }, () => Math.floor(roll() * length)))
  const priority = new Map<number, number>()
  const of = (slot: number): number => {
    const known = priority.get(slot)
    if (known !== undefined) return known
    const drawn = roll()
    priority.set(slot, drawn)
    return drawn
  }
  let state = machine.initial
  let last = 0
  const choices: Letter[] = []
  while (choices.length < stepsMax) {
    const order = machine.taskSlots.filter((one) => machine.isUnfinished(state, one)).sort((a, b) => of(b) - of(a))
    const taken = order.find((slot) => {
      const next = machine.step(state, slot)
      if (!(next instanceof Int32Array)) return false
      state = next
      return true
    })
    if (taken === undefined) break
    choices.push(machine.letter(taken))
    if (moments.has(choices.length)) priority.set(taken, --last)
  }
  return machine.isFinal(state) ? { state, choices } : null
}
