/**
 * Finds the race window. Every violating schedule loses at one step: the first after which no continuation is right. So
 * one looks for a step that violating schedules take under conditions (these steps of other tasks have been taken, those
 * have not) under which no other schedule takes it. Where what decided lies further back than nodes can tell, the same is
 * asked of the ways that lead to that step.
 */
import { Events } from './events.ts'
import { reached, reaching, sorted, waysOn, waysTo, type Net } from './net.ts'

/** A step that is taken when all of `after` have been taken and none of `before` and `without`. */
export interface Stage {
  readonly event: Step
  readonly after: readonly Step[]
  readonly before: readonly Step[]
  /** Not taken before, and not to be taken after it any more: which way a task has gone. */
  readonly without: readonly Step[]
}

/** The nth time that a label is taken; labels are those of the net that was asked about. */
export interface Step {
  readonly label: number
  readonly nth: number
}

/** What has to come about, one after the other. */
export type Course = readonly Stage[]

/** How well two steps go together: above 0 if the order between them matters by what they read and write. */
export type Affinity = (a: Step, b: Step) => number

/** So many ways to lose are told apart, and so far back is looked. */
const COURSES = 4
const DEPTH = 3
const ORDERS = 3
/** What a condition is worth that is no order. */
const NEVER = -1

/** Courses that together tell violating schedules from others, best first; whether they do exactly has to be seen. */
export function solve(net: Net, affinity: Affinity, events = new Events(net)): Course[] {
  return solved(net, events, affinity, DEPTH, null)
}

function solved(net: Net, events: Events, affinity: Affinity, depth: number, last: Step | null): Course[] {
  const look = new Look(net, events, affinity, last)
  if (!look.bad[0] || !look.good[0]) return []
  const single = look.single()
  if (single) return [[single]]
  const courses: Course[] = []
  for (const event of look.losing()) {
    const stages = look.stages(event)
    if (stages) courses.push(...stages.map((stage) => [stage]))
    else {
      const step = look.events.list[event] as Step
      const to = leadingTo(net, look, event)
      const before = depth > 1 ? solved(to, new Events(to), affinity, depth - 1, step) : []
      const stage = look.loose(event)
      courses.push(...(before.length > 0 ? before.map((course) => [...course, stage]) : [[stage]]))
    }
  }
  return courses.slice(0, COURSES)
}

/** The ways to a step: it ends them, violating where nothing right can follow. */
function leadingTo(net: Net, { events, good }: Look, event: number): Net {
  const [well, ill] = [net.nodes, net.nodes + 1]
  const goal = new Uint8Array(net.nodes)
  for (let e = 0; e < net.to.length; e++) if (events.of[e] === event) goal[events.from[e] as number] = 1
  const can = reaching(net, (node) => goal[node] === 1)
  const start = new Int32Array(net.nodes + 3)
  const [to, step]: [number[], number[]] = [[], []]
  for (let from = 0; from < net.nodes; from++) {
    start[from] = to.length
    for (let e = net.start[from] as number; e < (net.start[from + 1] as number); e++) {
      const node = net.to[e] as number
      const is = events.of[e] === event
      if (!is && can[node] === 0) continue
      to.push(is ? (good[node] === 1 ? well : ill) : node)
      step.push(net.step[e] as number)
    }
  }
  start.fill(to.length, net.nodes)
  const end = new Uint8Array(net.nodes + 2)
  end[well] = 1
  end[ill] = 2
  const [toAll, stepAll] = [Int32Array.from(to), Int32Array.from(step)]
  return pruned({ nodes: net.nodes + 2, start, to: toAll, step: stepAll, labels: net.labels, end, ...sorted(net.nodes + 2, start, toAll) })
}

/** Without what cannot be reached any more, which would say that a step can be missing where it cannot. */
function pruned(net: Net): Net {
  const seen = reached(net)
  const start = new Int32Array(net.nodes + 1)
  const [to, step]: [number[], number[]] = [[], []]
  for (let from = 0; from < net.nodes; from++) {
    start[from] = to.length
    if (seen[from] === 0) continue
    for (let e = net.start[from] as number; e < (net.start[from + 1] as number); e++) {
      to.push(net.to[e] as number)
      step.push(net.step[e] as number)
    }
  }
  start[net.nodes] = to.length
  const toAll = Int32Array.from(to)
  return { ...net, start, to: toAll, step: Int32Array.from(step), ...sorted(net.nodes, start, toAll) }
}

/** A condition on another step, and which of the edges to be kept out it keeps out. */
interface Column {
  readonly event: number
  readonly taken: boolean
  readonly out: Uint32Array
  readonly worth: number
  /** It can still change after the step: an order, not a way that was gone. */
  readonly open: boolean
}

class Look {
  readonly net: Net
  readonly events: Events
  readonly bad: Uint8Array
  readonly good: Uint8Array
  private readonly ways: readonly bigint[] | null
  private readonly on: readonly bigint[] | null
  private readonly edges: number[][]
  private readonly affinity: Affinity
  private readonly last: Step | null
  private readonly aheads = new Map<number, Uint8Array>()

  constructor(net: Net, events: Events, affinity: Affinity, last: Step | null) {
    this.net = net
    this.affinity = affinity
    this.last = last
    this.events = events
    this.bad = reaching(net, (node) => net.end[node] === 2)
    this.good = reaching(net, (node) => net.end[node] === 1)
    this.ways = waysTo(net)
    this.on = waysOn(net, (node) => net.end[node] === 2)
    this.edges = this.events.list.map(() => [])
    this.events.of.forEach((event, e) => {
      if (event >= 0) this.edges[event]?.push(e)
    })
  }

  /** Edges of a step that leave alike nodes, as far as taken steps go, are one. */
  private unlike(edges: readonly number[]): number[] {
    const seen = new Set<number>()
    return edges.filter((e) => {
      const kind = this.events.kind[this.from(e)] as number
      return seen.size !== seen.add(kind).size
    })
  }

  /** By node: 1 if the step can still be taken. */
  private ahead(event: number): Uint8Array {
    let can = this.aheads.get(event)
    if (!can) {
      const goal = new Uint8Array(this.net.nodes)
      for (const e of this.edges[event] ?? []) goal[this.from(e)] = 1
      this.aheads.set(event, (can = reaching(this.net, (node) => goal[node] === 1)))
    }
    return can
  }

  private taskOf(event: number): string {
    return this.net.labels[(this.events.list[event] as Step).label]?.task ?? ''
  }

  private from(e: number): number {
    return this.events.from[e] as number
  }

  private to(e: number): number {
    return this.net.to[e] as number
  }

  /** May it be what falls inside a window? What leads to the last step is asked of the steps before it. */
  private usable(event: number): boolean {
    const { label, nth } = this.events.list[event] as Step
    return this.events.vague[event] === 0 && !(this.last?.label === label && this.last.nth === nth)
  }

  /** The one step that all violating schedules take under conditions under which no other does; null if there is none. */
  single(): Stage | null {
    let best: { readonly stage: Stage; readonly rank: readonly number[] } | null = null
    for (let event = 0; event < this.edges.length; event++) {
      if (!this.usable(event)) continue
      const edges = this.edges[event] as number[]
      const ill = edges.filter((e) => this.bad[this.to(e)])
      const well = edges.filter((e) => this.good[this.to(e)])
      if (ill.length === 0 || well.length === 0 || ill.some((e) => this.good[this.to(e)])) continue
      if (!this.always(edges)) continue
      const columns = this.smallest(event, ill, well)
      if (!columns) continue
      const losing = ill.filter((e) => this.good[this.from(e)]).length
      const worth = columns.reduce((sum, column) => sum + column.worth, 0) / columns.length
      // A step that loses comes before one that only shows that all was lost.
      const rank = [losing === ill.length ? 0 : 1, columns.length, -worth, -losing / ill.length, event]
      if (!best || before(rank, best.rank)) best = { stage: this.stage(event, columns), rank }
    }
    return best?.stage ?? null
  }

  /** Is there no way to a violating end without one of these edges? */
  private always(edges: readonly number[]): boolean {
    const { ways, on } = this
    if (ways && on) {
      // No schedule takes a step twice, so the ways through its edges add up.
      const through = edges.reduce((sum, e) => sum + (ways[this.from(e)] as bigint) * (on[this.to(e)] as bigint), 0n)
      return through === on[0]
    }
    const closed = new Uint8Array(this.net.to.length)
    for (const e of edges) closed[e] = 1
    return reaching(this.net, (node) => this.net.end[node] === 2, closed)[0] === 0
  }

  /** The steps after which nothing right can follow any more, those that lose in most nodes first. */
  losing(): number[] {
    const often = new Map<number, number>()
    for (let e = 0; e < this.net.to.length; e++) {
      const event = this.events.of[e] as number
      if (event >= 0 && this.loses(e)) often.set(event, (often.get(event) ?? 0) + 1)
    }
    return [...often].sort(([, a], [, b]) => b - a).flatMap(([event]) => (this.usable(event) ? [event] : []))
  }

  private loses(e: number): boolean {
    return this.good[this.from(e)] === 1 && this.good[this.to(e)] === 0 && this.bad[this.to(e)] === 1
  }

  /** Conditions under which the step loses, as few alternatives as are found; null when nodes do not tell. */
  stages(event: number): Stage[] | null {
    const edges = this.edges[event] as number[]
    const well = edges.filter((e) => this.good[this.to(e)])
    let left = edges.filter((e) => this.loses(e))
    const out: Stage[] = []
    while (left.length > 0) {
      let group: number[] = []
      let columns: Column[] | null = null
      for (const e of left) {
        const more = this.smallest(event, [...group, e], well)
        if (!more) continue
        group = [...group, e]
        columns = more
      }
      if (!columns || out.length === COURSES) return null
      out.push(this.stage(event, columns))
      const taken = new Set(group)
      left = left.filter((e) => !taken.has(e))
    }
    return out
  }

  /** The step with what holds whenever it loses. */
  loose(event: number): Stage {
    return this.stage(event, [])
  }

  private stage(event: number, columns: readonly Column[]): Stage {
    const steps = (is: (column: Column) => boolean): Step[] =>
      columns.flatMap((column) => (is(column) ? [this.events.list[column.event] as Step] : []))
    return {
      event: this.events.list[event] as Step,
      after: steps(({ taken }) => taken),
      before: steps(({ taken, open }) => !taken && open),
      without: steps(({ taken, open }) => !taken && !open),
    }
  }

  /** The fewest conditions that hold along all of the first edges and along none of the others; null if there are none. */
  private smallest(event: number, keeping: readonly number[], outside: readonly number[]): Column[] | null {
    const [keep, out] = [this.unlike(keeping), this.unlike(outside)]
    const columns = this.columns(event, keep, out)
    const whole = new Uint32Array((out.length + 31) >> 5)
    for (let i = 0; i < out.length; i++) whole[i >> 5]! |= 1 << (i & 31)
    const covers = (chosen: readonly Column[]): boolean =>
      whole.every((word, i) => (chosen.reduce((sum, column) => sum | (column.out[i] as number), 0) & word) >>> 0 === word)
    const all = covers(columns)
    if (!all) return null
    for (const column of columns) if (covers([column])) return [column]
    let best: Column[] | null = null
    let worth = -Infinity
    columns.forEach((a, i) => {
      for (const b of columns.slice(i + 1))
        if (a.worth + b.worth > worth && covers([a, b])) {
          best = [a, b]
          worth = a.worth + b.worth
        }
    })
    if (best) return best
    // More than two are chosen one by one, each for what it still keeps out.
    const chosen: Column[] = []
    while (!covers(chosen) && chosen.length < ORDERS + 1) {
      const have = whole.map((_, i) => chosen.reduce((sum, column) => sum | (column.out[i] as number), 0))
      const gain = ({ out: bits }: Column): number => bits.reduce((sum, word, i) => sum + ones(word & ~(have[i] as number)), 0)
      chosen.push(columns.reduce((a, b) => (gain(b) > gain(a) ? b : a)))
    }
    return covers(chosen) ? chosen : null
  }

  /** Conditions that hold along all of the first edges; of those that keep out the same the best one. Best first. */
  private columns(event: number, keep: readonly number[], out: readonly number[]): Column[] {
    const found = new Map<string, Column>()
    const { events } = this
    const first = keep[0] as number
    for (let other = 0; other < this.edges.length; other++) {
      if (this.taskOf(other) === this.taskOf(event)) continue
      const taken = events.taken(other, this.from(first))
      if (taken < 0 || keep.some((e) => events.taken(other, this.from(e)) !== taken)) continue
      const bits = new Uint32Array((out.length + 31) >> 5)
      let some = false
      let clear = true
      out.forEach((e, i) => {
        const is = events.taken(other, this.from(e))
        if (is < 0) clear = false
        if (is < 0 || is === taken) return
        bits[i >> 5]! |= 1 << (i & 31)
        some = true
      })
      if (!some || !clear) continue
      // That a step is not taken any more is no order; it is what remains when no order tells.
      const open = taken === 1 || keep.some((e) => this.ahead(other)[this.to(e)] === 1)
      const worth = open ? this.affinity(events.list[event] as Step, events.list[other] as Step) : NEVER
      const key = `${taken} ${bits.join()}`
      const known = found.get(key)
      // Events are numbered as they are met: the last that has been taken and the first that has not are the nearest.
      if (!known || worth > known.worth || (worth === known.worth && taken === 1))
        found.set(key, { event: other, taken: taken === 1, out: bits, worth, open })
    }
    return [...found.values()].sort((a, b) => b.worth - a.worth || (a.taken ? b.event - a.event : a.event - b.event))
  }
}

function before(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] as number) < (b[i] as number)
  return false
}

function ones(word: number): number {
  let n = 0
  for (let rest = word; rest !== 0; rest &= rest - 1) n++
  return n
}
