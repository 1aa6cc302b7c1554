/** What is asked of all schedules. */
import { ask } from '../engine/why/asked.ts'
import { mapOf, through } from '../engine/why/plane.ts'
import { nodesAlong } from '../engine/why/why.ts'
import { asked, wordsOf } from '../narrate/why.ts'
import { run, type Staged } from '../scenarios/run.ts'
import { whyOf } from '../scenarios/why.ts'
import { decided, searched } from './kept.ts'
import type { AskView, MapView, RunChoice, ThroughView, ToWorker, WhyView } from './protocol.ts'
import type { Asker } from './slices.ts'

type Asks<Kind> = Extract<ToWorker, { kind: Kind }>

const choicesOf = (staged: Staged, { schedule }: RunChoice): string[] => run(staged, schedule).trace.infos.map(({ task }) => task)

export async function whyView(staged: Staged, { run: choice, maxStates }: Asks<'why'>, asker: Asker): Promise<WhyView> {
  const { result } = await searched(staged, choice, maxStates, asker)
  return whyOf({
    staged,
    result,
    decided: result.verdict.complete ? null : await decided(staged, choice, maxStates, asker),
    choices: choicesOf(staged, choice),
    maxStates,
    words: wordsOf(staged.scenario.happened),
  })
}

export async function mapView(staged: Staged, { run: choice, tasks, maxStates }: Asks<'map'>, asker: Asker): Promise<MapView> {
  const { graph, net } = await searched(staged, choice, maxStates, asker)
  const choices = choicesOf(staged, choice)
  return mapOf(graph, net, tasks, { choices, nodes: nodesAlong(graph, choices) })
}

export async function throughView(staged: Staged, asks: Asks<'through'>, asker: Asker): Promise<ThroughView> {
  return through((await searched(staged, asks.run, asks.maxStates, asker)).net, asks.tasks, asks.cell, asks.want)
}

export async function askView(staged: Staged, { run: choice, first, second, maxStates }: Asks<'ask'>, asker: Asker): Promise<AskView> {
  const { result, net } = await searched(staged, choice, maxStates, asker)
  const { complete, bound } = result.verdict
  const found = { ...ask(net, first, second, bound), complete, bound }
  return { ...found, says: asked(found, first, second) }
}
