/** Which schedules follow a course, and how many: the net beside how far each course has come. */
import { sorted, waysTo, type Net } from './net.ts'
import type { Course, Stage, Step } from './solve.ts'

/** The net unfolded: every node once for each way in which it can be reached as far as the courses can tell. */
export interface Tracked extends Net {
  /** By node of this net: the node of the one it was made from. */
  readonly node: Int32Array
  /** By node: bit i if course i has been followed to its end. */
  readonly followed: Int32Array
}

/** Unfolding stops here. */
const NODES = 2_000_000

/** Null when there would be too many. */
export function track(net: Net, courses: readonly Course[]): Tracked | null {
  const watched = watchedSteps(courses)
  const labels = [...new Set(watched.map(({ label }) => label))]
  const highest = labels.map((label) => Math.max(...watched.flatMap((step) => (step.label === label ? [step.nth] : []))))
  // What is remembered: of each label how often it was taken, as far as that matters, and of each course how many stages it has passed.
  const start: number[] = []
  const [to, step]: [number[], number[]] = [[], []]
  const [node, followed]: [number[], number[]] = [[], []]
  const memories: (readonly number[])[] = []
  const numbers = new Map<string, number>()
  const visit = (at: number, memory: readonly number[]): number => {
    const key = `${at} ${memory.join()}`
    let number = numbers.get(key)
    if (number === undefined) {
      numbers.set(key, (number = node.length))
      node.push(at)
      memories.push(memory)
      followed.push(
        courses.reduce((bits, course, i) => ((memory[labels.length + i] as number) === course.length ? bits | (1 << i) : bits), 0),
      )
    }
    return number
  }
  const holds = (memory: readonly number[], stage: Stage, label: number): boolean => {
    const times = (of: Step): number => memory[labels.indexOf(of.label)] as number
    return (
      stage.event.label === label &&
      times(stage.event) === stage.event.nth - 1 &&
      stage.after.every((other) => times(other) >= other.nth) &&
      stage.before.every((other) => times(other) < other.nth) &&
      stage.without.every((other) => times(other) < other.nth)
    )
  }
  visit(0, [...labels.map(() => 0), ...courses.map(() => 0)])
  for (let at = 0; at < node.length; at++) {
    if (node.length > NODES) return null
    start.push(to.length)
    const memory = memories[at] as readonly number[]
    const from = node[at] as number
    for (let e = net.start[from] as number; e < (net.start[from + 1] as number); e++) {
      const label = net.step[e] as number
      const place = labels.indexOf(label)
      let next = memory
      if (place >= 0) {
        const changed = [...memory]
        courses.forEach((course, i) => {
          const stage = course[memory[labels.length + i] as number]
          if (stage && holds(memory, stage, label)) changed[labels.length + i]!++
        })
        changed[place] = Math.min(highest[place] as number, (memory[place] as number) + 1)
        next = changed
      }
      to.push(visit(net.to[e] as number, next))
      step.push(label)
    }
  }
  start.push(to.length)
  const [startAll, toAll] = [Int32Array.from(start), Int32Array.from(to)]
  const end = Uint8Array.from(node, (at) => net.end[at] as number)
  return {
    nodes: node.length,
    start: startAll,
    to: toAll,
    step: Int32Array.from(step),
    labels: net.labels,
    end,
    node: Int32Array.from(node),
    followed: Int32Array.from(followed),
    ...sorted(node.length, startAll, toAll),
  }
}

const watchedSteps = (courses: readonly Course[]): Step[] =>
  courses.flatMap((course) => course.flatMap(({ event, after, before, without }) => [event, ...after, ...before, ...without]))

/** How schedules that follow a course end, counted; null when a cycle makes them infinite. */
export interface Counted {
  /** By course: violating schedules that follow it. */
  readonly each: readonly bigint[]
  readonly violating: bigint
  /** Violating schedules that follow one of them. */
  readonly covered: bigint
  /** Schedules that follow one and do not violate. */
  readonly wrongly: bigint
}

export function count(net: Tracked, courses: number): Counted | null {
  const ways = waysTo(net)
  if (!ways) return null
  const each = new Array<bigint>(courses).fill(0n)
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
    for (let c = 0; c < courses; c++) if (bits & (1 << c)) each[c] = (each[c] as bigint) + n
  }
  return { each, violating, covered, wrongly }
}

/** Do violating schedules follow one of the courses, and no others? Holds for infinitely many as well. */
export function separates(net: Tracked): boolean {
  for (let i = 0; i < net.nodes; i++) {
    if (net.end[i] === 1 && net.followed[i] !== 0) return false
    if (net.end[i] === 2 && net.followed[i] === 0) return false
  }
  return true
}
