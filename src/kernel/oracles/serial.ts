/** Serial orders of the operations of a history: what a file could hold if each had happened in one moment. */
import { cutOut, paint, type Run } from '../lib/runs.ts'
import { changed, type Operation } from '../vfs/history.ts'

/** A file as a series of operations leaves it; parts without a run are zeros. */
export interface FileState {
  readonly size: number
  readonly runs: readonly Run[]
}

/** Every order in which nothing comes before what had returned when it was invoked. */
export function* orders(ops: readonly [string, Operation][]): Generator<readonly [string, Operation][]> {
  if (ops.length === 0) yield []
  for (const first of ops) {
    if (ops.some(([other]) => first[1].after.includes(other))) continue
    const others = ops.filter((op) => op !== first)
    for (const rest of orders(others)) yield [first, ...rest]
  }
}

/** What the operations leave, one after the other. */
export function serial(start: FileState, ops: readonly [string, Operation][]): FileState {
  let { size, runs } = start
  for (const [, op] of ops) {
    const part = changed(op)
    if (part === null) continue
    if (op.kind === 'truncate') {
      size = part.from
      runs = cutOut(runs, part.from, part.to)
    } else {
      size = Math.max(size, part.to)
      runs = paint(runs, part.from, part.to, op.stamp)
    }
  }
  return { size, runs }
}

/** The stamp at one byte; zero where there is no run. */
export const stampAt = (runs: readonly Run[], at: number): string => runs.find((run) => run.from <= at && at < run.to)?.stamp ?? '0'
