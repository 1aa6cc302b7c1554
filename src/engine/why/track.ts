/** Which schedules are as a clause says, and how many: the net beside how much of each clause has come about. */
import { Ints } from '../ints.ts'
import type { Clause, Condition, Step } from './clause.ts'
import { sorted, waysTo, type Net } from './net.ts'

/** The net unfolded: every node once for each way in which it can be reached as far as the clauses can tell. */
export interface Tracked extends Net {
  /** By node of this net: the node of the one it was made from. */
  readonly node: Int32Array
  /** By node: bit i if clause i is so of a schedule that ends here. */
  readonly followed: Int32Array
}

/** Unfolding stops here. */
const NODES = 2_000_000
const TABLES = 60_000_000

/** How far a condition has come: nothing yet, the first of its steps, so for good, never more. */
const OPEN = 0
const BEGUN = 1
const SO = 2
const LOST = 3

/** Null when there would be too many. */
export function track(net: Net, clauses: readonly Clause[]): Tracked | null {
  const memories = new Memories(clauses)
  const [node, memory, start, to, step] = [new Ints(), new Ints(), new Ints(), new Ints(), new Ints()]
  const tables: Int32Array[] = []
  const visit = (at: number, as: number): number => {
    const table = (tables[as] ??= new Int32Array(net.nodes))
    if (table[at] === 0) {
      node.push(at)
      memory.push(as)
      table[at] = node.length
    }
    return (table[at] as number) - 1
  }
  visit(0, memories.first)
  for (let at = 0; at < node.length; at++) {
    if (node.length > NODES || tables.length * net.nodes > TABLES) return null
    start.push(to.length)
    const from = node.at(at)
    const as = memory.at(at)
    for (let e = net.start[from] as number; e < (net.start[from + 1] as number); e++) {
      const label = net.step[e] as number
      to.push(visit(net.to[e] as number, memories.after(as, label)))
      step.push(label)
    }
  }
  start.push(to.length)
  const [nodeAll, startAll, toAll] = [node.all(), start.all(), to.all()]
  return {
    nodes: node.length,
    start: startAll,
    to: toAll,
    step: step.all(),
    labels: net.labels,
    end: Uint8Array.from(nodeAll, (at) => net.end[at] as number),
    node: nodeAll,
    followed: Int32Array.from(memory.all(), (as) => memories.followed(as)),
    // An order of the net is one of its unfolding.
    ...(net.cyclic ? sorted(node.length, startAll, toAll) : { order: byRank(net, nodeAll), cyclic: false }),
  }
}

function byRank(net: Net, node: Int32Array): Int32Array {
  const next = new Int32Array(net.nodes + 1)
  for (const at of node) next[at]!++
  let sum = 0
  for (const at of net.order) {
    const many = next[at] as number
    next[at] = sum
    sum += many
  }
  const order = new Int32Array(node.length)
  for (let i = 0; i < node.length; i++) order[next[node[i] as number]!++] = i
  return order
}

/** What is remembered of a way: of each watched label how often it was taken, as far as that matters, and how far each condition has come. */
class Memories {
  readonly first: number
  private readonly clauses: readonly Clause[]
  private readonly labels: readonly number[]
  private readonly highest: readonly number[]
  private readonly list: (readonly number[])[] = []
  private readonly numbers = new Map<string, number>()
  private readonly known: Int32Array[] = []

  constructor(clauses: readonly Clause[]) {
    this.clauses = clauses
    const steps = clauses.flat().flatMap(({ first, second }) => (second ? [first, second] : [first]))
    const absent = clauses.flat().flatMap(({ none }) => (none === undefined ? [] : [none]))
    this.labels = [...new Set([...steps.map(({ label }) => label), ...absent])]
    this.highest = this.labels.map((label) => Math.max(0, ...steps.flatMap((step) => (step.label === label ? [step.nth] : []))))
    this.first = this.number([...this.labels.map(() => 0), ...clauses.flat().map(() => OPEN)])
  }

  /** What a step makes of a memory. */
  after(memory: number, label: number): number {
    const place = this.labels.indexOf(label)
    if (place < 0) return memory
    const known = (this.known[memory] ??= new Int32Array(this.labels.length).fill(-1))
    return known[place] === -1
      ? (known[place] = this.number(this.passed(this.list[memory] as readonly number[], place)))
      : (known[place] as number)
  }

  followed(memory: number): number {
    const now = this.list[memory] as readonly number[]
    let at = this.labels.length
    return this.clauses.reduce((bits, clause, i) => {
      const all = clause.map(({ kind }) => isSo(kind, now[at++] as number)).every((so) => so)
      return all ? bits | (1 << i) : bits
    }, 0)
  }

  private number(memory: readonly number[]): number {
    const key = memory.join()
    let number = this.numbers.get(key)
    if (number === undefined) {
      this.numbers.set(key, (number = this.list.length))
      this.list.push(memory)
    }
    return number
  }

  private passed(memory: readonly number[], place: number): number[] {
    const changed = [...memory]
    const times = (memory[place] as number) + 1
    const is = (step: Step | null): boolean => step !== null && step.label === this.labels[place] && step.nth === times
    let at = this.labels.length
    for (const clause of this.clauses) {
      const from = at
      let lost = false
      for (const condition of clause) {
        const now = passes(condition, changed[at] as number, is, condition.none === this.labels[place])
        if (now === LOST) lost = true
        changed[at++] = now
      }
      // One is enough: what becomes of the others is no matter any more.
      if (lost) changed.fill(LOST, from, at)
    }
    changed[place] = Math.min(this.highest[place] as number, times)
    // Nothing can change any more: all such ways are alike.
    if (changed.slice(this.labels.length).every((one) => one === LOST)) changed.fill(0, 0, this.labels.length)
    return changed
  }
}

/** `absent`: it is a step that must not come between. */
function passes({ kind, first, second }: Condition, now: number, is: (step: Step | null) => boolean, absent: boolean): number {
  if (now === SO || now === LOST) return now
  if (is(first)) return kind === 'never' ? LOST : kind === 'before' || kind === 'clear' ? BEGUN : SO
  if (is(second)) return now === BEGUN ? SO : LOST
  return absent && now === BEGUN ? LOST : now
}

const isSo = (kind: Condition['kind'], now: number): boolean => now === SO || (kind === 'never' && now === OPEN)

/** How schedules that are as a clause says end, counted; null when a cycle makes them infinite. */
export interface Counted {
  /** By clause: violating schedules that are so. */
  readonly each: readonly bigint[]
  readonly violating: bigint
  /** Violating schedules of which one of them is so. */
  readonly covered: bigint
  /** Schedules of which one is so and that do not violate. */
  readonly wrongly: bigint
}

export function count(net: Tracked, clauses: number): Counted | null {
  const ways = waysTo(net)
  if (!ways) return null
  const each = new Array<bigint>(clauses).fill(0n)
  let [violating, covered, wrongly] = [0n, 0n, 0n]
  for (let i = 0; i < net.nodes; i++) {
    if (net.end[i] === 0) continue
    const [n, bits] = [ways[i] as bigint, net.followed[i] as number]
    if (net.end[i] === 1) {
      if (bits !== 0) wrongly += n
      continue
    }
    violating += n
    if (bits !== 0) covered += n
    for (let c = 0; c < clauses; c++) if (bits & (1 << c)) each[c] = (each[c] as bigint) + n
  }
  return { each, violating, covered, wrongly }
}

/** Do violating schedules follow one of the clauses, and no others? Holds for infinitely many as well. */
export function separates(net: Tracked): boolean {
  for (let i = 0; i < net.nodes; i++) {
    if (net.end[i] === 1 && net.followed[i] !== 0) return false
    if (net.end[i] === 2 && net.followed[i] === 0) return false
  }
  return true
}
