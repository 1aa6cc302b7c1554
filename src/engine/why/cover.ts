/** What another kernel makes of a course: which of its orders cannot be there, and what the task waits for instead. */
import type { Graph } from '../graph.ts'
import type { SearchResult } from '../search.ts'
import type { World } from '../procedure.ts'
import type { Letter } from '../view.ts'
import { Events } from './events.ts'
import { netOf, reached, type Net } from './net.ts'
import type { Course, Stage, Step } from './solve.ts'
import { track, type Tracked } from './track.ts'
import type { Covered, NamedStep, Order } from './view.ts'
import type { Words } from './words.ts'

/** The same on the kernel with the fix. */
export interface Fixed<W extends World = World> {
  readonly patch: string
  readonly result: SearchResult<W>
}

interface Given {
  readonly graph: Graph
  readonly net: Net
  readonly course: Course
  readonly other: Fixed
  readonly name: (step: Step) => NamedStep
  readonly words: Words
}

/** Null when that search was stopped before it knew. */
export function cover({ graph, net, course, other, name, words }: Given): Covered | null {
  const { patch, result } = other
  if (!result.verdict.complete) return null
  const there = result.graph as unknown as Graph
  const bits = there.machine.oracles.reduce((sum, { kind }, bit) => (kind === 'verdict' ? sum | (1 << bit) : sum), 0)
  const thereNet = netOf(there, (mask) => (mask & bits) !== 0)
  const say = (found: Omit<Covered, 'says' | 'patch'>): Covered => ({ patch, ...found, says: words.covered({ patch, ...found }) })
  const moved = translated(course, net, thereNet)
  if (!moved) return say({ how: 'absent', order: null, waits: null })
  const tracked = track(thereNet, [moved])
  if (!tracked) return null
  const ends = followedEnds(tracked)
  if (ends.length > 0) return say({ how: ends.includes(2) ? 'open' : 'harmless', order: null, waits: null })
  const broken = brokenOrder(thereNet, moved)
  const first = course[0] as Stage
  const order = broken && orderOf(course[broken.stage] ?? first, broken, name)
  return say({ how: 'impossible', order, waits: waitOf(there, thereNet, moved[broken?.stage ?? 0] as Stage, graph) })
}

const followedEnds = (tracked: Tracked): number[] => {
  const seen = reached(tracked)
  return [...tracked.end].filter((end, node) => end !== 0 && seen[node] === 1 && tracked.followed[node] !== 0)
}

/** The course in the numbers of another net; null if one of its steps is not there. What is not to be taken need not be there. */
function translated(course: Course, from: Net, to: Net): Course | null {
  const numbers = new Map(to.labels.map(({ task, procedure, label }, i) => [`${task} ${procedure}.${label}`, i]))
  const move = ({ label, nth }: Step): Step | null => {
    const old = from.labels[label]
    const number = numbers.get(`${old?.task} ${old?.procedure}.${old?.label}`)
    return number === undefined ? null : { label: number, nth }
  }
  const all = (steps: readonly Step[]): Step[] => steps.flatMap((step) => move(step) ?? [])
  const stages = course.flatMap((stage): Stage[] => {
    const event = move(stage.event)
    const [after, before] = [all(stage.after), all(stage.before)]
    if (!event || after.length < stage.after.length || before.length < stage.before.length) return []
    return [{ event, after, before, without: all(stage.without) }]
  })
  return stages.length === course.length ? stages : null
}

interface Broken {
  readonly stage: number
  readonly side: 'after' | 'before'
  readonly index: number
}

/** The first order that, with those before it, no schedule has; null when it is something else. */
function brokenOrder(net: Net, course: Course): Broken | null {
  for (const [i, stage] of course.entries()) {
    const earlier = course.slice(0, i)
    const bare: Stage = { event: stage.event, after: [], before: [], without: [] }
    const possible = (part: Stage): boolean => {
      const tracked = track(net, [[...earlier, part]])
      return tracked === null || followedEnds(tracked).length > 0
    }
    let sofar = bare
    for (const side of ['after', 'before'] as const)
      for (const [index, step] of stage[side].entries()) {
        sofar = { ...sofar, [side]: [...sofar[side], step] }
        if (!possible(sofar)) return { stage: i, side, index }
      }
  }
  return null
}

function orderOf(stage: Stage, { side, index }: Broken, name: (step: Step) => NamedStep): Order | null {
  const step = stage[side][index]
  if (!step) return null
  return side === 'after' ? { first: name(step), then: name(stage.event) } : { first: name(stage.event), then: name(step) }
}

/** While the window is open: who is kept from going on, and by what; the wait met in most states. */
function waitOf(there: Graph, net: Net, { event, after, before }: Stage, graph: Graph): Covered['waits'] {
  const events = new Events(net)
  const numberOf = (step: Step): number => events.list.findIndex(({ label, nth }) => label === step.label && nth === step.nth)
  const [inside, opened, closed] = [numberOf(event), after.map(numberOf), before.map(numberOf)]
  const { machine } = there
  const mover = net.labels[event.label]?.task ?? ''
  const family = familyOf(graph, mover)
  const closers = new Set(
    before.map(({ label }) => net.labels[label]?.task ?? '').concat(after.map(({ label }) => net.labels[label]?.task ?? '')),
  )
  const often = new Map<string, { readonly task: Letter; readonly on: string; readonly heldBy: readonly Letter[]; n: number }>()
  for (let node = 0; node < net.nodes; node++) {
    const is = (step: number): number => (step < 0 ? 0 : events.taken(step, node))
    if (is(inside) !== 0 || opened.some((step) => is(step) !== 1) || closed.some((step) => is(step) !== 0)) continue
    const state = there.state(node)
    for (const slot of machine.taskSlots) {
      const task = machine.letter(slot)
      if (!family.has(task) || !machine.isUnfinished(state, slot)) continue
      const wait = machine.waits(state, slot)
      if (!wait || !(wait.heldBy.length === 0 || wait.heldBy.some((holder) => closers.has(holder)))) continue
      const key = `${task} ${wait.on} ${wait.heldBy.join()}`
      const known = often.get(key)
      if (known) known.n++
      else often.set(key, { task, on: wait.on, heldBy: wait.heldBy, n: 1 })
    }
  }
  const [most] = [...often.values()].sort((a, b) => b.n - a.n)
  return most ? { task: most.task, on: most.on, heldBy: [...most.heldBy] } : null
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
