/** The calls of a run as bars over its steps, callees under their callers, and which of them a long run folds. */
import type { TimelineCall, TimelineRun, TimelineStep } from './timeline.ts'

export interface CallBar {
  readonly id: string
  readonly task: string
  /** 0 is the task's outermost bar. */
  readonly level: number
  /** Its procedure; before it those that only call it and take no step of their own. */
  readonly procedures: readonly string[]
  /** The first and the last column that it covers. */
  readonly first: number
  readonly last: number
  /** Its task is in it in the states [from, to); null = to the end. */
  readonly from: number
  readonly to: number | null
  /** It returned; the power failed; the run is over before it returned. */
  readonly end: 'returned' | 'ended' | 'open'
  /** The steps that the procedure itself takes, and all of the task's steps during the call. */
  readonly own: readonly number[]
  readonly inside: readonly number[]
  /** The bar of the caller, by its id. */
  readonly parent: string | null
}

/** The bars of a run, callers before callees. A call in which its task neither steps nor waits has none. */
export function callBars(run: Pick<TimelineRun, 'steps' | 'calls' | 'blockedSpans'>): CallBar[] {
  const nodes = nest(run)
  const bars = new Map<Node, CallBar>()
  for (const node of nodes) {
    if (isPassedThrough(node)) continue
    const through = throughTo(node)
    const caller = (through[0] ?? node).parent
    const parent = caller && bars.get(caller)
    const extent = extentOf(run, node)
    if (!extent) continue
    bars.set(node, {
      id: `${node.call.task} ${node.call.depth} ${node.call.from}`,
      task: node.call.task,
      level: parent ? parent.level + 1 : 0,
      procedures: [...through, node].map(({ call }) => call.procedure),
      ...extent,
      from: node.call.from,
      to: node.call.to,
      end: endOf(run.steps, node.call),
      own: node.own,
      inside: node.inside,
      parent: parent?.id ?? null,
    })
  }
  return [...bars.values()]
}

interface Node {
  readonly call: TimelineCall
  readonly parent: Node | null
  readonly callees: Node[]
  readonly own: number[]
  readonly inside: number[]
}

function nest({ calls, steps }: Pick<TimelineRun, 'steps' | 'calls'>): Node[] {
  const innermost = new Map<string, Node>()
  const key = (task: string, depth: number): string => `${task} ${depth}`
  const nodes = calls.map((call): Node => {
    const parent = innermost.get(key(call.task, call.depth - 1)) ?? null
    const node: Node = { call, parent, callees: [], own: [], inside: [] }
    parent?.callees.push(node)
    innermost.set(key(call.task, call.depth), node)
    return node
  })
  for (const { n, task, depth } of steps)
    for (const { call, own, inside } of nodes) {
      if (call.task !== task || call.from >= n || (call.to !== null && n > call.to)) continue
      inside.push(n)
      if (call.depth === depth) own.push(n)
    }
  return nodes
}

/** Does it nothing but call one other procedure? Then both share a bar. */
const isPassedThrough = ({ own, callees: [callee, ...more], call }: Node): boolean =>
  own.length === 0 && callee !== undefined && more.length === 0 && callee.call.from === call.from && callee.call.to === call.to

/** The callers that share the bar of this call, outermost first. */
function throughTo({ parent }: Node): Node[] {
  return parent && isPassedThrough(parent) ? [...throughTo(parent), parent] : []
}

/** A call that a task makes when it has begun is there at once; the one that it begins with shows when it does something. */
function extentOf({ steps, blockedSpans }: Pick<TimelineRun, 'steps' | 'blockedSpans'>, { call, inside }: Node) {
  const { task, from, to } = call
  const waits = blockedSpans.find((wait) => wait.task === task && wait.from >= from && (to === null || wait.from < to))
  const begun = steps.some((step) => step.task === task && step.n <= from)
  const first = begun ? from + 1 : Math.min(inside[0] ?? Infinity, waits?.from ?? Infinity)
  // A step that the task takes itself is the last one in the call; a power failure is not in it.
  const last = to === null ? steps.length : steps[to - 1]?.task === task ? to : to - 1
  return first <= last ? { first, last } : null
}

const endOf = (steps: readonly TimelineStep[], { to, task }: TimelineCall): CallBar['end'] =>
  to === null ? 'open' : steps[to - 1]?.task === task ? 'returned' : 'ended'

/** From so many steps on calls are folded. */
export const foldsFrom = 80
/** Fewer steps are not worth it. */
const leastFolded = 3

/** The outermost calls in which nothing happens that is marked; none in a run that can be read as it is. */
export function foldsOf(run: TimelineRun, bars: readonly CallBar[]): readonly CallBar[] {
  if (run.steps.length < foldsFrom) return []
  const marked = markedSteps(run)
  const folds = new Set<string>()
  const within = (bar: CallBar): boolean => bar.parent !== null && (folds.has(bar.parent) || hidden.has(bar.parent))
  const hidden = new Set<string>()
  return bars.filter((bar) => {
    if (within(bar)) hidden.add(bar.id)
    else if (bar.inside.length >= leastFolded && !bar.inside.some((n) => marked.has(n))) folds.add(bar.id)
    return folds.has(bar.id)
  })
}

/** Where something happens that the timeline points at. */
function markedSteps({ beats, violations, windows, partsAt, tasks }: TimelineRun): ReadonlySet<number> {
  const steps = [
    ...beats.map(({ step }) => step),
    ...violations.map(({ step }) => step),
    ...windows.flatMap(({ from, to }) => [from, to]),
    ...tasks.map(({ damagedFrom }) => damagedFrom ?? null),
    partsAt,
  ]
  return new Set(steps.filter((step) => step !== null))
}

/** What is called in state `n` by the task that took step `n`, outermost first. */
export function stackAt({ steps, calls }: Pick<TimelineRun, 'steps' | 'calls'>, n: number): readonly string[] {
  const step = steps[n - 1]
  if (!step) return []
  return calls
    .filter(({ task, from, to }) => task === step.task && from < n && (to === null || n <= to))
    .sort((a, b) => a.depth - b.depth)
    .map(({ procedure }) => procedure)
}
