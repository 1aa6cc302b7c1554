/** What is asked of all schedules: the last search is kept, since one question follows another. */
import type { Graph, Progress } from '../engine/graph.ts'
import { searching, type SearchResult } from '../engine/search.ts'
import type { World } from '../engine/procedure.ts'
import { ask } from '../engine/why/asked.ts'
import { netOf, verdictBits, type Net } from '../engine/why/net.ts'
import { mapOf, through } from '../engine/why/plane.ts'
import { nodesAlong } from '../engine/why/why.ts'
import { canonical } from '../base/plain.ts'
import { asked, wordsOf } from '../narrate/why.ts'
import { run, type Staged } from '../scenarios/run.ts'
import { whyOf } from '../scenarios/why.ts'
import type { AskView, MapView, RunChoice, ThroughView, ToWorker, WhyView } from './protocol.ts'

interface Searched {
  readonly key: string
  readonly result: SearchResult<World>
  readonly net: Net
}

/** Larger ones are let go as soon as they have answered. */
const KEPT = 300_000

let kept: Searched | null = null

function searched(staged: Staged, choice: RunChoice, maxStates: number, tell: (progress: Progress) => void): Searched {
  const { scenario, kernel, toggles, settings } = choice
  const key = canonical({ scenario, kernel, toggles: [...toggles], settings: { ...settings }, maxStates })
  if (kept?.key === key) return kept
  kept = null
  const steps = searching(staged.system, { maxStates })
  for (;;) {
    const next = steps.next()
    if (!next.done) {
      tell(next.value)
      continue
    }
    const graph = next.value.graph as unknown as Graph
    const bits = verdictBits(graph)
    const found = { key, result: next.value, net: netOf(graph, (mask) => (mask & bits) !== 0) }
    if (graph.states <= KEPT) kept = found
    return found
  }
}

const choicesOf = (staged: Staged, { schedule }: RunChoice): string[] => run(staged, schedule).trace.infos.map(({ task }) => task)

export function whyView(staged: Staged, choice: RunChoice, maxStates: number, tell: (progress: Progress) => void): WhyView {
  const { result } = searched(staged, choice, maxStates, tell)
  return whyOf(staged, result, choicesOf(staged, choice), maxStates, wordsOf(staged.scenario.happened))
}

export function mapView(staged: Staged, { run: choice, tasks, maxStates }: Extract<ToWorker, { kind: 'map' }>): MapView {
  const { result, net } = searched(staged, choice, maxStates, () => undefined)
  const graph = result.graph as unknown as Graph
  const choices = choicesOf(staged, choice)
  return mapOf(graph, net, tasks, { choices, nodes: nodesAlong(graph, choices) })
}

export function throughView(staged: Staged, asks: Extract<ToWorker, { kind: 'through' }>): ThroughView {
  return through(searched(staged, asks.run, asks.maxStates, () => undefined).net, asks.tasks, asks.cell, asks.want)
}

export function askView(staged: Staged, { run: choice, first, second, maxStates }: Extract<ToWorker, { kind: 'ask' }>): AskView {
  const { result, net } = searched(staged, choice, maxStates, () => undefined)
  const { complete, bound } = result.verdict
  const found = { ...ask(net, first, second), complete, bound }
  return { ...found, says: asked(found, first, second) }
}
