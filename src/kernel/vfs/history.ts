/** What programs asked for and got, in the order in which they could notice it. Oracles judge this, not the code. */
import { overlaps, type Range } from '../../base/range.ts'
import type { Letter } from '../../engine/view.ts'
import { endOfFiles, type Run } from '../lib/runs.ts'

/** An operation of a program on the file, as a history sees it. */
export interface Operation extends Range {
  readonly task: Letter
  readonly kind: 'write' | 'read' | 'truncate' | 'sync'
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

/** A world that keeps a history; operations by name. Nothing is noted of an operation that is not staged in it. */
export interface History {
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

/** The operation begins: all that had returned by now come before it. */
export function invoke(s: History, id: string): void {
  const op = s.ops[id]
  if (!op || op.invoked) return
  const after = Object.entries(s.ops).flatMap(([other, { returned }]) => (returned !== null && other !== id ? [other] : []))
  s.ops[id] = { ...op, invoked: true, after: after.sort() }
}

/** Where it writes is known now: O_APPEND and write(2) find out on the way. */
export function place(s: History, id: string, from: number): void {
  const op = s.ops[id]
  if (op) s.ops[id] = { ...op, from, to: from + op.to - op.from }
}

/** The operation is over. */
export function complete(s: History, id: string, returned: number, value: Operation['value'] = []): void {
  const op = s.ops[id]
  if (op) s.ops[id] = { ...op, returned, value }
}

/** The bytes that an operation is known to have changed: those a write was acknowledged for, or all from the new end on. */
export function changed({ kind, from, to, returned }: Operation): Range | null {
  if (kind === 'truncate') return returned === null || returned < 0 ? null : { from, to: endOfFiles }
  if (kind !== 'write' || returned === null || returned <= 0) return null
  return { from, to: Math.min(to, from + returned) }
}

/** Operations that changed something, by name. */
export const changes = (s: History): [string, Operation][] => Object.entries(s.ops).filter(([, op]) => changed(op) !== null)

/** Could this operation have changed bytes of that write after it took effect: is it not known to have been over before? */
export function mayFollow(s: History, id: string, write: Operation): boolean {
  const other = s.ops[id]
  if (!other?.invoked || other === write || (other.kind !== 'write' && other.kind !== 'truncate') || write.after.includes(id)) return false
  return overlaps(write, other.kind === 'truncate' ? { from: other.from, to: endOfFiles } : other)
}
