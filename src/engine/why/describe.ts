/** Clauses as a reader wants them: steps with sentences, shares, a sample, where they are in the run shown, what the fix makes of them. */
import { invariant } from '../../base/assert.ts'
import type { Graph } from '../graph.ts'
import { printSchedule } from '../schedule.ts'
import type { World } from '../procedure.ts'
import type { Letter } from '../view.ts'
import { holds, orderOf, sameStep, stepsOf, type Clause, type Condition, type Places, type Step } from './clause.ts'
import { cover, type Fixed } from './cover.ts'
import { reached, reaching, shortest, type Label, type Net } from './net.ts'
import { share } from './share.ts'
import { count, separates, track, type Tracked } from './track.ts'
import type { Alternative, NamedStep, RaceWindow } from './view.ts'
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
  readonly clauses: readonly Clause[]
  readonly run: Run
  readonly fixed: () => Fixed<World> | null
  readonly words: Words
}

/** Null when there are too many ways to tell. */
export function describe(given: Given): RaceWindow | null {
  const { net } = given
  const clauses = given.clauses.map((clause) => plainly(net, clause))
  const tracked = track(net, clauses)
  if (!tracked) return null
  const counted = count(tracked, clauses.length)
  const losses = lossesOf(net)
  const alternatives = clauses.flatMap((clause, i) => {
    const sample = shortest(tracked, 0, isSo(tracked, i))
    if (sample === null) return []
    const part = counted?.each[i]
    const partly = part === undefined || !counted ? null : share(part, counted.violating)
    return [alternative(given, clause, lettersOf(tracked, sample), partly, losses, gisting(given.graph, tracked, i))]
  })
  return {
    exact: separates(tracked),
    alternatives,
    covers: counted && share(counted.covered, counted.violating),
    violates: counted && share(counted.covered, counted.covered + counted.wrongly),
  }
}

/** Where both steps are taken in all schedules that are so, that is what is said. */
function plainly(net: Net, clause: Clause): Clause {
  return clause.reduce<Clause>((now, condition, i) => {
    if (condition.kind !== 'ahead') return now
    const stricter = now.map((one, k): Condition => (k === i ? { ...condition, kind: 'before' } : one))
    const tracked = track(net, [now, stricter])
    return tracked?.end.every((end, node) => end === 0 || tracked.followed[node] === 0 || tracked.followed[node] === 3) ? stricter : now
  }, clause)
}

/** Is this a violating end of a schedule of which the clause is so? */
const isSo =
  (tracked: Tracked, clause: number) =>
  (node: number): boolean =>
    tracked.end[node] === 2 && ((tracked.followed[node] as number) & (1 << clause)) !== 0

const lettersOf = (net: Net, edges: readonly number[]): Letter[] => edges.map((e) => net.labels[net.step[e] as number]?.task ?? '')

/** By label: along how many edges of it all is lost. */
function lossesOf(net: Net): Int32Array {
  const [good, bad] = [reaching(net, (node) => net.end[node] === 1), reaching(net, (node) => net.end[node] === 2)]
  const losses = new Int32Array(net.labels.length)
  for (let from = 0; from < net.nodes; from++)
    for (let e = net.start[from] as number; good[from] === 1 && e < (net.start[from + 1] as number); e++)
      if (good[net.to[e] as number] === 0 && bad[net.to[e] as number] === 1) losses[net.step[e] as number]!++
  return losses
}

function alternative(
  given: Given,
  unsorted: Clause,
  sample: readonly Letter[],
  part: Alternative['share'],
  losses: Int32Array,
  gistOf: (step: Step) => string | null,
): Alternative {
  const { graph, net, run, words, fixed } = given
  const at = placesIn(net, graph, sample)
  const inside = insideOf(unsorted, losses)
  // What opens the window comes first.
  const clause = [...unsorted].sort((a, b) => sideOf(a, inside) - sideOf(b, inside))
  const name = namer(given, sample, (step) => (inside && sameStep(step, inside) ? gistOf(step) : null))
  const bounds = (side: 'first' | 'second'): Step[] =>
    clause.flatMap(({ first, second }) =>
      inside && second && sameStep(side === 'first' ? second : first, inside) ? [side === 'first' ? first : second] : [],
    )
  const opens = nearest(bounds('first'), (step) => -at(step))
  const closes = nearest(bounds('second'), (step) => at(step) || Infinity)
  const start = opens ?? (inside && closes && startOf(given, inside, closes, sample))
  const here = placesIn(net, graph, run.choices.slice(0, run.nodes.length - 1))
  const place = (step: Step | null): number | null => (step && here(step)) || null
  const only = (kind: 'taken' | 'never'): NamedStep[] => clause.flatMap((one) => (one.kind === kind ? [name(one.first)] : []))
  const found = {
    orders: clause.flatMap((condition) => orderOf(condition, name) ?? []),
    taken: only('taken'),
    without: only('never'),
    inside: inside && name(inside),
    opens: start && name(start),
    closes: closes && name(closes),
    share: part,
    sample: printSchedule(sample),
    here: {
      opens: place(start),
      inside: place(inside),
      closes: place(closes),
      holds: clause.every((condition) => holds(condition, here)),
    },
  }
  const other = fixed()
  const fix = other && cover({ graph, net, clause, inside, other, name, words })
  return { ...found, fix, says: words.alternative(found) }
}

const sideOf = ({ first, second }: Condition, inside: Step | null): number =>
  inside && second ? (sameStep(second, inside) ? 0 : sameStep(first, inside) ? 1 : 2) : 3

/** The step that the orders are about: what comes between two others, or else what loses more often. */
function insideOf(clause: Clause, losses: Int32Array): Step | null {
  const orders = clause.filter(({ second }) => second !== null)
  const steps = stepsOf(orders)
  const rank = (step: Step): number => {
    const [opened, closed] = [
      orders.some(({ second }) => second && sameStep(second, step)),
      orders.some(({ first }) => sameStep(first, step)),
    ]
    return (
      (opened && closed ? 4 : 0) +
      orders.filter((one) => stepsOf([one]).some((other) => sameStep(other, step))).length +
      lossShare(losses, step)
    )
  }
  return nearest(steps, (step) => -rank(step)) ?? clause.find(({ kind }) => kind === 'taken')?.first ?? null
}

const lossShare = (losses: Int32Array, { label }: Step): number => {
  const most = Math.max(1, ...losses)
  return (losses[label] as number) / most / 2
}

function nearest(steps: readonly Step[], far: (step: Step) => number): Step | null {
  return [...steps].sort((a, b) => far(a) - far(b))[0] ?? null
}

/** By step: its number (from 1) in a run; 0 if the run does not take it. */
function placesIn(net: Net, graph: Graph, letters: readonly Letter[]): Places {
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
  return ({ label, nth }) => places.get(`${label} ${nth}`) ?? 0
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

/** Gives steps their words: those of the sample, or of a shortest way to the step if that does not take it. */
function namer({ graph, net }: Given, sample: readonly Letter[], gistOf: (step: Step) => string | null): (step: Step) => NamedStep {
  const known = new Map<string, NamedStep>()
  const along = (letters: readonly Letter[]): void => {
    const often = new Map<number, number>()
    let node = 0
    for (const letter of letters) {
      const e = edgeBy(graph, node, letter)
      if (e === null) break
      const label = net.step[e] as number
      const nth = (often.get(label) ?? 0) + 1
      often.set(label, nth)
      const key = `${label} ${nth}`
      if (!known.has(key)) known.set(key, wordsAlong(graph, net, { label, nth }, node, e, gistOf))
      node = net.to[e] as number
    }
  }
  along(sample)
  return (step) => {
    const key = `${step.label} ${step.nth}`
    if (!known.has(key)) {
      const tracked = track(net, [[{ kind: 'taken', first: step, second: null }]])
      along(tracked ? lettersOf(tracked, shortest(tracked, 0, (node) => tracked.followed[node] === 1) ?? []) : [])
    }
    const named = known.get(key)
    invariant(named, 'a step of a window is taken somewhere')
    return named
  }
}

function wordsAlong(graph: Graph, net: Net, step: Step, from: number, edge: number, gistOf: (step: Step) => string | null): NamedStep {
  const { task, procedure, label } = net.labels[step.label] as Label
  const state = graph.state(from)
  const { says, source } = graph.machine.explain(state, graph.slotOf(edge))
  const who = graph.machine.task(state, task)?.name ?? task
  return { task, procedure, label, nth: step.nth, says, gist: gistOf(step), fn: source.function, who }
}

/** More letters are no few words. */
const FEW = 48
/** So many sentences are compared; more are not read. */
const SENTENCES = 400

/** A step in few words, if those are the same along all violating schedules of which the clause is so. */
function gisting(graph: Graph, tracked: Tracked, clause: number): (step: Step) => string | null {
  const known = new Map<number, string | null>()
  return ({ label }) => {
    let gist = known.get(label)
    if (gist === undefined) known.set(label, (gist = gistOf(graph, tracked, clause, label)))
    return gist
  }
}

function gistOf(graph: Graph, tracked: Tracked, clause: number, label: number): string | null {
  const [seen, can] = [reached(tracked), reaching(tracked, isSo(tracked, clause))]
  const asked = new Set<number>()
  let gist: string | null = null
  for (let from = 0; from < tracked.nodes; from++)
    for (let e = tracked.start[from] as number; seen[from] === 1 && e < (tracked.start[from + 1] as number); e++) {
      const node = tracked.node[from] as number
      if (tracked.step[e] !== label || can[tracked.to[e] as number] === 0 || asked.has(node)) continue
      asked.add(node)
      if (asked.size > SENTENCES) return null
      const edge = graph.edgeStart.at(node) + e - (tracked.start[from] as number)
      const now = firstOf(graph.machine.explain(graph.state(node), graph.slotOf(edge)).says)
      if ((gist !== null && gist !== now) || now.length > FEW) return null
      gist = now
    }
  return gist
}

/** Up to the first colon, semicolon or comma that is not within brackets: `drops the last reference`. */
function firstOf(says: string): string {
  let depth = 0
  for (let i = 0; i < says.length; i++) {
    const char = says.charAt(i)
    if (char === '[' || char === '(') depth++
    else if (char === ']' || char === ')') depth--
    else if (depth <= 0 && (char === ':' || char === ';' || char === ',') && says.charAt(i + 1) === ' ') return says.slice(0, i)
  }
  return says
}
