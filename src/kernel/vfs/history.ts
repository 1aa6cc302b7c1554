/** What programs asked for and got, in the order in which they could notice it. Oracles judge this, not the code. */
import type { Range } from '../../base/range.ts'
import type { Letter } from '../../engine/view.ts'
import type { Run } from '../lib/runs.ts'

/** An operation of a program on the file, as a history sees it. */
export interface Operation extends Range {
  readonly task: Letter
  readonly kind: 'write' | 'read' | 'truncate'
  /** What is written. */
  readonly stamp: string
  invoked: boolean
  /** The result; null while it runs. */
  returned: number | null
  /** Of a read: what each part held. */
  value: Run[]
  /** Operations that had returned before this one was invoked. */
  after: string[]
}

interface Histories {
  ops: Record<string, Operation>
}

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

/** The operation begins, if it is in the history: all that had returned by now come before it. */
export function invoke(s: Histories, id: string): void {
  const op = s.ops[id]
  if (!op) return
  const after = Object.entries(s.ops).flatMap(([other, { returned }]) => (returned !== null && other !== id ? [other] : []))
  s.ops[id] = { ...op, invoked: true, after: after.sort() }
}

/** Where it writes is known now: O_APPEND and write(2) find out on the way. */
export function place(s: Histories, id: string, from: number): void {
  const op = s.ops[id]
  if (op) s.ops[id] = { ...op, from, to: from + op.to - op.from }
}

/** The operation is over. */
export function complete(s: Histories, id: string, returned: number, value: Operation['value'] = []): void {
  const op = s.ops[id]
  if (op) s.ops[id] = { ...op, returned, value }
}
