/** Courses as a reader wants them: steps with sentences, shares, a sample, where they are in the run shown, what the fix makes of them. */
import { invariant } from '../../base/assert.ts'
import type { Graph } from '../graph.ts'
import { printSchedule } from '../schedule.ts'
import type { World } from '../procedure.ts'
import type { Letter } from '../view.ts'
import { cover, type Fixed } from './cover.ts'
import type { Events } from './events.ts'
import { shortest, type Label, type Net } from './net.ts'
import { share } from './share.ts'
import type { Course, Stage, Step } from './solve.ts'
import { count, separates, track } from './track.ts'
import type { Alternative, NamedStep, Order, RaceWindow } from './view.ts'
import type { Words } from './words.ts'

export type { Fixed }

/** The run shown. */
export interface Run {
  readonly choices: readonly Letter[]
  readonly nodes: readonly number[]
}

interface Given {
  readonly graph: Graph
  readonly net: Net
  /** Of the same steps; ends do not matter. */
  readonly events: Events
  readonly courses: readonly Course[]
  readonly run: Run
  readonly fixed: () => Fixed<World> | null
  readonly words: Words
}

/** Null when there are too many ways to tell. */
export function describe(given: Given): RaceWindow | null {
  const courses = distinct(given.courses).map((course) => needed(given.net, course))
  const tracked = track(given.net, courses)
  if (!tracked) return null
  const counted = count(tracked, courses.length)
  const alternatives = courses.map((course, i) => {
    const sample = shortest(tracked, 0, (node) => tracked.end[node] === 2 && ((tracked.followed[node] as number) & (1 << i)) !== 0)
    const part = counted?.each[i]
    return alternative(
      given,
      course,
      lettersOf(tracked, sample ?? []),
      part === undefined || !counted ? null : share(part, counted.violating),
    )
  })
  return {
    exact: separates(tracked),
    alternatives: alternatives.filter(({ sample }) => sample !== ''),
    covers: counted && share(counted.covered, counted.violating),
    violates: counted && share(counted.covered, counted.covered + counted.wrongly),
  }
}

function distinct(courses: readonly Course[]): Course[] {
  return [...new Map(courses.map((course) => [JSON.stringify(course), course])).values()]
}

/** Without the last stages, if the first ones alone tell just as much. */
function needed(net: Net, course: Course): Course {
  const wrongly = (of: Course): bigint | null => {
    const tracked = track(net, [of])
    const counted = tracked && count(tracked, 1)
    return counted && counted.wrongly
  }
  for (let n = course.length; n > 1; n--) {
    const [now, without] = [wrongly(course.slice(0, n)), wrongly(course.slice(0, n - 1))]
    if (now === null || without === null || now !== without) return course.slice(0, n)
  }
  return course.slice(0, 1)
}

const lettersOf = (net: Net, edges: readonly number[]): Letter[] => edges.map((e) => net.labels[net.step[e] as number]?.task ?? '')

function alternative(given: Given, course: Course, sample: readonly Letter[], part: Alternative['share']): Alternative {
  const { graph, net, run, words, fixed } = given
  const name = namer(given, sample)
  const [first, ...rest] = course as [Stage, ...Stage[]]
  const inside = name(first.event)
  const at = placesIn(net, graph, sample)
  const nearest = (steps: readonly Step[], last: boolean): Step | null =>
    [...steps].sort((a, b) => (last ? (at(b) ?? 0) - (at(a) ?? 0) : (at(a) ?? Infinity) - (at(b) ?? Infinity)))[0] ?? null
  const opens = nearest(first.after, true)
  const closes = nearest(first.before, false)
  const start = opens ?? (closes && startOf(given, first.event, closes, sample))
  const here = placesIn(net, graph, run.choices.slice(0, run.nodes.length - 1))
  const found = {
    orders: [
      ...first.after.map((step): Order => ({ first: name(step), then: inside })),
      ...first.before.map((step): Order => ({ first: inside, then: name(step) })),
      ...rest.flatMap((stage) => ordersOf(stage, name)),
    ],
    without: course.flatMap((stage) => stage.without.map(name)),
    leads: rest.map(({ event }) => name(event)),
    inside,
    opens: start && name(start),
    closes: closes && name(closes),
    share: part,
    sample: printSchedule(sample),
    here: {
      opens: start && here(start),
      inside: here(first.event),
      closes: closes && here(closes),
      holds: course.every(
        (stage, i) => holds(stage, here) && (i === 0 || (here((course[i - 1] as Stage).event) ?? 0) < (here(stage.event) ?? 0)),
      ),
    },
  }
  const other = fixed()
  const fix = other && cover({ graph, net, course, other, name, words })
  return { ...found, fix, says: words.alternative(found) }
}

function ordersOf({ event, after, before }: Stage, name: (step: Step) => NamedStep): Order[] {
  return [
    ...after.map((step): Order => ({ first: name(step), then: name(event) })),
    ...before.map((step): Order => ({ first: name(event), then: name(step) })),
  ]
}

function holds({ event, after, before, without }: Stage, at: (step: Step) => number | null): boolean {
  const when = at(event)
  return (
    when !== null &&
    after.every((step) => (at(step) ?? Infinity) < when) &&
    before.every((step) => (at(step) ?? Infinity) > when) &&
    without.every((step) => at(step) === null)
  )
}

/** By step: its number (from 1) in a run; null if the run does not take it. */
function placesIn(net: Net, graph: Graph, letters: readonly Letter[]): (step: Step) => number | null {
  const often = new Map<number, number>()
  const places = new Map<string, number>()
  let node = 0
  letters.forEach((letter, i) => {
    const e = edgeBy(graph, node, letter)
    if (e === null) return
    node = net.to[e] as number
    const label = net.step[e] as number
    const nth = (often.get(label) ?? 0) + 1
    often.set(label, nth)
    places.set(`${label} ${nth}`, i + 1)
  })
  return ({ label, nth }) => places.get(`${label} ${nth}`) ?? null
}

function edgeBy(graph: Graph, node: number, letter: Letter): number | null {
  for (let e = graph.edgeStart.at(node); e < graph.edgeStart.at(node + 1); e++)
    if (graph.machine.letter(graph.slotOf(e)) === letter) return e
  return null
}

/** The step that started the task of `closes`, if it is one of the task that has to come first: nothing can be earlier. */
function startOf({ graph, net }: Given, event: Step, closes: Step, sample: readonly Letter[]): Step | null {
  const [task, other] = [net.labels[event.label]?.task, net.labels[closes.label]?.task ?? '']
  const often = new Map<number, number>()
  let node = 0
  for (const letter of sample) {
    const e = edgeBy(graph, node, letter)
    if (e === null) return null
    const label = net.step[e] as number
    often.set(label, (often.get(label) ?? 0) + 1)
    const before = graph.machine.task(graph.state(node), other)
    node = net.to[e] as number
    if (before === null && graph.machine.task(graph.state(node), other) !== null)
      return letter === task ? { label, nth: often.get(label) as number } : null
  }
  return null
}

/** Gives steps their words: those of the sample, or of the first state in which the step is taken if that does not take it. */
function namer({ graph, net, events }: Given, sample: readonly Letter[]): (step: Step) => NamedStep {
  const known = new Map<string, NamedStep>()
  const often = new Map<number, number>()
  let node = 0
  for (const letter of sample) {
    const e = edgeBy(graph, node, letter)
    if (e === null) break
    const label = net.step[e] as number
    const nth = (often.get(label) ?? 0) + 1
    often.set(label, nth)
    known.set(`${label} ${nth}`, wordsAlong(graph, net, { label, nth }, node, e))
    node = net.to[e] as number
  }
  return (step) => {
    const key = `${step.label} ${step.nth}`
    let named = known.get(key)
    if (!named) known.set(key, (named = nameOf(graph, net, events, step)))
    return named
  }
}

function nameOf(graph: Graph, net: Net, events: Events, step: Step): NamedStep {
  const event = events.list.findIndex(({ label, nth }) => label === step.label && nth === step.nth)
  const edge = events.of.indexOf(event)
  invariant(event >= 0 && edge >= 0, 'a step of a window is taken somewhere')
  return wordsAlong(graph, net, step, events.from[edge] as number, edge)
}

function wordsAlong(graph: Graph, net: Net, { label, nth }: Step, from: number, edge: number): NamedStep {
  const { task, procedure, label: name } = net.labels[label] as Label
  const { says, source } = graph.machine.explain(graph.state(from), graph.slotOf(edge))
  return { task, procedure, label: name, nth, says, fn: source.function }
}
