/**
 * Function-graph traces as ftrace prints them, and how a run of the model lies along one. A run follows a trace if the
 * functions that it enters occur in the trace in the same order; the trace has many more.
 */
import type { Letter } from '../../engine/view.ts'
import type { ShownStep } from '../../worker/protocol.ts'

export interface GraphCall {
  /** Index of its line in the text. */
  readonly line: number
  /** As the trace names it: `traceop-107`. */
  readonly task: string
  /** Without what the compiler or the module adds: `btrfs_write_check.constprop.0`, `btrfs_sync_file [btrfs]`. */
  readonly fn: string
}

export interface FunctionGraph {
  readonly lines: readonly string[]
  readonly calls: readonly GraphCall[]
}

const entry = /^\s*[\d.]+ \|\s+\d+\)\s+(\S+-\d+)\s*\|[^|]*\|\s*([A-Za-z_]\w*)[\w.]*(?: \[\w+\])?\(\)/

/** The calls of a trace, in the order in which they were entered. Lines that are no calls are kept as text. */
export function parseFunctionGraph(text: string): FunctionGraph {
  const lines = text.split('\n')
  const calls = lines.flatMap((line, i): GraphCall[] => {
    const [, task, fn] = entry.exec(line) ?? []
    return task !== undefined && fn !== undefined ? [{ line: i, task, fn }] : []
  })
  return { lines, calls }
}

export interface Entered {
  /** The step. */
  readonly n: number
  readonly task: Letter
  readonly fn: string
}

type Seen = Pick<ShownStep, 'n' | 'task' | 'procedure' | 'source' | 'depth'>

/**
 * The functions that a run enters: a helper each time a step is one, a procedure when a task gets into it. Going on in a
 * procedure after a call returned enters nothing.
 */
export function enteredBy(steps: readonly Seen[]): Entered[] {
  const stacks = new Map<Letter, string[]>()
  return steps.flatMap(({ n, task, procedure, source, depth }): Entered[] => {
    const stack = stacks.get(task) ?? []
    const fresh = stack[depth] !== procedure
    stack.length = depth
    stack[depth] = procedure
    stacks.set(task, stack)
    const helper = source.function === procedure ? [] : [{ n, task, fn: source.function }]
    return [...(fresh ? [{ n, task, fn: procedure }] : []), ...helper]
  })
}

export interface Alignment {
  /** A step with the call that it is. */
  readonly pairs: readonly { readonly n: number; readonly call: GraphCall }[]
  /** What the run enters and the trace has, but not in this order. Empty if the run follows the trace. */
  readonly outOfOrder: readonly Entered[]
  /** Functions that the run enters and the trace does not know, each once. */
  readonly notInTrace: readonly string[]
  /** Functions of the trace that no step of the run is, each once. */
  readonly notInModel: readonly string[]
}

/**
 * Lays a run along a trace; `tasks` names the trace's task for some of the run's, `leftOut` functions that the trace shows
 * elsewhere or not at all.
 */
export function align(
  steps: readonly Seen[],
  { calls }: FunctionGraph,
  tasks: Readonly<Record<Letter, string>> = {},
  leftOut: readonly string[] = [],
): Alignment {
  const known = new Set(calls.map((call) => call.fn))
  const entered = enteredBy(steps).filter(({ fn }) => !leftOut.includes(fn))
  const pairs: { n: number; call: GraphCall }[] = []
  const outOfOrder: Entered[] = []
  let at = -1
  for (const one of entered.filter(({ fn }) => known.has(fn))) {
    const next = calls.findIndex((call, i) => i > at && call.fn === one.fn && (tasks[one.task] ?? call.task) === call.task)
    const call = calls[next]
    if (!call) {
      outOfOrder.push(one)
      continue
    }
    pairs.push({ n: one.n, call })
    at = next
  }
  const mine = new Set(entered.map(({ fn }) => fn))
  return {
    pairs,
    outOfOrder,
    notInTrace: [...mine].filter((fn) => !known.has(fn)).sort(),
    notInModel: [...known].filter((fn) => !mine.has(fn)).sort(),
  }
}
