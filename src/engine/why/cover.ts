/** What another kernel makes of a clause: which of its orders cannot be there, and what the task waits for instead. */
import type { Graph } from '../graph.ts'
import type { SearchResult } from '../search.ts'
import type { World } from '../procedure.ts'
import type { Letter } from '../view.ts'
import { orderOf, sameStep, type Clause, type Condition, type Step } from './clause.ts'
import { netOf, reached, verdictBits, type Net } from './net.ts'
import { track, type Tracked } from './track.ts'
import type { Covered, NamedStep } from './view.ts'
import type { Words } from './words.ts'

/** The same on the kernel with the fix. */
export interface Fixed<W extends World = World> {
  readonly patch: string
  readonly result: SearchResult<W>
}

interface Given {
  readonly graph: Graph
  readonly net: Net
  readonly clause: Clause
  readonly inside: Step | null
  readonly other: Fixed
  readonly name: (step: Step) => NamedStep
  readonly words: Words
}

/** Null when that search was stopped before it knew. */
export function cover({ graph, net, clause, inside, other, name, words }: Given): Covered | null {
  const { patch, result } = other
  if (!result.verdict.complete) return null
  const there = result.graph as unknown as Graph
  const bits = verdictBits(there)
  const thereNet = netOf(there, (mask) => (mask & bits) !== 0)
  const say = (found: Omit<Covered, 'says' | 'patch'>): Covered => ({ patch, ...found, says: words.covered({ patch, ...found }) })
  const moving = translation(net, thereNet)
  const missing = clause.flatMap(({ kind, first, second }) => {
    const steps = kind === 'never' ? [] : (kind === 'before' || kind === 'clear') && second ? [first, second] : [first]
    return steps.filter((step) => moving(step) === null)
  })[0]
  if (missing) return say({ how: 'absent', order: null, missing: name(missing), waits: null })
  const moved = translated(clause, moving)
  const tracked = track(thereNet, [moved])
  if (!tracked) return null
  const ends = followedEnds(tracked)
  if (ends.length > 0) return say({ how: ends.includes(2) ? 'open' : 'harmless', order: null, missing: null, waits: null })
  const broken = moved.findIndex((_, i) => {
    const part = track(thereNet, [moved.slice(0, i + 1)])
    return part !== null && followedEnds(part).length === 0
  })
  const waits = inside && waitOf(there, thereNet, moved, moving(inside), graph)
  return say({ how: 'impossible', order: broken < 0 ? null : orderOf(clause[broken] as Condition, name), missing: null, waits })
}

const followedEnds = (tracked: Tracked): number[] => {
  const seen = reached(tracked)
  return [...tracked.end].filter((end, node) => end !== 0 && seen[node] === 1 && tracked.followed[node] !== 0)
}

/** Steps in the numbers of another net; null for one that is not there. */
function translation(from: Net, to: Net): (step: Step) => Step | null {
  const numbers = new Map(to.labels.map(({ task, procedure, label }, i) => [`${task} ${procedure}.${label}`, i]))
  return ({ label, nth }) => {
    const old = from.labels[label]
    const number = numbers.get(`${old?.task} ${old?.procedure}.${old?.label}`)
    return number === undefined ? null : { label: number, nth }
  }
}

/** What is not to be taken need not be there. */
function translated(clause: Clause, move: (step: Step) => Step | null): Clause {
  return clause.flatMap(({ kind, first, second, none }): Condition[] => {
    const [x, y] = [move(first), second && move(second)]
    if (!x) return []
    if (second && !y) return [{ kind: 'taken', first: x, second: null }]
    const absent = none === undefined ? null : move({ label: none, nth: 1 })
    if (kind !== 'clear') return [{ kind, first: x, second: y }]
    return [absent ? { kind, first: x, second: y, none: absent.label } : { kind: 'before', first: x, second: y }]
  })
}

/**
 * While the window is open: who is kept from going on, and by what. It is named only if it is so in every state in which
 * that task stands there while the window is open.
 */
function waitOf(there: Graph, net: Net, clause: Clause, inside: Step | null, graph: Graph): Covered['waits'] {
  if (!inside) return null
  const opens = clause.flatMap(({ first, second }) => (second && sameStep(second, inside) ? [first] : []))
  const closes = clause.flatMap(({ first, second }) => (second && sameStep(first, inside) ? [second] : []))
  const taken = (first: Step): Clause => [{ kind: 'taken', first, second: null }]
  const tracked = track(net, [opens.flatMap(taken), taken(inside), ...closes.map(taken)])
  if (!tracked) return null
  const { machine } = there
  const family = familyOf(graph, net.labels[inside.label]?.task ?? '')
  const closers = new Set([...opens, ...closes].map(({ label }) => net.labels[label]?.task ?? ''))
  const often = new Map<string, { readonly waits: NonNullable<Covered['waits']>; readonly at: string; n: number }>()
  // By task and step: states in which it stands there with the window open.
  const stands = new Map<string, number>()
  const seen = new Set<number>()
  for (let i = 0; i < tracked.nodes; i++) {
    const node = tracked.node[i] as number
    if (tracked.followed[i] !== 1 || seen.has(node)) continue
    seen.add(node)
    const state = there.state(node)
    for (const slot of machine.taskSlots) {
      const task = machine.letter(slot)
      if (!family.has(task) || !machine.isUnfinished(state, slot)) continue
      const place = machine.at(state, task)
      const at = `${task} ${place?.procedure}.${place?.label}`
      stands.set(at, (stands.get(at) ?? 0) + 1)
      const wait = machine.waits(state, slot)
      if (!wait || !(wait.heldBy.length === 0 || wait.heldBy.some((holder) => closers.has(holder)))) continue
      const waits = { task, on: wait.on, heldBy: [...wait.heldBy] }
      const key = `${at} ${wait.on} ${wait.heldBy.join()}`
      const known = often.get(key)
      if (known) known.n++
      else often.set(key, { waits, at, n: 1 })
    }
  }
  const [most] = [...often.values()].filter(({ at, n }) => stands.get(at) === n).sort((a, b) => b.n - a.n)
  return most?.waits ?? null
}

/** The task and those that it was started by: who waits may not have started it yet. */
function familyOf(graph: Graph, task: Letter): ReadonlySet<Letter> {
  const family = new Set([task])
  for (let node = 0; node < graph.states; node++) {
    const state = graph.state(node)
    for (let at: Letter | null = task; at !== null; at = graph.machine.task(state, at)?.parent ?? null) family.add(at)
    if (graph.machine.task(state, task) !== null) break
  }
  return family
}
