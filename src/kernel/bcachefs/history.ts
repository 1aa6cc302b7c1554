/** What programs asked for and got, in the order in which they could notice it. Oracles judge this, not the code. */
import type { Letter } from '../../engine/view.ts'
import { must } from '../lib/must.ts'
import type { BcachefsWorld, Operation } from './world.ts'

/** Stages an operation; a task that does two names the second one itself. */
export const operation = (task: Letter, kind: Operation['kind'], from: number, to: number, stamp: string = task): Operation => ({
  task,
  kind,
  from,
  to,
  stamp,
  invoked: false,
  returned: null,
  value: [],
  after: [],
})

/** The operation begins: all that had returned by now come before it. */
export function invoke(s: BcachefsWorld, id: string): void {
  const after = Object.entries(s.ops).flatMap(([other, { returned }]) => (returned !== null && other !== id ? [other] : []))
  s.ops[id] = { ...must(s.ops[id]), invoked: true, after: after.sort() }
}

/** Where it writes is known now: O_APPEND and write(2) find out on the way. */
export function place(s: BcachefsWorld, id: string, from: number): void {
  const op = must(s.ops[id])
  s.ops[id] = { ...op, from, to: from + op.to - op.from }
}

/** The operation is over. */
export function complete(s: BcachefsWorld, id: string, returned: number, value: Operation['value'] = []): void {
  s.ops[id] = { ...must(s.ops[id]), returned, value }
}
