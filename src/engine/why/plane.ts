/** The plane of two tasks' steps: every state in the cells in which it can be reached, how many schedules come by, which of them violate. */
import { InputError } from '../../base/assert.ts'
import type { Graph } from '../graph.ts'
import { printSchedule } from '../schedule.ts'
import type { Letter } from '../view.ts'
import { reaching, shortest, sorted, waysOn, waysTo, type Net } from './net.ts'
import { ratio } from './share.ts'
import type { MapAxis, MapCell, MapView, ThroughView } from './view.ts'

/** More steps than this of a task are not drawn, and unfolding stops at so many nodes. */
const STEPS = 250
const NODES = 1_500_000

/** The net with each node once for every cell in which it can be reached. */
interface Plane extends Net {
  readonly node: Int32Array
  readonly across: Int32Array
  readonly down: Int32Array
  /** By node: 1 where steps were left out, of the search or of the map. */
  readonly cut: Uint8Array
  /** A schedule goes on where the map ends. */
  readonly bound: string | null
}

/** `left`: the nodes of which the search left steps out. */
function unfold(net: Net, [a, b]: readonly [Letter, Letter], left: ReadonlySet<number>): Plane {
  const [node, across, down]: [number[], number[], number[]] = [[0], [0], [0]]
  const [start, to, step]: [number[], number[], number[]] = [[], [], []]
  const mine = net.labels.map(({ task }) => (task === a ? 1 : task === b ? 2 : 0))
  const numbers = new Map<number, number>([[0, 0]])
  let bound: string | null = null
  const ends = new Set<number>()
  for (let at = 0; at < node.length; at++) {
    start.push(to.length)
    const from = node[at] as number
    for (let e = net.start[from] as number; e < (net.start[from + 1] as number); e++) {
      const whose = mine[net.step[e] as number]
      const i = (across[at] as number) + (whose === 1 ? 1 : 0)
      const j = (down[at] as number) + (whose === 2 ? 1 : 0)
      if (i > STEPS || j > STEPS || node.length >= NODES) {
        bound = `the map ends after ${i > STEPS || j > STEPS ? `${STEPS} steps of a task` : `${NODES} states`}`
        ends.add(at)
        continue
      }
      const key = ((net.to[e] as number) * (STEPS + 1) + i) * (STEPS + 1) + j
      let number = numbers.get(key)
      if (number === undefined) {
        numbers.set(key, (number = node.length))
        node.push(net.to[e] as number)
        across.push(i)
        down.push(j)
      }
      to.push(number)
      step.push(net.step[e] as number)
    }
  }
  start.push(to.length)
  const [startAll, toAll] = [Int32Array.from(start), Int32Array.from(to)]
  return {
    nodes: node.length,
    start: startAll,
    to: toAll,
    step: Int32Array.from(step),
    labels: net.labels,
    end: Uint8Array.from(node, (each) => net.end[each] as number),
    node: Int32Array.from(node),
    across: Int32Array.from(across),
    down: Int32Array.from(down),
    cut: Uint8Array.from(node, (each, at) => (left.has(each) || ends.has(at) ? 1 : 0)),
    bound,
    ...sorted(node.length, startAll, toAll),
  }
}

/** `nodes`, `choices`: the run shown. */
export function mapOf(
  graph: Graph,
  net: Net,
  tasks: readonly [Letter, Letter],
  run: { readonly nodes: readonly number[]; readonly choices: readonly Letter[] },
): MapView {
  const [a, b] = tasks
  for (const task of tasks)
    if (!net.labels.some((label) => label.task === task))
      throw new InputError(
        graph.complete
          ? `there is no task ${task} that takes a step here`
          : `The search did not come as far as a step of ${task}: ${graph.bound}.`,
      )
  if (a === b) throw new InputError(`the map is of two tasks; choose another one than ${a} for the other side`)
  const plane = unfold(net, tasks, graph.cut)
  const complete = graph.complete && plane.bound === null
  const cells = cellsOf(plane, complete)
  const { rows, locks } = withLocks(graph, plane, tasks, cells)
  const path: (readonly [number, number])[] = [[0, 0]]
  for (const letter of run.choices.slice(0, run.nodes.length - 1)) {
    const [i, j] = path.at(-1) as readonly [number, number]
    path.push([i + (letter === a ? 1 : 0), j + (letter === b ? 1 : 0)])
  }
  return {
    across: axisOf(graph, plane, a, plane.across),
    down: axisOf(graph, plane, b, plane.down),
    rows,
    locks,
    path,
    complete,
    bound: graph.bound ?? plane.bound,
    others: [...new Set(net.labels.map(({ task }) => task))].filter((task) => task !== a && task !== b),
  }
}

/** What is known of a cell before locks are named. */
type Cell = Omit<MapCell, 'lock'>

function cellsOf(plane: Plane, complete: boolean): Cell[][] {
  const [width, height] = [max(plane.across) + 1, max(plane.down) + 1]
  const [ill, well] = [reaching(plane, (node) => plane.end[node] === 2), reaching(plane, (node) => plane.end[node] === 1)]
  const open = complete ? null : reaching(plane, (node) => plane.cut[node] === 1)
  const [to, bad, all] = [waysTo(plane), waysOn(plane, (node) => plane.end[node] === 2), waysOn(plane, (node) => plane.end[node] !== 0)]
  // By cell: bit 1 if something can go wrong, bit 2 if something can go right, bit 8 if it was not all followed; schedules that come by, and those that violate.
  // A schedule comes by a cell once: it is counted where it enters, that is, by the edge that leads into the cell.
  const kinds = new Uint8Array(width * height)
  const parts = new Array<bigint>(width * height).fill(0n)
  const wholes = new Array<bigint>(width * height).fill(0n)
  const place = (node: number): number => (plane.down[node] as number) * width + (plane.across[node] as number)
  const enters = (node: number, ways: bigint): void => {
    if (!bad || !all) return
    const at = place(node)
    parts[at] = (parts[at] as bigint) + ways * (bad[node] as bigint)
    wholes[at] = (wholes[at] as bigint) + ways * (all[node] as bigint)
  }
  enters(0, 1n)
  for (let node = 0; node < plane.nodes; node++) {
    kinds[place(node)]! |= (ill[node] ? 1 : 0) | (well[node] ? 2 : 0) | 4 | (open?.[node] ? 8 : 0)
    for (let e = plane.start[node] as number; to && e < (plane.start[node + 1] as number); e++)
      if (place(plane.to[e] as number) !== place(node)) enters(plane.to[e] as number, to[node] as bigint)
  }
  const more = leftOut(plane, width, height)
  const cell = (at: number): Cell => {
    const kind = kinds[at] as number
    if (kind === 0) return { kind: more[at] === 1 ? 'unknown' : 'impossible', share: null }
    if ((kind & 8) !== 0 || more[at] === 1) return { kind: (kind & 1) === 0 ? 'unknown' : 'possible', share: null }
    if ((kind & 1) === 0) return { kind: 'none', share: 0 }
    if ((kind & 2) === 0) return { kind: 'doomed', share: 1 }
    return { kind: 'possible', share: to ? ratio(parts[at] as bigint, wholes[at] as bigint) : null }
  }
  return Array.from({ length: height }, (_, j) => Array.from({ length: width }, (__, i) => cell(j * width + i)))
}

/** By cell: 1 where others may come by. The steps that were left out lead to where both tasks have taken as many steps, or more. */
function leftOut(plane: Plane, width: number, height: number): Uint8Array {
  const more = new Uint8Array(width * height)
  for (let node = 0; node < plane.nodes; node++)
    if (plane.cut[node] === 1) more[(plane.down[node] as number) * width + (plane.across[node] as number)] = 1
  for (let at = 0; at < more.length; at++) if ((at % width > 0 && more[at - 1] === 1) || more[at - width] === 1) more[at] = 1
  return more
}

const max = (of: Int32Array): number => of.reduce((a, b) => Math.max(a, b), 0)

/** Names the locks that keep a task out of a cell that it would enter next, and of the impossible ones behind that. */
function withLocks(
  graph: Graph,
  plane: Plane,
  tasks: readonly [Letter, Letter],
  cells: readonly (readonly Cell[])[],
): Pick<MapView, 'rows' | 'locks'> {
  const names = new Map<string, number>()
  const waits = cells.map((row) => row.map(() => [new Map<string, number>(), new Map<string, number>()] as const))
  const { machine } = graph
  for (let node = 0; node < plane.nodes; node++) {
    const state = graph.state(plane.node[node] as number)
    tasks.forEach((task, side) => {
      const slot = machine.slotOfTask(task)
      const wait = slot !== null && machine.isUnfinished(state, slot) ? machine.waits(state, slot) : null
      const at = waits[plane.down[node] as number]?.[plane.across[node] as number]?.[side]
      if (wait && at) at.set(wait.on, (at.get(wait.on) ?? 0) + 1)
    })
  }
  const often = (of: Map<string, number> | undefined): string | null => [...(of ?? [])].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null
  const found = cells.map((row) => row.map((): string | null => null))
  const open = (j: number, i: number): boolean => (cells[j]?.[i]?.kind ?? 'impossible') !== 'impossible'
  cells.forEach((row, j) =>
    row.forEach(({ kind }, i) => {
      if (kind !== 'impossible') return
      const left = open(j, i - 1) ? often(waits[j]?.[i - 1]?.[0]) : (found[j]?.[i - 1] ?? null)
      const above = open(j - 1, i) ? often(waits[j - 1]?.[i]?.[1]) : (found[j - 1]?.[i] ?? null)
      ;(found[j] as (string | null)[])[i] = left ?? above
    }),
  )
  const locks: { on: string; cells: number; from: [number, number]; to: [number, number] }[] = []
  const rows = cells.map((row, j) =>
    row.map((cell, i): MapCell => {
      const on = found[j]?.[i] ?? null
      if (on === null) return { ...cell, lock: null }
      const lock = names.get(on) ?? locks.length
      names.set(on, lock)
      const known = (locks[lock] ??= { on, cells: 0, from: [i, j], to: [i, j] })
      known.cells++
      known.from = [Math.min(known.from[0], i), Math.min(known.from[1], j)]
      known.to = [Math.max(known.to[0], i), Math.max(known.to[1], j)]
      return { ...cell, lock }
    }),
  )
  return { rows, locks }
}

function axisOf(graph: Graph, plane: Plane, task: Letter, counts: Int32Array): MapAxis {
  const { machine } = graph
  const next = Array.from({ length: max(counts) + 1 }, () => new Map<number, { says: string; n: number }>())
  for (let node = 0; node < plane.nodes; node++)
    for (let e = plane.start[node] as number; e < (plane.start[node + 1] as number); e++) {
      const label = plane.step[e] as number
      if (plane.labels[label]?.task !== task) continue
      const at = next[counts[node] as number] as Map<number, { says: string; n: number }>
      const known = at.get(label)
      if (known) known.n++
      else {
        const { says } = machine.explain(graph.state(plane.node[node] as number), machine.slotOfTask(task) as number)
        at.set(label, { says, n: 1 })
      }
    }
  return {
    task,
    name: nameOf(graph, task),
    next: next.map((labels) =>
      [...labels]
        .sort(([, x], [, y]) => y.n - x.n)
        .map(([label, { says }]) => ({ procedure: plane.labels[label]?.procedure ?? '', label: plane.labels[label]?.label ?? '', says })),
    ),
  }
}

function nameOf(graph: Graph, task: Letter): string {
  for (let i = 0; i < graph.states; i++) {
    const found = graph.machine.task(graph.state(i), task)
    if (found) return found.name
  }
  return task
}

/** A schedule through a cell, as short as there is one. */
export function through(
  net: Net,
  tasks: readonly [Letter, Letter],
  [across, down]: readonly [number, number],
  want: 'violating' | 'other' | 'any',
): ThroughView {
  const plane = unfold(net, tasks, new Set())
  const ends = (node: number): boolean => (want === 'any' ? plane.end[node] !== 0 : plane.end[node] === (want === 'violating' ? 2 : 1))
  const can = reaching(plane, ends)
  const here = (node: number): boolean => plane.across[node] === across && plane.down[node] === down && can[node] === 1
  const way = shortest(plane, 0, here)
  if (!way) return { choices: null, step: 0, violates: false }
  const at = way.length === 0 ? 0 : (plane.to[way.at(-1) as number] as number)
  const on = shortest(plane, at, ends) ?? []
  const end = on.length === 0 ? at : (plane.to[on.at(-1) as number] as number)
  const letters = [...way, ...on].map((e) => plane.labels[plane.step[e] as number]?.task ?? '')
  return { choices: printSchedule(letters), step: way.length, violates: plane.end[end] === 2 }
}
