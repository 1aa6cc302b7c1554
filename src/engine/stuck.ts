/** Deadlock: an unfinished must-task, and no must-task can ever run again, whatever may-tasks still do. It is an end like any other. */
import { isWait, type Wait } from './procedure.ts'
import type { State } from './state.ts'
import type { Blocked, Letter, OracleView } from './view.ts'

/** The oracle that every system has. */
export const deadlock: OracleView = { id: 'deadlock', kind: 'verdict', name: 'no task waits for ever', says: 'no task waits for ever' }

/** What has to be known of a machine. */
interface Steps {
  readonly taskSlots: readonly number[]
  letter(slot: number): Letter
  isFinal(state: State): boolean
  isMust(state: State, slot: number): boolean
  isUnfinished(state: State, slot: number): boolean
  waits(state: State, slot: number): Wait | null
  step(state: State, slot: number): State | Wait
}

/** May-tasks that can go on longer than this without a must-task are taken to be of use some day. */
const STATES = 10_000

export function isStuck(machine: Steps, state: State): boolean {
  if (machine.isFinal(state)) return false
  const seen = new Set([nameOf(state)])
  const reached = [state]
  for (const from of reached)
    for (const slot of machine.taskSlots) {
      if (!machine.isUnfinished(from, slot)) continue
      const next = machine.step(from, slot)
      if (isWait(next)) continue
      if (machine.isMust(from, slot) || seen.size >= STATES) return false
      if (seen.size === seen.add(nameOf(next)).size) continue
      reached.push(next)
    }
  return true
}

/** One text for equal states, however long they are. */
const nameOf = (state: State): string => state.join().replace(/(,0)+$/, '')

/** The must-tasks that wait, with what for and who holds it. */
export const waitingFor = (machine: Steps, state: State): Blocked[] =>
  machine.taskSlots.flatMap((slot) => {
    const wait = machine.isMust(state, slot) ? machine.waits(state, slot) : null
    return wait ? [{ task: machine.letter(slot), on: wait.on, heldBy: [...wait.heldBy] }] : []
  })
